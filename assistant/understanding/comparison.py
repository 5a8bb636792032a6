"""Two things beside each other: 「直播销售员和选品员有什么区别」「国家产假和四川产假有啥不同」.

A question of this form is two questions; each side is looked up by itself, and a side that is not found is said to be missing. The
words stand in ``texts/contrasts.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.texts.wording import load_texts
from knowledge_base.types import Document
from knowledge_base.validity import NATIONWIDE

_SHORTEST, _LONGEST = 2, 20  # characters of a side's name
_PUNCTUATION = re.compile(r"[，,。；;！!？?：:\s]+")
_YEAR = re.compile(r"\d{4}年|去年|前年|今年")
_PROVINCE = re.compile(r"([\u4e00-\u9fff]{2,3}?)(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two. ``region`` is the place it is about, where it names one; ``subject`` is its name without the place."""

    name: str
    subject: str
    region: str = ""

    def of_place(self, document: Document) -> bool:
        """Whether a document is of the side's place; any document where it names none."""
        if self.region == NATIONWIDE:
            return document.region == NATIONWIDE
        return document.region.startswith(self.region)


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two sides and what about them is asked; ``about`` is "" for a bare 「有什么区别」."""

    left: Side
    right: Side
    about: str = ""

    @property
    def of_places(self) -> bool:
        """Whether the same subject is asked about in two places."""
        return bool(self.left.region and self.right.region and self.left.region != self.right.region)

    def query(self, side: Side) -> str:
        """What one side is searched for with."""
        return " ".join(part for part in (side.name, self.about) if part)


def asks_for_changes(text: str) -> bool:
    """Whether a question asks how a rule differs from the one before it."""
    return bool(re.search(load_texts("contrasts")["changed"], text))


def read_contrast(text: str, provinces: Iterable[str] = ()) -> Contrast | None:
    """The two things that a question sets beside each other; None where it does not.

    Args:
        text: the question in standard words.
        provinces: full names of provinces, by whose short names a side may be told to name a place.
    """
    words = _patterns()
    if asks_for_changes(text):
        return None
    asks = next((m for m in words["asks"].finditer(text) if not words["not_sides"].match(text, m.start())), None)
    joins = [m for m in words["joins"].finditer(text) if asks is None or m.end() <= asks.start()]
    if asks is None:
        joins = [m for m in joins if m.group() == "还是" and re.search(r"(?:更?好|合适|划算)[些吗呢？?]*$", text)]
    for join in reversed(joins):
        left = _PUNCTUATION.split(text[: join.start()].rstrip("，, 。"))[-1]
        rest = text[join.end() : asks.start() if asks else len(text)].lstrip()
        right = words["tail"].sub("", rest, count=1) if words["tail"].search(rest) else rest
        while (shorter := words["tail"].sub("", right)) != right:
            right = shorter
        left = words["lead"].sub("", left)
        asked_of_left = words["verb_tail"].search(left)
        left = left[: asked_of_left.start()] if asked_of_left else left
        if asks is None:
            right = re.sub(r"(?:更?好|合适|划算)[些吗呢？?]*$", "", right)
        about = " ".join(_PUNCTUATION.split(f"{rest[len(right) :]} {text[asks.end() :] if asks else ''}")).strip()
        about = " ".join(part for part in (asked_of_left.group() if asked_of_left else "", _bare(about)) if part)
        if contrast := _contrast(left.strip(), right.strip(), about, tuple(provinces)):
            return contrast
    return None


def provinces_of(documents: Iterable[Document]) -> tuple[str, ...]:
    """Full names of the provinces that documents are of."""
    found = (_PROVINCE.match(document.region) for document in documents)
    return tuple(dict.fromkeys(m.group() for m in found if m))


def _contrast(left: str, right: str, about: str, provinces: tuple[str, ...]) -> Contrast | None:
    pronouns = load_texts("contrasts")["pronouns"]
    if re.match(pronouns, left) or re.match(pronouns, right) or re.match(_YEAR, left):
        return None
    one, other = _side(left, provinces), _side(right, provinces)
    if "的" in other.subject and one.region and other.region and not one.subject:
        other = Side(other.name, other.subject.lstrip("的"), other.region)
    subject = one.subject or other.subject or about
    if one.region and other.region:  # 国家和四川的产假: what one side leaves out is the other's
        one, other = (
            Side(s.name if s.subject else f"{s.name.rstrip('的')}{subject}", s.subject or subject, s.region) for s in (one, other)
        )
    if not all(_SHORTEST <= len(s.name) <= _LONGEST and s.subject for s in (one, other)) or one.name == other.name:
        return None
    return Contrast(one, other, about if about != subject else "")


def _side(name: str, provinces: tuple[str, ...]) -> Side:
    nation = _patterns()["nationwide"].match(name)
    if nation:
        return Side(name, name[nation.end() :].lstrip("的"), NATIONWIDE)
    for province in provinces:
        short = _PROVINCE.match(province)
        if short and name.startswith(short.group(1)):
            rest = name.removeprefix(province) if name.startswith(province) else name[len(short.group(1)) :].removeprefix("省")
            return Side(name, rest.lstrip("的"), province)
    return Side(name, name)


def _bare(about: str) -> str:
    """What is asked about without the words that only count the sides or soften the end."""
    about = re.sub(r"(?:这|那)?[两二俩]个?(?:者|个|样|种|家|份|部)?的?", "", about)
    about = re.sub(r"^(?:的|之间|有|是)+|(?:有|是)$|[呢喃嘛吗不么？?]+$", "", about)
    return " ".join(word for word in about.split() if not _patterns()["evaluating"].match(word)).strip(" 、")


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    texts = load_texts("contrasts")
    made = {key: re.compile(texts[key]) for key in ("asks", "not_sides", "joins", "nationwide", "evaluating", "verb_tail")}
    return {**made, "lead": re.compile(rf"^(?:{texts['lead']})+"), "tail": re.compile(rf"(?:{texts['tail']})")}
