"""Exceptions left out: 试用期内的除外."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.checking.claim import Claim
from assistant.checking.similarity import pairs
from knowledge_base.text.similarity import containment

MIN_CONTAINMENT = 0.5
"""A statement follows a source's rule if at least this share of its character pairs occurs outside the exception."""

MIN_RULE = 5
"""Characters beside the exception below which the source has only the exception, without its rule."""


def dropped_exceptions(claim: Claim) -> Iterable[str]:
    """A statement that gives a rule without the exception that its source makes."""
    exception = claim.words["exception"]
    if exception.search(claim.statement):
        return
    said = pairs(claim.statement)
    for text in claim.followed:
        match = exception.search(text)
        if not match:
            continue
        rule = text[: match.start()] + text[match.end() :]
        if len(rule) >= MIN_RULE and containment(said, pairs(rule)) >= MIN_CONTAINMENT:
            yield "例外（除外）丢了"
