"""JSON lines: a file of typed rows that is read whole, and one that is only appended to."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from evals.errors import DatasetError

T = TypeVar("T")


def read_lines(path: Path, adapter: TypeAdapter[T]) -> list[T]:
    """The rows of a file, in its order; none where there is no file. A last line that a crash cut short is left out.

    Raises:
        DatasetError: the file cannot be read, or a whole line is no such row; the message names the line.
    """
    if not path.exists():
        return []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise DatasetError(f"{path} 读不了：{exc}") from exc
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            rows.append(adapter.validate_json(line))
        except ValidationError as exc:
            if number == len(lines):
                break  # the last line has no end: a crash cut it short
            raise DatasetError(f"{path.name} 第 {number} 行：{fault_of(exc)}") from exc
    return rows


def write_lines(path: Path, rows: Iterable[T], adapter: TypeAdapter[T]) -> None:
    """Write rows, in the place of what was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text("".join(dump_line(row, adapter) for row in rows), encoding="utf-8")
    part.replace(path)


def append_line(path: Path, line: bytes) -> None:
    """Append a line for good: it is on the disk when this returns. What a crash cut short stays on a line of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            line = line if file.read() == b"\n" else b"\n" + line
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def dump_line(row: T, adapter: TypeAdapter[T]) -> str:
    """A row as a line of JSON; fields at their default are left out."""
    return adapter.dump_json(row, exclude_defaults=True).decode() + "\n"


def fault_of(exc: ValidationError) -> str:
    """The first fault of a row, with the field it is in."""
    first = exc.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    return f"{field}：{first['msg']}" if field else str(first["msg"])
