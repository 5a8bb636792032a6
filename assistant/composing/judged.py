"""Candidates with what can be quoted of them, and whether that is enough."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.composing.extract import Composed, Extractor
from assistant.composing.two_sides import TwoSides, compose_sides, told_together
from assistant.judging.candidate import Candidate
from assistant.judging.finding import Finder, Findings
from assistant.judging.readings import Bars, JudgedReading, ReadingJudge
from assistant.judging.verdict import Evidence, Missing, Weigh
from assistant.texts.library import Texts
from assistant.types import Turn, Verdict
from assistant.understanding.comparison import read_contrast
from assistant.understanding.needs import QuestionNeeds
from assistant.understanding.parts import parts_of
from assistant.understanding.turn import TurnParser, Understanding
from knowledge_base.index.catalogue import Catalogue
from knowledge_base.search.lookup import NamedClauses
from knowledge_base.text.clauses import ClauseNumber, find_clauses
from knowledge_base.types import Kind

logger = logging.getLogger(__name__)

MOST_PARTS = 3
FAR_BEHIND = 0.3
"""Share of the first reading's probability below which another is no choice."""
_NO_EVIDENCE = Evidence(Verdict.ABSTAINED, 0.0)
_NO_EXTRACT = Composed((), ())


@dataclass(frozen=True, slots=True)
class MissingClause:
    """A clause that a question names and the knowledge base does not hold."""

    title: str
    clause: ClauseNumber


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgement on a question's candidates. ``extract`` is empty where the evidence is not enough."""

    candidates: tuple[Candidate, ...]
    evidence: Evidence = _NO_EVIDENCE
    extract: Composed = _NO_EXTRACT
    sides: TwoSides | None = None
    """The two things that a question compares, where it does; ``extract`` then quotes both."""
    missing_clause: MissingClause | None = None
    named: bool = False
    """Whether the candidates are the clauses that the question names."""
    readings: tuple[JudgedReading, ...] = ()
    """What the question may be about, the likeliest first."""
    parts: tuple[tuple[Understanding, JudgedReading], ...] = ()
    """Each part of a question that asks several things, with what answers it; empty unless different readings answer them all."""
    bars: Bars | None = None
    """How likely a reading must be for what; None without a reader."""

    @property
    def likely(self) -> tuple[JudgedReading, ...]:
        """The readings that are likely enough to answer from."""
        return tuple(j for j in self.readings if self.bars and j.probability >= self.bars.show)

    @property
    def leaning(self) -> JudgedReading | None:
        """The first reading where it is likely enough for its first sentence to be given, or the only one to choose."""
        first = next(iter(self.readings), None)
        if first is None or self.bars is None:
            return None
        return first if first.probability >= self.bars.lean or len(self.offered) == 1 else None

    @property
    def offered(self) -> tuple[JudgedReading, ...]:
        """The readings to choose from: those likely enough, and not far behind the first."""
        if not self.bars or not self.readings:
            return ()
        bar = max(self.bars.offer, FAR_BEHIND * self.readings[0].probability)
        return tuple(j for j in self.readings if j.probability >= bar)


