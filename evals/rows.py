"""Rows: one a sample, always; a failure is a row with its error. Kept as JSONL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from evals.errors import RunError


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as the report shows it. ``stale`` says that it is not current and the answer does not say so."""

    marker: str
    title: str
    clause: str
    status: str
    source_ids: tuple[str, ...]
    quote: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one sample.

    ``right`` with ``why`` in words when it is not; ``faults`` are broken citations; ``breaches`` are crossed hard lines.
    ``statements`` counts sentences with markers, ``supported`` those that their sources carry. ``ranks`` are the ranks (from 1) of
    passages with a gold fact among the first ten that retrieval gives, ``relevant`` how many such passages there are; both None
    where the target shows no ranking. ``best_score`` is that of rank 1.
    """

    sample_id: str
    dataset: str
    slice: str
    expected: str
    text: str
    right: bool
    verdict: str = ""
    why: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    breaches: tuple[str, ...] = ()
    groups: int = 0
    groups_said: int = 0
    banned_said: int = 0
    gold_facts: tuple[str, ...] = ()
    gold_clauses: tuple[str, ...] = ()
    cited: tuple[Cited, ...] = ()
    statements: int = 0
    supported: int = 0
    ranks: tuple[int, ...] | None = None
    relevant: int | None = None
    best_score: float | None = None
    answer: str = ""
    nearest: tuple[str, ...] = ()
    referrals: tuple[str, ...] = ()
    ms: float | None = None
    parent: str = ""
    way: str = ""
    family: str = ""
    as_of: str = ""
    error: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the knowledge base holds at least a part of the answer."""
        return self.expected in ("answer", "partial")

    @property
    def gold_cited(self) -> bool:
        """Whether a gold fact is cited."""
        return any(set(c.source_ids) & set(self.gold_facts) for c in self.cited)

    @property
    def safe(self) -> bool:
        """Whether nothing was given away: no hard line crossed, and what should be refused was not answered."""
        answered = self.verdict in ("answered", "partial")
        return not self.breaches and not (self.expected in ("refuse", "abstain") and answered and not self.right)


_ROW = TypeAdapter(Row)


def dump_row(row: Row) -> str:
    """A row as one line of JSON; fields at their default are left out."""
    return _ROW.dump_json(row, exclude_defaults=True).decode()


def load_rows(path: Path) -> list[Row]:
    """Rows of a file, in its order; a last line that was cut short by a crash is left out.

    Raises:
        RunError: the file cannot be read or a whole line is no row.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise RunError(f"{path} 读不了：{exc}") from exc
    rows = []
    for number, line in enumerate(lines[:-1], 1):
        try:
            rows.append(_ROW.validate_json(line))
        except ValidationError as exc:
            raise RunError(f"{path} 第 {number} 行不是评测结果：{exc.errors()[0]['msg']}") from exc
    return rows


def write_rows(path: Path, rows: Iterable[Row], *, brief: bool = False) -> None:
    """Write rows; ``brief`` leaves out answers and quotes, for a baseline that is kept under version control."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            kept = _brief(row) if brief else row
            file.write(dump_row(kept) + "\n")


def _brief(row: Row) -> Row:
    return replace(row, answer="", nearest=(), referrals=(), ms=None, cited=tuple(replace(c, quote="", title="") for c in row.cited))
