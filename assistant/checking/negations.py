"""Negations dropped from, and put into, a statement that follows a source.

Pure functions over text that :func:`~assistant.checking.conditions.prepare` has folded.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.checking.condition_words import not_negation, words

SEAM = 3
"""Characters of a seam, and of what follows a negation: two occur by chance."""

LEAST_CLAUSE = 5
"""Characters of a clause from which its characters tell what it follows."""

LONGER = 3
"""How many times as long as a clause what it follows may be …"""

COVERED = 0.9
"""… and the share of its characters that must stand there."""

_DENIAL = re.compile("禁止|严禁|没有|[不未没非莫勿]|无(?!理由)")
_MARK = "·"


def turned(statement: str, followed: Sequence[str]) -> Iterable[str]:
    """Negations dropped, and negations put in: what is negated is told by the two characters after it."""
    bare = without_figures_of_speech(statement)
    sources = [without_figures_of_speech(text) for text in followed]
    said, held = _negated(bare), [a for text in sources for a in _negated(text)]
    for anchor in dict.fromkeys(held):
        if anchor not in said and _stands_plain(anchor, bare) and not any(_stands_plain(anchor, text) for text in sources):
            yield f"“{anchor}”前面的否定丢了"
    for anchor in dict.fromkeys(said):
        # A prohibition reaches over its whole clause: 不得因怀孕降低工资 is 不得降低工资, too.
        if anchor not in held and any(
            _stands_plain(anchor, text) and not words("negation").search(text.partition(anchor)[0]) for text in sources
        ):
            yield f"“{anchor}”前面多了否定"
    forbids = sources and words("prohibition").search(sources[0]) and not words("may").search(sources[0])
    if forbids and words("may").search(bare) and not words("negation").search(bare):
        yield "“不得”说成了“可以”"


def _negated(bare: str) -> list[str]:
    """The two characters after each negation."""
    anchors = (bare[m.end() : m.end() + 2] for m in words("negation").finditer(bare))
    return [a for a in anchors if len(a) == 2 and a.isalnum()]


def _stands_plain(anchor: str, bare: str) -> bool:
    """Whether an anchor stands somewhere without a negation before it."""
    negation = re.compile(rf"(?:{words('negation').pattern})$")
    return any(not negation.search(bare[max(0, m.start() - 4) : m.start()]) for m in re.finditer(re.escape(anchor), bare))


def without_figures_of_speech(text: str) -> str:
    """The text with words that only look like negations blotted out."""
    return not_negation().sub(lambda m: "　" * len(m.group()), text)


def dropped_or_put_in(statement: str, held: Sequence[str]) -> Iterable[str]:
    """Negations dropped, and negations put in, told by the seam that taking one out leaves: 网信办口径[不]一致 leaves 口径一致.

    Words that only look like negations count here, too: taking 不 out of 裁决不服 turns it all the same.
    """
    said, sources = _bare(statement), [_bare(text) for text in held]
    ground = "\n".join(sources)
    for source in sources:
        for word, seams, anchor in _seams(source):
            plain = next((s for s in seams if s in said and s not in ground), "")
            if not plain and len(anchor) == SEAM and _unnegated(anchor, said) and not _unnegated(anchor, ground):
                plain = anchor
            if plain:
                yield f"“{plain.strip(_MARK)}”前面或中间的“{word}”丢了"
    for word, seams, anchor in _seams(said):
        if f"{word}{anchor[:2]}" in ground:
            continue
        for seam in seams:
            where = [text.partition(seam)[0] for text in sources if seam in text]
            if where and seam not in said and not any(_DENIAL.search(before.rpartition(_MARK)[2]) for before in where):
                yield f"“{seam.strip(_MARK)}”里多了“{word}”"


def affirmed(statement: str, held: Sequence[str]) -> Iterable[str]:
    """Clauses that deny nothing although every clause of the sources with the same characters does."""
    clauses = [c for text in held for c in _bare(without_figures_of_speech(text)).split(_MARK)]
    for said, following in itertools.pairwise((*_bare(without_figures_of_speech(statement)).split(_MARK), "")):
        if len(said) < LEAST_CLAUSE or _DENIAL.search(said + following):  # 印发日期、文号在公开资料中没有找到
            continue
        wanted = Counter(said)
        alike = [c for c in clauses if len(c) <= LONGER * len(said) and (wanted & Counter(c)).total() >= COVERED * len(said)]
        if alike and all(_DENIAL.search(c) for c in alike):
            yield f"“{said[:20]}”原文是否定的"


def _bare(text: str) -> str:
    """The text without 的, 能够 as 能, each run of marks as one."""
    return re.sub(r"[^\w%]+", _MARK, text.replace("的", "").replace("能够", "能"))


def _seams(bare: str) -> Iterable[tuple[str, tuple[str, ...], str]]:
    """Every negation with the seams that taking it out leaves, and what follows it."""
    padded = f"{_MARK}{_MARK}{bare}{_MARK}{_MARK}"
    for match in _DENIAL.finditer(padded):
        before, after = padded[: match.start()], padded[match.end() :]
        seams = tuple(s for s in (before[-2:] + after[:1], before[-1:] + after[:2]) if not s.startswith(_MARK))
        yield match.group(), seams, after[:SEAM].rstrip(_MARK)


def _unnegated(anchor: str, bare: str) -> bool:
    return any(not _DENIAL.search(bare[max(0, m.start() - 2) : m.start()]) for m in re.finditer(re.escape(anchor), bare))
