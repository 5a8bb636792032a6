"""Which questions are the same, and which are alike. Pure functions; the word lists stand in ``texts/same_questions.yaml``."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from assistant.texts.wording import load_texts
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.text.numerals import fold_numbers

ALIKE = 0.6
"""Least share of character pairs (Dice) that two questions of one group have in common."""

_PUNCTUATION = re.compile(r"(?!(?<=\d)\.(?=\d))[^\w%+#]+")
_MASKED = re.compile(r"〔[^〔〕]*〕")


def question_key(question: str, lexicon: Lexicon) -> str:
    """What is the same for two ways of typing one question, and for nothing else; "" for a question without content.

    Conservative: only width, script, numerals, dialect words, marks, courtesies and synonymous question words are levelled.
    """
    plain = lexicon.plain(fold_numbers(_MASKED.sub("", question)))
    clauses = [_particles().sub("", clause) for clause in _PUNCTUATION.split(plain)]
    key = _dropped().sub("", "".join(clauses))
    same: dict[str, str] = load_texts("same_questions")["same"]
    return _any_of(tuple(same)).sub(lambda m: same[m.group()], key)


def group_alike(keys: Sequence[str]) -> list[list[int]]:
    """Places of similar questions together: groups in the order of their first members, members in the given order.

    A question joins the group whose first member it shares most character pairs with, at least :data:`ALIKE`.
    """
    groups: list[list[int]] = []
    sizes: list[int] = []
    holding: defaultdict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        pairs = {a + b for a, b in pairwise(key)} or {key}
        shared = Counter(group for pair in pairs for group in holding[pair])
        closeness = {group: 2 * n / (len(pairs) + sizes[group]) for group, n in shared.items()}
        nearest = max(closeness, key=lambda g: (closeness[g], -g), default=-1)
        if nearest >= 0 and closeness[nearest] >= ALIKE:
            groups[nearest].append(place)
            continue
        for pair in pairs:
            holding[pair].append(len(groups))
        groups.append([place])
        sizes.append(len(pairs))
    return groups


@lru_cache(maxsize=1)
def _particles() -> re.Pattern[str]:
    return re.compile(f"[{load_texts('same_questions')['particles']}]+$")


@lru_cache(maxsize=1)
def _dropped() -> re.Pattern[str]:
    words = load_texts("same_questions")
    return _any_of((*words["polite"], *words["dropped"]))


@lru_cache(maxsize=4)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Matches any of the words, the longest first."""
    return re.compile("|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)))
