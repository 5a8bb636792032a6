"""An answer before it has ids: what a composer gives, and the check that keeps only what its sources carry."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.checking.markers import markers_in, renumbered
from assistant.checking.statements import check_citation, check_statement
from assistant.composing.lines import basis_lines, renumber
from assistant.composing.remarks import Remarks
from assistant.composing.two_sides import TwoSides
from assistant.judging.candidate import Candidate
from assistant.judging.verdict import Missing
from assistant.texts.library import Texts
from assistant.texts.phrases import Phrases
from assistant.types import Answer, Card, Citation, Nearest, Referral, Trace, Verdict

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """The words of an answer, and what a language model would write from in their place."""

    verdict: Verdict
    text: str
    label: str
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    caveats: tuple[str, ...] = ()
    referrals: tuple[Referral, ...] = ()
    followups: tuple[str, ...] = ()
    model_id: str = ""
    """The language model that wrote it; "" for an extract."""
    dropped: int = 0
    """Statements that failed the check and were left out."""
    candidates: tuple[Candidate, ...] = ()
    missing: tuple[Missing, ...] = ()
    remarks: Remarks = field(default_factory=Remarks)
    sides: TwoSides | None = None
    subject: str = ""
    """The term of art that the question is about, as the leading source writes it."""

    def answer(
        self,
        message_id: str,
        conversation_id: str,
        *,
        cards: tuple[Card, ...],
        trace: Trace,
        generation: str,
        timings_ms: Mapping[str, float],
    ) -> Answer:
        """The answer that it becomes."""
        return Answer(
            message_id,
            conversation_id,
            self.verdict,
            self.text,
            citations=self.citations,
            nearest=self.nearest,
            caveats=self.caveats,
            referrals=self.referrals,
            followups=self.followups,
            cards=cards,
            trace=trace,
            label=self.label,
            ai_generated=bool(self.model_id),
            model_id=self.model_id,
            generation=generation,
            dropped=self.dropped,
            timings_ms=timings_ms,
        )


def abstention(candidates: Sequence[Candidate], referrals: tuple[Referral, ...], phrases: Phrases, lead: str = "") -> Draft:
    """The answer that there is none: the nearest two passages, and whom to ask."""
    nearest = tuple(Nearest(c.passage, c.document, c.status) for c in candidates[:2])
    lines = [lead or phrases.abstained]
    if referrals:
        lines.append(phrases.abstained_ask.format(name=referrals[0].name, number=referrals[0].number))
    return Draft(Verdict.ABSTAINED, "\n".join(lines), phrases.label_fixed, nearest=nearest, referrals=referrals)


def keep_what_stands(draft: Draft, texts: Texts) -> Draft:
    """The draft without statements that their sources do not carry; a draft left with none is an abstention."""
    bad = {c.marker for c in draft.citations if check_citation(c)}
    basis = set(basis_lines(draft.citations, texts.phrases))  # our own words about a document; only the citation can be checked
    kept_lines: list[str] = []
    dropped = 0
    for line in draft.text.split("\n"):
        markers = markers_in(line)
        faulty = bad & set(markers) or (line.rstrip() not in basis and check_statement(line, draft.citations, words=texts.conditions))
        if markers and faulty:
            dropped += 1
            logger.warning("dropped a statement that its source does not carry (markers %s)", markers)
        else:
            kept_lines.append(line)
    if not dropped:
        return draft
    used = [c.marker for c in draft.citations if any(c.marker in markers_in(line) for line in kept_lines)]
    if not used:
        return replace(abstention((), draft.referrals, texts.phrases), dropped=dropped, subject=draft.subject)
    mapping, citations = renumber(draft.citations, used)
    return replace(draft, text=renumbered("\n".join(kept_lines), mapping), citations=citations, dropped=dropped)
