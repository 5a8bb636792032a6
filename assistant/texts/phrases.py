"""What the assistant says in its own words (``zh.yaml``): one field a phrase, so that a phrase that is not there fails the type check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class MissingKinds:
    """How an answer names what it lacks. ``year``, ``place`` and ``words`` take the word that is missing."""

    amount: str
    duration: str
    date: str
    phone: str
    count: str
    share: str
    year: str
    place: str
    words: str
    quoted: str
    current: str
    not_known: str

    def say(self, kind: str, word: str = "") -> str:
        """The name of a kind of missing thing, its word filled in."""
        written: str = getattr(self, kind)
        return written.format(year=word, place=word, words=word)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Fixed phrases; those with words in braces are filled with ``str.format``."""

    label_extract: str
    label_fixed: str
    label_approved: str
    label_generated: str
    ai_notice: str
    prompt_length: str
    steps: str
    at_once: str
    caveat_model: str
    caveat_model_partly: str
    repair_empty: str
    model_broke_off: str
    basis: str
    basis_effective: str
    basis_expires: str
    basis_status: str
    verify: str
    next_step: str
    next_step_more: str
    path_lead: str
    partial_lead: str
    partial_missing: str
    offer: str
    suggested: str
    out_of_scope: str
    abstained: str
    abstained_ask: str
    clause_missing: str
    status_expired: str
    status_draft: str
    status_not_yet: str
    status_elsewhere: str
    caveat_expired: str
    caveat_draft: str
    caveat_not_yet: str
    caveat_elsewhere: str
    approved_until: str
    caveat_reported: str
    missing_kinds: MissingKinds
    protocol_no_model: str
    protocol_unsupported: str
    protocol_last_message: str
    protocol_text_only: str
    protocol_empty: str
    protocol_too_long: str
    protocol_caveat: str
    period_year: str
    period_month: str
    period_earlier: str
    period_then: str
    period_still: str
    period_from: str
    period_ahead: str
    period_not_begun: str
    period_ended: str
    period_now: str
    premise_unfounded: str
    note_pointed: str
    note_corrected: str
    note_period: str
    card_issued: str
    card_not_stated: str
    side: str
    about_item: str
    glossary_line: str
    disagreement: str
    disagreement_document: str
    disagreement_undated: str
    disagreement_ask: str

    @classmethod
    def of(cls, written: dict[str, Any]) -> Phrases:
        """The phrases of a file.

        Raises:
            TypeError: the file lacks a phrase, or has one that nothing uses.
        """
        return cls(**{**written, "missing_kinds": MissingKinds(**written["missing_kinds"])})
