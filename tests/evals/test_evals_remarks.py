"""Remarks on rows: kept through a crash, the last word counts."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from evals.errors import RunError
from evals.judges import Opinion, load_labels
from evals.remarks import Fair, Remark, RemarkBook, dump_labels, fairness, now


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


@pytest.mark.parametrize(
    ("said", "value", "n"),
    [
        ([], None, 0),
        ([Fair.AGREE], 1.0, 1),
        ([Fair.DISAGREE], 0.0, 1),
        ([Fair.UNSURE], None, 0),
        ([Fair.AGREE, Fair.UNSURE], None, 0),  # she is no longer sure
        ([Fair.UNSURE, Fair.DISAGREE], 0.0, 1),
        ([Fair.DISAGREE, None], 0.0, 1),  # a note alone takes nothing back
        ([None], None, 0),
    ],
)
def test_the_last_word_on_one_sample(said: list[Fair | None], value: float | None, n: int) -> None:
    agreed = fairness([remark("q1", fair) for fair in said])

    assert (agreed.value, agreed.n) == (value, n)


@pytest.mark.parametrize(
    ("labels", "dumped"),
    [
        ([(True, True)], [(True, True)]),
        ([(True, None)], []),
        ([(None, False)], []),
        ([(True, True), (False, False)], [(False, False)]),  # the later one
        ([(True, True), (None, None)], [(True, True)]),
    ],
)
def test_labels_of_one_sample(labels: list[tuple[bool | None, bool | None]], dumped: list[tuple[bool, bool]]) -> None:
    said = [remark("q1", faithful=faithful, plain=plain) for faithful, plain in labels]

    rows = [json.loads(line) for line in dump_labels(said).splitlines()]

    assert [(row["faithful"], row["plain"]) for row in rows] == dumped


def test_labels_read_back_as_the_judging_command_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(dump_labels([remark("题1", faithful=True, plain=False)]), encoding="utf-8")

    assert load_labels(path) == {"题1": Opinion(faithful=True, plain=False)}


def test_a_book_that_was_never_written_is_empty_and_makes_no_file(tmp_path: Path) -> None:
    book = RemarkBook(tmp_path / "r.jsonl")

    assert book.all() == []
    assert list(tmp_path.iterdir()) == []


def test_a_book_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").mkdir()

    with pytest.raises(RunError, match="读不了"):
        RemarkBook(tmp_path / "r.jsonl").all()


def test_lines_of_another_kind_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    RemarkBook(path).add(remark("q1", Fair.AGREE))
    with path.open("ab") as file:
        file.write('{"sample_id": "q2"}\n\n[1]\n{"坏\n'.encode())
    RemarkBook(path).add(remark("q3"))

    assert [r.sample_id for r in RemarkBook(path).all()] == ["q1", "q3"]


def test_many_people_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    book = RemarkBook(tmp_path / "r.jsonl")

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda number: book.add(remark(f"q{number}", note="长" * 500)), range(60)))

    assert {r.sample_id for r in book.all()} == {f"q{number}" for number in range(60)}


def test_the_time_of_a_remark_is_utc_to_the_second() -> None:
    written = dt.datetime.fromisoformat(now())

    assert written.utcoffset() == dt.timedelta(0)
    assert written.microsecond == 0
