"""Candidates with what can be quoted of them, and whether that is enough."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.composing.extract import Composed, Extractor
from assistant.composing.two_sides import TwoSides, compose_sides, told_together
from assistant.judging.candidate import Candidate
from assistant.judging.finding import Finder, Findings
from assistant.judging.verdict import Evidence, Missing, Weigh
from assistant.texts.library import Texts
from assistant.types import Verdict
from assistant.understanding.comparison import read_contrast
from assistant.understanding.needs import QuestionNeeds, fold
from assistant.understanding.turn import TurnParser, Understanding
from knowledge_base.index.catalogue import Catalogue
from knowledge_base.search.lookup import NamedClauses
from knowledge_base.text.clauses import ClauseNumber, find_clauses
from knowledge_base.types import Kind
from knowledge_base.validity import applies_in

logger = logging.getLogger(__name__)

_MOST_CHOICES = 4
_ONE_WORD = 5  # characters: 「直播」, 「证书？」
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
    choices: tuple[str, ...] = ()
    """Questions to choose from, where only one bare word was asked."""


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

    def judge(self, understanding: Understanding, findings: Findings) -> Judged:
        """The judgement on what was found for a question."""
        candidates, named = findings.candidates, findings.named
        if missing_clause := self._missing_clause(named):
            return Judged(candidates, missing_clause=missing_clause)
        if choices := _choices(understanding, candidates):
            return Judged(candidates, choices=choices)
        if exact := bool(candidates and named.clauses) and _is_named(candidates[0], named):
            candidates = tuple(c for c in candidates if _is_named(c, named))
        asked = understanding.needs_in_context if understanding.history else understanding.needs
        sought = asked if asked.terms else understanding.needs_in_context
        extract, evidence = self._weighed(candidates, sought, asked, exact=exact)
        logger.debug("verdict %s, %.1f nats shared, missing %s", evidence.verdict, evidence.shared, evidence.missing)
        if evidence.verdict is Verdict.ABSTAINED:
            extract, evidence = self._in_force_then(understanding, candidates, sought, asked) or (extract, evidence)
        if evidence.verdict is Verdict.ABSTAINED:
            return Judged(candidates, evidence)
        if sides := self._sides(understanding, extract):
            verdict = Verdict.PARTIAL if sides.missing else Verdict.ANSWERED
            return Judged((*sides.candidates, *candidates), Evidence(verdict, evidence.shared, sides.missing), sides.composed, sides)
        return Judged(candidates, evidence, extract, named=exact)

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


def _choices(understanding: Understanding, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """Questions to choose from where one bare word was asked, one a document; none where there are fewer than two.

    「产假多少天」 and 「啥叫提示词」 have one word of content too, but say what they want to know of it.
    """
    needs = understanding.needs
    says_what = needs.kinds or needs.meaning
    if understanding.history or len(needs.terms) != 1 or says_what or len(understanding.text) > _ONE_WORD or needs.terms[0].word.isdigit():
        return ()
    first_of: dict[str, str] = {}
    for c in candidates:
        concerns_user = c.document.kind is not Kind.CASE and applies_in(c.document.region, understanding.filters.region)
        if concerns_user and c.passage.questions and needs.terms[0].share_in(fold(c.about)):
            first_of.setdefault(c.document.slug, c.passage.questions[0])
    choices = tuple(dict.fromkeys(first_of.values()))[:_MOST_CHOICES]
    return choices if len(choices) > 1 else ()
