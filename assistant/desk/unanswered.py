"""Questions that were not well answered, similar ones together, for the person who keeps the knowledge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.storage.conversations import UnmetQuestion
from assistant.types import Verdict
from assistant.understanding.question_key import group_alike

_MOST_WORDINGS = 8
_MOST_REASONS = 5


@dataclass(frozen=True, slots=True)
class UnansweredGroup:
    """Similar questions that were not well answered. ``example`` is the way of asking used most, as typed shortest. Times: UTC.

    ``abstained`` counts those that found no answer, those met with choices alone among them.
    """

    example: str
    wordings: tuple[str, ...]
    count: int
    abstained: int
    partial: int
    disliked: int
    last_asked: str
    reasons: tuple[str, ...] = ()


def group_unanswered(unmet: Sequence[UnmetQuestion], key_of: Callable[[str], str], settled: Callable[[str], bool]) -> list[UnansweredGroup]:
    """Groups of unmet questions, the most asked first, then the latest; questions that are ``settled`` are left out.

    ``key_of`` gives what is the same for two ways of typing one question.
    """
    by_key: dict[str, list[UnmetQuestion]] = {}
    for question in unmet:
        key = key_of(question.question)
        if key:
            by_key.setdefault(key, []).append(question)
    by_key = {key: asked for key, asked in by_key.items() if not settled(asked[0].question)}
    # The most asked first, so that groups form around them.
    keys = sorted(by_key, key=lambda key: (-len(by_key[key]), key))
    groups = [_group([by_key[keys[place]] for place in places]) for places in group_alike(keys)]
    return sorted(sorted(groups, key=lambda g: g.last_asked, reverse=True), key=lambda g: -g.count)


def _group(wordings: Sequence[Sequence[UnmetQuestion]]) -> UnansweredGroup:
    """One group from its ways of asking, the most used first."""
    asked = [question for wording in wordings for question in wording]
    shortest = [min((q.question for q in wording), key=len) for wording in wordings[:_MOST_WORDINGS]]
    return UnansweredGroup(
        example=shortest[0],
        wordings=tuple(shortest),
        count=len(asked),
        abstained=sum(q.verdict in (Verdict.ABSTAINED, Verdict.CLARIFY) for q in asked),
        partial=sum(q.verdict == Verdict.PARTIAL for q in asked),
        disliked=sum(q.helpful is False for q in asked),
        last_asked=max(q.asked for q in asked),
        reasons=tuple(dict.fromkeys(q.reason for q in asked if q.reason))[:_MOST_REASONS],
    )
