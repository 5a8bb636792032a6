"""The rows of a run as a table for a spreadsheet, with what people said of them."""

from __future__ import annotations

from collections.abc import Sequence

from evals.remarks import Fair, Remark
from evals.rows import Row
from evals.tables import write_table

_COLUMNS = ("编号", "题集", "分类", "问题", "应当", "实际", "判定", "为什么", "越线", "回答", "出处", "毫秒", "人工看法", "备注")
_WIDTHS = {"问题": 40, "为什么": 28, "回答": 60, "出处": 40, "备注": 40}
_FAIR = {Fair.AGREE: "判得对", Fair.DISAGREE: "判错了", Fair.UNSURE: "拿不准"}


def render_workbook(rows: Sequence[Row], remarks: Sequence[Remark]) -> bytes:
    """An XLSX file with a line a row, in their order."""
    said: dict[str, list[Remark]] = {}
    for remark in remarks:
        said.setdefault(remark.sample_id, []).append(remark)
    return write_table("逐题结果", _COLUMNS, (_line(row, said.get(row.sample_id, [])) for row in rows), widths=_WIDTHS)


def _line(row: Row, remarks: Sequence[Remark]) -> tuple[object, ...]:
    sources = "\n".join(f"[{c.marker}] 《{c.title}》{c.clause}（{c.status}）" for c in row.cited)
    return (
        row.sample_id,
        row.dataset,
        row.way or row.family or row.slice,
        row.text,
        row.expected,
        "error" if row.error else row.verdict,
        "对" if row.right else "错",
        "；".join((*row.why, *row.faults)) or row.error,
        "；".join(row.breaches),
        row.answer,
        sources,
        "" if row.ms is None else round(row.ms, 1),
        "；".join(f"{_FAIR[r.fair]}（{r.author}）" for r in remarks if r.fair),
        "；".join(f"{r.note}（{r.author}，{r.created[:10]}）" for r in remarks if r.note),
    )
