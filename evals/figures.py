"""Figures in the documentation: every table of figures says where its questions come from; ``python -m evals check`` looks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.errors import RunError
from evals.origins import load_origins
from evals.panel.folder import PANELS, PanelFolder, panel_names
from evals.panel.summary import render_table, summarise_panels

PAGES = ("README.md", "docs/figures.md", "docs/evaluation.md")
"""Pages whose tables of figures are looked at, below the root of the repository."""

BASELINE_CONFIG = Path("evals") / "results" / "baseline" / "config.json"
NOTHING_SEEN = "Origin: had seen nothing"
"""How the paragraph above a table begins, when its questions were written by people who had seen nothing."""

_MARKED = re.compile(r"(<!-- the newest panel[^\n]*-->\n)(?:\|[^\n]*\n)*(<!-- end of the panel -->)")
_FIGURE_HEADS = frozenset({"n", "figure", "value"})
_ORIGIN = "Origin:"


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table of figures on a page. ``line`` is that of its head, from 1; ``above`` is the paragraph before it."""

    page: str
    line: int
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    above: str

    @property
    def fault(self) -> str:
        """What is missing: an origin for the table, or for a row of it; "" where none is."""
        place = next((i for i, head in enumerate(self.heads) if head.lower().startswith("origin")), None)
        if place is None:
            return "" if self.above.startswith(_ORIGIN) else "没有写题的来历（表前一段以 Origin: 开头，或者有一列 origin）"
        lacking = [row[0] for row in self.rows if len(row) <= place or not row[place]]
        return f"这些行没有写题的来历：{'、'.join(lacking)}" if lacking else ""


def figure_tables(page: str, text: str) -> Iterator[FigureTable]:
    """The tables of a page that have a column of figures or of n."""
    lines = text.split("\n")
    number = 0
    while number < len(lines) - 1:
        if lines[number].startswith("|") and re.fullmatch(r"\|[\s|:-]+\|", lines[number + 1]):
            end = next((i for i in range(number, len(lines)) if not lines[i].startswith("|")), len(lines))
            heads = _cells(lines[number])
            if {head.lower() for head in heads} & _FIGURE_HEADS:
                rows = tuple(_cells(line) for line in lines[number + 2 : end])
                yield FigureTable(page, number + 1, heads, rows, _paragraph_before(lines, number))
            number = end
        else:
            number += 1


def find_faults(root: Path) -> list[str]:
    """What figures lack an origin, page by page, and which datasets nobody wrote one down for; empty when all is well."""
    return [*_dataset_faults(root), *_page_faults(root), *_readme_faults(root)]


def newest_panel(folder: Path = PANELS) -> PanelFolder | None:
    """The panel that was asked last, among those that have been judged; None without one."""
    judged = [PanelFolder(folder / name) for name in panel_names(folder)]
    asked = [(p.asking(), p) for p in judged if p.judgements()]
    dated = [(asking.asked, p.path.name, p) for asking, p in asked if asking]
    return max(dated, key=lambda d: d[:2])[2] if dated else None


def readme_table(panel: PanelFolder) -> str:
    """The README's first table: the measures of a panel, in English."""
    return render_table(summarise_panels([panel.read()]).measures, "en")


def write_readme_table(readme: Path, panel: PanelFolder) -> None:
    """Put a panel's table between the two marks of the README.

    Raises:
        RunError: the marks are not there.
    """
    text = readme.read_text(encoding="utf-8")
    if not _MARKED.search(text):
        raise RunError(f"{readme} 里没有「<!-- the newest panel … -->」和「<!-- end of the panel -->」")
    readme.write_text(_MARKED.sub(lambda found: found.group(1) + readme_table(panel) + found.group(2), text), encoding="utf-8")


def _dataset_faults(root: Path) -> Iterator[str]:
    for folder in (root / "evals" / "datasets", root / "evals" / "unseen", root / "evals" / "datasets" / "panels"):
        origins = load_origins(folder)
        yield from (f"{p.relative_to(root)}：origins.yaml 里没有它的来历" for p in sorted(folder.glob("*.jsonl")) if p.stem not in origins)
    labelled = {path.stem for path in (root / "evals" / "datasets" / "panels").glob("*.jsonl")}
    panels = root / "evals" / "results" / "panels"
    unlabelled = [name for name in panel_names(panels) if name not in labelled and PanelFolder(panels / name).judgements()]
    yield from (f"evals/results/panels/{name}：评过了，质量门还没有用它。请运行 python -m evals panel label {name}" for name in unlabelled)
    config = root / BASELINE_CONFIG
    known = load_origins(root / "evals" / "datasets")
    named = json.loads(config.read_text(encoding="utf-8"))["datasets"] if config.is_file() else {}
    yield from (f"{BASELINE_CONFIG}：题集 {name} 没有来历" for name in named if name not in known)


def _page_faults(root: Path) -> Iterator[str]:
    for page in PAGES:
        if (root / page).is_file():
            for table in figure_tables(page, (root / page).read_text(encoding="utf-8")):
                if table.fault:
                    yield f"{page} 第 {table.line} 行的表：{table.fault}"


def _readme_faults(root: Path) -> Iterator[str]:
    readme = root / "README.md"
    tables: Sequence[FigureTable] = list(figure_tables("README.md", readme.read_text(encoding="utf-8"))) if readme.is_file() else ()
    if tables and not tables[0].above.startswith(NOTHING_SEEN):
        yield f"README.md 第 {tables[0].line} 行：第一张数字表只能放出题人什么也没看过的数字（表前一段以「{NOTHING_SEEN}」开头）"


def _paragraph_before(lines: Sequence[str], number: int) -> str:
    """The paragraph above a line, comments left out."""
    above = number - 1
    while above >= 0 and (not lines[above].strip() or lines[above].startswith("<!--")):
        above -= 1
    first = above
    while first > 0 and lines[first - 1].strip():
        first -= 1
    return " ".join(lines[max(first, 0) : above + 1])


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|")))
