"""Clause numbers (第几条) in every form that people and documents write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.text.clauses import ClauseNumber, find_clauses, to_chinese


@pytest.mark.parametrize("form", ["第十二条", "第12条", "12条", "第１２条", "十二条", "《特别规定》第十二条第二款（一）项"])
def test_every_form_of_a_clause_number_is_one_clause(form: str) -> None:
    assert find_clauses(form) == [ClauseNumber(12)]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("特别规定第7条、第二十条之一和第20、21条", ["第七条", "第二十条之一", "第二十条", "第二十一条"]),
        ("第五、六、七条", ["第五条", "第六条", "第七条"]),
        ("第四十六条和第四十七条", ["第四十六条", "第四十七条"]),
        ("第二十条之一、第20条之1", ["第二十条之一"]),
        ("第一百零七条", ["第一百零七条"]),
        ("第一千二百六十条", ["第一千二百六十条"]),
        ("第七条又见第7条", ["第七条"]),
        ("没有条号，只有条件和条例", []),
        ("", []),
    ],
)
def test_clauses_are_found_in_order_without_repeats(text: str, named: list[str]) -> None:
    assert [str(c) for c in find_clauses(text)] == named


def test_an_inserted_clause_is_another_than_its_neighbour() -> None:
    assert ClauseNumber(20) < ClauseNumber(20, 1) < ClauseNumber(20, 2) < ClauseNumber(21)


@given(st.integers(1, 9999), st.integers(0, 20))
def test_a_written_clause_is_found_again(number: int, insert: int) -> None:
    clause = ClauseNumber(number, insert)

    assert find_clauses(f"依照{clause}的规定") == [clause]


@given(st.integers(1, 9999))
def test_digits_and_chinese_name_the_same_clause(number: int) -> None:
    assert find_clauses(f"第{number}条") == find_clauses(f"第{to_chinese(number)}条")


@pytest.mark.parametrize("number", [0, -1, 10_000])
def test_a_number_that_no_statute_writes_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="1 to 9999"):
        to_chinese(number)


@given(st.text(max_size=60))
def test_any_text_can_be_searched_for_clauses(text: str) -> None:
    clauses = find_clauses(text)

    assert len(set(clauses)) == len(clauses)
