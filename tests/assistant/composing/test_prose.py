"""A stream of any chunking gives the same sentences; what does not stand is left out and told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from assistant_pieces import MATERNITY, SUBSIDY, TEXTS, a_candidate, a_document
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking.markers import markers_in
from assistant.composing.answer_model import Task
from assistant.composing.prose import Prose, SentenceCutter, supporting, write_prose
from assistant.errors import ModelFailed


@dataclass
class ScriptedModel:
    """Writes its drafts one after the other; a draft that is None fails."""

    drafts: list[str | None]
    tasks: list[Task] = field(default_factory=list)
    model_id: str = "剧本"

    def write(self, task: Task) -> Iterator[str]:
        self.tasks.append(task)
        draft = self.drafts.pop(0)
        if draft is None:
            raise ModelFailed("没有写成")
        yield from draft


def sentences(*pieces: str) -> list[str]:
    cutter = SentenceCutter()
    return [s.text for p in pieces for s in cutter.feed(p)] + [s.text for s in cutter.finish()]


def prose_of(*drafts: str | None, most: int | None = None) -> tuple[Prose, str, ScriptedModel]:
    model = ScriptedModel(list(drafts))
    passages = [
        a_candidate(MATERNITY, rank=1, clause="第七条"),
        a_candidate(SUBSIDY, rank=2, document=a_document("补贴办法", doc_no="", text=SUBSIDY)),
    ]
    prose, pieces = write_prose(model, "产假多少天", passages, ("中级工", "高级工", "高级技师"), most, TEXTS)
    return prose, "".join(pieces), model


TEXT = "结论：产假98天。[1]其中产前15天[1]。\n**怎么办：**\n1. 带身份证。【1、2】\n- 去窗口“办理。”[2]\n\n没有标点的一行[1]\n最后一句没完"


def test_sentences_keep_the_markers_behind_them() -> None:
    assert sentences(TEXT) == [
        "产假98天。[1]",
        "其中产前15天[1]。",
        "带身份证。[1][2]",
        "去窗口“办理。”[2]",
        "没有标点的一行[1]",
        "最后一句没完",
    ]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=60))
def test_the_chunking_of_a_stream_changes_nothing(sizes: list[int]) -> None:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(TEXT[at : at + size])
        at += size
    pieces.append(TEXT[at:])

    assert sentences(*pieces) == sentences(TEXT)


@given(st.text(alphabet="产假98天。！\n[]1【】资料，,- *#结论：”", max_size=60))
def test_any_text_is_cut_without_losing_a_digit_or_an_error(text: str) -> None:
    joined = "".join(sentences(*text))

    assert joined.count("8") == text.count("8")
    assert joined == "".join(sentences(text))


@pytest.mark.parametrize(
    ("written", "markers"), [("[1]", [1]), ("【1】", [1]), ("［1］", [1]), ("[1,2]", [1, 2]), ("[资料1]", [1]), (" [1] [2]", [1, 2])]
)
def test_markers_in_the_forms_that_models_write_are_read(written: str, markers: list[int]) -> None:
    [sentence] = sentences(f"产假98天。{written}")

    assert markers_in(sentence) == markers


def test_a_sentence_is_not_out_before_its_markers_can_be_whole() -> None:
    cutter = SentenceCutter()

    assert list(cutter.feed("产假98天。")) == []
    assert list(cutter.feed("[")) == []
    assert list(cutter.feed("1")) == []
    assert list(cutter.feed("]")) == []
    assert [s.text for s in cutter.feed("难")] == ["产假98天。[1]"]


def test_citations_are_numbered_in_the_order_in_which_they_are_used() -> None:
    prose, text, _ = prose_of("中级工补贴1500元。[2]女职工生育享受98天产假。[1]")

    assert text == "中级工补贴1500元。[1]女职工生育享受98天产假。[2]"
    assert [c.passage.passage_id for c in prose.citations] == ["p-2", "p-1"]
    assert "98" in prose.citations[1].quote or "九十八" in prose.citations[1].quote


def test_a_sentence_without_a_marker_cites_the_passage_that_says_it() -> None:
    prose, text, _ = prose_of("女职工生育享受98天产假。")

    assert text == "女职工生育享受98天产假。[1]"
    assert prose.enough


def test_what_does_not_stand_is_left_out_with_its_reason() -> None:
    prose, text, _ = prose_of("女职工生育享受98天产假。[1]中级工补贴1800元。[2]")

    assert text == "女职工生育享受98天产假。[1]"
    assert len(prose.faults) == 1
    assert "1800" in prose.faults[0]


def test_a_sentence_said_twice_is_said_once() -> None:
    _, text, _ = prose_of("女职工生育享受98天产假。[1]女职工生育享受九十八天产假。[1]")

    assert text.count("产假") == 1


def test_the_second_draft_is_told_what_fell() -> None:
    prose, text, model = prose_of("中级工补贴1800元。[2]", "中级工补贴1500元。[2]")

    assert len(model.tasks) == 2
    assert "1800" in model.tasks[1].faults[0]
    assert text == "中级工补贴1500元。[1]"
    assert prose.enough


def test_there_is_no_third_draft() -> None:
    prose, text, model = prose_of("中级工补贴1800元。[2]", "中级工补贴1900元。[2]", "中级工补贴1500元。[2]")

    assert len(model.tasks) == 2
    assert text == ""
    assert not prose.enough


def test_a_model_that_failed_is_not_asked_again() -> None:
    prose, _, model = prose_of(None, "女职工生育享受98天产假。[1]")

    assert len(model.tasks) == 1
    assert prose.failed


def test_no_more_sentences_than_were_asked_for() -> None:
    prose, text, _ = prose_of("女职工生育享受98天产假。[1]难产的，增加产假15天。[1]", most=1)

    assert "难产" not in text
    assert prose.enough


def test_a_tail_cut_off_by_the_length_limit_does_not_get_out() -> None:
    _, text, _ = prose_of("女职工生育享受98天产假。[1]女职工怀孕满4个月流产的")

    assert text == "女职工生育享受98天产假。[1]"


def test_a_quote_is_as_short_as_the_statements_that_carry_the_sentence() -> None:
    passage = a_candidate("第一句讲报名要带身份证。第二句讲补贴每人1500元。第三句讲下午六点关门。", clause="")

    [(start, end)] = supporting("补贴每人1500元。", passage)

    assert passage.passage.text[start:end] == "第二句讲补贴每人1500元。"
