"""What stands around the statements of an answer: whose time they are of, what holds now, and what she heard that is not so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.checking.statements import check_statement
from assistant.composing.extract import Composed, Found, compose_extract, standing_prefix
from assistant.composing.versions import versions_of
from assistant.texts.wording import phrase
from assistant.types import Citation
from assistant.understanding.evidence import Wanted, fold
from assistant.understanding.heard_figures import heard_figures, premise_line, unfounded
from assistant.understanding.period import Period, period_line
from knowledge_base.index.catalogue import Catalogue
from knowledge_base.types import ScoredPassage, Status
from knowledge_base.validity import status_of

_HOLDS = (Status.IN_FORCE, Status.REPORTED, Status.NOT_STATED)
_SHARED = 0.3  # of the question's information that the rule of today must share with it


@dataclass(frozen=True, slots=True)
class Remarks:
    """Lines above the statements, today's rule beside a past one, and terms explained below."""

    above: tuple[str, ...] = ()
    now: Citation | None = None
    below: tuple[str, ...] = ()

    def now_lines(self, marker: int) -> tuple[str, ...]:
        """Today's rule as it stands under the statements; nothing where there is none to tell."""
        if self.now is None:
            return ()
        return ("", phrase("period_now"), "", f"{standing_prefix(self.now)}{_one_line(self.now.quote)}[{marker}]")

    def below_lines(self) -> tuple[str, ...]:
        """The explanations as they stand under the statements, each a paragraph."""
        return tuple(line for explained in self.below for line in ("", explained))


def premise_lines(text: str, composed: Composed) -> tuple[str, ...]:
    """The line for a heard figure that no cited source holds; none where there is no such figure."""
    heard = heard_figures(text)
    if not heard or not composed.statements:
        return ()
    figure = unfounded(heard, composed.statements[0].whole, composed.citations)
    return (premise_line(figure),) if figure else ()


def time_remarks(leading: Found, statement: str, period: Period, today: dt.date) -> tuple[str, ...]:
    """The line that says whose time an answer is of; none where its leading source is no rule of a time."""
    line = period_line(leading, statement, period, today)
    return (line,) if line else ()


def rule_of_today(
    leading: Found, cited: Sequence[Citation], wanted: Wanted, today: dt.date, region: str, catalogue: Catalogue
) -> Citation | None:
    """What holds now where the leading source no longer does, from the documents that replaced it.

    None where the leading source holds, or none of them holds and speaks to the question, or is already cited.
    """
    if leading.status is not Status.EXPIRED:
        return None
    ids = {c.document.doc_id for c in cited}
    later = [
        d
        for d in reversed(versions_of(leading.document, (e.document for e in catalogue.entries.values())))
        if d.slug != leading.document.slug
    ]
    candidates = [Found(ScoredPassage(p, 0.0, 1), d, status_of(d, today, region)) for d in later for p in catalogue.passages_of(d.doc_id)]
    holding = [f for f in candidates if f.status in _HOLDS and f.document.doc_id not in ids]
    undated = Wanted(wanted.terms, wanted.kinds, (), wanted.specifics, wanted.places)
    for document_id in dict.fromkeys(f.document.doc_id for f in holding):
        of_document = [f for f in holding if f.document.doc_id == document_id]
        composed = compose_extract(of_document, undated)
        for citation in composed.citations[:1]:
            first = _first_statement(citation)
            line = f"{standing_prefix(first)}{_one_line(first.quote)}[{first.marker}]"
            if undated.coverage(fold(f"{composed.statements[0].about}\n{first.quote}")) >= _SHARED and not check_statement(line, [first]):
                return first
    return None


def _first_statement(citation: Citation) -> Citation:
    """The first whole statement of what a citation quotes."""
    for s in citation.passage.statements:
        if citation.start <= s.start < s.end <= citation.end:
            text = citation.passage.text[s.start : s.end]
            start = s.start + len(text) - len(text.lstrip("-* \n"))
            return Citation(1, citation.passage, citation.document, citation.status, start, s.end, s.source_ids)
    return citation


def _one_line(text: str) -> str:
    return " ".join(text.split("\n")).strip()
