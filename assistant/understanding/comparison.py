"""Two things compared: 「直播销售员和选品员有什么区别」「国家产假和四川产假有啥不同」.

A question of this form is two questions; each side is looked up by itself, and the answer says which side was not found. The
words are in ``texts/contrasts.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.texts.question_words import ContrastWords
from knowledge_base.types import Document
from knowledge_base.validity import NATIONWIDE

_SHORTEST, _LONGEST = 2, 20  # characters of a side's name
_PUNCTUATION = re.compile(r"[，,。；;！!？?：:\s]+")
_WHICH_IS_BETTER = re.compile(r"(?:更?好|合适|划算)[些吗呢？?]*$")
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

    @property
    def is_nameable(self) -> bool:
        """Whether it has a subject, and a name neither too short nor too long for one."""
        return _SHORTEST <= len(self.name) <= _LONGEST and bool(self.subject)

    def completed(self, subject: str) -> Side:
        """The side with a subject, where it names only a place."""
        return self if self.subject else Side(f"{self.name.rstrip('的')}{subject}", subject, self.region)


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


def asks_for_changes(text: str, words: ContrastWords) -> bool:
    """Whether a question asks how a rule differs from the one before it."""
    return bool(words.changed.search(text))


def read_contrast(text: str, words: ContrastWords, provinces: Iterable[str] = ()) -> Contrast | None:
    """The two things that a question sets beside each other; None where it does not.

    Args:
        text: the question in standard words.
        words: the words that set two things beside each other.
        provinces: full names of provinces, whose short names in a side name a place.
    """
    if asks_for_changes(text, words):
        return None
    asks = next((m for m in words.asks.finditer(text) if not words.not_sides.match(text, m.start())), None)
    for join in reversed(_joins(text, asks, words)):
        left, asked_of_left = _left_of(text[: join.start()], words)
        right, asked_of_right = _right_of(text[join.end() :], asks and asks.start() - join.end(), words)
        behind = text[asks.end() :] if asks else ""
        about = " ".join(_PUNCTUATION.split(f"{asked_of_right} {behind}")).strip()
        about = " ".join(part for part in (asked_of_left, _bare(about, words)) if part)
        if contrast := _contrast(left.strip(), right.strip(), about, tuple(provinces), words):
            return contrast
    return None


def _joins(text: str, asks: re.Match[str] | None, words: ContrastWords) -> list[re.Match[str]]:
    """Words between two sides, in order: before the words that ask, or 还是 where 哪个好 is all that does."""
    joins = words.joins.finditer(text)
    if asks is not None:
        return [m for m in joins if m.end() <= asks.start()]
    return [m for m in joins if m.group() == "还是" and _WHICH_IS_BETTER.search(text)]


def _left_of(before: str, words: ContrastWords) -> tuple[str, str]:
    """The side before a joining word, and what is asked of it: 「产假休多少天和护理假…」."""
    left = words.lead.sub("", _PUNCTUATION.split(before.rstrip("，, 。"))[-1])
    asked = words.verb_tail.search(left)
    return (left[: asked.start()], asked.group()) if asked else (left, "")


def _right_of(behind: str, length: int | None, words: ContrastWords) -> tuple[str, str]:
    """The side behind a joining word, and the rest; ``length`` is where the words that ask begin, None where there are none."""
    rest = behind[:length].lstrip()
    right = words.tail.sub("", rest, count=1) if words.tail.search(rest) else rest
    while (shorter := words.tail.sub("", right)) != right:
        right = shorter
    if length is None:
        right = _WHICH_IS_BETTER.sub("", right)
    return right, rest[len(right) :]


def provinces_of(documents: Iterable[Document]) -> tuple[str, ...]:
    """Full names of the provinces that documents are of."""
    found = (_PROVINCE.match(document.region) for document in documents)
    return tuple(dict.fromkeys(m.group() for m in found if m))


def _contrast(left: str, right: str, about: str, provinces: tuple[str, ...], words: ContrastWords) -> Contrast | None:
    if words.pronouns.match(left) or words.pronouns.match(right) or _YEAR.match(left):
        return None
    one, other = _side(left, provinces, words), _side(right, provinces, words)
    of_places = bool(one.region and other.region)
    if of_places and "的" in other.subject and not one.subject:
        other = Side(other.name, other.subject.lstrip("的"), other.region)
    subject = one.subject or other.subject or about
    if of_places:  # 国家和四川的产假: what one side leaves out is the other's
        one, other = one.completed(subject), other.completed(subject)
    if one.name == other.name or not (one.is_nameable and other.is_nameable):
        return None
    return Contrast(one, other, about if about != subject else "")


def _side(name: str, provinces: tuple[str, ...], words: ContrastWords) -> Side:
    nation = words.nationwide.match(name)
    if nation:
        return Side(name, name[nation.end() :].lstrip("的"), NATIONWIDE)
    for province in provinces:
        short = _PROVINCE.match(province)
        if short and name.startswith(short.group(1)):
            rest = name.removeprefix(province) if name.startswith(province) else name[len(short.group(1)) :].removeprefix("省")
            return Side(name, rest.lstrip("的"), province)
    return Side(name, name)


def _bare(about: str, words: ContrastWords) -> str:
    """What is asked about without the words that only count the sides or soften the end."""
    about = re.sub(r"(?:这|那)?[两二俩]个?(?:者|个|样|种|家|份|部)?的?", "", about)
    about = re.sub(r"^(?:的|之间|有|是)+|(?:有|是)$|[呢喃嘛吗不么？?]+$", "", about)
    return " ".join(word for word in about.split() if not words.evaluating.match(word)).strip(" 、")
