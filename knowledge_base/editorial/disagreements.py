"""Current documents that say different figures for one subject.

Two statements speak of one subject when, figures folded out, they are nearly the same sentence for the same region. Figures that name
the subject (a year, a grade, an age, a clause) stay in the sentence; only what is counted of it (days, sums, shares) is folded out.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge_base.text.numerals import fold_numbers
from knowledge_base.text.similarity import SHINGLE, jaccard

SAME_SENTENCE = 0.5
"""Likeness (Jaccard similarity of character trigrams, figures folded out) from which two statements speak of one subject."""

SHORTEST = 10  # characters without figures; shorter ones are alike by chance

_VALUE = re.compile(r"\d+(?:\.\d+)?(?=\s*(?:万|亿|余|多)*(?:元|天|日(?!期)|个|%|％|小时|分钟|倍|学时|人|家|周|次))")
_MARKS = re.compile(r"[^\u4e00-\u9fffa-z0-9#]")


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of a current document, with the region it holds in."""

    path: str
    region: str
    text: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two claims on one subject whose figures differ."""

    first: Claim
    second: Claim


@dataclass(frozen=True, slots=True)
class _Folded:
    claim: Claim
    shingles: frozenset[str]
    values: tuple[str, ...]
    others: tuple[str, ...]


def disagreements(claims: Iterable[Claim]) -> Iterator[Disagreement]:
    """Pairs of claims of different documents on one subject whose counted figures differ, each pair of documents once a subject."""
    folded = [f for c in claims if (f := _fold(c))]
    frequency = Counter(s for f in folded for s in f.shingles)
    holders: dict[tuple[str, str], list[_Folded]] = defaultdict(list)
    for claim in folded:
        region = claim.claim.region
        # Prefix filter (Chaudhuri et al. 2006): sets as alike as SAME_SENTENCE share one of each other's rarest shingles.
        rarest = sorted(claim.shingles, key=lambda s: (frequency[s], s))
        prefix = rarest[: len(rarest) - math.ceil(SAME_SENTENCE * len(rarest)) + 1]
        near = {id(o): o for s in prefix for o in holders[region, s]}
        for other in near.values():
            if _differ(other, claim):
                yield Disagreement(other.claim, claim.claim)
        for shingle in prefix:
            holders[region, shingle].append(claim)


def _differ(first: _Folded, second: _Folded) -> bool:
    return (
        first.claim.path != second.claim.path
        and first.values != second.values
        and len(first.values) == len(second.values)
        and first.others == second.others
        and jaccard(first.shingles, second.shingles) >= SAME_SENTENCE
    )


def _fold(claim: Claim) -> _Folded | None:
    plain = fold_numbers(claim.text).lower()
    values = tuple(_VALUE.findall(plain))
    bare = _MARKS.sub("", _VALUE.sub("#", plain))
    if not values or len(bare) < SHORTEST:
        return None
    shingles = frozenset(bare[i : i + SHINGLE] for i in range(len(bare) - SHINGLE + 1))
    return _Folded(claim, shingles, values, tuple(re.findall(r"\d+", bare)))
