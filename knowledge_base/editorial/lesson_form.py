"""The form of lessons and course plans (``corpus/training``, form lesson and course).

A lesson has fixed sections, worked formulas, and lessons before and after it; a course plan says who learns what, when and at what cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from knowledge_base.editorial.guide_form import sections_of
from knowledge_base.editorial.proofs import FENCED
from knowledge_base.loaders.corpus_markdown import AnnotatedText, list_field, text_field

LESSON = "lesson"
COURSE = "course"
FORMS = (LESSON, COURSE)
SECTIONS = ("学会什么", "要准备什么", "步骤", "例子", "常见的错", "两分钟练习", "接着学")
COURSE_SECTIONS = ("给谁学", "学时和安排", "练习", "怎么考核", "要准备的材料", "花多少钱", "办之前要做的事")
EXAMPLES = frozenset({"例子", "两分钟练习"})
"""Sections whose figures are made up for practice."""

LONGEST_LESSON = 60  # minutes

_COMMENT = re.compile(r"^#", re.M)


@dataclass(frozen=True, slots=True)
class WorkedFormula:
    """A spreadsheet example: cells to fill in (a text is written as text), the formula, and what its cell shows."""

    cells: Mapping[str, str | int | float]
    formula: str
    shows: str


def worked_formulas(meta: Mapping[str, object]) -> tuple[WorkedFormula, ...]:
    """The worked spreadsheet examples of a lesson's front matter.

    Raises:
        ValueError: one is not a mapping of cells, a formula and what it shows.
    """
    stated: Any = meta.get("formulas") or ()
    try:
        return tuple(WorkedFormula({str(k): v for k, v in f["cells"].items()}, f["formula"].strip(), str(f["shows"])) for f in stated)
    except (TypeError, KeyError, AttributeError) as exc:
        raise ValueError(f"formulas 每一项要有 cells、formula、shows：{exc!r}") from exc


def lesson_faults(meta: Mapping[str, object], parsed: AnnotatedText) -> Iterator[str]:
    """What breaks the form of a lesson."""
    headings = [s.heading for s in sections_of(parsed.text)]
    if headings != list(SECTIONS):
        yield f"小节应是 {'、'.join(SECTIONS)}，按这个顺序；现在是 {headings}"
    if any(_COMMENT.search(block.group()) for block in FENCED.finditer(parsed.text)):
        yield "脚本里有 # 开头的行，会被当成小标题，请删去"
    minutes = text_field(meta.get("minutes"))
    if not minutes.isdigit() or not 1 <= int(minutes) <= LONGEST_LESSON:
        yield f"minutes {minutes!r} 应为 1 到 {LONGEST_LESSON} 的整数"
    try:
        formulas = worked_formulas(meta)
    except ValueError as exc:
        yield str(exc)
        return
    for worked in formulas:
        if not worked.formula.startswith("="):
            yield f"公式 {worked.formula} 应以 = 开头"
        for what, value in (("公式", worked.formula), ("结果", worked.shows)):
            if value not in parsed.text:
                yield f"{what} {value} 没有写在正文里（公式 {worked.formula}）"


def course_faults(meta: Mapping[str, object], parsed: AnnotatedText) -> Iterator[str]:
    """What breaks the form of a course plan."""
    headings = [s.heading for s in sections_of(parsed.text)]
    if headings != list(COURSE_SECTIONS):
        yield f"小节应是 {'、'.join(COURSE_SECTIONS)}，按这个顺序；现在是 {headings}"
    minutes = text_field(meta.get("minutes"))
    if not minutes.isdigit() or not int(minutes):
        yield f"minutes {minutes!r} 应为整数（全部课时的分钟数）"
    if not list_field(meta.get("lessons")):
        yield "lessons 应写用哪几课"


def circles(metas: Mapping[str, Mapping[str, object]]) -> Iterator[tuple[str, ...]]:
    """Circles of prerequisites, one a circle: ids of which each is to be learnt before the next, first and last the same.

    A circle is broken where it was found, so that the next one shows.
    """
    graph = {slug: set(list_field(meta.get("prerequisites"))) for slug, meta in metas.items()}
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as exc:
            circle: tuple[str, ...] = tuple(exc.args[1])
            yield circle
            graph[circle[1]].discard(circle[0])
        else:
            return
