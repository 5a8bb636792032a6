"""An answer taken apart as its labels need it: its opening, its statements, whether it names urgent help, whether it says 没有."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from evals.form import statements
from evals.matching import fold_question, fold_said, says
from ui.markup import without_basis

OPENING_SENTENCES = 2
"""A user who reads no further has read about so much on a phone."""

_MARKER = re.compile(r"\[\d+\]")
_LIST_MARK = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.、)）])\s*")
_END = re.compile(r"(?<=[。！？；!?])")
_NOT_HELD = re.compile(
    r"(?:没有|没|未)(?:查到|找到|收录|载明|写)|(?:资料|知识库|库)里(?:没有|没)|暂无|找不到|不在这里|答不了|不清楚|查不到"
)
_URGENT = Path(__file__).parents[1] / "texts" / "urgent_help.yaml"


def sentences(text: str) -> list[str]:
    """The sentences of an answer in order, without markers, list marks and its list of sources.

    A line that ends in a colon leads in and belongs to the sentence after it.
    """
    found: list[str] = []
    leading = ""
    for line in without_basis(text).split("\n"):
        bare = _LIST_MARK.sub("", _MARKER.sub("", line)).replace("**", "").strip()
        if not bare:
            continue
        if bare.endswith(("：", ":")):
            leading += bare
            continue
        pieces = [piece.strip() for piece in _END.split(bare) if piece.strip()]
        pieces[0] = leading + pieces[0]
        leading = ""
        found += pieces
    return [*found, leading] if leading else found


def opening(text: str) -> str:
    """The first two sentences of an answer, as they are read."""
    return "".join(sentences(text)[:OPENING_SENTENCES])


def opening_key(text: str) -> str:
    """The first sentence of an answer folded: what a judge's word on it is kept by."""
    return fold_question("".join(sentences(text)[:1]))


def statements_of(text: str) -> list[str]:
    """The statements of an answer that cite a source, bare; names of documents alone are none."""
    return [s.bare.strip(" -*") for s in statements(without_basis(text)) if not s.basis and fold_question(s.bare)]


def all_said(text: str, groups: Sequence[Sequence[str]]) -> bool:
    """Whether a text says one of the words of every group; without groups it does."""
    return points_said(text, groups) == len(groups)


def points_said(text: str, groups: Sequence[Sequence[str]]) -> int:
    """How many groups have one of their words said."""
    folded = fold_said(text)
    return sum(any(says(folded, word) for word in group) for group in groups)


def says_not_held(text: str) -> bool:
    """Whether the opening of an answer says that the corpus does not hold it."""
    return bool(_NOT_HELD.search(opening(text)))


def urgent_numbers(kind: str) -> tuple[str, ...]:
    """Numbers of which urgent help for a kind of danger names one; those of every kind where it is not known."""
    numbers = _numbers()
    return numbers.get(kind) or tuple(dict.fromkeys(n for many in numbers.values() for n in many))


def names_help(text: str, kind: str = "") -> bool:
    """Whether a text names a number of urgent help for a kind of danger."""
    folded = fold_said(text)
    return any(says(folded, number) for number in urgent_numbers(kind))


@cache
def _numbers() -> Mapping[str, tuple[str, ...]]:
    loaded: Mapping[str, Sequence[str]] = yaml.safe_load(_URGENT.read_text(encoding="utf-8"))
    return {kind: tuple(str(number) for number in numbers) for kind, numbers in loaded.items()}
