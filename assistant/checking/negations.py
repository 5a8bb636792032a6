"""Negations dropped from a statement that follows a source, and negations added to it."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.checking.claim import Claim
from assistant.texts.condition_words import ConditionWords

SEAM = 3
"""Characters of a seam, and of what follows a negation; two characters coincide by chance."""

MIN_CLAUSE = 5
"""Characters of a clause below which they do not tell what it follows."""

MAX_LENGTH_RATIO = 3
"""A source clause more than this many times as long as a clause is not what that follows."""

MIN_COVERAGE = 0.9
"""Share of a clause's characters that the source clause it follows has at least."""

_NEGATING = "不未无没非禁免勿"
_DENIAL = re.compile("禁止|严禁|没有|[不未没非莫勿]|无(?!理由)")
_MARK = "·"


def without_figures_of_speech(text: str, words: ConditionWords) -> str:
    """The text with blanks in place of words that only look like negations."""
    return words.not_negation.sub(lambda m: "　" * len(m.group()), text)


def count_negating_characters(text: str) -> int:
    """How many characters of a text negate, by themselves or as part of a word."""
    return sum(text.count(c) for c in _NEGATING)


def turned_negations(claim: Claim) -> Iterable[str]:
    """Negations dropped and added, and a prohibition said as a permission. What is negated is the two characters that follow."""
    words = claim.words
    said = without_figures_of_speech(claim.statement, words)
    sources = [without_figures_of_speech(text, words) for text in claim.followed]
    yield from _dropped_before_same_words(said, sources, words["negation"])
    yield from _added_before_same_words(said, sources, words["negation"])
    if sources and _permits_prohibited(said, sources[0], words):
        yield "“不得”说成了“可以”"


def _dropped_before_same_words(said: str, sources: Sequence[str], negation: re.Pattern[str]) -> Iterator[str]:
    negated = _negated(said, negation)
    for anchor in dict.fromkeys(a for text in sources for a in _negated(text, negation)):
        is_stated = any(_is_affirmed(anchor, text, negation) for text in sources)
        if anchor not in negated and _is_affirmed(anchor, said, negation) and not is_stated:
            yield f"“{anchor}”前面的否定丢了"


def _added_before_same_words(said: str, sources: Sequence[str], negation: re.Pattern[str]) -> Iterator[str]:
    negated = {a for text in sources for a in _negated(text, negation)}
    for anchor in dict.fromkeys(_negated(said, negation)):
        if anchor not in negated and any(_is_out_of_reach(anchor, text, negation) for text in sources):
            yield f"“{anchor}”前面多了否定"


def _negated(text: str, negation: re.Pattern[str]) -> list[str]:
    """The two characters after each negation."""
    anchors = (text[m.end() : m.end() + 2] for m in negation.finditer(text))
    return [a for a in anchors if len(a) == 2 and a.isalnum()]


def _is_affirmed(anchor: str, text: str, negation: re.Pattern[str]) -> bool:
    """Whether an anchor occurs somewhere without a negation right before it."""
    before = re.compile(rf"(?:{negation.pattern})$")
    return any(not before.search(text[max(0, m.start() - 4) : m.start()]) for m in re.finditer(re.escape(anchor), text))


def _is_out_of_reach(anchor: str, text: str, negation: re.Pattern[str]) -> bool:
    """Whether an anchor occurs, affirmed, with no negation anywhere before its first occurrence.

    A prohibition reaches over the whole clause: 不得因怀孕降低工资 also means 不得降低工资.
    """
    return _is_affirmed(anchor, text, negation) and not negation.search(text.partition(anchor)[0])


def _permits_prohibited(said: str, source: str, words: ConditionWords) -> bool:
    """Whether a statement permits and nowhere negates what its source prohibits and nowhere permits."""
    prohibited = words["prohibition"].search(source) and not words["may"].search(source)
    return bool(prohibited and words["may"].search(said) and not words["negation"].search(said))


