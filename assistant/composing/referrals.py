"""Real places to ask, read from ``corpus/referrals.yaml``, and which of them fits a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from assistant.texts.wording import load_texts
from assistant.types import Referral
from knowledge_base.errors import CorpusError
from knowledge_base.loaders.stated import faults_of_stated
from knowledge_base.text.yaml import parse_yaml
from knowledge_base.validity import is_date

REFERRALS_FILE = "referrals.yaml"

_FIELDS = ("id", "name", "number", "purpose", "topics", "region", "checked")
_NUMBER = re.compile(r"[0-9][0-9 \-—－()（）转、，,]*")
_LEAST_WORD = 2  # characters: a single one stands in too many questions


def load_referrals(path: Path) -> tuple[Referral, ...]:
    """Referrals in the order of the file.

    Raises:
        CorpusError: an entry lacks a field, says something impossible or repeats an id; the message names it.
    """
    try:
        entries: Any = parse_yaml(path.read_text(encoding="utf-8"))
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
            words=tuple(map(str, entry.get("words", ()))),
        )
        if faults := faults_of(referral):
            raise CorpusError(f"{path.name} 的 {referral.referral_id}：{'；'.join(faults)}")
        if referral.referral_id in referrals:
            raise CorpusError(f"{path.name} 的 {referral.referral_id} 写了两次")
        referrals[referral.referral_id] = referral
    return tuple(referrals.values())


def faults_of(referral: Referral) -> list[str]:
    """What is impossible about a place to ask, in Chinese; empty when nothing is."""
    faults = [f"{name}不能是空的" for name, value in (("名称", referral.name), ("能帮什么", referral.purpose)) if not value.strip()]
    if referral.number and not _NUMBER.fullmatch(referral.number):
        faults.append(f"号码“{referral.number}”只能用数字、空格和横线；没有号码就留空")
    if not (len(referral.checked) == len("2026-11-22") and is_date(referral.checked)):
        faults.append(f"核对日期“{referral.checked}”不是日期，请写成 2026-11-22")
    faults += faults_of_stated({"region": referral.region})
    faults += [f"“{word}”太短，会认错，关键词至少两个字" for word in referral.words if len(word.strip()) < _LEAST_WORD]
    return faults


def save_referrals(path: Path, referrals: Sequence[Referral]) -> None:
    """Write referrals so that :func:`load_referrals` reads them; nothing is written when it would not.

    Raises:
        CorpusError: as :func:`load_referrals`.
    """
    rows = [
        {
            "id": r.referral_id,
            "name": r.name,
            "number": r.number,
            "purpose": r.purpose,
            "topics": list(r.topics),
            "region": r.region,
            "checked": r.checked,
            "words": list(r.words),
        }
        for r in referrals
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(yaml.safe_dump(rows, allow_unicode=True, sort_keys=False), encoding="utf-8")
    load_referrals(fresh)
    fresh.replace(path)


def joined(shipped: Sequence[Referral], own: Sequence[Referral]) -> tuple[Referral, ...]:
    """The shipped places with those of the house: one of a shipped id takes its place, the others follow."""
    by_id = {r.referral_id: r for r in shipped} | {r.referral_id: r for r in own}
    return tuple(by_id.values())


class ReferralDesk:
    """Picks the places that fit a question's words."""

    def __init__(self, referrals: Sequence[Referral]) -> None:
        self._referrals = {r.referral_id: r for r in referrals}
        topics = load_texts("routing")["referral_topics"]
        own = [(re.compile("|".join(map(re.escape, r.words))), (r.referral_id,)) for r in referrals if r.words]
        self._topics = own + [(re.compile(rule["words"]), tuple(rule["to"])) for rule in topics]
        self._fallback = tuple(load_texts("routing")["referral_fallback"])

    def named(self, referral_ids: Iterable[str]) -> tuple[Referral, ...]:
        """Referrals by id; ids that the file does not hold are left out."""
        return tuple(self._referrals[i] for i in referral_ids if i in self._referrals)

    def for_question(self, text: str, most: int = 3) -> tuple[Referral, ...]:
        """Places that fit a question, best first; never empty while the file is not."""
        ids = dict.fromkeys(i for words, to in self._topics if words.search(text) for i in to)
        return self.named(ids or self._fallback)[:most]
