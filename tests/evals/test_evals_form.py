"""Broken citations are found, and statements are counted as their sources carry them."""

from __future__ import annotations

import pytest
from evals_pieces import PASSAGE, make_answer

from evals.form import citations_by_marker, form_faults, missing_figures, statements, supported

PASSAGES = {"p1": PASSAGE}


def test_a_sound_answer_has_no_fault() -> None:
    assert form_faults(make_answer(), PASSAGES) == []


def test_a_marker_without_a_citation_is_a_fault() -> None:
    faults = form_faults(make_answer("产假98天[1]。还有护理假[2]。"), PASSAGES)

    assert faults == ["标记 ['2'] 没有对应的引文"]


def test_an_answer_without_any_citation_is_a_fault_and_an_abstention_is_none() -> None:
    assert form_faults(make_answer("产假98天。", cited=False), {}) == ["作答却没有引文"]
    assert form_faults(make_answer("知识库里没有。", verdict="abstained", cited=False), {}) == []


def test_a_quote_that_does_not_stand_at_its_offsets_is_a_fault() -> None:
    assert form_faults(make_answer(start=1), PASSAGES) == ["[1] 的引文不在 [1:13]"]


def test_a_passage_that_cannot_be_read_is_a_fault() -> None:
    assert "[1] 的段落 p1 读不到" in form_faults(make_answer(), {})


def test_a_figure_that_the_source_does_not_state_is_a_fault() -> None:
    faults = form_faults(make_answer("女职工生育享受128天产假[1]。"), PASSAGES)

    assert faults == ["数字 ['128'] 不在所引段落里：女职工生育享受128天产假[1]。"]


def test_figures_compare_by_value_and_a_list_number_is_no_figure() -> None:
    assert form_faults(make_answer("1. 女职工生育享受九十八天产假[1]"), PASSAGES) == []


def test_a_statement_is_what_stands_before_a_marker_and_a_basis_is_told_apart() -> None:
    found = list(
        statements(
            "没有出处的一句。\n- 产假98天；难产加15天。[1][2] 护理假30日[2]；尾巴\n\n[1] 《特别规定》第七条（现行）\n以官方发布为准。"
        )
    )

    assert [(s.text, s.markers, s.basis) for s in found] == [
        ("- 产假98天；难产加15天。[1][2]", ("1", "2"), False),
        ("护理假30日[2]；", ("2",), False),
        ("[1] 《特别规定》第七条（现行）", ("1",), True),
    ]


def test_a_statement_is_supported_when_its_words_and_figures_stand_in_the_source() -> None:
    cited = citations_by_marker(make_answer())
    verbatim, invented, beside, loose = statements(
        "女职工生育享受98天产假[1]。\n女职工生育享受90天产假[1]。\n单位应当给员工购买商业保险[1]。\n难产的应增加产假15天[3]。"
    )

    assert supported(verbatim, cited, PASSAGES)
    assert not supported(invented, cited, PASSAGES)
    assert not supported(beside, cited, PASSAGES)
    assert not supported(loose, cited, PASSAGES)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("没有出处的话。", []),
        ("产假98天[1]。", ["产假98天[1]。"]),
        ("产假98天[1]；难产加15天[1]。", ["产假98天[1]；", "难产加15天[1]。"]),
        ("产假98天 [1] [2]。", ["产假98天 [1] [2]。"]),
        ("- 产假98天[1]\n- 哺乳1小时[2]", ["- 产假98天[1]", "- 哺乳1小时[2]"]),
        ("**依据**\n\n[1] 《特别规定》第七条（现行）", ["[1] 《特别规定》第七条（现行）"]),
        ("产假98天[甲]。", []),  # a bracket with a word is no marker
        ("| 顺产 | 98天[1] |\n|---|---|", ["| 顺产 | 98天[1]"]),
    ],
)
def test_statements_are_the_pieces_that_carry_markers(text: str, found: list[str]) -> None:
    assert [s.text for s in statements(text)] == found


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("产假98天[1]。", "产假98天。"),
        ("1. 产假98天[1]。", " 产假98天。"),
        ("（1）产假98天[1][2]。", "（1）产假98天。"),
        ("12、哺乳1小时[1]", "哺乳1小时"),
        ("(2) 难产加15天[1]", " 难产加15天"),
    ],
)
def test_the_words_of_a_statement_are_those_without_markers_and_list_number(text: str, bare: str) -> None:
    (statement,) = statements(text)

    assert statement.bare == bare


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("产假98天[1]。", []),
        ("产假九十八天，产前15天[1]。", []),
        ("产假128天[1]。", ["128"]),
        ("产假98天，另加30天，共128天[1]。", ["128", "30"]),
        ("依据第七条，产假98天[1]。", []),  # the clause is one of the citation's particulars
        ("产假98天[2]。", []),  # an unknown marker is another fault
        ("一点也没有数字[1]。", []),
    ],
)
def test_a_figure_must_stand_in_what_is_cited(said: str, missing: list[str]) -> None:
    (statement,) = statements(said)

    assert missing_figures(statement, citations_by_marker(make_answer()), PASSAGES) == missing


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ("女职工生育享受98天产假[1]。", True),
        ("女职工生育可以享受98天产假哦[1]。", True),  # most of its pairs of characters stand there
        ("生育险要交满9个月才领得到津贴[1]。", False),
        ("98天[1]。", True),
        ("是[1]。", True),  # nothing to compare
        ("女职工生育享受98天产假[1][2]。", False),  # one of two markers is loose
    ],
)
def test_a_statement_is_carried_by_words_and_figures(said: str, holds: bool) -> None:
    (statement,) = statements(said)

    assert supported(statement, citations_by_marker(make_answer()), PASSAGES) is holds


@pytest.mark.parametrize(
    ("verdict", "cited", "faults"),
    [
        ("answered", True, []),
        ("partial", True, []),
        ("answered", False, ["标记 ['1'] 没有对应的引文", "作答却没有引文"]),
        ("partial", False, ["标记 ['1'] 没有对应的引文", "作答却没有引文"]),
        ("abstained", False, ["标记 ['1'] 没有对应的引文"]),
        ("clarify", False, ["标记 ['1'] 没有对应的引文"]),
    ],
)
def test_an_answer_must_cite_and_a_marker_must_resolve(verdict: str, cited: bool, faults: list[str]) -> None:
    assert form_faults(make_answer(verdict=verdict, cited=cited), PASSAGES) == faults


@pytest.mark.parametrize(
    ("start", "quote"),
    [
        (1, "女职工生育享受98天产假"),
        (0, "女职工生育享受98天产假，"[::-1]),
        (500, "女职工生育享受98天产假"),
        (0, ""),
    ],
)
def test_a_quote_must_stand_verbatim_at_its_place(start: int, quote: str) -> None:
    assert form_faults(make_answer(start=start, quote=quote), PASSAGES) == [f"[1] 的引文不在 [{start}:{start + len(quote)}]"]
