"""Follow-ups that point: 「第二个呢」 at an item of the answer before, 「不是，我问的是二胎」 at a word of the question before.

Both become words to search with; nothing of an earlier answer is repeated as fact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.checking.markers import MARKER
from assistant.texts.phrases import Phrases
from assistant.types import Question, Turn
from knowledge_base.text.numerals import parse_chinese_number

MOST_CHARACTERS = 60
"""Of an item that is searched for again; the long item of a list names its subject at the beginning."""

_A_NAME = 15  # characters; a longer item is a statement, which is searched for unchanged
_ORDINAL = re.compile(
    r"^(?:那|那么|就)?(?:说说|讲讲|看看)?第([一二三四五六七八九十]|\d{1,2})(?:个|条|种|项|点|步|篇)"
    r"(?=$|[呢喃嘛吗？?，,。]|是|怎么|咋|啥|什么|要|具体|详细|说|讲|再)"
)
_LIST_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.、)])\s+(.+)$")
_BASIS_LINE = re.compile(rf"^(?:{MARKER.pattern})+\s*《([^》]+)》\s*([^（\s]*)")
_ROW = re.compile(r"(?:有|是|分为|包括|分成|分)[:：]?([^。；;:：、]{2,20}(?:、[^。；;，、]{2,20})+)")
_CORRECTION = re.compile(
    r"^(?:不是|不对|错了|不|搞错了|弄错了)[，,。！!\s]+(?:我)?(?:是|要|想)*(?:问|说)?(?:的是|的|是)?(?P<meant>.+)$"
    r"|^我(?:不是问(?P<not1>[^，,]{1,12}?)(?:的)?[，,])?\s*(?:我)?(?:是)?(?:问|说)的?是(?P<meant1>.+)$"
    r"|^(?:我)?(?:问的)?不是(?P<not2>[^，,吗说]{1,12}?)[，,]\s*(?:我?(?:问的)?)?是(?P<meant2>.+)$"
)
_SOFT_END = re.compile(r"[呢喃嘛吧啊呀哦。？?！!\s]+$")


def resolve_followup(question: Question, phrases: Phrases) -> tuple[Question, tuple[str, ...]]:
    """The question with what it points at in words, and notes on how it was understood; itself and none where it points at nothing."""
    if not question.history:
        return question, ()
    return _pointed(question, phrases) or _corrected(question, phrases) or (question, ())


def items_of(answer: str, phrases: Phrases) -> tuple[str, ...]:
    """What an answer enumerates: its list; else what one of its sentences lists; else the documents that it cites."""
    body, _, basis = answer.partition(phrases.basis)
    listed = [MARKER.sub("", m.group(1)).strip() for line in body.split("\n") if (m := _LIST_ITEM.match(line))]
    if len(listed) > 1:
        return tuple(listed)
    if row := _ROW.search(MARKER.sub("", body)):
        last = re.split(r"和|以及|及", row.group(1).rpartition("、")[2], maxsplit=1)
        return tuple(part.strip() for part in (*row.group(1).split("、")[:-1], *last) if part.strip())
    return tuple(f"《{m.group(2)}》{m.group(3)}" for line in basis.split("\n") if (m := _BASIS_LINE.match(line)))


def _pointed(question: Question, phrases: Phrases) -> tuple[Question, tuple[str, ...]] | None:
    match = _ORDINAL.match(question.text)
    answer = _last(question.history, "assistant")
    if not match or not answer:
        return None
    number = int(match.group(1)) if match.group(1).isdigit() else parse_chinese_number(match.group(1))
    items = items_of(answer, phrases)
    if not number or number > len(items):
        return None
    item = items[number - 1]
    rest = _SOFT_END.sub("", question.text[match.end() :]).strip("，, ")
    note = phrases.note_pointed.format(said=match.group().strip(), item=item[:MOST_CHARACTERS])
    item = _SOFT_END.sub("", item[:MOST_CHARACTERS])
    text = f"{item} {rest}" if rest else phrases.about_item.format(item=item) if len(item) <= _A_NAME else item
    return replace(question, text=text, history=()), (note,)


def _corrected(question: Question, phrases: Phrases) -> tuple[Question, tuple[str, ...]] | None:
    match = _CORRECTION.match(question.text)
    earlier = _last(question.history, "user")
    if not match or not earlier:
        return None
    meant = _SOFT_END.sub("", match["meant"] or match["meant1"] or match["meant2"] or "")
    wrong = (match["not1"] or match["not2"] or "").removesuffix("的")
    if not meant:
        return None
    note = phrases.note_corrected.format(meant=meant)
    if wrong and wrong in earlier:
        return replace(question, text=earlier.replace(wrong, meant.removesuffix("的")), history=()), (note,)
    return replace(question, text=meant), (note,)


def _last(history: Sequence[Turn], role: str) -> str:
    return next((turn.content for turn in reversed(history) if turn.role == role), "")
