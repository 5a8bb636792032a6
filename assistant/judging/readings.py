"""How likely each reading of a question answers it: likeness of meaning together with what words say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from assistant.judging.candidate import Candidate
from assistant.judging.finding import Finder
from assistant.judging.passage_view import PassageView
from assistant.judging.verdict import Missing, read_signals
from assistant.understanding.needs import QuestionNeeds
from assistant.understanding.turn import Understanding
from knowledge_base.reader.encoder import Floats, ReadsQuestions
from knowledge_base.reader.readings import Read, Reading, ReadingIndex, is_whole
from knowledge_base.search.retrieval import STATUS_FACTORS

UNNAMED = "words"
"""The kind of lack that says no more than that a word of the question is not there: an answer need not speak of it."""

_MOST_SHARED = 20.0  # nats


@dataclass(frozen=True, slots=True)
class ReadingSignals:
    """What the judgement of one reading rests on.

    ``asked``, ``said``, ``missed`` and ``behind`` are likenesses of meaning: see :class:`~knowledge_base.reader.readings.Read`. ``found``
    is the search's score of its best passage, 0 where it was not found; ``passage`` the share of the question's words that it holds, 0 to
    1; ``shared`` the information that it shares, in nats; ``focus`` the weight in nats of the word asked about that it lacks; ``lacks``
    counts what it lacks: kinds of answer, years, places, names; ``elsewhere`` is 1 where it speaks of none of the people asked about.
    """

    asked: float
    said: float
    missed: float
    behind: float
    found: float
    passage: float
    shared: float
    focus: float
    lacks: float
    elsewhere: float


@dataclass(frozen=True, slots=True)
class Bars:
    """How likely a reading must be, 0 to 1.

    From ``show`` on a reading is the answer, from ``sure`` on it is trusted against other signs, from ``whole`` on whatever it seems to
    lack. From ``lean`` on its first sentence is given beside other choices; from ``offer`` on it is one of the choices.
    """

    show: float
    sure: float
    whole: float
    lean: float
    offer: float


@dataclass(frozen=True, slots=True)
class ReadingWeights:
    """Log-odds that a reading answers: ``constant`` and one weight a signal; fitted by ``python -m evals calibrate-readings``."""

    constant: float
    asked: float
    said: float
    missed: float
    behind: float
    found: float
    passage: float
    shared: float
    focus: float
    lacks: float
    elsewhere: float

    def probability(self, signals: ReadingSignals) -> float:
        """How likely a reading with these signals answers, 0 to 1."""
        odds = self.constant + sum(getattr(self, f.name) * getattr(signals, f.name) for f in fields(signals))
        return 1 / (1 + math.exp(-odds))


@dataclass(frozen=True, slots=True)
class JudgedReading:
    """A reading with how likely it answers, and what an answer from it must say is missing. ``candidate`` is its first passage."""

    reading: Reading
    candidate: Candidate
    probability: float
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True)
class ReadingJudge:
    """Judges the readings of one knowledge base."""

    index: ReadingIndex
    encoder: ReadsQuestions
    finder: Finder
    weights: ReadingWeights
    bars: Bars

    def judge(self, understanding: Understanding, found: Sequence[Candidate]) -> tuple[JudgedReading, ...]:
        """The readings of a question, the likeliest first.

        Args:
            found: what the search found, best first; their readings are judged beside those the reader finds.
        """
        judged = []
        for read, candidate, signals, missing in self.signals(understanding, found):
            probability = self.weights.probability(signals)
            if not understanding.sought.past:
                probability *= STATUS_FACTORS[candidate.status]
            told = missing if probability < self.bars.whole else ()
            judged.append(JudgedReading(read.reading, candidate, probability, told))
        return tuple(sorted(judged, key=lambda j: -j.probability))

    def signals(
        self, understanding: Understanding, found: Sequence[Candidate]
    ) -> list[tuple[Read, Candidate, ReadingSignals, tuple[Missing, ...]]]:
        """What the judgement of each reading rests on, and what an answer from it lacks."""
        scores: dict[int, float] = {}
        for candidate in found:
            if (at := self.index.place_of(candidate.passage)) is not None:
                scores[at] = max(scores.get(at, 0.0), candidate.score)
        vector = vector_of(understanding, self.encoder)
        out = []
        for read in self.index.read(vector, scores):
            document, lead = read.reading.document, read.reading.lead
            if not understanding.filters.admit(document):
                continue
            at = self.index.place_of(lead)
            score = scores.get(at, 0.0) if at is not None else 0.0
            candidate = self.finder.candidate(lead, 1, understanding.filters, score)
            signals, missing = _signals(read, candidate, score, understanding.sought)
            out.append((read, candidate, signals, missing))
        return out


def vector_of(understanding: Understanding, encoder: ReadsQuestions) -> Floats:
    """(d,) vector of what a turn asks; where it leans on those before, its own words count as much as all of them together."""
    asked = encoder.question(understanding.standalone)
    if understanding.text == understanding.standalone:
        return asked
    both = asked + encoder.question(understanding.text)
    return np.asarray(both / np.linalg.norm(both), dtype=np.float32)


def _signals(read: Read, candidate: Candidate, score: float, needs: QuestionNeeds) -> tuple[ReadingSignals, tuple[Missing, ...]]:
    view = candidate.asked(needs).view
    said = read.reading.texts[-1:] if is_whole(read.reading.document) else read.reading.texts[:-1]
    statements = [PassageView(view.about, text, current=not candidate.outdated) for text in said] or [view]
    words = read_signals(needs, [view], statements)
    signals = ReadingSignals(
        asked=read.asked,
        said=read.said,
        missed=read.missed,
        behind=read.behind,
        found=score,
        passage=words.passage,
        shared=min(words.shared, _MOST_SHARED),
        focus=words.focus,
        lacks=float(len(words.missing)),
        elsewhere=float(words.elsewhere),
    )
    return signals, tuple(m for m in words.missing if m.kind != UNNAMED)
