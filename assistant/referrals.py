"""Real places to ask, read from ``corpus/referrals.yaml``, and which of them fits a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from assistant.types import Referral
from assistant.wording import load_texts
from knowledge_base.errors import CorpusError

_FIELDS = ("id", "name", "number", "purpose", "topics", "region", "checked")


def load_referrals(path: Path) -> tuple[Referral, ...]:
    """Referrals in the order of the file.

    Raises:
        CorpusError: an entry lacks a field or repeats an id; the message names it.
    """
    try:
        entries: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as exc:
        raise CorpusError(f"{path.name} 不是合法的 YAML：{exc}") from exc
    referrals: dict[str, Referral] = {}
    for entry in entries or ():
        missing = [f for f in _FIELDS if f not in entry]
        if missing:
            raise CorpusError(f"{path.name} 的 {entry.get('id', entry)} 缺 {'、'.join(missing)}")
        referral = Referral(
            referral_id=str(entry["id"]),
            name=str(entry["name"]),
            number=str(entry["number"]),
            purpose=str(entry["purpose"]),
            topics=tuple(entry["topics"]),
            region=str(entry["region"]),
            checked=str(entry["checked"]),
        )
        if referral.referral_id in referrals:
            raise CorpusError(f"{path.name} 的 {referral.referral_id} 写了两次")
        referrals[referral.referral_id] = referral
    return tuple(referrals.values())


class ReferralDesk:
    """Picks the places that fit a question's words."""

    def __init__(self, referrals: Sequence[Referral]) -> None:
        self._referrals = {r.referral_id: r for r in referrals}
        topics = load_texts("routing")["referral_topics"]
        self._topics = [(re.compile(rule["words"]), tuple(rule["to"])) for rule in topics]
        self._fallback = tuple(load_texts("routing")["referral_fallback"])

    def named(self, referral_ids: Iterable[str]) -> tuple[Referral, ...]:
        """Referrals by id; ids that the file does not hold are left out."""
        return tuple(self._referrals[i] for i in referral_ids if i in self._referrals)

    def for_question(self, text: str, most: int = 3) -> tuple[Referral, ...]:
        """Places that fit a question, best first; never empty while the file is not."""
        ids = dict.fromkeys(i for words, to in self._topics if words.search(text) for i in to)
        return self.named(ids or self._fallback)[:most]
