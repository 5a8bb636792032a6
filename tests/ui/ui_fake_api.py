"""A small real HTTP server that speaks the wire types, for the client and the pages to talk to.

What it answers hangs on words in the question: 慢 keeps a stream open until ``go_on`` is set, 断线 breaks the connection in the
middle of the text and stores the answer all the same, 没存 breaks it and stores nothing, 问错 ends with an ``error`` event.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import BaseModel

from assistant.wire.schemas import (
    AnswerOut,
    CardDocument,
    CardField,
    CardOut,
    CaseOut,
    ChecklistCard,
    CitationOut,
    ComparisonCard,
    ComparisonCardRow,
    ComparisonOut,
    ComparisonRow,
    ConversationOut,
    DocumentList,
    DocumentOut,
    DocumentSummary,
    FeaturesOut,
    MessageOut,
    PassageOut,
    PassageSummary,
    PathCard,
    PathCardStep,
    PathChoice,
    PathList,
    PathOut,
    PathStepOut,
    Problem,
    QuizOut,
    QuizQuestionOut,
    QuoteOut,
    ReferralOut,
    SearchHit,
    SearchResponse,
    SourceOut,
    StudioRow,
    StudiosCard,
    TechnologyList,
    TechnologyOut,
    TranscriptionOut,
)

LAW = "女职工劳动保护特别规定"
RULE = "四川省人口与计划生育条例"
QUOTE = "女职工生育享受98天产假，其中产前可以休假15天；难产的，增加产假15天"
TEXTS = {
    "dT.1": ("第四条", "第四条 禁忌劳动范围", "用人单位应当遵守女职工禁忌从事的劳动范围的规定。"),
    "dT.2": ("第五条", "第五条 不得降工资", "用人单位不得因女职工怀孕、生育、哺乳降低其工资、予以辞退、与其解除劳动或者聘用合同。"),
    "dT.3": (
        "第七条",
        "第七条 产假天数",
        f"- {QUOTE}；生育多胞胎的，每多生育1个婴儿，增加产假15天。\n- 女职工怀孕未满4个月流产的，享受15天产假。\n\n"
        "| 情形 | 天数 |\n|---|---|\n| 顺产 | 98天 |\n| 难产 | 113天 |",
    ),
    "dT.4": ("第十四条", "第十四条 怎么投诉", "可以依法投诉、举报、申诉，<b onclick=alert(1)>也可以</b>申请调解仲裁。"),
}
SOURCE = SourceOut(
    source_id="NZG-007",
    title="女职工劳动保护特别规定（国务院令第619号）",
    publisher="中国政府网",
    date="2012-05-07",
    url="https://www.gov.cn/zwgk/2012-05/07/content_2131567.htm",
    confidence="A",
)


def passage(passage_id: str) -> PassageOut:
    clause, heading, text = TEXTS[passage_id]
    return PassageOut(
        passage_id=passage_id,
        doc_id="dT",
        text=text,
        start=0,
        end=len(text),
        title=LAW,
        clause=clause,
        heading_path=[LAW, heading],
        kind="policy",
        issuer="国务院",
        doc_no="国务院令第619号",
        issued="2012-04-28",
        effective="2012-04-28",
        status="现行",
        region="全国",
        sources=[SOURCE],
    )


def law() -> DocumentOut:
    return DocumentOut(
        doc_id="dT",
        slug="nv-zhigong-laodong-baohu-tebie-guiding",
        title=LAW,
        kind="policy",
        issuer="国务院",
        doc_no="国务院令第619号",
        issued="2012-04-28",
        effective="2012-04-28",
        status="现行",
        region="全国",
        topic="女职工特殊保护",
        passages=len(TEXTS),
        items=[passage(i) for i in TEXTS],
    )


def documents() -> list[DocumentSummary]:
    others = [
        DocumentSummary(
            doc_id=f"d{i}",
            slug=f"d{i}",
            title=title,
            kind=kind,
            issuer=issuer,
            doc_no=number,
            effective=effective,
            status=status,
            region=region,
            passages=1,
        )
        for i, (title, kind, issuer, number, effective, status, region) in enumerate(
            [
                (RULE, "policy", "四川省人民代表大会常务委员会", "", "2021-09-30", "现行", "四川省"),
                ("四川省生育津贴征求意见稿", "policy", "四川省医疗保障局", "", "", "征求意见稿", "四川省"),
                ("陕西省人口与计划生育条例", "policy", "陕西省人民代表大会常务委员会", "", "2022-05-25", "外省", "陕西省"),
                ("直播电商入门", "training", "", "", "", "", "全国"),
                *[
                    (
                        f"四川省妇女创业担保贷款通知（第{n}批）",
                        "policy",
                        "四川省人力资源和社会保障厅",
                        f"川人社发〔2020〕{n}号",
                        "2020-01-01",
                        "已失效",
                        "四川省",
                    )
                    for n in range(1, 18)
                ],
            ]
        )
    ]
    return [DocumentSummary.model_validate(law().model_dump()), *others]


def cases() -> list[DocumentSummary]:
    about = [
        (
            "al-hushi",
            "护理创新工作室",
            "四川省成都市",
            CaseOut(org="省医院", lead="张静", sector="医护", sectors=["医护"], as_of="2024-05"),
        ),
        ("al-jiazheng", "川妹子家政", "四川省", CaseOut(org="省妇联", sector="家政", sectors=["家政"], as_of="2023-01")),
        ("al-peixun", "夜校<b>培训</b>", "上海市", CaseOut(org="总工会", sector="家政/培训", sectors=["家政", "培训"], as_of="2025-09")),
    ]
    provinces = ["四川省", "四川省", "上海市"]
    return [
        DocumentSummary(
            doc_id=f"{slug}.1", slug=slug, title=title, kind="case", region=region, case=case.model_copy(update={"province": province})
        )
        for (slug, title, region, case), province in zip(about, provinces, strict=True)
    ]


def paths(given: dict[str, str]) -> PathList:
    first = PathStepOut(slug="xl-fangpian", reason="先记住防诈骗的几条。", doc_id="dT", title=LAW, level="入门", audience=["护士", "教师"])
    timed = first.model_copy(update={"slug": "xl-xueshi", "reason": "再看要学多久。", "time": "培训参考学时：五级60标准学时。"})
    gone = PathStepOut(slug="xl-meiyou", reason="最后看这篇。")
    items = [
        PathOut(occupation="护士", goal="手机与防骗", level="入门", steps=[first, timed, gone]),
        PathOut(occupation="护士", goal="信息化", level="进阶", steps=[timed]),
        PathOut(occupation="教师", goal="手机与防骗", level="入门", steps=[first]),
    ]
    fitting = [path for path in items if all(getattr(path, name) == value for name, value in given.items())]
    return PathList(total=len(fitting), items=fitting)


def quiz(given: dict[str, str]) -> QuizOut:
    text = TEXTS["dT.3"][2]
    quote = text[2 : text.index("\n")]
    items = [
        QuizQuestionOut(
            prompt=quote.replace("98天", "＿＿＿＿"),
            options=["20天", "30天", "98天"],
            answer=2,
            passage_id="dT.3",
            doc_id="dT",
            title=LAW,
            clause="第七条",
            quote=quote,
            start=2,
            end=2 + len(quote),
        )
    ]
    return QuizOut(**given, items=items if given["goal"] == "手机与防骗" else [])


def versions() -> list[DocumentSummary]:
    now = DocumentSummary.model_validate(law().model_dump())
    return [
        now.model_copy(update={"doc_id": "d0", "slug": "d0", "title": "女职工劳动保护规定", "status": "已失效", "effective": "1988-09-01"}),
        now,
    ]


def comparison() -> ComparisonOut:
    old, now = versions()
    before = passage("dT.3").model_copy(update={"text": "- 女职工生育享受90天产假<b>。"})
    after = passage("dT.3").model_copy(update={"text": "- 女职工生育享受98天产假<b>。"})
    rows = [ComparisonRow(left=before, right=after, likeness=90), ComparisonRow(right=passage("dT.4"))]
    return ComparisonOut(left=old, right=now, rows=rows)


def cited(marker: str, passage_id: str, quote: str) -> CitationOut:
    whole = passage(passage_id)
    start = whole.text.index(quote)
    return CitationOut(
        marker=marker,
        passage_id=passage_id,
        doc_id="dT",
        title=LAW,
        clause=whole.clause,
        issuer=whole.issuer,
        doc_no=whole.doc_no,
        effective=whole.effective,
        status="现行",
        region="全国",
        quote=quote,
        start=start,
        end=start + len(quote),
        source_ids=["NZG-007"],
    )


def summary(passage_id: str) -> PassageSummary:
    whole = passage(passage_id)
    return PassageSummary(
        passage_id=passage_id,
        doc_id="dT",
        title=LAW,
        clause=whole.clause,
        heading=whole.heading_path[-1],
        status="现行",
        region="全国",
        excerpt=whole.text[:60],
    )


def quoted(passage_id: str, quote: str) -> QuoteOut:
    return QuoteOut.model_validate(cited("1", passage_id, quote).model_dump())


def stated(key: str, label: str, quote: str, passage_id: str = "dT.3") -> CardField:
    return CardField(key=key, label=label, value=quote, status="stated", quotes=[quoted(passage_id, quote)])


def not_stated(key: str, label: str) -> CardField:
    return CardField(key=key, label=label, value="文件未载明", status="not_stated")


FROM_HEAD = CardField(key="year", label="哪一年的", value="2012-04-28 起施行", status="stated")


def cards() -> list[CardOut]:
    now = CardDocument.model_validate(law().model_dump())
    old = now.model_copy(update={"doc_id": "d0", "title": "女职工劳动保护规定", "status": "已失效"})
    time = not_stated("time", "要多久")
    step = PathCardStep(number=1, doc_id="dT", title="AI使用安全", level="入门", reason="先学怎样不泄密。", time=time)
    studio = StudioRow(
        doc_id="dT",
        title="张静护理创新工作室",
        org="省医院",
        lead="张静",
        region="四川省成都市",
        as_of="2024-06",
        matched=["医护"],
        fields=[stated("technology", "做什么技术", QUOTE), not_stated("learn", "可借鉴")],
    )
    sides = ComparisonCardRow(label="产假天数", left=not_stated("left", "以前"), right=stated("right", "现在", QUOTE))
    return [
        ChecklistCard(
            title="产假：申请清单", document=now, rows=[stated("amount", "多少", QUOTE), FROM_HEAD, not_stated("where", "在哪办")]
        ),
        PathCard(
            title="护士·用AI减负·入门",
            occupation="护士",
            goal="用AI减负",
            level="入门",
            steps=[step],
            others=[PathChoice(occupation="护士", goal="手机与防骗", level="入门")],
        ),
        StudiosCard(title="医护类的工作室", sector="医护", total=3, note="数字是报道当时的口径。", rows=[studio]),
        ComparisonCard(title="以前和现在：产假", basis="time", left=old, right=now, rows=[sides]),
    ]


def answer_to(question: str, message_id: str, conversation_id: str) -> AnswerOut:
    base: dict[str, Any] = {"message_id": message_id, "conversation_id": conversation_id, "model_id": "extractive", "generation": "g1"}
    if "拖工资" in question:
        return AnswerOut(
            **base,
            verdict="referred",
            text="老板拖欠工资，可以拨打12333向人社部门投诉，也可以拨打12351找工会帮忙。",
            referrals=[
                ReferralOut(name="人社服务热线", number="12333", purpose="咨询和投诉拖欠工资。", checked="2026-11-22"),
                ReferralOut(name="工会服务热线", number="028-12351", purpose="工会接听，可以申请法律援助。", checked="2026-11-22"),
                ReferralOut(name="当地劳动保障监察大队", purpose="带上工资条、聊天记录去。"),
            ],
        )
    if question == "补贴":
        return AnswerOut(**base, verdict="clarify", text="您想问哪一种补贴？", followups=["技能提升补贴怎么领？", "生育津贴怎么算？"])
    if "月球" in question:
        return AnswerOut(
            **base,
            verdict="abstained",
            text="知识库里没有月球上班的规定。",
            nearest=[summary("dT.3")],
            caveats=["这里只收女职工的政策和学习材料。"],
        )
    return AnswerOut(
        **base,
        cards=cards() if "清单" in question else [],
        verdict="answered",
        text=f"{QUOTE}[1]。\n\n- 单位**不得**因怀孕降低工资[2]。\n- <img src=x onerror=alert(1)>这一句只是字。",
        citations=[cited("1", "dT.3", QUOTE), cited("2", "dT.2", "不得因女职工怀孕、生育、哺乳降低其工资")],
        caveats=["四川另有延长，以四川的条例为准。"],
        followups=["难产加多少天？", "男的有没得陪产假？"],
        label="摘录",
    )


@dataclass
class FakeApi:
    """What was asked of the server, and what it keeps."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    searched: list[dict[str, str]] = field(default_factory=list)
    read: list[dict[str, str]] = field(default_factory=list)
    feedback: list[dict[str, Any]] = field(default_factory=list)
    conversations: dict[str, list[MessageOut]] = field(default_factory=dict)
    go_on: threading.Event = field(default_factory=threading.Event)
    briefs: list[dict[str, list[str]]] = field(default_factory=list)
    failing: bool = False
    without_font: bool = False
    hears: str | None = None
    recordings: int = 0
    titles: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0

    def store(self, question: str, answer: AnswerOut) -> None:
        messages = self.conversations.setdefault(answer.conversation_id, [])
        messages.append(MessageOut(role="user", content=question, created="2026-11-23T09:00:00+08:00"))
        messages.append(MessageOut(role="assistant", content=answer.text, created="2026-11-23T09:00:01+08:00", answer=answer))


