"""An answer from a guide, a lesson or a passage: what is likest the question first, then points, numbered steps, whom to ask."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from assistant_pieces import PHRASES, a_document, a_passage

from assistant.checking.markers import markers_in
from assistant.checking.statements import check_citation
from assistant.composing.guide import compose_guide, compose_lesson, compose_passage, is_lesson, one_after_another
from assistant.judging.candidate import Candidate
from knowledge_base.types import Document, Kind, Passage, Statement, Status

TITLE = "工资拖着不发怎么办"
GUIDE = a_document(TITLE, kind=Kind.GUIDE, doc_no="", effective="", status="")
ANSWER = ("工资要按月足额发。", "拖欠可以投诉。", "先留好考勤。", "发钱要签字。", "现金也要留底。")
AT_ONCE = ("先离开车间。", "打110。")
STEPS = ("写下欠多少。", "去劳动监察投诉。")
WHOM = ("打12333问。",)


def a_section(heading: str, said: tuple[str, ...], number: int = 1) -> Passage:
    """A section whose lines are its statements."""
    text = "\n".join(said)
    starts = [sum(len(line) + 1 for line in said[:place]) for place in range(len(said))]
    statements = tuple(Statement(start, start + len(line), ("A-1",)) for start, line in zip(starts, said, strict=True))
    return a_passage(text, passage_id=f"d-1.{number}", clause="", heading_path=(TITLE, heading), statements=statements)


def place(passage: Passage, rank: int, document: Document = GUIDE, status: Status = Status.NOT_STATED) -> Candidate:
    return Candidate(passage, document, status, rank=rank)


def alike(texts):
    """Every text is as like the question as every other."""
    return np.full(len(texts), 0.5, dtype=np.float32)


def liker(*wanted: str, than: float = 0.5):
    """These texts are much liker the question than all others."""
    return lambda texts: np.array([0.9 if text in wanted else than for text in texts], dtype=np.float32)


WHOLE = [
    a_section("答", ANSWER, 1),
    a_section("步骤", STEPS, 2),
    a_section("马上", AT_ONCE, 3),
    a_section("看情况", ("试用期也要发。",), 4),
    a_section("找谁", WHOM, 5),
]


def test_the_first_sentence_leads_and_three_points_at_most_follow() -> None:
    composed = compose_guide(GUIDE, [a_section("答", ANSWER)], place, PHRASES, alike)

    assert composed.lines == ("工资要按月足额发。[1]", "", "- 拖欠可以投诉。[1]", "- 先留好考勤。[1]", "- 发钱要签字。[1]")


def test_what_to_do_at_once_stands_above_the_steps_and_both_are_numbered() -> None:
    composed = compose_guide(GUIDE, WHOLE, place, PHRASES, alike)

    assert composed.lines[5:] == (
        "",
        PHRASES.at_once,
        "",
        "1. 先离开车间。[2]",
        "2. 打110。[2]",
        "",
        PHRASES.steps,
        "",
        "1. 写下欠多少。[3]",
        "2. 去劳动监察投诉。[3]",
        "",
        "- 打12333问。[4]",
    )


def test_each_section_is_cited_once_from_its_first_quoted_statement_to_its_last() -> None:
    composed = compose_guide(GUIDE, WHOLE, place, PHRASES, alike)

    assert [c.marker for c in composed.citations] == [1, 2, 3, 4]
    assert [c.quote for c in composed.citations] == ["\n".join(said) for said in (ANSWER[:4], AT_ONCE, STEPS, WHOM)]
    assert {m for line in composed.lines for m in markers_in(line)} == {1, 2, 3, 4}
    assert all(check_citation(c) is None for c in composed.citations)
    assert composed.citations[0].source_ids == ("A-1",)


def test_what_is_quoted_can_be_judged_the_leading_statement_first() -> None:
    composed = compose_guide(GUIDE, WHOLE, place, PHRASES, alike)

    assert [s.whole for s in composed.statements] == [*ANSWER[:4], *AT_ONCE, *STEPS, *WHOM]
    assert composed.statements[0].about == TITLE


def test_a_statement_much_liker_the_question_comes_before_the_direct_answer() -> None:
    composed = compose_guide(GUIDE, WHOLE, place, PHRASES, liker("试用期也要发。"))

    assert composed.lines[:3] == ("试用期也要发。[1]", "", PHRASES.at_once)


def test_an_urgent_guide_always_begins_with_its_direct_answer() -> None:
    composed = compose_guide(replace(GUIDE, urgent="violence"), WHOLE, place, PHRASES, liker("试用期也要发。"))

    assert composed.lines[0] == "工资要按月足额发。[1]"


def test_points_far_from_the_question_are_left_out() -> None:
    composed = compose_guide(GUIDE, WHOLE[:1], place, PHRASES, liker(ANSWER[0], ANSWER[2]))

    assert composed.lines == ("工资要按月足额发。[1]", "", "- 先留好考勤。[1]")


def test_nothing_of_the_answer_before_is_said_again() -> None:
    said = "工资要按月足额发。[1]\n- 拖欠可以投诉。[1]\n1. 写下欠多少。[2]"

    composed = compose_guide(GUIDE, WHOLE, place, PHRASES, alike, said)

    assert composed.lines[0] == "先留好考勤。[1]"
    assert not any("写下欠多少" in line or "拖欠可以投诉" in line for line in composed.lines)


def test_the_slot_of_a_statement_is_not_shown() -> None:
    passages = [a_section("答", ANSWER[:1], 1), a_section("看情况", ("【合同：试用期】试用期也要发。",), 2)]

    composed = compose_guide(GUIDE, passages, place, PHRASES, liker("【合同：试用期】试用期也要发。"))

    assert composed.lines[0] == "试用期也要发。[1]"


def test_the_lesson_to_go_on_with_is_no_answer() -> None:
    passages = [a_section("答", (ANSWER[0], "接着学：课程《做工资表》。"), 1)]

    composed = compose_guide(GUIDE, passages, place, PHRASES, liker("接着学：课程《做工资表》。"))

    assert composed.lines[0] == "工资要按月足额发。[1]"


@pytest.mark.parametrize("passages", [[], WHOLE[1:3], [a_section("答", ())]])
def test_a_guide_without_a_direct_answer_gives_nothing(passages: list[Passage]) -> None:
    composed = compose_guide(GUIDE, passages, place, PHRASES, alike)

    assert (composed.lines, composed.citations) == ((), ())


def test_a_passage_outside_every_section_is_left_out() -> None:
    loose = replace(a_section("答", ("不在小节里。",)), heading_path=())

    assert compose_guide(GUIDE, [loose], place, PHRASES, alike).citations == ()


def test_a_statement_that_runs_over_lines_becomes_one_line() -> None:
    text = "工资要按月发，\n不得拖欠。"
    passage = replace(a_section("答", (text,)), statements=(Statement(0, len(text), ("A-1",)),))

    assert compose_guide(GUIDE, [passage], place, PHRASES, alike).lines[0] == "工资要按月发， 不得拖欠。[1]"


def test_a_guide_of_another_province_says_so_in_every_statement() -> None:
    guide = replace(GUIDE, region="陕西省")
    composed = compose_guide(guide, WHOLE, lambda p, r: place(p, r, guide, Status.ELSEWHERE), PHRASES, alike)

    mark = PHRASES.status_elsewhere.format(region="陕西省")
    said = [line for line in composed.lines if markers_in(line)]
    assert said[0].startswith(mark)
    assert all(mark in line for line in said)


# -- lessons

LESSON = replace(a_document("用手机拍视频", kind=Kind.TRAINING, doc_no="", effective="", status=""), form="lesson")


def test_a_lesson_is_its_numbered_steps_alone() -> None:
    passages = [a_section("学会什么", ("拍稳。",), 1), a_section("步骤", STEPS, 2)]

    composed = compose_lesson(LESSON, passages, place, PHRASES, alike)

    assert composed.lines == ("1. 写下欠多少。[1]", "2. 去劳动监察投诉。[1]")
    assert [c.passage.passage_id for c in composed.citations] == ["d-1.2"]
    assert compose_lesson(LESSON, passages[:1], place, PHRASES, alike).citations == ()


def test_the_slip_that_was_asked_about_comes_before_the_steps() -> None:
    passages = [a_section("步骤", STEPS, 1), a_section("常见的错", ("手抖 → 没有靠住 → 把手肘靠在桌上。",), 2)]

    composed = compose_lesson(LESSON, passages, place, PHRASES, liker("手抖 → 没有靠住 → 把手肘靠在桌上。"))

    assert composed.lines[0] == "手抖 → 没有靠住 → 把手肘靠在桌上。[1]"
    assert composed.lines[-1] == "2. 去劳动监察投诉。[2]"


def test_of_a_passage_the_statements_likest_the_question_are_quoted_the_likest_first() -> None:
    policy = replace(GUIDE, kind=Kind.POLICY)
    passage = a_section("第一条", ("产假98天。", "难产加15天。", "本法自2012年起施行。"))

    composed = compose_passage(policy, passage, place, PHRASES, liker("难产加15天。"))

    assert composed.lines == ("难产加15天。[1]",)
    assert compose_passage(policy, a_section("第二条", ()), place, PHRASES, alike).citations == ()


def test_several_answers_become_one_with_their_markers_counted_on() -> None:
    one = compose_guide(GUIDE, WHOLE[:1], place, PHRASES, liker(ANSWER[0]))

    both = one_after_another([one, one])

    assert both.lines == ("工资要按月足额发。[1]", "", "工资要按月足额发。[2]")
    assert [c.marker for c in both.citations] == [1, 2]


@pytest.mark.parametrize(
    ("document", "teaches"),
    [(LESSON, True), (replace(LESSON, form="course"), False), (replace(LESSON, form=""), False), (GUIDE, False)],
)
def test_training_in_steps_is_a_lesson(document: Document, teaches: bool) -> None:
    assert is_lesson(document) is teaches
