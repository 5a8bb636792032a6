"""Cards: when a question asks for one, and that each of its fields is a quote that stands or is said not to be stated."""

from __future__ import annotations

import datetime as dt
import re

import httpx
import pytest
from assistant_pieces import PHRASES, TEXTS, a_document, a_passage

from assistant.answering import Assistant
from assistant.api.openai_protocol import MODEL
from assistant.cards.checklist import asks_for_checklist, checklist_of
from assistant.cards.comparison import compare_versions
from assistant.cards.fields import Shelf, dates_of, field_of
from assistant.cards.making import MOST_CARDS, CardMaker, quotes_of
from assistant.cards.paths import asks_for_path, choose_path
from assistant.cards.studios import asks_for_studios, studios_of
from assistant.checking.statements import check_citation
from assistant.events import Done
from assistant.reader import Reader
from assistant.texts.card_words import FieldRule
from assistant.types import Answer, Basis, Checklist, ComparisonCard, PathCard, Question, Studios, Turn, Verdict
from assistant.wire import schemas
from assistant.wire.presenting import present_answer
from knowledge_base.editorial.learning_paths import LearningPath
from knowledge_base.types import Kind, Status

CARDS = TEXTS.cards
APPLYING = (
    "育儿补贴由父母一方或者其他监护人申领。\n"
    "申领育儿补贴的基础材料是出生医学证明和户口簿。\n"
    "未见公开文本：四川的育儿补贴逾期处理没有查到。\n"
    "提示：材料以当地为准。"
)
ASKING = [
    "育儿补贴怎么申请，要什么材料",
    "技能提升补贴怎么申请",
    "人工智能训练师怎么考",
    "会计想学RPA，从哪学起",
    "我是护士，想用AI减负，从哪学起",
    "铁路上有哪些女职工团队的创新案例",
    "哪些工作室用数字孪生",
    "国家产假和四川产假有啥不同",
    "2025年数字素养要点和2024年的有什么变化",
]


def a_shelf(text: str = APPLYING, *, heading: str = "申领人与材料", status: Status = Status.IN_FORCE, **document: str) -> Shelf:
    return Shelf(a_document("育儿补贴管理规范", text=text, **document), status, (a_passage(text, heading_path=(heading,)),))


def rule(key: str) -> FieldRule:
    return next(r for r in CARDS.checklist.subsidy_fields if r.key == key)


# -- fields


def test_a_field_is_the_whole_statement_that_states_it_with_its_place() -> None:
    shelf = a_shelf()

    field = field_of(rule("materials"), shelf, PHRASES)

    assert [q.quote for q in field.quotes] == ["申领育儿补贴的基础材料是出生医学证明和户口簿。"]
    assert all(q.passage.text[q.start : q.end] == q.quote and check_citation(q) is None for q in field.quotes)


def test_a_field_that_no_statement_states_is_not_stated() -> None:
    field = field_of(rule("amount"), a_shelf(), PHRASES)

    assert not field.stated
    assert (field.quotes, field.particulars) == ((), "")


def test_what_was_not_found_and_what_the_editors_add_state_nothing() -> None:
    unknown = a_shelf("未见公开文本：四川的申请截止时间没有查到。\n提示：申领要交的材料以当地为准。")

    assert not field_of(rule("deadline"), unknown, PHRASES).stated
    assert not field_of(rule("materials"), unknown, PHRASES).stated


def test_the_year_is_what_the_front_matter_says() -> None:
    shelf = a_shelf(effective="2025-09-18", expires="2027-12-31")

    assert (
        field_of(rule("year"), shelf, PHRASES).particulars == dates_of(shelf.document, PHRASES) == "2025-09-18 起施行，有效期至 2027-12-31"
    )


# -- checklists


@pytest.mark.parametrize("question", ["育儿补贴怎么申请", "技能提升补贴要哪些材料", "想考互联网营销师", "补贴在哪里领"])
def test_asking_how_to_get_a_subsidy_or_a_certificate_asks_for_a_checklist(question: str) -> None:
    assert asks_for_checklist(question, question, CARDS.checklist)


