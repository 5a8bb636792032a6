"""The rules that run before the search, and the words for places to ask (``routing.yaml``), compiled once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SafetyRule:
    """A fixed answer and what leads to it: a phrase of ``patterns``, or an act together with the will to do it.

    An act counts when the question wants it hidden (``evades``). It also counts when the question asks for the way to do it (``asks``),
    unless the user suffered it, is made to do it, or asks what the law says (``excused``).
    """

    rule_id: str
    verdict: str
    text: str
    referrals: tuple[str, ...]
    followups: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None
    acts: tuple[re.Pattern[str], ...]
    asks: re.Pattern[str] | None
    evades: re.Pattern[str] | None
    excused: re.Pattern[str] | None
    danger: str = ""
    """The danger that it tells of; help then goes above the answer, and the text is not used."""

    @classmethod
    def of(cls, rule: dict[str, Any]) -> SafetyRule:
        """The rule that an entry of the file describes."""
        return cls(
            rule_id=rule["id"],
            verdict=rule["verdict"],
            text=rule["text"],
            referrals=tuple(rule.get("referrals", ())),
            followups=tuple(rule.get("followups", ())),
            patterns=tuple(re.compile(p, re.I) for p in rule.get("any", ())),
            acts=tuple(re.compile(_filled(p, rule.get("words", {})), re.I) for p in rule.get("acts", {}).values()),
            unless=_pattern(rule, "unless"),
            asks=_pattern(rule, "asks"),
            evades=_pattern(rule, "evades"),
            excused=_pattern(rule, "excused"),
            danger=rule.get("danger", ""),
        )

    def meets(self, forms: Sequence[str]) -> bool:
        """Whether a question leads to the rule's answer in any of its forms."""
        if _any(self.unless, forms):
            return False
        if any(_any(pattern, forms) for pattern in self.patterns):
            return True
        if not any(_any(act, forms) for act in self.acts):
            return False
        return _any(self.evades, forms) or (_any(self.asks, forms) and not _any(self.excused, forms))


@dataclass(frozen=True, slots=True)
class ReferralTopic:
    """Words of a question, and the ids of the places to ask about them."""

    words: re.Pattern[str]
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Safety:
    """All of ``routing.yaml``. Sentences that match ``not_quotable`` are never shown: hidden orders and personal data."""

    rules: tuple[SafetyRule, ...]
    not_quotable: re.Pattern[str]
    topics: tuple[ReferralTopic, ...]
    fallback: tuple[str, ...]

    @classmethod
    def of(cls, written: dict[str, Any]) -> Safety:
        """The rules of a file, in its order."""
        return cls(
            tuple(SafetyRule.of(rule) for rule in written["rules"]),
            re.compile(written["not_quotable"], re.I),
            tuple(ReferralTopic(re.compile(t["words"]), tuple(t["to"])) for t in written["referral_topics"]),
            tuple(written["referral_fallback"]),
        )


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    """A pattern with the groups of words that it names, such as {某人}, written out."""
    for name, group in words.items():
        pattern = pattern.replace(f"{{{name}}}", group)
    return pattern


def _pattern(rule: Mapping[str, Any], key: str) -> re.Pattern[str] | None:
    return re.compile(rule[key], re.I) if rule.get(key) else None


def _any(pattern: re.Pattern[str] | None, forms: Sequence[str]) -> bool:
    return pattern is not None and any(pattern.search(form) for form in forms)
