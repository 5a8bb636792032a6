"""The gate notices damage: three sabotages, each through a public seam, each must fail it; the sound product passes.

The baseline is the sound product's own rows over the same questions, so that the proof does not lean on the committed files.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.understanding.evidence import QuestionReader, Wanted
from assistant.wiring import Parts
from evals.gate import GateReport, judge_gate
from evals.judging import STALE, UNSUPPORTED, Judge
from evals.rows import Row
from evals.runner import run_samples
from evals.samples import Sample
from evals.suites import plan_suite
from evals.targets import InProcessTarget, copy_corpus
from knowledge_base import CORPUS
from knowledge_base.query.lexicon import Understood


@pytest.fixture(scope="module")
def questions() -> list[Sample]:
    """The part of the gate's questions that is about women's protection, dates and places, or should be met with an abstention."""
    chosen = [
        s
        for s in plan_suite("gate").samples
        if not s.way
        and not s.family
        and (s.dataset == "time_place" or s.expected == "abstain" or any(f.startswith("NZG") for f in s.gold_facts))
    ]
    assert len(chosen) > 100
    return chosen


@pytest.fixture(scope="module")
def sound(questions: list[Sample], product: InProcessTarget, shipped_judge: Judge) -> list[Row]:
    return list(run_samples(questions, product, shipped_judge))


@pytest.fixture
def gate(questions: list[Sample], sound: list[Row], shipped_judge: Judge) -> Callable[[InProcessTarget], GateReport]:
    def verdict(target: InProcessTarget) -> GateReport:
        with closing(target):
            return judge_gate(list(run_samples(questions, target, shipped_judge)), sound)

    return verdict


def failing(report: GateReport) -> set[str]:
    return {line.name for line in report.lines if not line.holds}


def test_the_sound_product_passes(sound: list[Row]) -> None:
    assert failing(judge_gate(sound, sound)) == set()


def test_swapping_the_amounts_of_two_clauses_fails(gate: Callable[[InProcessTarget], GateReport], tmp_path: Path) -> None:
    corpus = copy_corpus(CORPUS, tmp_path / "corpus")
    path = next(p for p in (corpus / "policies").glob("*.md") if "title: 女职工劳动保护特别规定\n" in p.read_text(encoding="utf-8"))
    text = path.read_text(encoding="utf-8")
    assert "98天" in text
    assert "42天" in text
    path.write_text(text.replace("98天", "⁂").replace("42天", "98天").replace("⁂", "42天"), encoding="utf-8")

    report = gate(InProcessTarget(tmp_path / "data", corpus=[corpus]))

    assert f"硬线：{UNSUPPORTED}" in failing(report)


def test_dropping_every_documents_standing_fails(gate: Callable[[InProcessTarget], GateReport], tmp_path: Path) -> None:
    corpus = copy_corpus(CORPUS, tmp_path / "corpus")
    for path in (corpus / "policies").glob("*.md"):
        text = re.sub(r"^status:.*$", "status: 现行", path.read_text(encoding="utf-8"), count=1, flags=re.M)
        text = re.sub(r"^(expires|effective):.*$", r"\1:", text, flags=re.M)
        path.write_text(re.sub(r"^region:.*$", "region: 全国", text, count=1, flags=re.M), encoding="utf-8")

    report = gate(InProcessTarget(tmp_path / "data", corpus=[corpus]))

    assert f"硬线：{STALE}" in failing(report)


class CredulousReader(QuestionReader):
    """Wants little and takes every word for ten: the evidence bar, lowered."""

    def __init__(self, inner: QuestionReader) -> None:
        self._inner = inner

    def read(self, understood: Understood, as_of: object) -> Wanted:
        wanted = self._inner.read(understood, as_of)  # type: ignore[arg-type]
        terms = tuple(replace(t, weight=10 * t.weight, name=False) for t in wanted.terms)
        return Wanted((*terms, *(replace(t, word=t.word[:1]) for t in terms), *terms))


def test_lowering_the_evidence_bar_fails(gate: Callable[[InProcessTarget], GateReport], tmp_path: Path) -> None:
    def lower_the_bar(parts: Parts) -> Assistant:
        sound_reader = parts.readers()
        reader = replace(sound_reader, questions=CredulousReader(sound_reader.questions))
        return replace(parts.assistant, reader=lambda: reader)

    report = gate(InProcessTarget(tmp_path / "data", adjust=lower_the_bar))

    assert "该说没有说了没有" in failing(report)


def test_a_copy_of_the_corpus_without_damage_passes(gate: Callable[[InProcessTarget], GateReport], tmp_path: Path) -> None:
    """Proves that the sabotages fail for their damage and not for being copies."""
    corpus = copy_corpus(CORPUS, tmp_path / "corpus")
    shutil.rmtree(tmp_path / "data", ignore_errors=True)

    report = gate(InProcessTarget(tmp_path / "data", corpus=[corpus]))

    assert failing(report) == set()
