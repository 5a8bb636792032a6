"""Weights of readings are fitted on questions whose answer is known, and measured on questions that they were not fitted on."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml

from assistant.judging.readings import ReadingSignals, ReadingWeights
from assistant.texts import library
from assistant.types import Question
from evals.reading_calibration import (
    FOLDS,
    Fitted,
    Probe,
    Row,
    collect_rows,
    development_probes,
    fit,
    render,
    render_weights,
    without_writers,
)

GUIDE = """---
id: gd-a
title: 工资拖着不发怎么办
---

## 答

先留好考勤，再去投诉。[^A]

> 问法（说话·W1）：老板不发钱咋整｜工资欠着不给
> 问法（打字·W4）：拖欠工资找谁｜钱拖着不发｜工资没发
> 不是（W4）：工资条不给看→gd-b｜工资几号发最好→无
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus" / "guides"
    folder.mkdir(parents=True)
    (folder / "gd-a.md").write_text(GUIDE, encoding="utf-8")
    return folder.parent


def test_what_a_writer_wrote_is_taken_out_of_the_copy_and_asked_instead(corpus: Path, tmp_path: Path) -> None:
    probes = without_writers(corpus, ["W4"], tmp_path / "copy")

    ways = {(p.group, p.question.text, p.slug) for p in probes if p.group.startswith("问法")}
    misses = {(p.question.text, p.slug) for p in probes if p.group == "近似的问法"}
    copied = (tmp_path / "copy" / "guides" / "gd-a.md").read_text(encoding="utf-8")
    assert ways == {("问法·打字", text, "gd-a") for text in ("拖欠工资找谁", "钱拖着不发", "工资没发")}
    assert misses == {("工资条不给看", "gd-b"), ("工资几号发最好", "")}
    assert "老板不发钱咋整" in copied
    assert "W4" not in copied
    assert (corpus / "guides" / "gd-a.md").read_text(encoding="utf-8") == GUIDE


def test_questions_without_an_answer_have_none_to_find() -> None:
    probes = [*development_probes()]

    without = [p for p in probes if p.group.endswith("·没有") or p.group == "超出范围"]
    answered = [p for p in probes if p not in without]
    assert without
    assert answered
    assert not any(p.gold or p.slug for p in without)
    assert any(p.gold for p in answered)


def signals(asked: float, lacks: float = 0.0) -> ReadingSignals:
    values = dict.fromkeys((f.name for f in fields(ReadingSignals)), 0.0)
    return ReadingSignals(**{**values, "asked": asked, "lacks": lacks})


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    """Sixty questions, each with a reading that is like it and answers, and two that are less like it and do not."""
    chance = np.random.default_rng(3)
    probes = [Probe("dev" if n % 2 else "问法·打字", Question(f"第{n}个问题")) for n in range(60)]
    rows = []
    for number in range(60):
        rows.append(Row(number, signals(0.9 + float(chance.normal(0, 0.05))), True))
        rows += [Row(number, signals(0.4 + float(chance.normal(0, 0.05)), lacks=1.0), False) for _ in range(2)]
    return fit(probes, rows)


def test_fitted_weights_tell_what_answers_from_what_does_not(fitted: Fitted) -> None:
    assert fitted.weights.asked > 0 > fitted.weights.lacks
    assert fitted.weights.probability(signals(0.9)) > 0.5 > fitted.weights.probability(signals(0.4, lacks=1.0))


def test_every_row_is_judged_by_weights_that_did_not_see_its_question(fitted: Fitted) -> None:
    probe = fitted.rows[0].probe
    changed = [Row(r.probe, r.signals, not r.right) if r.probe == probe else r for r in fitted.rows]

    again = fit(fitted.probes, changed)

    assert len(fitted.out_of_fold) == len(fitted.rows)
    in_its_fold = [at for at, row in enumerate(fitted.rows) if row.probe % FOLDS == probe % FOLDS]
    assert [again.out_of_fold[at] for at in in_its_fold] == [fitted.out_of_fold[at] for at in in_its_fold]
    assert again.out_of_fold != fitted.out_of_fold


def test_the_report_gives_each_group_its_n_and_its_interval(fitted: Fitted) -> None:
    report = render(fitted, 0.5)

    [dev] = [line for line in report.split("\n") if line.startswith("| dev |")]
    assert dev.startswith("| dev | 30 | 1.000 [0.886, 1.000]（n=30）")
    assert f"{FOLDS} 折" in report
    assert "| 问法·打字 | 30 |" in report


def test_only_the_weights_of_the_data_file_are_written(fitted: Fitted) -> None:
    written = (library.FOLDER / "readings.yaml").read_text(encoding="utf-8")

    after = render_weights(fitted, written)

    assert ReadingWeights(**yaml.safe_load(after)["weights"]) == fitted.weights
    assert yaml.safe_load(after)["bars"] == yaml.safe_load(written)["bars"]
    assert after.split("weights:")[0] == written.split("weights:")[0]


def test_without_a_neural_model_there_is_nothing_to_fit() -> None:
    assert collect_rows(SimpleNamespace(readings=None), [Probe("dev", Question("产假多少天"))]) == []
