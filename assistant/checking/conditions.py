"""What a statement in other words must keep: figures with units, bounds, negations, duties, exceptions and names.

One check for each kind of fault. A check is a pure function of a :class:`Claim`; no model is involved. It compares the statement
with the source segments that it follows, by shared character pairs. Words are listed in ``texts/condition_words.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from assistant.checking.bounds import changed_bounds
from assistant.checking.claim import Claim
from assistant.checking.clause_faults import repeated_articles, wrong_paragraphs
from assistant.checking.duties import swapped_duties
from assistant.checking.exceptions import dropped_exceptions
from assistant.checking.figure_faults import exchanged_figures, mispaired_conditions, unsupported_figures
from assistant.checking.name_faults import exchanged_names, mispaired_names, missing_names, missing_titles, wrong_ranks
from assistant.checking.near_copies import altered_clauses, altered_segments
from assistant.checking.negations import affirmed_denials, negations_at_seams, turned_negations
from assistant.texts.condition_words import ConditionWords
from knowledge_base.text.similarity import character_pairs

MIN_SUPPORT = 0.7
"""Least share of a statement's content characters that its sources must have."""

MIN_CONTENT = 4
"""Content characters below which a share of them says nothing."""

MIN_SHARED_PAIRS = 0.3
"""Least share of a statement's pairs of characters that its sources must have. Of 1,543 reworded true statements none has less than 0.4;
statements that stand by chance beside another document, because its text happens to hold their characters, have 0 to 0.15."""

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9#%.+-]+")

Check = Callable[[Claim], Iterable[str]]
"""Finds faults of one kind: why a statement does not keep to its sources, in words for the reader; empty when it does."""


def condition_faults(
    statement: str, passages: Sequence[str], words: ConditionWords, particulars: str = "", names: Sequence[str] = ()
) -> list[str]:
    """Why a statement does not keep to its sources; empty when it does. The arguments are the fields of :class:`Claim`."""
    claim = Claim(statement, tuple(passages), words, particulars, tuple(names))
    return list(dict.fromkeys(fault for check in CHECKS for fault in check(claim)))


def unsupported_content(claim: Claim) -> Iterable[str]:
    """Too small a share of the statement's content characters in the sources."""
    content = _content_characters(claim)
    share = sum(c in claim.ground for c in content) / max(1, len(content))
    if len(content) >= MIN_CONTENT and share < MIN_SUPPORT:
        yield f"只有 {share:.0%} 的内容在所引段落里"


def other_wording(claim: Claim) -> Iterable[str]:
    """Hardly a pair of the statement's characters in the sources: a long text holds most characters of any statement by chance."""
    pairs = set(character_pairs(claim.statement))
    shared = len(pairs & set(character_pairs(claim.ground))) / max(1, len(pairs))
    if pairs and shared < MIN_SHARED_PAIRS:
        yield f"只有 {shared:.0%} 的相连字句在所引段落里"


def _content_characters(claim: Claim) -> list[str]:
    """Characters that carry content: no digits, no marks, none that plain speech adds."""
    return [c for run in _RUN.findall(claim.statement) for c in run if c not in claim.words.plain and not c.isdigit()]


CHECKS: tuple[Check, ...] = (
    unsupported_content,
    other_wording,
    unsupported_figures,
    exchanged_figures,
    exchanged_names,
    wrong_paragraphs,
    repeated_articles,
    wrong_ranks,
    missing_titles,
    missing_names,
    turned_negations,
    negations_at_seams,
    affirmed_denials,
    mispaired_conditions,
    mispaired_names,
    changed_bounds,
    swapped_duties,
    dropped_exceptions,
    altered_segments,
    altered_clauses,
)
"""Every check, in the order in which their faults are listed."""
