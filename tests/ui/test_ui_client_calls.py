"""Every call of the three clients: which request it makes, and what it makes of each kind of failure."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from assistant.wire.evaluation_schemas import RemarkRequest
from assistant.wire.schemas import AskRequest, FeedbackRequest, LexiconLines, LexiconTrial, ReferralEntry
from ui.client import (
    BrokenOffError,
    Client,
    Filters,
    NotFoundError,
    RejectedError,
    UnreachableError,
    UnreadableError,
)
from ui.evaluation.client import EvaluationClient, RowFilters
from ui.officer.client import OfficerClient, approval
from ui.wording import say

JSON, PROBLEM, EVENTS = "application/json", "application/problem+json", "text/event-stream; charset=utf-8"


@dataclass
class Recorder:
    """A server that answers everything alike, and what it was sent."""

    status: int = 200
    body: bytes = b"{}"
    content_type: str = JSON
    url: str = ""
    requests: list[tuple[str, str, dict[str, list[str]], Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def last(self) -> tuple[str, str, dict[str, list[str]], Any]:
        return self.requests[-1]


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    told = Recorder()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            kind = self.headers.get("Content-Type", "")
            split = urlsplit(self.path)
            sent: Any = json.loads(data) if kind == JSON else data or None
            told.requests.append((self.command, split.path, parse_qs(split.query), sent))
            told.headers.append(dict(self.headers))
            self.send_response(told.status)
            self.send_header("Content-Type", told.content_type)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815  # the standard library's names

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


def asked(recorder: Recorder, call: Callable[[], object]) -> tuple[str, str, dict[str, list[str]], Any]:
    """The request that a call makes; that the empty answer is none of the agreed shape does not matter here."""
    with contextlib.suppress(UnreadableError):
        call()
    return recorder.last


ALL_FILTERS = Filters("policy", "现行", "四川省", "国务院", date(2025, 1, 2), "产假", "2025")
ALL_PARAMETERS = {
    "kind": ["policy"],
    "status": ["现行"],
    "region": ["四川省"],
    "issuer": ["国务院"],
    "as_of": ["2025-01-02"],
    "topic": ["产假"],
    "year": ["2025"],
}


@pytest.mark.parametrize(
    ("call", "method", "path", "parameters", "body"),
    [
        (lambda c: c.conversation("c-1"), "GET", "/v1/conversations/c-1", {}, None),
        (lambda c: c.delete_conversation("c-1"), "DELETE", "/v1/conversations/c-1", {}, None),
        (lambda c: c.rename_conversation("c-1", "给小张"), "PATCH", "/v1/conversations/c-1", {}, {"title": "给小张"}),
        (lambda c: c.features(), "GET", "/v1/features", {}, None),
        (lambda c: c.search("生娃儿", Filters()), "GET", "/v1/search", {"q": ["生娃儿"], "top_k": ["20"]}, None),
        (lambda c: c.search("产假", ALL_FILTERS, top_k=5), "GET", "/v1/search", {"q": ["产假"], "top_k": ["5"], **ALL_PARAMETERS}, None),
        (lambda c: c.documents(Filters()), "GET", "/v1/documents", {"limit": ["20"], "offset": ["0"]}, None),
        (
            lambda c: c.documents(Filters(kind="case"), limit=5, offset=10, sort="newest"),
            "GET",
            "/v1/documents",
            {"limit": ["5"], "offset": ["10"], "sort": ["newest"], "kind": ["case"]},
            None,
        ),
        (lambda c: c.versions("d1"), "GET", "/v1/documents/d1/versions", {}, None),
        (lambda c: c.versions("d1", date(2023, 6, 1)), "GET", "/v1/documents/d1/versions", {"as_of": ["2023-06-01"]}, None),
        (lambda c: c.comparison("d1", "d2"), "GET", "/v1/documents/d1/comparison", {"with": ["d2"]}, None),
        (lambda c: c.technologies(), "GET", "/v1/cases/technologies", {}, None),
        (lambda c: c.brief(["d1", "d2"], "pdf"), "GET", "/v1/briefs", {"doc": ["d1", "d2"], "format": ["pdf"]}, None),
        (lambda c: c.document("d1", date(2023, 6, 1)), "GET", "/v1/documents/d1", {"as_of": ["2023-06-01"]}, None),
        (lambda c: c.passage("d1.3"), "GET", "/v1/passages/d1.3", {}, None),
        (lambda c: c.paths(), "GET", "/v1/paths", {}, None),
        (lambda c: c.paths(occupation="护士", level="入门"), "GET", "/v1/paths", {"occupation": ["护士"], "level": ["入门"]}, None),
        (
            lambda c: c.quiz(occupation="护士", goal="手机与防骗", level="入门"),
            "GET",
            "/v1/learning/quiz",
            {"occupation": ["护士"], "goal": ["手机与防骗"], "level": ["入门"]},
            None,
        ),
        (
            lambda c: c.send_feedback(FeedbackRequest(message_id="m-1", helpful=False, reason="看不懂")),
            "POST",
            "/v1/feedback",
            {},
            {"message_id": "m-1", "helpful": False, "reason": "看不懂"},
        ),
    ],
)
def test_a_call_of_the_pages(
    recorder: Recorder, call: Callable[[Client], object], method: str, path: str, parameters: dict[str, list[str]], body: object
) -> None:
    client = Client(recorder.url)

    assert asked(recorder, lambda: call(client)) == (method, path, parameters, body)
    client.close()


ENTRY = ReferralEntry(name="工会热线", number="12351", purpose="帮忙", checked="2026-11-22")
LINES = LexiconLines(dialect="咋个=怎么", synonyms="产假=生育假", terms="夜校")


@pytest.mark.parametrize(
    ("call", "method", "path", "parameters", "body"),
    [
        (lambda c: c.drafts(), "GET", "/v1/drafts", {}, None),
        (lambda c: c.correct_draft("d-1", {"title": "新的"}), "PATCH", "/v1/drafts/d-1", {}, {"title": "新的"}),
        (lambda c: c.remove_draft("d-1"), "DELETE", "/v1/drafts/d-1", {}, None),
        (lambda c: c.uploads(), "GET", "/v1/uploads", {}, None),
        (lambda c: c.publish(["d-1", "d-2"]), "POST", "/v1/publication", {}, {"draft_ids": ["d-1", "d-2"], "remove": []}),
        (lambda c: c.publish([], ["u-1"]), "POST", "/v1/publication", {}, {"draft_ids": [], "remove": ["u-1"]}),
        (lambda c: c.publication(), "GET", "/v1/publication", {}, None),
        (lambda c: c.generations(), "GET", "/v1/generations", {}, None),
        (lambda c: c.roll_back("g000001"), "POST", "/v1/generations/g000001/rollback", {}, None),
        (lambda c: c.upkeep(), "GET", "/v1/upkeep", {}, None),
        (lambda c: c.mark_reviewed("u-1"), "POST", "/v1/documents/u-1/review", {}, None),
        (lambda c: c.unanswered(limit=10, offset=20), "GET", "/v1/unanswered", {"limit": ["10"], "offset": ["20"]}, None),
        (lambda c: c.approved(), "GET", "/v1/approved", {}, None),
        (lambda c: c.expire("a-1"), "POST", "/v1/approved/a-1/expire", {}, None),
        (lambda c: c.withdraw("a-1"), "DELETE", "/v1/approved/a-1", {}, None),
        (lambda c: c.lexicon(), "GET", "/v1/lexicon", {}, None),
        (
            lambda c: c.save_lexicon(LINES),
            "PUT",
            "/v1/lexicon",
            {},
            {"dialect": "咋个=怎么", "synonyms": "产假=生育假", "terms": "夜校"},
        ),
        (
            lambda c: c.try_lexicon(LexiconTrial(**LINES.model_dump(), question="产假咋个休")),
            "POST",
            "/v1/lexicon/preview",
            {},
            {"dialect": "咋个=怎么", "synonyms": "产假=生育假", "terms": "夜校", "question": "产假咋个休"},
        ),
        (lambda c: c.referral_book(), "GET", "/v1/referrals", {}, None),
        (lambda c: c.save_referrals([ENTRY]), "PUT", "/v1/referrals", {}, {"items": [ENTRY.model_dump()]}),
        (lambda c: c.changes(limit=30), "GET", "/v1/changes", {"limit": ["30"], "offset": ["0"]}, None),
    ],
)
def test_a_call_of_the_officer(
    recorder: Recorder, call: Callable[[OfficerClient], object], method: str, path: str, parameters: dict[str, list[str]], body: object
) -> None:
    client = OfficerClient(recorder.url, "guanli", "李主席")

    assert asked(recorder, lambda: call(client)) == (method, path, parameters, body)
    assert recorder.headers[-1]["Authorization"] == "Bearer guanli"
    assert unquote(recorder.headers[-1]["X-Officer"]) == "李主席"
    client.close()


@pytest.mark.parametrize(("approved_id", "method", "path"), [("", "POST", "/v1/approved"), ("a-1", "PUT", "/v1/approved/a-1")])
def test_an_approved_answer_is_handed_in_or_put_in_the_place_of_another(
    recorder: Recorder, approved_id: str, method: str, path: str
) -> None:
    request = approval(["产假多少天？"], "98天[1]。", ["d1.3"], "李主席", date(2027, 1, 1))
    client = OfficerClient(recorder.url, "guanli", "李主席")

    got = asked(recorder, lambda: client.approve(request, approved_id))

    assert got[:2] == (method, path)
    assert (got[3]["questions"], got[3]["passage_ids"], got[3]["expires"]) == (["产假多少天？"], ["d1.3"], "2027-01-01")


EVALS = "/v1/evals"


@pytest.mark.parametrize(
    ("call", "method", "path", "parameters", "body"),
    [
        (lambda c: c.runs(), "GET", f"{EVALS}/runs", {}, None),
        (lambda c: c.run("r1"), "GET", f"{EVALS}/runs/r1", {}, None),
        (lambda c: c.progress("r1"), "GET", f"{EVALS}/runs/r1/progress", {}, None),
        (lambda c: c.rows("r1", RowFilters(), limit=20), "GET", f"{EVALS}/runs/r1/rows", {"limit": ["20"], "offset": ["0"]}, None),
        (
            lambda c: c.rows("r1", RowFilters(True, True, "way:拼音", "answer", "abstained", "产假"), limit=5, offset=10),
            "GET",
            f"{EVALS}/runs/r1/rows",
            {
                "limit": ["5"],
                "offset": ["10"],
                "wrong": ["true"],
                "noted": ["true"],
                "group": ["way:拼音"],
                "expected": ["answer"],
                "verdict": ["abstained"],
                "q": ["产假"],
            },
            None,
        ),
        (lambda c: c.row("r1", 3), "GET", f"{EVALS}/runs/r1/rows/3", {}, None),
        (
            lambda c: c.remark("r1", RemarkRequest(number=3, author="小周", fair="agree")),
            "POST",
            f"{EVALS}/runs/r1/remarks",
            {},
            {"number": 3, "author": "小周", "fair": "agree", "faithful": None, "plain": None, "note": ""},
        ),
        (lambda c: c.compare("a", "b"), "GET", f"{EVALS}/comparison", {"before": ["a"], "after": ["b"]}, None),
        (lambda c: c.datasets(), "GET", f"{EVALS}/datasets", {}, None),
        (lambda c: c.start("dev"), "POST", f"{EVALS}/runs", {}, {"key": "dev"}),
        (lambda c: c.stop("r1"), "POST", f"{EVALS}/runs/r1/stop", {}, None),
        (lambda c: c.resume("r1"), "POST", f"{EVALS}/runs/r1/resume", {}, None),
        (lambda c: c.download("r1", "xlsx"), "GET", f"{EVALS}/runs/r1/download", {"format": ["xlsx"]}, None),
        (lambda c: c.template("jsonl"), "GET", f"{EVALS}/template", {"format": ["jsonl"]}, None),
    ],
)
def test_a_call_of_the_evaluator(
    recorder: Recorder, call: Callable[[EvaluationClient], object], method: str, path: str, parameters: dict[str, list[str]], body: object
) -> None:
    client = EvaluationClient(recorder.url, "pingce")

    assert asked(recorder, lambda: call(client)) == (method, path, parameters, body)
    client.close()


@pytest.mark.parametrize(
    ("call", "path", "name"),
    [
        (lambda url: Client(url).transcribe(b"RIFF", "recording.wav"), "/v1/audio/transcriptions", "recording.wav"),
        (lambda url: OfficerClient(url, "k", "李").add_draft("notice.txt", b"RIFF"), "/v1/drafts", "notice.txt"),
        (lambda url: EvaluationClient(url, "k").upload("questions.jsonl", b"RIFF"), "/v1/evals/datasets", "questions.jsonl"),
    ],
)
def test_a_file_goes_over_with_its_name(recorder: Recorder, call: Callable[[str], object], path: str, name: str) -> None:
    recorder.body = b"[]"

    method, asked_path, _, sent = asked(recorder, lambda: call(recorder.url))

    assert (method, asked_path) == ("POST", path)
    assert f'filename="{name}"'.encode() in sent
    assert b"RIFF" in sent


# -- failures


def problem(detail: str, status: int) -> bytes:
    return json.dumps({"title": "不行", "status": status, "detail": detail}, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("status", "body", "error", "told"),
    [
        (404, problem("没有叫这个的文件。", 404), NotFoundError, "没有叫这个的文件。"),
        (404, b"<html>nginx</html>", NotFoundError, say("client.not_found")),
        (401, problem("密钥不对。", 401), RejectedError, "密钥不对。"),
        (422, problem("有效期至“明年”不是日期", 422), RejectedError, "有效期至“明年”不是日期"),
        (503, problem("知识库正在更新，请一分钟后再试。", 503), RejectedError, "知识库正在更新，请一分钟后再试。"),
        (502, b"Bad Gateway", RejectedError, say("client.failed", status=502)),
        (500, problem("", 500), RejectedError, say("client.failed", status=500)),
        (500, b"", RejectedError, say("client.failed", status=500)),
    ],
)
def test_a_refusal_says_why_in_the_words_of_the_api_or_in_ours(
    recorder: Recorder, status: int, body: bytes, error: type[RejectedError], told: str
) -> None:
    recorder.status, recorder.body, recorder.content_type = status, body, PROBLEM

    with pytest.raises(RejectedError) as caught:
        Client(recorder.url).features()

    assert type(caught.value) is error
    assert (str(caught.value), caught.value.status) == (told, status)


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'{"transcription": "vielleicht"}', "产假".encode("gb18030")])
def test_an_answer_of_another_shape_is_unreadable(recorder: Recorder, body: bytes) -> None:
    recorder.body = body

    with pytest.raises(UnreadableError, match=say("client.unreadable")):
        Client(recorder.url).features()


@pytest.mark.parametrize(
    "call", [lambda c: c.features(), lambda c: c.passage("d1.1"), lambda c: list(c.stream_answer(AskRequest(question="产假")))]
)
def test_nobody_at_the_address_is_told(call: Callable[[Client], object]) -> None:
    with pytest.raises(UnreachableError, match=say("client.unreachable")):
        call(Client("http://127.0.0.1:9"))


@pytest.mark.parametrize("odd", ["", ".", "..", "a/b", "../x", "a b", "中文", "x" * 500, "a?b", "a#b", "%2e%2e"])
@pytest.mark.parametrize(
    "call",
    [
        lambda c, odd: c.document(odd),
        lambda c, odd: c.passage(odd),
        lambda c, odd: c.versions(odd),
        lambda c, odd: c.comparison("d1", odd),
        lambda c, odd: c.brief(["d1", odd], "docx"),
        lambda c, odd: c.delete_conversation(odd),
    ],
    ids=["document", "passage", "versions", "comparison", "brief", "delete"],
)
def test_what_is_no_id_is_not_found_and_never_sent(recorder: Recorder, call: Callable[[Client, str], object], odd: str) -> None:
    with pytest.raises(NotFoundError, match=say("client.not_found")):
        call(Client(recorder.url), odd)

    assert recorder.requests == []


# -- the stream


def events(*pairs: tuple[str, str]) -> bytes:
    return "".join(f"event: {name}\ndata: {data}\n\n" for name, data in pairs).encode()


META = ("meta", '{"message_id": "m-1", "conversation_id": "c-1"}')


@pytest.mark.parametrize(
    ("body", "error", "told"),
    [
        (events(META), BrokenOffError, say("client.interrupted")),
        (events(META, ("token", '{"text": "女"}')), BrokenOffError, say("client.interrupted")),
        (b"", BrokenOffError, say("client.interrupted")),
        (events(META, ("error", problem("模型没有回应", 503).decode())), RejectedError, "模型没有回应"),
        (events(META, ("error", problem("", 500).decode())), RejectedError, say("client.failed", status=500)),
        (events(("meta", '{"message_id": "m-1"}')), UnreadableError, say("client.unreadable")),
        (events(META, ("token", '"女"')), UnreadableError, say("client.unreadable")),
        (events(META, ("done", "{}")), UnreadableError, say("client.unreadable")),
        (events(META, ("error", "{坏")), UnreadableError, say("client.unreadable")),
    ],
)
def test_a_stream_that_does_not_end_in_an_answer_is_an_error(recorder: Recorder, body: bytes, error: type[Exception], told: str) -> None:
    recorder.body, recorder.content_type = body, EVENTS

    with pytest.raises(error, match=told):
        list(Client(recorder.url).stream_answer(AskRequest(question="产假")))


def test_events_of_a_newer_api_are_passed_over(recorder: Recorder) -> None:
    recorder.body, recorder.content_type = events(META, ("mood", '{"good": true}'), ("token", '{"text": "女"}')), EVENTS
    got: list[object] = []

    with pytest.raises(BrokenOffError):
        got.extend(Client(recorder.url).stream_answer(AskRequest(question="产假")))

    stream = Client(recorder.url).stream_answer(AskRequest(question="产假"))
    assert [type(next(stream)).__name__ for _ in range(2)] == ["Meta", "Token"]


def test_a_stream_that_is_refused_says_why(recorder: Recorder) -> None:
    recorder.status, recorder.body, recorder.content_type = 503, problem("知识库还没有建好。", 503), PROBLEM

    with pytest.raises(RejectedError, match="知识库还没有建好。"):
        list(Client(recorder.url).stream_answer(AskRequest(question="产假")))


def test_what_is_no_stream_is_unreadable(recorder: Recorder) -> None:
    with pytest.raises(UnreadableError):
        list(Client(recorder.url).stream_answer(AskRequest(question="产假")))


@pytest.mark.parametrize(("key", "header"), [("", None), ("ascii", b"Bearer ascii"), ("密钥", "Bearer 密钥".encode())])
def test_a_key_goes_along_even_a_chinese_one(recorder: Recorder, key: str, header: bytes | None) -> None:
    asked(recorder, Client(recorder.url, key).features)

    sent = recorder.headers[-1].get("Authorization")
    assert (sent.encode("latin-1") if sent else None) == header