class Handler(BaseHTTPRequestHandler):
    api: FakeApi

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        given = {name: values[0] for name, values in parse_qs(split.query).items()}
        head, _, last = split.path.removeprefix("/v1/").partition("/")
        last = unquote(last)
        if self.api.failing:
            self._problem(503, "知识库正在更新，请一分钟后再试。")
        elif head == "conversations" and last in self.api.conversations:
            title = self.api.titles.get(last, "")
            self._reply(ConversationOut(conversation_id=last, title=title, messages=self.api.conversations[last]))
        elif head == "passages" and last in TEXTS:
            self._reply(passage(last))
        elif head == "documents" and last in ("dT", law().slug):
            self.api.read.append(given)
            self._reply(law())
        elif head == "documents" and last.endswith("/versions"):
            self._reply(DocumentList(total=2, items=versions()))
        elif head == "documents" and last.endswith("/comparison"):
            self._reply(comparison())
        elif head == "briefs" and given["format"] == "pdf" and self.api.without_font:
            self._problem(503, "这台机器没有中文字体，出不了 PDF。")
        elif head == "briefs":
            self.api.briefs.append(parse_qs(split.query))
            self._send(200, b"BRIEF", "application/pdf")
        elif head == "documents" and not last:
            self._reply(self._list(given))
        elif head == "features":
            self._reply(FeaturesOut(transcription=self.api.hears is not None))
        elif split.path == "/v1/cases/technologies":
            named = [
                TechnologyOut(name="直播带货", doc_ids=["al-jiazheng.1", "al-peixun.1"]),
                TechnologyOut(name="AI", doc_ids=["al-hushi.1"]),
            ]
            self._reply(TechnologyList(total=3, items=named))
        elif split.path == "/v1/learning/quiz":
            self._reply(quiz(given))
        elif head == "paths":
            self._reply(paths(given))
        elif head == "search":
            self._reply(self._search(given))
        else:
            self._problem(404, "没有这一条。")

    def do_DELETE(self) -> None:
        if self.api.failing:
            self._problem(503, "知识库正在更新，请一分钟后再试。")
            return
        self.api.conversations.pop(self.path.rpartition("/")[2], None)
        self._send(204, b"", "text/plain")

    def do_PATCH(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.api.failing:
            self._problem(503, "知识库正在更新，请一分钟后再试。")
            return
        self.api.titles[self.path.rpartition("/")[2]] = body["title"]
        self._send(204, b"", "text/plain")

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/v1/audio/transcriptions":
            self.api.recordings += 1
            if self.api.failing:
                self._problem(503, "听写的服务太久没有回应，请说短一点再试，或者打字")
            else:
                self._reply(TranscriptionOut(text=self.api.hears or ""))
            return
        body = json.loads(content)
        if self.api.failing:
            self._problem(503, "知识库正在更新，请一分钟后再试。")
        elif self.path == "/v1/feedback":
            self.api.feedback.append(body)
            self._send(204, b"", "text/plain")
        elif self.path == "/v1/ask/stream":
            self.api.asked.append(body)
            self._stream(body["question"], body.get("conversation_id") or f"c-{len(self.api.asked)}", f"m-{len(self.api.asked)}")

    def _list(self, given: dict[str, str]) -> DocumentList:
        self.api.searched.append(given)
        wanted = {name: given[name] for name in ("kind", "status", "region", "issuer") if name in given}
        fitting = [
            d
            for d in (cases() if given.get("kind") == "case" else documents())
            if all(getattr(d, name) == value for name, value in wanted.items())
        ]
        offset = int(given.get("offset", 0))
        return DocumentList(total=len(fitting), items=fitting[offset : offset + int(given.get("limit", 20))])

    def _search(self, given: dict[str, str]) -> SearchResponse:
        self.api.searched.append(given)
        if given.get("kind") == "case":
            found = SearchHit(
                passage_id="al-jiazheng.1.1",
                doc_id="al-jiazheng.1",
                title="川妹子家政",
                kind="case",
                text="- 用小程序派单。",
                score=1,
                rank=1,
            )
            return SearchResponse(query=given["q"], items=[found])
        hits = [
            SearchHit(**summary(i).model_dump(), text=TEXTS[i][2], score=1 / rank, rank=rank)
            for rank, i in enumerate((i for i in TEXTS if given["q"] in TEXTS[i][2]), start=1)
        ]
        date.fromisoformat(given.get("as_of", "2026-11-23"))
        return SearchResponse(query=given["q"], understood_as=given["q"].replace("生娃儿", "生育"), items=hits)

    def _stream(self, question: str, conversation_id: str, message_id: str) -> None:
        answer = answer_to(question, message_id, conversation_id)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.end_headers()
        about = answer.model_dump(include={"message_id", "conversation_id", "model_id", "ai_generated", "label"})
        self._event("meta", json.dumps(about, ensure_ascii=False))
        if "慢" in question:
            self.api.go_on.wait(10)
        self._event("sources", json.dumps([summary("dT.3").model_dump()], ensure_ascii=False))
        for position in range(0, len(answer.text), 4):
            if position > 20 and ("断线" in question or "没存" in question):
                if "断线" in question:
                    self.api.store(question, answer)
                self.close_connection = True
                return
            self._event("token", json.dumps({"text": answer.text[position : position + 4]}, ensure_ascii=False))
            time.sleep(self.api.pause)
        if "问错" in question:
            self._event("error", Problem(title="模型没有回应", status=503, detail="写回答的模型没有回应，请再试一次。").model_dump_json())
            return
        self._event("citations", json.dumps([c.model_dump() for c in answer.citations], ensure_ascii=False))
        self._event("followups", json.dumps(answer.followups, ensure_ascii=False))
        self.api.store(question, answer)
        self._event("done", answer.model_dump_json())

    def _event(self, name: str, data: str) -> None:
        self.wfile.write(f"event: {name}\ndata: {data}\n\n".encode())
        self.wfile.flush()

    def _reply(self, body: BaseModel) -> None:
        self._send(200, body.model_dump_json().encode(), "application/json")

    def _problem(self, status: int, detail: str) -> None:
        self._send(status, Problem(title="不行", status=status, detail=detail).model_dump_json().encode(), "application/problem+json")

    def _send(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(api: FakeApi, port: int = 0) -> ThreadingHTTPServer:
    """A server on a free loopback port that answers in threads until it is shut down."""
    server = ThreadingHTTPServer(("127.0.0.1", port), type("BoundHandler", (Handler,), {"api": api}))
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server
