"""Benchmarks over the shipped corpus: what a way of typing costs, and whether look-ups find what they name."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.settings import Settings
from assistant.wiring import Parts, build
from evals.benchmarks.asked_differently import MORE_WAYS, Row, measure, table
from evals.benchmarks.look_ups import clause_forms, look_ups, number_forms, right
from evals.making.perturbations import Rewriter
from evals.samples import Expected, Sample
from knowledge_base.text.clauses import ClauseNumber, find_clauses


@pytest.fixture(scope="module")
def parts(shipped_data_dir: Path) -> Iterator[Parts]:
    parts = build(Settings(data_dir=shipped_data_dir))
    yield parts
    parts.close()


def test_a_row_compares_a_way_with_the_clean_form_of_its_own_questions(parts: Parts) -> None:
    samples = [Sample("1", "女职工生育产假国家规定是多少天", Expected.ANSWER, gold_facts=("NZG-007",))]

    rows = {r.way: r for r in measure(parts, samples, Rewriter.of(parts.lexicon, ["产假多少天" * 5]))}

    assert rows["整句拼音，有空格"].n == 1
    assert rows["整句拼音，有空格"].clean_5 == 1.0
    assert "中英混" in table(list(rows.values()), 0.5)


def test_points_lost_are_of_the_first_five() -> None:
    assert Row("拼音", 10, 0.8, 0.7, 0.9, 0.85).lost == pytest.approx(5.0)


@pytest.mark.parametrize("way", sorted(MORE_WAYS))
def test_a_further_way_changes_a_question_and_keeps_its_figures(way: str) -> None:
    changed = MORE_WAYS[way]("2025年四川的产假一共多少天", random.Random(1))

    assert changed != "2025年四川的产假一共多少天"
    assert "2025" in changed


def test_every_form_of_a_clause_number_is_that_clause() -> None:
    assert all(find_clauses(written)[0] == ClauseNumber(20, 1) for _, written in clause_forms(ClauseNumber(20, 1)))


def test_forms_of_a_document_number_differ() -> None:
    forms = [written for _, written in number_forms("川办发〔2026〕5号")]

    assert "川办发2026年5号" in forms
    assert len(set(forms)) == len(forms)


def test_a_sample_of_look_ups_is_right(parts: Parts) -> None:
    asked = random.Random(7).sample(look_ups(parts), 150)

    assert not [a.text for a in asked if not right(parts, a)]
