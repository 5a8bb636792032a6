"""Rules that run before the search: crisis, fraud under way, unlawful requests, other people's data, injection, small talk.

A request is unlawful by what is to be done, by whom and with what will, not by set phrases. The rules and their examples are data
(``texts/routing.yaml``); every example is a test.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.texts.safety_rules import Safety
from assistant.types import Verdict
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.text.normalise import normalise

_SEPARATORS = re.compile(r"(?<=[\u4e00-\u9fff])[\s·.*_|/~-]+(?=[\u4e00-\u9fff])")  # 系·统·提·示 is written so to slip through


@dataclass(frozen=True, slots=True)
class Route:
    """What is said instead of searching."""

    rule_id: str
    verdict: Verdict
    text: str
    referrals: tuple[str, ...] = ()
    followups: tuple[str, ...] = ()
    danger: str = ""


def route(question: str, safety: Safety, lexicon: Lexicon | None = None) -> Route | None:
    """The first rule that a question meets; None to search.

    The question is read as typed, in standard words, and with its slips and pinyin mended.
    """
    return route_forms(lexicon.readings(question) if lexicon is not None else (normalise(question),), safety)


def route_forms(forms: Sequence[str], safety: Safety) -> Route | None:
    """The first rule that one of a question's forms meets; each is also read without marks between its characters."""
    forms = tuple(dict.fromkeys((*forms, *(_SEPARATORS.sub("", form) for form in forms))))
    for rule in safety.rules:
        if rule.meets(forms):
            return Route(rule.rule_id, Verdict(rule.verdict), rule.text, rule.referrals, rule.followups, rule.danger)
    return None
