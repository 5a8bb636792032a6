"""How likely each reading of a question answers: likeness and words weighed together, the standing of rules, what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from pathlib import Path

import numpy as np
import pytest
from assistant_pieces import TEXTS, a_candidate, a_citation, a_document, a_passage

from assistant.composing.extract import Composed
from assistant.composing.judged import FAR_BEHIND, Judged
from assistant.judging.candidate import Candidate
from assistant.judging.finding import Finder
from assistant.judging.readings import Bars, JudgedReading, ReadingJudge, ReadingSignals, ReadingWeights, vector_of
from assistant.types import Question, Turn
from assistant.understanding.needs import QuestionParser
from assistant.understanding.turn import TurnParser, Understanding
from knowledge_base.index.catalogue import Catalogue, Entry
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.reader.readings import Reading, ReadingIndex, readings_of
from knowledge_base.types import Document, Kind, Passage, Statement, Status

NONE = ReadingSignals(*[0.0] * len(fields(ReadingSignals)))
FLAT = ReadingWeights(constant=0.0, **asdict(NONE))
"""Weights by which every reading is as likely as not."""
BARS = Bars(show=0.45, sure=0.8, whole=0.8, lean=0.25, offer=0.12)
LETTERS = "产假天社保补贴"


class Characters:
    """Vectors that count some characters and all others."""

    dimension = len(LETTERS) + 1

    def encode(self, texts, kind):
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for character in text:
                rows[row, LETTERS.find(character)] += 1.0
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1.0)

    def question(self, text):
        return self.encode([text], "query")[0]


def read(text: str, *before: str, as_of: dt.date | None = None) -> Understanding:
    parser = QuestionParser(Lexicon(), lambda _: 10, 700, TEXTS.question)
    history = tuple(Turn("user", said) for said in before)
    return TurnParser(Lexicon(), parser, TEXTS).read(Question(text, history, as_of=as_of))


def a_rule(doc_id: str, title: str, text: str, *questions: str, **kept: str) -> tuple[Document, Passage]:
    statements = (Statement(0, len(text), ("A-1",)),)
    passage = a_passage(
        text, passage_id=f"{doc_id}.1", doc_id=doc_id, clause="", heading_path=("正文",), questions=questions, statements=statements
    )
    return a_document(title, doc_id=doc_id, text=text, doc_no="", **kept), passage


LEAVE = a_rule("leave", "产假规定", "女职工生育享受98天产假。", "产假多少天")
SUBSIDY = a_rule("subsidy", "社保补贴办法", "社保补贴按季申领。", "社保补贴怎么领")


@pytest.fixture
def judge_of(tmp_path: Path) -> Callable[..., ReadingJudge]:
    def make(*rules: tuple[Document, Passage], weights: ReadingWeights = FLAT, bars: Bars = BARS) -> ReadingJudge:
        catalogue = Catalogue.build(tmp_path / "catalogue.sqlite", [(Entry(d, "试验", f"{d.doc_id}.md"), [(p, "k")]) for d, p in rules])

        def search(*_: object) -> None:
            raise AssertionError("the judgement searches nothing")

        readings = (reading for document, passage in rules for reading in readings_of(document, [passage]))
        return ReadingJudge(ReadingIndex(readings, Characters()), Characters(), Finder(search, catalogue), weights, bars)

    return make


def test_weights_add_up_to_log_odds() -> None:
    weights = replace(FLAT, constant=-2.0, asked=3.0, lacks=-0.5)

    assert FLAT.probability(NONE) == 0.5
    assert weights.probability(replace(NONE, asked=1.0, lacks=2.0)) == pytest.approx(0.5)
    assert weights.probability(replace(NONE, asked=1.0)) == pytest.approx(1 / (1 + np.exp(-1.0)))


def test_the_shipped_weights_reward_likeness_and_punish_what_is_lacking() -> None:
    shipped = ReadingWeights(**TEXTS.readings["weights"])
    like = replace(NONE, asked=0.9, said=0.9, found=1.0, passage=1.0, shared=10.0)

    assert shipped.probability(like) > BARS.show > shipped.probability(replace(like, behind=0.4)) > shipped.probability(NONE)
    assert shipped.probability(replace(like, lacks=1.0)) < shipped.probability(like)


def test_the_shipped_bars_rise_from_offering_to_being_sure() -> None:
    bars = Bars(**TEXTS.readings["bars"])

    assert 0 < bars.offer < bars.lean < bars.show < bars.sure < 1


def test_the_reading_that_is_asked_for_comes_first(judge_of: Callable[..., ReadingJudge]) -> None:
    judge = judge_of(LEAVE, SUBSIDY, weights=replace(FLAT, constant=-2.0, asked=4.0))

    first, second = judge.judge(read("产假有多少天"), ())

    assert (first.reading.document.slug, second.reading.document.slug) == ("leave", "subsidy")
    assert first.probability > second.probability
    assert first.candidate.passage == LEAVE[1]


def test_what_the_search_found_counts_by_its_best_passage(judge_of: Callable[..., ReadingJudge]) -> None:
    judge = judge_of(LEAVE, SUBSIDY, weights=replace(FLAT, found=5.0))
    found = [Candidate(SUBSIDY[1], SUBSIDY[0], Status.IN_FORCE, score, rank) for rank, score in enumerate((0.9, 0.4), 1)]

    signals = {r.reading.document.slug: s.found for r, _, s, _ in judge.signals(read("怎么办"), found)}

    assert signals == {"leave": 0.0, "subsidy": 0.9}
    assert judge.judge(read("怎么办"), found)[0].reading.document.slug == "subsidy"


def test_an_expired_rule_is_less_likely_to_answer_unless_the_past_is_asked_for(judge_of: Callable[..., ReadingJudge]) -> None:
    expired = a_rule("leave", "产假规定", "女职工生育享受90天产假。", "产假多少天", effective="2000-01-01", expires="2012-04-27")
    judge = judge_of(expired)

    [today] = judge.judge(read("产假多少天"), ())
    [then] = judge.judge(read("以前的产假多少天"), ())

    assert (today.candidate.status, today.probability) == (Status.EXPIRED, pytest.approx(0.65 * 0.5))
    assert then.probability == pytest.approx(0.5)


def test_readings_of_kinds_that_were_shut_out_are_not_judged(judge_of: Callable[..., ReadingJudge]) -> None:
    judge = judge_of(LEAVE)
    understanding = read("产假多少天")
    shut_out = replace(understanding, filters=replace(understanding.filters, kinds=frozenset({Kind.GUIDE})))

    assert judge.judge(understanding, ())
    assert judge.judge(shut_out, ()) == ()


def test_a_reading_tells_the_kind_of_answer_that_it_lacks(judge_of: Callable[..., ReadingJudge]) -> None:
    [judged] = judge_of(SUBSIDY).judge(read("社保补贴多少钱"), ())

    assert [m.kind for m in judged.missing] == ["amount"]


def test_a_reading_that_is_sure_tells_of_nothing_missing(judge_of: Callable[..., ReadingJudge]) -> None:
    [judged] = judge_of(SUBSIDY, bars=replace(BARS, whole=0.5)).judge(read("社保补贴多少钱"), ())

    assert judged.missing == ()


def test_a_word_that_is_not_there_is_not_told_as_missing(judge_of: Callable[..., ReadingJudge]) -> None:
    [(_, _, signals, missing)] = judge_of(SUBSIDY).signals(read("社保补贴卡在驿站了怎么领"), ())

    assert "words" not in [m.kind for m in missing]
    assert 0 < signals.passage < 1


def test_no_reading_of_an_empty_knowledge_base(judge_of: Callable[..., ReadingJudge]) -> None:
    assert judge_of().judge(read("产假多少天"), ()) == ()


def test_a_turn_that_leans_counts_as_much_as_all_turns_together() -> None:
    encoder = Characters()
    before, turn = "社保补贴怎么领", "那产假呢"
    leaning = read(turn, before)

    vector = vector_of(leaning, encoder)

    assert np.linalg.norm(vector) == pytest.approx(1.0)
    assert vector @ encoder.question(turn) == pytest.approx(vector @ encoder.question(leaning.standalone))
    assert vector_of(read(before), encoder) == pytest.approx(encoder.question(before))


# -- what follows from the bars


def judged_with(*probabilities: float, bars: Bars | None = BARS) -> Judged:
    readings = []
    for number, probability in enumerate(probabilities):
        candidate = a_candidate("产假98天。", rank=number + 1)
        readings.append(JudgedReading(Reading(candidate.passage, candidate.document, ("产假",), ("产假98天。",)), candidate, probability))
    return Judged((), readings=tuple(readings), bars=bars, extract=Composed((), (a_citation(),)))


@pytest.mark.parametrize(
    ("probabilities", "likely", "leaning", "offered"),
    [
        ((0.9, 0.5, 0.2), 2, True, 2),  # the third is far behind the first
        ((0.44, 0.2, 0.1), 0, True, 2),
        ((0.2, 0.13), 0, False, 2),
        ((0.1,), 0, False, 0),
        ((), 0, False, 0),
    ],
)
def test_bars_say_what_is_answered_from_suggested_and_offered(
    probabilities: tuple[float, ...], likely: int, leaning: bool, offered: int
) -> None:
    judged = judged_with(*probabilities)

    assert len(judged.likely) == likely
    assert (judged.leaning is not None) is leaning
    assert len(judged.offered) == offered
    assert all(j.probability >= FAR_BEHIND * probabilities[0] for j in judged.offered)


def test_without_a_reader_nothing_is_likely() -> None:
    judged = judged_with(0.9, bars=None)

    assert (judged.likely, judged.leaning, judged.offered) == ((), None, ())