def negations_at_seams(claim: Claim) -> Iterable[str]:
    """Negations dropped and added, told by the seam that taking one out leaves: 网信办口径[不]一致 leaves 口径一致.

    Words that only look like negations count here, too: taking 不 out of 裁决不服 reverses it all the same.
    """
    said, sources = _bare(claim.statement), [_bare(text) for text in claim.source_segments]
    yield from _dropped_at_seams(said, sources)
    yield from _added_at_seams(said, sources)


def _dropped_at_seams(said: str, sources: Sequence[str]) -> Iterator[str]:
    ground = "\n".join(sources)
    for negation in (n for source in sources for n in _negations(source)):
        closed = next((seam for seam in negation.seams if seam in said and seam not in ground), "")
        if closed or _is_affirmed_only_in(said, negation.follows, ground):
            yield f"“{(closed or negation.follows).strip(_MARK)}”前面或中间的“{negation.word}”丢了"


def _is_affirmed_only_in(said: str, follows: str, ground: str) -> bool:
    return len(follows) == SEAM and _is_undenied(follows, said) and not _is_undenied(follows, ground)


def _added_at_seams(said: str, sources: Sequence[str]) -> Iterator[str]:
    ground = "\n".join(sources)
    for negation in _negations(said):
        if f"{negation.word}{negation.follows[:2]}" in ground:
            continue
        for seam in negation.seams:
            if seam not in said and _is_stated_without_denial(seam, sources):
                yield f"“{seam.strip(_MARK)}”里多了“{negation.word}”"


def _is_stated_without_denial(seam: str, sources: Sequence[str]) -> bool:
    """Whether a source has the seam, and none that has it denies anything before it in the same clause."""
    before = [text.partition(seam)[0] for text in sources if seam in text]
    return bool(before) and not any(_DENIAL.search(text.rpartition(_MARK)[2]) for text in before)


@dataclass(frozen=True, slots=True)
class _Negation:
    """A negating word, the seams that taking it out leaves, and the characters after it in the same clause."""

    word: str
    seams: tuple[str, ...]
    follows: str


def _negations(bare: str) -> Iterator[_Negation]:
    padded = f"{_MARK}{_MARK}{bare}{_MARK}{_MARK}"
    for match in _DENIAL.finditer(padded):
        before, after = padded[: match.start()], padded[match.end() :]
        seams = tuple(s for s in (before[-2:] + after[:1], before[-1:] + after[:2]) if not s.startswith(_MARK))
        yield _Negation(match.group(), seams, after[:SEAM].rstrip(_MARK))


def _is_undenied(anchor: str, bare: str) -> bool:
    return any(not _DENIAL.search(bare[max(0, m.start() - 2) : m.start()]) for m in re.finditer(re.escape(anchor), bare))


def affirmed_denials(claim: Claim) -> Iterable[str]:
    """Clauses that deny nothing although every source clause with the same characters does."""
    stated = [c for text in claim.source_segments for c in _bare_clauses(text, claim.words)]
    for clause, following in itertools.pairwise((*_bare_clauses(claim.statement, claim.words), "")):
        # The next clause may deny for both: 印发日期、文号在公开资料中没有找到.
        if len(clause) >= MIN_CLAUSE and not _DENIAL.search(clause + following) and _is_only_denied(clause, stated):
            yield f"“{clause[:20]}”原文是否定的"


def _is_only_denied(clause: str, stated: Sequence[str]) -> bool:
    same = [other for other in stated if _has_characters_of(clause, other)]
    return bool(same) and all(_DENIAL.search(other) for other in same)


def _bare_clauses(text: str, words: ConditionWords) -> list[str]:
    return _bare(without_figures_of_speech(text, words)).split(_MARK)


def _has_characters_of(clause: str, other: str) -> bool:
    """Whether another clause, not much longer, has nearly all characters of a clause."""
    shared = (Counter(clause) & Counter(other)).total()
    return len(other) <= MAX_LENGTH_RATIO * len(clause) and shared >= MIN_COVERAGE * len(clause)


def _bare(text: str) -> str:
    """The text without 的, with 能 for 能够, and each run of marks as one."""
    return re.sub(r"[^\w%]+", _MARK, text.replace("的", "").replace("能够", "能"))