@pytest.mark.parametrize("question", ["产假多少天", "育儿补贴是多少钱", "加班费怎么算", "在哪里可以打12351"])
def test_other_questions_ask_for_no_checklist(question: str) -> None:
    assert not asks_for_checklist(question, question, CARDS.checklist)


def test_a_checklist_has_every_field_and_fills_one_only_from_a_document_that_stands_alike() -> None:
    other = a_shelf("育儿补贴的基础标准为每孩每年3600元。", heading="对象与标准")

    alone = checklist_of([a_shelf()], "育儿补贴", "育儿补贴怎么申请", CARDS.checklist, PHRASES)
    beside = checklist_of([a_shelf()], "育儿补贴", "育儿补贴怎么申请", CARDS.checklist, PHRASES, lambda _: [other])

    assert alone is not None
    assert beside is not None
    assert [f.key for f in alone.fields] == ["who", "amount", "year", "materials", "where", "deadline"]
    assert [f.stated for f in alone.fields] == [True, False, True, True, False, False]
    amount = beside.fields[1]
    assert [q.quote for q in amount.quotes] == ["育儿补贴的基础标准为每孩每年3600元。"]


def test_a_checklist_of_a_rule_that_is_over_says_so() -> None:
    card = checklist_of([a_shelf(status=Status.EXPIRED)], "", "育儿补贴怎么申请", CARDS.checklist, PHRASES)

    assert card is not None
    assert card.title.startswith(PHRASES.status_expired)


def test_a_document_that_states_next_to_nothing_gives_no_checklist() -> None:
    assert (
        checklist_of([a_shelf("育儿补贴制度由国家建立。", heading="总则", effective="")], "", "育儿补贴怎么申请", CARDS.checklist, PHRASES)
        is None
    )
    assert checklist_of([], "", "育儿补贴怎么申请", CARDS.checklist, PHRASES) is None


# -- learning paths


def test_the_words_of_paths_are_those_of_the_file(reader: Reader) -> None:
    words = CARDS.path

    assert {p.occupation for p in reader.paths} == set(words.occupations)
    assert {p.goal for p in reader.paths} == set(words.goals)
    assert {p.level for p in reader.paths} <= set(words.levels)


@pytest.mark.parametrize(
    ("question", "occupation", "goal"),
    [
        ("我是护士，想用AI减负，从哪学起", "护士", "用AI减负"),
        ("外卖骑手想转行，学点什么", "外卖/司机", "转岗"),
        ("会计想学RPA，从哪学起", "文员/财务", "办公自动化"),
        ("全职妈妈想上班，先从哪步开始", "返岗妈妈", "重返职场"),
    ],
)
def test_a_path_fits_who_she_is_and_what_she_wants(reader: Reader, question: str, occupation: str, goal: str) -> None:
    chosen = choose_path(question, reader.paths, CARDS.path)

    assert asks_for_path(question, CARDS.path)
    assert chosen is not None
    path, others = chosen
    assert (path.occupation, path.goal) == (occupation, goal)
    assert all(other.occupation == occupation for other in others)


def test_without_an_occupation_or_a_goal_there_is_no_path() -> None:
    assert choose_path("该怎么学", (LearningPath("护士", "用AI减负", "入门", ()),), CARDS.path) is None


# -- studios


def a_case(region: str, sector: str, text: str, *, doc_id: str = "d-1") -> Shelf:
    from dataclasses import replace

    document = replace(a_document(f"{region}{sector}工作室", doc_id=doc_id, kind=Kind.CASE, region=region), case={"sector": sector})
    return Shelf(document, Status.NOT_STATED, (a_passage(text, heading_path=("成果与可借鉴",)),))


