"""A statement stands only in what it cites: one digit, one 文号 or one marker wrong, and it is caught."""

from __future__ import annotations

import itertools

import pytest
from assistant_pieces import MATERNITY, SUBSIDY, a_citation, a_document, check_statement
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking.markers import markers_in
from assistant.checking.statements import check_citation, split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def test_sentences_end_at_full_stops_and_keep_their_closing_quotes() -> None:
    text = "她说：“产假一共188天。”第二句在后面！第三句没有句号"

    assert sentences(text) == ["她说：“产假一共188天。”", "第二句在后面！", "第三句没有句号"]


def test_list_items_are_sentences_without_their_marks() -> None:
    text = "带这些材料：\n- 身份证\n2. 证书原件\n3、银行卡"

    assert sentences(text) == ["带这些材料：", "身份证", "证书原件", "银行卡"]


def test_a_decimal_at_the_start_of_a_line_is_no_list_mark() -> None:
    assert sentences("补助标准：\n3.5万元以内据实补助。") == ["补助标准：", "3.5万元以内据实补助。"]


@pytest.mark.parametrize("text", ["", "  \n\t ", "\n\n"])
def test_a_text_without_words_has_no_sentences(text: str) -> None:
    assert split_sentences(text) == []


@given(st.text(alphabet="产假98天。！？!?\n- 12.、|”）　A", max_size=80))
def test_sentences_lie_in_order_without_overlap_and_have_no_blank_ends(text: str) -> None:
    spans = split_sentences(text)

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)


def test_markers_are_read_in_order() -> None:
    assert markers_in("产假98天。[1][3]另有延长。[2]《某法》[附录]") == [1, 3, 2]


@pytest.mark.parametrize(
    "statement",
    [
        "女职工生育享受98天产假。[1]",
        "女职工生育享受九十八天产假。[1]",
        "女职工生育享受９８天产假。[1]",
        "怀孕满四个月流产的，休四十二天。[1]",
        "按国务院令第619号第七条，2012年4月28日起施行。[1]",
        "产假的规定在《女职工劳动保护特别规定》里。[1]",
    ],
)
def test_a_statement_whose_figures_stand_in_the_passage_or_its_particulars_stands(statement: str) -> None:
    assert check_statement(statement, [a_citation()]) == []


@pytest.mark.parametrize("amount", ["1500元", "1,500元", "1，500元", "一千五百元", "１５００元"])
def test_amounts_compare_by_value_not_by_spelling(amount: str) -> None:
    citation = a_citation(SUBSIDY, document=a_document(doc_no="川人社发〔2019〕12号", effective="2019-03-01"))

    assert check_statement(f"中级工补贴{amount}。[1]", [citation]) == []


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("女职工生育享受98天产假。[1]", "女职工生育享受89天产假。[1]"),
        ("女职工生育享受98天产假。[1]", "女职工生育享受188天产假。[1]"),
        ("难产的，增加产假15天。[1]", "难产的，增加产假30天。[1]"),
        ("难产的，增加产假十五天。[1]", "难产的，增加产假二十五天。[1]"),
        ("满4个月流产的，42天。[1]", "满3个月流产的，42天。[1]"),
        ("2012年4月28日起施行。[1]", "2012年5月28日起施行。[1]"),
        ("2012年4月28日起施行。[1]", "2021年4月28日起施行。[1]"),
        ("见第七条。[1]", "见第八条。[1]"),
        ("见国务院令第619号。[1]", "见国务院令第691号。[1]"),
        ("见国务院令第619号。[1]", "见川府令第619号。[1]"),
        ("女职工生育享受98天产假。[1]", "女职工生育享受98天产假。[2]"),
        ("女职工生育享受98天产假。[1]", "女职工生育享受98天产假。"),
    ],
)
def test_a_true_statement_with_one_thing_changed_is_caught(true: str, false: str) -> None:
    citation = a_citation()

    assert check_statement(true, [citation]) == []
    assert check_statement(false, [citation])


@pytest.mark.parametrize("false", ["川人社发〔2020〕12号", "川人社发〔2019〕21号", "川财发〔2019〕12号"])
def test_a_document_number_with_another_year_number_or_office_is_caught(false: str) -> None:
    citation = a_citation(SUBSIDY, document=a_document(doc_no="川人社发〔2019〕12号", effective="2019-03-01"))

    assert check_statement("见川人社发〔2019〕12号。[1]", [citation]) == []
    assert [f.statement for f in check_statement(f"见{false}。[1]", [citation])]


def test_a_document_number_stands_after_whatever_words_its_sentence_puts_before_it() -> None:
    text = "自二十个部门联合印发川人社发〔2019〕12号以来，补贴一直按此执行。"
    citation = a_citation(text, document=a_document(doc_no="", effective=""))

    assert check_statement(f"{text[1:]}[1]", [citation]) == []


def test_a_figure_that_only_another_source_carries_does_not_stand() -> None:
    first = a_citation(marker=1)
    second = a_citation(SUBSIDY, marker=2, document=a_document(doc_no="", effective=""), clause="")

    assert check_statement("中级工补贴1500元。[2]", [first, second]) == []
    assert check_statement("中级工补贴1500元。[1]", [first, second])
    assert check_statement("产假98天，中级工补贴1500元。[1][2]", [first, second]) == []


def test_a_marker_without_a_citation_is_named_in_the_fault() -> None:
    faults = check_statement("产假98天。[1][4]", [a_citation()])

    assert [f.reason for f in faults] == ["标记 [4] 没有对应的引文"]


def test_a_missing_figure_is_named_in_the_fault() -> None:
    faults = check_statement("产假188天。[1]", [a_citation()])

    assert "188" in faults[0].reason


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (6, 5), (0, len(MATERNITY) + 1)])
def test_a_quote_outside_its_passage_or_empty_is_a_fault(start: int, end: int) -> None:
    assert check_citation(a_citation(start=start, end=end)) is not None


def test_a_quote_inside_its_passage_is_none() -> None:
    assert check_citation(a_citation(start=3, end=20)) is None


def test_a_numbered_item_that_begins_with_a_chinese_numeral_stands() -> None:
    text = "产假分两种：\n1.顺产的\n2.九十八天以外另加十五天"
    citation = a_citation(text, document=a_document(doc_no="", effective=""), clause="")

    assert [f for sentence in sentences(text) for f in check_statement(f"{sentence}[1]", [citation])] == []


PARTS = st.sampled_from(
    [
        *"女职工产假补贴四川省的和在按照规定发给",
        "九十八天",
        "98天",
        "1,500元",
        "3.5万元",
        "二〇二五年",
        "2025-11-28",
        "第七条",
        "第十二条之一",
        "百分之七十",
        "川人社发〔2024〕37号",
        "二十个部门",
        "国务院令第619号",
        "2. ",
        "(1)",
        "- ",
        "| ",
        "。",
        "！",
        "；",
        "，",
        "\n",
        "１５天",
        " ",
    ]
)


@given(st.lists(PARTS, min_size=1, max_size=40).map("".join))
def test_a_statement_cut_verbatim_out_of_its_passage_always_stands(text: str) -> None:
    citation = a_citation(text, document=a_document(doc_no="", effective=""), clause="")

    faults = [f for sentence in sentences(text) for f in check_statement(f"{sentence}[1]", [citation])]

    assert faults == []
