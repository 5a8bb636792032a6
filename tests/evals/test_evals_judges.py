"""A judging model's opinion, and its agreement with people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from evals_pieces import make_row

from evals.chat import ChatModel
from evals.errors import DatasetError, JudgeError
from evals.judges import Opinion, judge_answer, load_labels, summarise_opinions
from evals.rows import Cited


@dataclass(frozen=True, slots=True)
class CannedModel(ChatModel):
    """Says one thing, whatever is asked."""

    said: str = ""

    def complete(self, system: str, user: str) -> str:
        assert "产假98天" in user
        return self.said


ROW = make_row(answer="产假98天[1]", cited=(Cited("1", "特别规定", "第七条", "现行", ("NZG-007",), "98天产假"),))


def canned(said: str) -> CannedModel:
    return CannedModel("", "m", said=said)


def test_an_opinion_is_read_from_json_with_words_around_it() -> None:
    assert judge_answer(canned('好的：{"faithful": true, "plain": false}。'), ROW) == Opinion(True, False)


@pytest.mark.parametrize("said", ["看起来不错", '{"faithful": true}', '{"faithful": "是", "plain": true}', "{坏}"])
def test_anything_else_is_a_failure_of_the_judge(said: str) -> None:
    with pytest.raises(JudgeError):
        judge_answer(canned(said), ROW)


def test_agreement_is_over_what_both_saw_and_failures_are_counted() -> None:
    opinions = {"a": Opinion(True, True), "b": Opinion(True, False), "c": Opinion(False, True)}
    labels = {"a": Opinion(True, True), "b": Opinion(False, False), "z": Opinion(True, True)}

    summary = summarise_opinions(opinions, 2, labels)

    assert (summary.faithful.value, summary.failed) == (pytest.approx(2 / 3), 2)
    assert (summary.faithful_agreement.value, summary.faithful_agreement.n) == (0.5, 2)
    assert summary.plain_kappa.value == 1.0


def test_labels_are_read_strictly(write_lines: Callable[..., Path], tmp_path: Path) -> None:
    good = '{"id":"a","faithful":true,"plain":false}'

    assert load_labels(write_lines("l.jsonl", good)) == {"a": Opinion(True, False)}
    with pytest.raises(DatasetError, match="第 2 行"):
        load_labels(write_lines("l.jsonl", good, '{"id":"b"}'))
    with pytest.raises(DatasetError, match="第 1 行的 faithful、plain 应是 true 或 false"):
        load_labels(write_lines("l.jsonl", '{"id":"b","faithful":"false","plain":true}'))
    with pytest.raises(DatasetError, match="读不了"):
        load_labels(tmp_path / "nowhere.jsonl")