CASES = [
    a_case("四川省成都市", "医护", "张静工作室做了VR手术体验系统。", doc_id="d-1"),
    a_case("四川省内江市", "电力", "周竞峰工作室用3D打印做工具。", doc_id="d-2"),
    a_case("山西省太原市", "铁路", "杨静工作室做了仿真教学。", doc_id="d-3"),
]


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("有没有医院的工作室案例", ["四川省成都市医护工作室"]),
        ("哪些工作室用3D打印", ["四川省内江市电力工作室"]),
        ("四川有哪些工作室", ["四川省成都市医护工作室", "四川省内江市电力工作室"]),
        ("四川用VR的医院工作室有哪些", ["四川省成都市医护工作室"]),
    ],
)
def test_studios_fit_all_that_a_question_names(question: str, titles: list[str]) -> None:
    card = studios_of(question, CASES, CARDS.studios, PHRASES)

    assert card is not None
    assert [s.document.title for s in card.studios] == titles
    assert card.total == len(titles)


def test_studios_like_one_are_others_of_its_sector() -> None:
    another = a_case("安徽省", "医护/教育", "荣向霞工作室。", doc_id="d-4")

    card = studios_of("还有类似的吗", [*CASES, another], CARDS.studios, PHRASES, CASES[0].document)

    assert card is not None
    assert [s.document.doc_id for s in card.studios] == ["d-4"]


@pytest.mark.parametrize("question", ["四川用无人机的工作室有哪些", "有哪些工作室"])
def test_nothing_fitting_or_nothing_named_gives_no_studios(question: str) -> None:
    assert asks_for_studios(question, CARDS.studios)
    assert studios_of(question, CASES, CARDS.studios, PHRASES) is None


# -- comparisons


def test_versions_are_compared_in_what_differs() -> None:
    old = Shelf(a_document("条例", doc_id="d-1"), Status.EXPIRED, (a_passage("护理假20日。"), a_passage("婚假3日。", clause="第八条")))
    new = Shelf(a_document("条例", doc_id="d-2"), Status.IN_FORCE, (a_passage("护理假30日。"), a_passage("婚假3日。", clause="第八条")))

    card = compare_versions(old, new, CARDS.comparison, PHRASES)

    assert card is not None
    assert card.basis is Basis.TIME
    assert [(row[0].quotes[0].quote, row[1].quotes[0].quote) for row in card.rows] == [("护理假20日。", "护理假30日。")]


def test_the_same_words_give_no_comparison() -> None:
    shelf = Shelf(a_document("条例"), Status.IN_FORCE, (a_passage("护理假20日。"),))

    assert compare_versions(shelf, shelf, CARDS.comparison, PHRASES) is None


# -- the whole assistant


@pytest.fixture(scope="module")
def answers(shipped_assistant: Assistant) -> dict[str, Answer]:
    return {question: shipped_assistant.ask(Question(question)) for question in ASKING}


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("育儿补贴怎么申请，要什么材料", Checklist),
        ("人工智能训练师怎么考", Checklist),
        ("会计想学RPA，从哪学起", PathCard),
        ("铁路上有哪些女职工团队的创新案例", Studios),
        ("国家产假和四川产假有啥不同", ComparisonCard),
        ("2025年数字素养要点和2024年的有什么变化", ComparisonCard),
    ],
)
def test_a_card_stands_beside_the_answer_that_asks_for_it(answers: dict[str, Answer], question: str, kind: type) -> None:
    answer = answers[question]

    assert any(isinstance(card, kind) for card in answer.cards)
    assert answer.text
    assert answer.citations


@pytest.mark.parametrize("question", ASKING)
def test_every_quote_of_a_card_stands_where_it_says_and_has_a_source(answers: dict[str, Answer], reader: Reader, question: str) -> None:
    assert len(answers[question].cards) <= MOST_CARDS
    for card in answers[question].cards:
        for quote in quotes_of(card):
            stored = reader.generation.catalogue.passage(quote.passage.passage_id)

            assert check_citation(quote) is None
            assert stored.text[quote.start : quote.end] == quote.quote
            assert quote.source_ids


