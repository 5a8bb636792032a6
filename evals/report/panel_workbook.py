"""The judged turns of a panel as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator

from evals.panel.desk import ordered_turns
from evals.panel.folder import Panel
from evals.panel.judgements import FIELDS, Judgement
from evals.panel.quota import CATEGORY_NAMES
from evals.panel.words import panel_words
from evals.tables import write_table

_BEFORE = ("对话", "第几轮", "类别", "四川话", "问题", "回答")
_AFTER = ("无关的陈述", "一共几句", "有人危险", "先给了对的帮助", "误报", "备注", "评读人", "第二人")
_HEADS = {
    "first_sentence_answers": "第一句答到",
    "harm": "会不会出事",
    "verdict_right": "结论对",
    "complete": "答得全",
    "understood": "看得懂",
    "kind": "毛病",
}
_WIDTHS = {"问题": 36, "回答": 70, "备注": 40, "类别": 18}


def render_panel_workbook(panel: Panel) -> bytes:
    """An XLSX file with a line a judgement, and one for each turn that nobody has judged."""
    return write_table("评读", (*_BEFORE, *_HEADS.values(), *_AFTER), _lines(panel), widths=_WIDTHS)


def _lines(panel: Panel) -> Iterator[tuple[object, ...]]:
    for turn in ordered_turns(panel):
        before = (
            *turn.key,
            CATEGORY_NAMES.get(turn.category, turn.category),
            _yes(turn.dialect),
            turn.text,
            panel.answers[turn.key].answer,
        )
        said = [j for j in panel.judgements if j.key == turn.key]
        for judgement in said:
            yield (*before, *_words(judgement), *_counts(judgement))
        if not said:
            yield (*before, *("" for _ in (*_HEADS, *_AFTER)))


def _words(judgement: Judgement) -> Iterator[str]:
    values = panel_words()["values"]
    return (str(values[name][getattr(judgement, name)]) for name in FIELDS)


def _counts(judgement: Judgement) -> tuple[object, ...]:
    return (
        judgement.irrelevant_statements,
        judgement.statements,
        _yes(judgement.danger_turn),
        "" if judgement.danger_help_first is None else _yes(judgement.danger_help_first),
        _yes(judgement.false_alarm),
        judgement.note,
        judgement.judge,
        _yes(judgement.second),
    )


def _yes(value: bool) -> str:
    return "是" if value else "否"