@dataclass(frozen=True)
class Judge:
    """Judges candidates of one knowledge base. ``weigh`` says whether the evidence is enough."""

    weigh: Weigh
    extractor: Extractor
    turns: TurnParser
    finder: Finder
    catalogue: Catalogue
    provinces: Callable[[], Sequence[str]]
    texts: Texts
    readings: ReadingJudge | None = None

    def judge(self, understanding: Understanding, findings: Findings) -> Judged:
        """The judgement on what was found for a question."""
        candidates, named = findings.candidates, findings.named
        if missing_clause := self._missing_clause(named):
            return Judged(candidates, missing_clause=missing_clause)
        if exact := bool(candidates and named.clauses) and _is_named(candidates[0], named):
            candidates = tuple(c for c in candidates if _is_named(c, named))
        asked = understanding.needs_in_context if understanding.history else understanding.needs
        sought = understanding.sought
        extract, evidence = self._weighed(candidates, sought, asked, exact=exact)
        logger.debug("verdict %s, %.1f nats shared, missing %s", evidence.verdict, evidence.shared, evidence.missing)
        if evidence.verdict is Verdict.ABSTAINED or any(m.kind == "year" for m in evidence.missing):
            extract, evidence = self._in_force_then(understanding, candidates, sought, asked) or (extract, evidence)
        judged = self._read(understanding, Judged(candidates, evidence, named=exact))
        if evidence.verdict is Verdict.ABSTAINED:
            return judged
        if sides := self._sides(understanding, extract):
            verdict = Verdict.PARTIAL if sides.missing else Verdict.ANSWERED
            told = Evidence(verdict, evidence.shared, sides.missing)
            return replace(judged, candidates=(*sides.candidates, *candidates), evidence=told, extract=sides.composed, sides=sides)
        by_words = exact or understanding.period is not None or not judged.readings
        return replace(judged, extract=extract) if by_words or judged.likely else judged

    def _read(self, understanding: Understanding, judged: Judged) -> Judged:
        """The judgement with the readings of the question, where there is a reader."""
        if self.readings is None or judged.named:
            return judged
        readings = self.readings.judge(understanding, judged.candidates)
        return replace(judged, readings=readings, parts=self._parts(understanding, self.readings), bars=self.readings.bars)

    def _parts(self, understanding: Understanding, judge: ReadingJudge) -> tuple[tuple[Understanding, JudgedReading], ...]:
        """The parts with their readings; each part is read as a turn after those before it."""
        texts = parts_of(understanding.text, self.texts.question.asking)
        if len(texts) < 2 or understanding.history:
            return ()
        parts: list[tuple[Understanding, JudgedReading]] = []
        for number, text in enumerate(texts[:MOST_PARTS]):
            before = tuple(Turn("user", earlier) for earlier in texts[:number])
            part = self.turns.read(replace(understanding.asked, text=text, history=before))
            best = next(iter(judge.judge(part, self.finder.find(part).candidates)), None)
            if best is None or best.probability < judge.bars.show:
                return ()
            parts.append((part, best))
        return tuple(parts) if len({best.reading.document.doc_id for _, best in parts}) == len(parts) else ()

    def _weighed(
        self, candidates: Sequence[Candidate], sought: QuestionNeeds, asked: QuestionNeeds, *, exact: bool = False
    ) -> tuple[Composed, Evidence]:
        """Statements for what is sought, and whether they are enough for what was asked."""
        candidates = [c.asked(sought) for c in candidates]
        composed = self.extractor.compose(candidates, sought)
        cited = {c.passage.passage_id for c in composed.citations}
        views = [c.view for c in candidates if c.passage.passage_id in cited]
        return composed, self.weigh(asked, views, composed.statements, exact=exact)

    def _in_force_then(
        self, understanding: Understanding, candidates: Sequence[Candidate], sought: QuestionNeeds, asked: QuestionNeeds
    ) -> tuple[Composed, Evidence] | None:
        """An answer in part from a rule that was in force at the asked time without naming its year; None where there is none."""
        period = understanding.period
        if period is None:
            return None
        sought, asked = replace(sought, years=()), replace(asked, years=())
        then = [c for c in candidates if c.document.effective and period.had(c.document) and c.document.kind is Kind.POLICY]
        composed, evidence = self._weighed(then, sought, asked)
        if evidence.verdict is Verdict.ABSTAINED or not composed.citations:
            return None
        missing = tuple(dict.fromkeys((*evidence.missing, Missing("year", period.year))))
        return composed, Evidence(Verdict.PARTIAL, evidence.shared, missing)

    def _sides(self, understanding: Understanding, extract: Composed) -> TwoSides | None:
        """Both sides of a comparison, where no single statement speaks of both."""
        contrast = read_contrast(understanding.meant, self.texts.contrasts, self.provinces())
        if contrast is None or told_together(contrast, extract.citations, self.texts.contrasts):
            return None
        filters, lexicon = understanding.filters, self.turns.lexicon
        return compose_sides(
            contrast,
            lambda query: self.finder.find_for(query, filters),
            lambda text: self.turns.questions.read(lexicon.understand(text), filters.date()),
            lambda text: lexicon.synonyms.get(lexicon.understand(text).text, ()),
            self.texts,
        )

    def _missing_clause(self, named: NamedClauses) -> MissingClause | None:
        """The instrument and clause that a question names and the knowledge base does not hold."""
        if not named.doc_ids or not named.clauses:
            return None
        held = {c for d in named.doc_ids for p in self.catalogue.passages_of(d) for c in find_clauses(p.clause)}
        lacking = [c for c in named.clauses if c not in held]
        if len(lacking) < len(named.clauses):
            return None
        return MissingClause(self.catalogue.document(named.doc_ids[0]).title, lacking[0])


def _is_named(candidate: Candidate, named: NamedClauses) -> bool:
    """Whether a candidate is a clause that the question names."""
    if candidate.passage.doc_id not in named.doc_ids:
        return False
    return bool(set(find_clauses(candidate.passage.clause)) & set(named.clauses))
