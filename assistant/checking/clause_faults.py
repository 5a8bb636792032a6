"""Faults of clause numbers: 条, 款 and 项."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.checking.claim import Claim
from assistant.checking.figures import figures_in

_REPEATED_ARTICLE = re.compile(r"(第\d+条)[、,和及至—-]\1")


def wrong_paragraphs(claim: Claim) -> Iterable[str]:
    """Numbers of a 款 or 项 that differ from those of the source segment with the same content."""
    for segment in claim.segments:
        source = claim.closest(segment)
        for unit in ("款", "项"):
            said, stated = _ordinals(segment, unit), _ordinals(source, unit)
            if said and stated and not said & stated:
                yield f"“第{'、'.join(sorted(said))}{unit}”和原文不同"


def _ordinals(text: str, unit: str) -> set[str]:
    return {figure.value for figure in figures_in(text) if figure.ordinal and figure.unit == unit}


def repeated_articles(claim: Claim) -> Iterable[str]:
    """One 条 named twice in a row, as when the number of the second was changed into the first's."""
    if (repeated := _REPEATED_ARTICLE.search(claim.statement)) and repeated.group() not in claim.ground:
        yield f"“{repeated.group()}”重复"
