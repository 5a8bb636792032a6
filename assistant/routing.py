"""Rules that run before retrieval: crisis, fraud under way, unlawful asks, other people's data, injection, small talk.

The rules and their examples are data (``texts/routing.yaml``); every example is a test.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.types import Verdict
from assistant.wording import load_texts
from knowledge_base.lexicon import Lexicon
from knowledge_base.text import normalise


@dataclass(frozen=True, slots=True)
class Route:
    """What is said instead of searching."""

    rule_id: str
    verdict: Verdict
    text: str
    referrals: tuple[str, ...] = ()
    followups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    route: Route
    patterns: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None


def route(question: str, lexicon: Lexicon | None = None) -> Route | None:
    """The first rule that a question meets, as typed, in standard words or as what was meant by slips and pinyin; None to search."""
    forms = lexicon.readings(question) if lexicon is not None else (normalise(question),)
    for rule in _rules():
        if rule.unless is not None and any(rule.unless.search(form) for form in forms):
            continue
        if any(pattern.search(form) for form in forms for pattern in rule.patterns):
            return rule.route
    return None


@lru_cache(maxsize=1)
def _rules() -> Sequence[_Rule]:
    rules = []
    for rule in load_texts("routing")["rules"]:
        said = Route(rule["id"], Verdict(rule["verdict"]), rule["text"], tuple(rule.get("referrals", ())), tuple(rule.get("followups", ())))
        unless = re.compile(rule["unless"], re.I) if rule.get("unless") else None
        rules.append(_Rule(said, tuple(re.compile(p, re.I) for p in rule["any"]), unless))
    return tuple(rules)
