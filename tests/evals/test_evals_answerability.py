"""Abstention on public files: both forms are read, and the figures are worked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.__main__ import app
from evals.answerability import Pair, abstention, bm25_scores, crossfit, load_pairs
from evals.errors import DatasetError

SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "产假",
            "paragraphs": [
                {
                    "context": "女职工生育享受98天产假。难产的，增加15天。",
                    "qas": [
                        {"id": "a", "question": "产假多少天", "is_impossible": False, "answers": [{"text": "98天", "answer_start": 7}]},
                        {"id": "b", "question": "产假工资多少", "is_impossible": True, "answers": []},
                    ],
                }
            ],
        },
        {
            "title": "仲裁",
            "paragraphs": [
                {
                    "context": "劳动争议仲裁不收费。",
                    "qas": [{"id": "c", "question": "仲裁收不收费", "answers": [{"text": "不收费"}]}],
                }
            ],
        },
    ],
}


def test_squads_form_is_read(tmp_path: Path) -> None:
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(SQUAD, ensure_ascii=False), encoding="utf-8")

    assert [(p.pair_id, p.answerable) for p in load_pairs(path)] == [("a", True), ("b", False), ("c", True)]


def test_a_line_a_pair_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "dev.jsonl"
    path.write_text('{"question": "问", "passage": "段", "answerable": false}\n', encoding="utf-8")

    assert load_pairs(path) == [Pair("1", "问", "段", answerable=False)]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"question": "问"}', '{"question": "问", "passage": "段", "answerable": "ja"}'])
def test_another_form_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "dev.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(DatasetError):
        load_pairs(path)


def test_abstention_worked_by_hand() -> None:
    found = abstention([True, True, False, False], [True, False, False, True], [0.9, 0.4, 0.3, 0.6])

    assert (found.precision.value, found.precision.n) == (1 / 2, 2)  # of the two that were withheld one was unanswerable
    assert (found.recall.value, found.recall.n) == (1 / 2, 2)
    assert found.accuracy.value == 1 / 2
    assert found.auroc.value == pytest.approx(3 / 4)  # of four pairs of pairs three are in order


def test_ties_count_half_and_one_class_alone_has_no_area() -> None:
    assert abstention([True, False], [True, True], [0.5, 0.5]).auroc.value == pytest.approx(1 / 2)
    assert abstention([True, True], [True, True], [0.5, 0.6]).auroc.value is None
    assert abstention([True, False], [True, True], None).precision.value is None


def test_the_bar_of_a_half_comes_from_the_other() -> None:
    # The first and third by the bar 4 of the second and fourth; these by the bar 5 of the first and third.
    assert crossfit([True, True, False, False], [5.0, 4.0, 1.0, 0.0], [0, 1, 0, 1]) == [True, False, False, False]


def test_bm25_scores_a_question_higher_where_its_words_stand(tmp_path: Path) -> None:
    passages = ["产假有98天。", "仲裁不收费。", "夜班不能排。"]

    own, other = bm25_scores([Pair("a", "仲裁收费吗", p, answerable=True) for p in passages])[1::-1]

    assert own > other


def test_the_command_writes_all_three_systems(tmp_path: Path) -> None:
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(SQUAD, ensure_ascii=False), encoding="utf-8")

    done = CliRunner().invoke(app, ["squad", "--file", str(path), "--json", str(tmp_path / "out.json")])

    assert done.exit_code == 0, done.output
    written = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert (written["n"], list(written["systems"])) == (3, ["本系统的判断", "BM25", "第一段（从不弃答）"])
    assert written["systems"]["第一段（从不弃答）"]["accuracy"]["value"] == pytest.approx(2 / 3)
