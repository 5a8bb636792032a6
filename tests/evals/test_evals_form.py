"""Broken citations are found, and statements are counted as their sources carry them."""

from __future__ import annotations

from evals_pieces import PASSAGE, make_answer

from evals.form import citations_by_marker, form_faults, statements, supported

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
