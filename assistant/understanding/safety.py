"""Rules that run before retrieval: crisis, fraud under way, unlawful asks, other people's data, injection, small talk.

Unlawful asks are told by what is to be done, by whom and with what will, not by set phrases. The rules and their examples are data
(``texts/routing.yaml``); every example is a test.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.texts.wording import load_texts
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


@dataclass(frozen=True, slots=True)
class _Rule:
    """What leads to a route: a phrase of ``patterns``, or an act together with the will to do it.

    An act counts when the question wants it hidden (``evades``), or asks for the way to do it (``asks``) and is not by one whom it was done
    to, who is made to do it, or who asks what the law says (``excused``).
    """

    route: Route
    patterns: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None
    acts: tuple[re.Pattern[str], ...] = ()
    asks: re.Pattern[str] | None = None
    evades: re.Pattern[str] | None = None
    excused: re.Pattern[str] | None = None

    def meets(self, forms: Sequence[str]) -> bool:
        """Whether a question, in any of its forms, leads to the route."""
        if _any(self.unless, forms):
            return False
        if any(_any(pattern, forms) for pattern in self.patterns):
            return True
        if not any(_any(act, forms) for act in self.acts):
            return False
        return _any(self.evades, forms) or (_any(self.asks, forms) and not _any(self.excused, forms))


def route(question: str, lexicon: Lexicon | None = None) -> Route | None:
    """The first rule that a question meets; None to search.

    It is read as typed, in standard words, as what was meant by slips and pinyin, and without marks between its characters.
    """
    forms = lexicon.readings(question) if lexicon is not None else (normalise(question),)
    forms = tuple(dict.fromkeys((*forms, *(_SEPARATORS.sub("", form) for form in forms))))
    return next((rule.route for rule in _rules() if rule.meets(forms)), None)


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    """A pattern with the groups of words that it names, such as {某人}, written out."""
    for name, group in words.items():
        pattern = pattern.replace(f"{{{name}}}", group)
    return pattern


def _any(pattern: re.Pattern[str] | None, forms: Sequence[str]) -> bool:
    return pattern is not None and any(pattern.search(form) for form in forms)


@lru_cache(maxsize=1)
def _rules() -> Sequence[_Rule]:
    rules = []
    for rule in load_texts("routing")["rules"]:
        said = Route(rule["id"], Verdict(rule["verdict"]), rule["text"], tuple(rule.get("referrals", ())), tuple(rule.get("followups", ())))
        words = {key: re.compile(rule[key], re.I) for key in ("unless", "asks", "evades", "excused") if rule.get(key)}
        acts = tuple(re.compile(_filled(p, rule.get("words", {})), re.I) for p in rule.get("acts", {}).values())
        patterns = tuple(re.compile(p, re.I) for p in rule.get("any", ()))
        rules.append(_Rule(said, patterns, words.get("unless"), acts, words.get("asks"), words.get("evades"), words.get("excused")))
    return tuple(rules)
