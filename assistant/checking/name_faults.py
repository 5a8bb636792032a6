"""Faults of names: titles, terms, places and administrative ranks that the sources do not have, or have elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.checking.claim import Claim
from assistant.checking.figures import Figure, figures_in
from assistant.checking.negations import count_negating_characters
from assistant.checking.prepared import list_members
from assistant.texts.condition_words import any_of

MAX_TITLE_LINE = 80
"""A line of this many characters or more is running text, in which the characters of any title may be found in order."""

_TITLE = re.compile(r"《([^》]{2,60})》")


def exchanged_names(claim: Claim) -> Iterable[str]:
    """Names and places put where the source, between the same words, has another: 生育津贴基金 said for 生育保险基金."""
    for known in claim.vocabularies:
        stated = _names_by_neighbours(claim.ground, known)
        for match in any_of(known).finditer(claim.statement):
            there = stated.get(_neighbours(claim.statement, match), {match.group()})
            if match.group() not in there:
                yield f"“{match.group()}”在原文里是“{'、'.join(sorted(there))}”"


def _names_by_neighbours(text: str, known: tuple[str, ...]) -> Mapping[str, set[str]]:
    stated: dict[str, set[str]] = {}
    for match in any_of(known).finditer(text):
        stated.setdefault(_neighbours(text, match), set()).add(match.group())
    return stated


def _neighbours(text: str, match: re.Match[str]) -> str:
    """The two characters on either side of a word; · stands for each one beyond the edge of the text."""
    return f"{text[max(0, match.start() - 2) : match.start()]:·>2}…{text[match.end() : match.end() + 2]:·<2}"


def wrong_ranks(claim: Claim) -> Iterable[str]:
    """Places called 省 where the sources say 市, or 市 where they say 省: 成都省."""
    for place in re.findall(rf"(?:{any_of(claim.words.places).pattern})(?:省|市(?![场民面]))", claim.statement):
        other = "市" if place.endswith("省") else "省"
        if place not in claim.ground and place[:-1] + other in claim.ground:
            yield f"“{place}”不在所引段落里"


def missing_titles(claim: Claim) -> Iterable[str]:
    """Titles in 《》 that the sources neither have nor abbreviate to."""
    lines = claim.ground.split("\n")
    for title in _TITLE.findall(claim.statement):
        if title not in claim.ground and not any(_abbreviates(title, line) for line in lines):
            yield f"《{title}》不在所引段落里"


def _abbreviates(title: str, line: str) -> bool:
    """Whether the line has the title's characters in order: 劳动争议司法解释(一) in …审理劳动争议案件…解释(一).

    Both must negate equally often: 反正当竞争法 does not abbreviate 反不正当竞争法.
    """
    if len(line) >= MAX_TITLE_LINE or count_negating_characters(title) != count_negating_characters(line):
        return False
    rest = iter(line)
    return all(c in rest for c in title)


def missing_names(claim: Claim) -> Iterable[str]:
    """Names and places that the sources do not have. A name inside a longer one is not that name: 技师 is not 高级技师."""
    for known in claim.vocabularies:
        stated = set(any_of(known).findall(claim.ground))
        for name in dict.fromkeys(any_of(known).findall(claim.statement)):
            if name not in stated:
                yield f"“{name}”不在所引段落里"


def mispaired_names(claim: Claim) -> Iterable[str]:
    """Figures given to a name although they belong to another: 中级工 with the amount of 初级工."""
    if not claim.names:
        return
    pattern = any_of(claim.names)
    stated = [_Member.read(m, pattern) for segment in claim.source_segments for m in list_members(segment)]
    all_named = frozenset(pattern.findall(claim.statement))
    for member in (_Member.read(m, pattern) for m in list_members(claim.statement)):
        if len(member.names) != 1:
            continue
        for figure in member.figures:
            if not figure.ordinal and _belongs_to_others(figure, member.names, all_named, stated):
                yield f"“{figure.value}{figure.unit}”不是“{'、'.join(member.names)}”的"


@dataclass(frozen=True, slots=True)
class _Member:
    """A list member, clause or table row with the names and figures in it."""

    names: frozenset[str]
    figures: Sequence[Figure]
    is_row: bool

    @classmethod
    def read(cls, text: str, pattern: re.Pattern[str]) -> _Member:
        return cls(frozenset(pattern.findall(text)), figures_in(text), "|" in text)

    def values_in(self, unit: str) -> list[str]:
        """Values with this unit; in a table row a value without a unit fits any."""
        return [figure.value for figure in self.figures if figure.unit == unit or (self.is_row and not figure.unit)]


def _belongs_to_others(figure: Figure, name: frozenset[str], all_named: frozenset[str], stated: Sequence[_Member]) -> bool:
    """Whether the sources give the name other values in this unit, and this value only to names the statement leaves out."""
    own = [value for member in stated if name <= member.names for value in member.values_in(figure.unit)]
    others = [member.names - all_named for member in stated if figure.value in member.values_in(figure.unit)]
    return bool(own) and figure.value not in own and bool(others) and all(others)
