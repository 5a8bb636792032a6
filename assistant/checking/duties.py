"""Duties and permissions: 应当 said as 可以, or the other way round."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.checking.claim import Claim
from assistant.checking.negations import without_figures_of_speech
from assistant.checking.prepared import clauses
from assistant.texts.condition_words import ConditionWords


def duties_in(text: str, words: ConditionWords) -> frozenset[str]:
    """Whether a text states a duty ("must"), a permission ("may"), both or neither, in words that can mean nothing else."""
    bare = without_figures_of_speech(text, words).replace("能够", "　　")  # 其他能够适应的劳动 describes the work, and permits nothing
    return frozenset(kind for kind in ("must", "may") if words[kind].search(bare))


def swapped_duties(claim: Claim) -> Iterable[str]:
    """Segments, then clauses, that state a duty where their source states only a permission, or the other way round."""
    words = claim.words
    for segment in claim.segments:
        source = claim.closest(segment)
        if _contradict(duties_in(segment, words), duties_in(source, words)):
            yield "“应当”和“可以”说反了"
        for clause in clauses(segment):
            if any(_same_but_for_duty(clause, other, words) for other in clauses(source)):
                yield f"“{clause[:20]}”里“应当”和“可以”说反了"


def _same_but_for_duty(clause: str, other: str, words: ConditionWords) -> bool:
    return _contradict(duties_in(clause, words), duties_in(other, words)) and words.strip(clause) == words.strip(other)


def _contradict(said: frozenset[str], stated: frozenset[str]) -> bool:
    """Whether one states only a duty, the other only a permission."""
    return len(said) == 1 and len(stated) == 1 and said != stated
