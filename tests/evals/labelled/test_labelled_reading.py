"""An answer taken apart: its opening, its statements, its help, and whether it says that there is nothing."""

from __future__ import annotations

import pytest

from evals.labelled.reading import all_said, names_help, opening, opening_key, points_said, says_not_held, sentences, statements_of

ANSWER = (
    "最接近的是“夜班”：\n\n怀孕满7个月，不能排夜班。[1]\n\n- 要休息时间。[1]\n- 罚1000元。[2]\n\n"
    "**依据**\n\n[1] 《夜班》  \n\n以官方发布为准。"
)


def test_sentences_come_without_markers_list_marks_and_sources_and_a_lead_in_belongs_to_what_it_leads_in() -> None:
    assert sentences(ANSWER) == ["最接近的是“夜班”：怀孕满7个月，不能排夜班。", "要休息时间。", "罚1000元。", "以官方发布为准。"]


def test_the_opening_is_the_first_two_sentences() -> None:
    assert opening(ANSWER) == "最接近的是“夜班”：怀孕满7个月，不能排夜班。要休息时间。"
    assert opening("") == ""


def test_the_key_of_an_opening_is_the_same_however_it_is_marked_and_spaced() -> None:
    assert opening_key("怀孕满７个月， 不能排夜班。[3]") == opening_key("怀孕满7个月，不能排夜班[1]。要休息。")


def test_statements_are_those_with_a_source() -> None:
    assert statements_of(ANSWER) == ["怀孕满7个月，不能排夜班。", "要休息时间。", "罚1000元。"]


def test_a_figure_is_said_only_when_it_stands_whole() -> None:
    assert points_said("打96110", [["110"]]) == 0
    assert all_said("打110报警", [["110"], ["报警", "求助"]])
    assert all_said("什么都行", [])


@pytest.mark.parametrize(
    ("text", "told"),
    [("没有查到这方面的资料。可以问12351。", True), ("产假98天。[1]", False), ("产假98天。[1]难产加15天。[1]双胞胎没有查到。", False)],
)
def test_whether_an_opening_says_that_there_is_nothing(text: str, told: bool) -> None:
    assert says_not_held(text) is told


def test_help_is_a_number_for_that_danger() -> None:
    assert names_help("马上打110", "violence")
    assert not names_help("打12351问问", "violence")
    assert names_help("打12338", "harassment")
    assert names_help("打12356", "any")