@pytest.mark.parametrize("question", ASKING)
def test_a_field_on_the_wire_is_its_quotes_or_words_that_say_it_is_not_stated(answers: dict[str, Answer], question: str) -> None:
    for field in fields_in(present_answer(answers[question]).model_dump()):
        said = "\n".join(quote["quote"] for quote in field["quotes"])

        assert (field["status"] == "stated") == (field["value"] != "文件未载明")
        assert field["value"] in (said, "文件未载明") or re.search(r"\d{4}", field["value"])


def test_most_questions_get_no_card(shipped_assistant: Assistant) -> None:
    for question in ("四川产假多少天", "劳动仲裁要不要钱", "12351是什么电话", "明天成都天气怎么样", "我不想活了"):
        assert shipped_assistant.ask(Question(question)).cards == ()


def test_the_path_that_the_text_leads_with_is_the_one_of_the_card(shipped_assistant: Assistant) -> None:
    answer = shipped_assistant.ask(Question("咋个学直播嘛"))

    assert answer.verdict is Verdict.ANSWERED
    [card] = answer.cards
    assert isinstance(card, PathCard)
    assert answer.text.startswith(f"知识库里有一条给{card.path.occupation}的学习路线（{card.path.goal}）")


def test_a_follow_up_asks_for_the_materials_of_what_went_before(shipped_assistant: Assistant) -> None:
    history = (Turn("user", "国家育儿补贴一年多少"), Turn("assistant", "每孩每年3600元。[1]"))

    answer = shipped_assistant.ask(Question("那要带啥子材料", history))

    card = answer.cards[0]
    assert isinstance(card, Checklist)
    assert "育儿补贴" in card.title


def test_a_card_with_a_quote_that_does_not_stand_is_not_shown(reader: Reader, answers: dict[str, Answer]) -> None:
    from dataclasses import replace

    from assistant.cards import making

    card = next(c for c in answers["育儿补贴怎么申请，要什么材料"].cards if isinstance(c, Checklist))
    beyond = replace(card.fields[0].quotes[0], end=10_000)
    broken = replace(card, fields=(replace(card.fields[0], quotes=(beyond,)),))

    assert isinstance(reader.cards, CardMaker)
    assert making._faulty(broken)
    assert not making._faulty(card)


def test_the_stream_brings_the_cards_with_its_last_event(shipped_assistant: Assistant) -> None:
    *_, done = shipped_assistant.stream(Question("育儿补贴怎么申请，要什么材料"))

    assert isinstance(done, Done)
    assert done.answer.cards


def test_cards_survive_the_wire_the_store_and_the_openai_protocol(client: httpx.Client) -> None:
    asked = client.post("/v1/ask", json={"question": "育儿补贴怎么申请，要什么材料"}).json()
    stored = client.get(f"/v1/conversations/{asked['conversation_id']}").json()
    chat = client.post(
        "/v1/chat/completions", json={"model": MODEL, "messages": [{"role": "user", "content": "育儿补贴怎么申请，要什么材料"}]}
    ).json()

    assert [c["kind"] for c in asked["cards"]] == ["checklist"]
    assert stored["messages"][1]["answer"]["cards"] == asked["cards"]
    assert asked["trace"]["as_of"] == dt.date.fromisoformat(asked["trace"]["as_of"]).isoformat()
    assert chat["answer"]["cards"] == asked["cards"]
    assert schemas.AnswerOut.model_validate(asked).cards


def fields_in(data: object) -> list[dict[str, object]]:
    """Every card field anywhere in a wire answer."""
    if isinstance(data, dict):
        own = [data] if {"key", "value", "status", "quotes"} <= set(data) else []
        return own + [f for value in data.values() for f in fields_in(value)]
    return [f for item in data for f in fields_in(item)] if isinstance(data, list) else []
