"""Near copies: stretches that follow the source word for word but change a word, a negation, a bound or a duty."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.checking.bounds import bound_of, bounds_in
from assistant.checking.claim import Claim
from assistant.checking.figures import figures_in
from assistant.checking.negations import count_negating_characters, without_figures_of_speech
from assistant.checking.prepared import clauses
from assistant.texts.condition_words import ConditionWords, any_of
from knowledge_base.text.similarity import character_pairs, dice

MIN_CLAUSE_DICE = 0.65
"""Least similarity of a clause to a source clause that it copies."""

MIN_SEGMENT_DICE = 0.9
"""Least similarity of a segment to a source segment that it copies; one that leaves a clause out is no copy."""

TIE = 0.03
"""Source stretches at most this much less similar than the best one may be what was copied, too."""

MIN_SOURCE = 4
"""Characters of a source stretch below which nothing is a copy of it."""

MAX_REPLACEMENT = 4
"""Characters of the longest replacement that counts as one word changed."""

_PLAIN_DUTIES = {"must": re.compile("[要须应得需]"), "may": re.compile("[可能]")}
_WORDS_OF_DUTY = (("应当", "must"), ("必须", "must"), ("可以", "may"))


def altered_segments(claim: Claim) -> Iterable[str]:
    """Faults of segments that are near copies of a source segment."""
    copies = _Copies(claim, claim.source_segments, MIN_SEGMENT_DICE)
    return (fault for segment in claim.segments for fault in copies.faults(segment))


def altered_clauses(claim: Claim) -> Iterable[str]:
    """Faults of clauses that are near copies of a source clause."""
    copies = _Copies(claim, [c for segment in claim.source_segments for c in clauses(segment)], MIN_CLAUSE_DICE)
    return (fault for clause in clauses(claim.statement) for fault in copies.faults(clause))


class _Copies:
    """What near copies of source stretches change. A copy that agrees with any of its likely sources is no fault."""

    def __init__(self, claim: Claim, sources: Sequence[str], least: float) -> None:
        self._claim = claim
        self._sources = [(text, self._content_pairs(text)) for text in sources if len(text) >= MIN_SOURCE]
        self._least = least

    def faults(self, said: str) -> Iterator[str]:
        copied = self._copied_by(said)
        if not copied:
            return
        if not any(_same_conditions(said, source, self._claim.words) for source in copied):
            yield f"“{said[:20]}”里的否定、界限或“应当、可以”和原文不同"
        if any(said in source for source in copied):
            return
        changed = [[*_replacements(said, source, self._claim.words.plain), *_new_names(said, source, self._claim)] for source in copied]
        if all(changed):
            yield f"“{said[:20]}”里换了原文的词：{'、'.join(changed[0])}"

    def _copied_by(self, said: str) -> list[str]:
        """The source stretches that a stretch may have been copied from, most similar first; empty when it is no copy."""
        own = self._content_pairs(said)
        if len(own) < 2:
            return []
        similar = sorted(((dice(own, other), text) for text, other in self._sources), reverse=True)
        best = similar[0][0] if similar else 0.0
        return [text for similarity, text in similar if similarity >= best - TIE] if best >= self._least else []

    def _content_pairs(self, text: str) -> frozenset[str]:
        return character_pairs(self._claim.words.strip(text))


def _same_conditions(said: str, source: str, words: ConditionWords) -> bool:
    """Whether a stretch negates, bounds, obliges and permits as its source does."""
    return _strict_conditions(said, words) == _strict_conditions(source, words) and not _changes_duties(said, source, words)


def _strict_conditions(text: str, words: ConditionWords) -> tuple[object, ...]:
    """What a copy must keep exactly: number of negations, bounds of figures, bounds of the whole, and whether it excludes others."""
    of_figures = sorted(bound for figure in figures_in(text) if (bound := bound_of(text, figure, words)))
    return (count_negating_characters(text), of_figures, bounds_in(text, words), bool(words["exclusive"].search(text)))


def _changes_duties(said: str, source: str, words: ConditionWords) -> bool:
    """Whether a duty or permission was dropped, a duty added, or a duty turned into a permission; 应当 may become plain 要."""
    ours, theirs = _plain_duties(said, words), _plain_duties(source, words)
    dropped = any(word in source and kind not in ours for word, kind in _WORDS_OF_DUTY)
    added_duty = "must" in ours and "must" not in theirs
    permits_duty = "may" in ours and "may" not in theirs and "must" in theirs
    return dropped or added_duty or permits_duty


def _plain_duties(text: str, words: ConditionWords) -> set[str]:
    """Duties and permissions, also in single characters of plain speech that can mean other things."""
    bare = without_figures_of_speech(text, words)
    return {kind for kind, plainly in _PLAIN_DUTIES.items() if words[kind].search(bare) or plainly.search(bare)}


def _replacements(said: str, source: str, plain: frozenset[str]) -> list[str]:
    """Short content words of a stretch that replace others of its source."""
    opcodes = difflib.SequenceMatcher(None, source, said, autojunk=False).get_opcodes()
    replaced = [(source[i:j], said[k:m]) for tag, i, j, k, m in opcodes if tag == "replace"]
    return [new for old, new in replaced if _is_another_word(old, new, plain)]


def _is_another_word(old: str, new: str, plain: frozenset[str]) -> bool:
    """Whether both are short, and both have content, the new one some that the old one lacks."""
    if max(len(old), len(new)) > MAX_REPLACEMENT or not (old.isalnum() and new.isalnum()):
        return False
    return bool(set(new) - plain - set(old)) and bool(set(old) - plain)


def _new_names(said: str, source: str, claim: Claim) -> list[str]:
    """Names and places that a stretch has, but neither its source nor the particulars."""
    found: list[str] = []
    for known in claim.vocabularies:
        stated = set(any_of(known).findall(source))
        found += [n for n in dict.fromkeys(any_of(known).findall(said)) if n not in stated and n not in claim.particulars]
    return found
