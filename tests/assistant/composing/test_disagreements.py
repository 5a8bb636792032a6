"""Two rules in force that disagree on a figure are said to; a rule that adds, is of another place, year or matter, is none."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import combinations

import pytest
from assistant_pieces import a_document, a_passage

from assistant.answering import Assistant, Reader
from assistant.composing.disagreements import disagreement_lines, find_disagreement
from assistant.types import Citation, Question, Referral
from knowledge_base import CORPUS
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.types import Kind, Statement, Status
from knowledge_base.validity import status_of

NAMES = ("技能提升补贴", "哺乳时间", "生育津贴", "试用期")
HOTLINE = Referral("r-1", "人社热线", "12333", "", (), "全国", "2026-01-01")


def rule(
    text: str,
    *,
    title: str,
    effective: str = "2024-01-01",
    region: str = "四川省",
    status: Status = Status.IN_FORCE,
    kind: Kind = Kind.POLICY,
) -> Citation:
    document = a_document(title, doc_id=title, effective=effective, region=region, text=text, kind=kind)
    passage = a_passage(text, passage_id=f"p-{title}", doc_id=title, statements=(Statement(0, len(text), ("X-1",)),))
    return Citation(1, passage, document, status, 0, len(text))


OLD = rule("初级工的技能提升补贴标准是每人1000元。", title="补贴办法", effective="2019-01-01")
NEW = rule("初级工的技能提升补贴标准为每人1200元。", title="补贴新办法", effective="2024-06-01")


def test_two_figures_for_one_matter_are_told_with_titles_and_dates_the_later_first() -> None:
    (line,) = disagreement_lines([OLD, NEW], [HOTLINE], NAMES)

    assert line == (
        "两份现行文件说法不一样：《补贴新办法》（2024-06-01起施行）说的是“1200元”，《补贴办法》（2019-01-01起施行）说的是“1000元”。"
        "拿不准请问人社热线12333。"
    )


def test_a_figure_taken_in_by_one_rule_and_left_out_by_the_other_with_one_outcome_is_told() -> None:
    below = rule("用设备处理不满14周岁未成年人的人脸信息，须监护人同意。", title="甲办法")
    up_to = rule("处理14岁以下孩子的个人信息，要取得父母或者监护人同意。", title="乙法")

    found = find_disagreement([below, up_to], NAMES)

    assert found is not None
    assert {found.later_says, found.earlier_says} == {"不满14周岁", "14岁以下"}


def test_a_document_without_a_date_is_told_by_its_title() -> None:
    (line,) = disagreement_lines([replace(OLD, document=replace(OLD.document, effective="", issued="")), NEW], [], NAMES)

    assert line.endswith("《补贴办法》说的是“1000元”。")


@pytest.mark.parametrize(
    "other",
    [
        rule("初级工的技能提升补贴标准为每人1000元。", title="同样的办法"),
        rule("初级工的技能提升补贴标准为每人1200元。", title="全国的办法", region="全国"),
        rule("初级工的技能提升补贴标准为每人1200元。", title="市里的办法", region="四川省成都市"),
        rule("初级工的技能提升补贴标准为每人1200元。", title="旧办法", status=Status.EXPIRED),
        rule("初级工的技能提升补贴标准为每人1200元。", title="草案", status=Status.DRAFT),
        rule("初级工的技能提升补贴标准为每人1200元。", title="外省办法", status=Status.ELSEWHERE),
        rule("初级工的技能提升补贴标准是每人1200元。", title="一门课", kind=Kind.TRAINING),
        rule("初级工的技能提升补贴标准每人另外增加200元。", title="加发办法"),
        rule("2023年初级工的技能提升补贴标准为每人1200元。", title="某年的办法"),
        rule("初级工的生育津贴标准为每人1200元。", title="津贴办法"),
        rule("初级工的技能提升补贴要在12个月内申领。", title="期限办法"),
        rule("初级工的技能提升补贴标准为每人最高1200元。", title="上限办法"),
    ],
    ids=lambda c: c.document.title,
)
def test_what_is_of_another_place_time_matter_or_adds_is_no_disagreement(other: Citation) -> None:
    assert find_disagreement([OLD, other], NAMES) is None


def test_different_figures_of_fines_for_different_deeds_are_no_disagreement() -> None:
    one = rule("拒不改正或者情节严重的，罚款1万元至5万元。", title="甲法", region="全国")
    other = rule("情节严重的，罚款100万元至200万元。", title="乙法", region="全国")

    assert find_disagreement([one, other], NAMES) is None


def test_one_document_does_not_disagree_with_itself() -> None:
    assert find_disagreement([OLD, replace(NEW, document=OLD.document)], NAMES) is None


def test_only_what_is_quoted_is_compared() -> None:
    text = "本办法适用于全省。\n初级工的技能提升补贴标准为每人1200元。"
    end = text.index("\n")
    passage = a_passage(text, statements=(Statement(0, end, ("X-1",)), Statement(end + 1, len(text), ("X-2",))))

    assert find_disagreement([OLD, replace(NEW, passage=passage, start=0, end=end)], NAMES) is None


def test_the_shipped_rules_disagree_on_one_figure_alone(reader: Reader) -> None:
    names = Lexicon.load(CORPUS / "lexicon.yaml").terms
    catalogue = reader.generation.catalogue
    whole = [
        Citation(1, p, e.document, status_of(e.document, dt.date(2026, 7, 1)), 0, len(p.text))
        for e in catalogue.entries.values()
        for p in catalogue.passages_of(e.document.doc_id)
        if e.document.kind is Kind.POLICY
    ]

    told = {(found.later.title, found.earlier.title) for pair in combinations(whole, 2) if (found := find_disagreement(pair, names))}

    assert told == {("人脸识别技术应用安全管理办法", "中华人民共和国个人信息保护法")}


def test_an_answer_that_quotes_both_says_that_they_disagree_and_whom_to_ask(shipped_assistant: Assistant) -> None:
    answer = shipped_assistant.ask(Question("小孩刷脸多大要监护人同意"))

    line = answer.text.split("\n")[0]
    assert line.startswith("两份现行文件说法不一样：《人脸识别技术应用安全管理办法》（2025-06-01起施行）说的是“不满14周岁”")
    assert "《中华人民共和国个人信息保护法》（2021-11-01起施行）说的是“14岁以下”" in line
    assert "拿不准请问" in line
    assert {c.document.title for c in answer.citations} >= {"人脸识别技术应用安全管理办法", "中华人民共和国个人信息保护法"}


def test_a_provinces_longer_leave_beside_the_nations_is_no_disagreement(shipped_assistant: Assistant) -> None:
    assert "说法不一样" not in shipped_assistant.ask(Question("四川产假一共多少天")).text
