"""A passage that may answer a question, with its document and the document's standing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.judging.passage_view import PassageView
from assistant.understanding.needs import QuestionNeeds, fold
from assistant.understanding.period import Period
from knowledge_base.types import Document, Kind, Passage, Status
from knowledge_base.validity import NATIONWIDE

QUESTIONS_READ = 2
"""Questions of a passage that count in judging what it is about."""

OUT_OF_PERIOD = 0.6
"""Factor on the score of a policy that did not hold during the period asked for; below the factor of an expired rule (0.65)."""

_OUTDATED = frozenset({Status.EXPIRED, Status.DRAFT, Status.NOT_YET, Status.ELSEWHERE})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its document and the document's standing. ``score`` is the search's, higher is better; ``rank`` counts from 1."""

    passage: Passage
    document: Document
    status: Status
    score: float = 0.0
    rank: int = 1
    near: bool = True
    """Whether its document is of the asked region or of the whole country."""
    questions: tuple[str, ...] | None = None
    """Those of the passage's known questions that count; all when None."""

    @property
    def about(self) -> str:
        """What the passage is about: its document's names and place, headings and the questions that it answers."""
        document = self.document
        names = (document.title, *document.short_titles, document.doc_no, document.region)
        questions = self.passage.questions if self.questions is None else self.questions
        return "\n".join((*names, *self.passage.heading_path, *questions))

    def asked(self, needs: QuestionNeeds) -> Candidate:
        """The candidate with those of its questions alone that say most of what is needed.

        It answers each of its questions, not one pieced together from the words of several.
        """
        nearest = sorted(self.passage.questions, key=lambda question: -needs.shared(fold(question)))
        return replace(self, questions=tuple(nearest[:QUESTIONS_READ]))

    @property
    def outdated(self) -> bool:
        """Whether it is a rule that is not in force here on the date asked for."""
        return self.document.kind is Kind.POLICY and self.status in _OUTDATED

    @property
    def of_home(self) -> bool:
        """Whether it is a rule in force of the asked region itself, not of the whole country."""
        document = self.document
        return document.kind is Kind.POLICY and self.status is Status.IN_FORCE and document.region not in ("", NATIONWIDE)

    @property
    def view(self) -> PassageView:
        """The passage as it is judged."""
        return PassageView(self.about, f"{self.about}\n{self.passage.text}")


def order_for_period(candidates: Sequence[Candidate], period: Period) -> list[Candidate]:
    """Candidates in a new order: policies that did not hold during the period come last, unless they name its year."""
    scored = []
    for candidate in candidates:
        ruled = candidate.document.kind is Kind.POLICY or bool(candidate.document.expires)
        aside = ruled and not period.had(candidate.document) and period.year not in candidate.passage.text
        scored.append(replace(candidate, score=candidate.score * (OUT_OF_PERIOD if aside else 1.0)))
    ordered = sorted(scored, key=lambda c: (-c.score, c.rank))
    return [replace(candidate, rank=rank) for rank, candidate in enumerate(ordered, 1)]
