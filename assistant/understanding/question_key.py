"""Which questions are the same, and which are alike. Pure functions; the word lists are in ``texts/same_questions.yaml``."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from assistant.texts.question_words import SameQuestions
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.text.numerals import fold_numbers

ALIKE = 0.6
"""Least share of character pairs (Dice) that two questions of one group have in common."""

_PUNCTUATION = re.compile(r"(?!(?<=\d)\.(?=\d))[^\w%+#]+")
_MASKED = re.compile(r"〔[^〔〕]*〕")


def question_key(question: str, lexicon: Lexicon, words: SameQuestions) -> str:
    """What is the same for two ways of typing one question, and for nothing else; "" for a question without content.

    Conservative: it evens out only width, script, numerals, dialect words, marks, courtesies and synonymous question words.
    """
    plain = lexicon.plain(fold_numbers(_MASKED.sub("", question)))
    clauses = [words.particles.sub("", clause) for clause in _PUNCTUATION.split(plain)]
    key = words.dropped.sub("", "".join(clauses))
    return words.any_synonym.sub(lambda m: words.synonyms[m.group()], key)


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
