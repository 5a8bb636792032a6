"""Remarks on rows: kept through a crash, the last word counts."""

from __future__ import annotations

import json
from pathlib import Path

from evals.remarks import Fair, Remark, RemarkBook, dump_labels, fairness


def remark(sample_id: str, fair: Fair | None = None, **fields: object) -> Remark:
    return Remark(sample_id, "小周", "2026-11-23T05:00:00+00:00", fair, **fields)  # type: ignore[arg-type]


def test_remarks_are_read_back_in_their_order(tmp_path: Path) -> None:
    book = RemarkBook(tmp_path / "new" / "r.jsonl")
    book.add(remark("q1", Fair.AGREE))
    book.add(remark("q2", note="第一行\n第二行"))

    assert book.all() == [remark("q1", Fair.AGREE), remark("q2", note="第一行\n第二行")]


def test_a_line_cut_short_by_a_crash_is_lost_alone(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    book = RemarkBook(path)
    book.add(remark("q1"))
    book.add(remark("q2"))
    path.write_bytes(path.read_bytes()[:-20])

    book.add(remark("q3"))

    assert [r.sample_id for r in book.all()] == ["q1", "q3"]


def test_the_last_word_on_a_sample_counts_and_being_unsure_does_not() -> None:
    said = [remark("q1", Fair.AGREE), remark("q1", Fair.DISAGREE), remark("q2", Fair.AGREE), remark("q3", Fair.UNSURE), remark("q2")]

    agreed = fairness(said)

    assert (agreed.value, agreed.n) == (0.5, 2)


def test_labels_for_the_judge_are_those_with_both_answers() -> None:
    said = [remark("q1", faithful=True), remark("q2", faithful=True, plain=False), remark("q2", faithful=False, plain=False)]

    assert [json.loads(line) for line in dump_labels(said).splitlines()] == [{"id": "q2", "faithful": False, "plain": False}]
