"""Help first: what is said above the answer to someone who may be in danger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.composing.draft import Draft
from assistant.composing.judged import Judged
from assistant.composing.referrals import ReferralDesk
from assistant.texts.urgent_words import UrgentWords
from assistant.types import Verdict
from knowledge_base.reader.notices import Danger, Level


def tempered(danger: Danger, judged: Judged | None) -> Danger:
    """The danger, one level lower where the question has surely an ordinary reading: both judge by the same words, and may err."""
    best = judged.likely[0] if judged and judged.likely else None
    if best is None or judged is None or judged.bars is None or best.reading.document.urgent or best.probability < judged.bars.sure:
        return danger
    lower: dict[Level, Level] = {"alarm": "check", "check": "none", "none": "none"}
    return replace(danger, level=lower[danger.level])


def with_help_first(draft: Draft, danger: Danger, words: Mapping[str, UrgentWords], desk: ReferralDesk) -> Draft:
    """The draft with the help that its danger needs; unchanged where there is none, or where its guide begins with the help itself.

    An alarm puts the help above the answer, and leaves an unsure answer out. Where danger is only likely, a gentle question
    goes below a sure answer and above any other.
    """
    if danger.level == "none" or danger.kind not in words:
        return draft
    if draft.citations and draft.citations[0].document.urgent:
        return draft
    help_ = words[danger.kind]
    said, referrals = help_.say(danger.level, danger.who), desk.named(help_.referrals)
    sure = draft.verdict is Verdict.ANSWERED
    if danger.level == "check":
        return replace(draft, text=f"{draft.text}\n\n{said}" if sure else f"{said}\n\n{draft.text}", referrals=referrals)
    if sure:
        return replace(draft, text=f"{said}\n\n{draft.text}", referrals=referrals)
    return Draft(Verdict.REFERRED, said, draft.label, referrals=referrals, followups=draft.followups, candidates=draft.candidates)
