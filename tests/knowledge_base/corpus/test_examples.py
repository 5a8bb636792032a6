"""The worked examples of lessons are true: LibreOffice shows what a lesson says a formula shows, a script prints what it says."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import Workbook

from knowledge_base import CORPUS
from knowledge_base.editorial.lesson_form import WorkedFormula, worked_formulas
from knowledge_base.loaders.corpus_markdown import split_front_matter

_SCRIPT = re.compile(r"^```python\n(.*?)^```\n+```output\n(.*?)^```$", re.M | re.S)
_PYTHON = re.compile(r"^```python$", re.M)
_NEVER_ITS_CELL = "AZ"  # formulas stand in a column that no example fills


@dataclass(frozen=True)
class Lesson:
    slug: str
    formulas: tuple[WorkedFormula, ...]
    body: str


def lessons() -> list[Lesson]:
    found = []
    for path in sorted((CORPUS / "training").glob("*.md")):
        meta, body = split_front_matter(path.read_text(encoding="utf-8"))
        if meta.get("form") == "lesson":
            found.append(Lesson(path.stem, worked_formulas(meta), body))
    return found


LESSONS = lessons()
FORMULAS = [(lesson.slug, worked) for lesson in LESSONS for worked in lesson.formulas]
SCRIPTS = [pytest.param(*match, id=f"{lesson.slug}-{n}") for lesson in LESSONS for n, match in enumerate(_SCRIPT.findall(lesson.body), 1)]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What LibreOffice shows for every worked formula, in order: one sheet a formula, one conversion for all."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed; it computes the formulas of the lessons")
    folder = tmp_path_factory.mktemp("formulas")
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, (_, worked) in enumerate(FORMULAS):
        sheet = book.create_sheet(f"f{number}")
        for cell, value in worked.cells.items():
            sheet[cell] = value
        sheet[f"{_NEVER_ITS_CELL}1"] = worked.formula
    book.save(folder / "formulas.xlsx")
    # Every sheet as a file of its own (-1), formatted as shown; UTF-8 is 76. A profile of its own: no lock, no settings.
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", every_sheet]
    subprocess.run([*command, "--outdir", str(folder), str(folder / "formulas.xlsx")], check=True, capture_output=True, timeout=180)
    return [_last_of_first_row(folder / f"formulas-f{n}.csv") for n in range(len(FORMULAS))]


def _last_of_first_row(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))[-1]


def test_there_are_examples_to_check() -> None:
    assert len(FORMULAS) > 50
    assert len(SCRIPTS) >= 5


@pytest.mark.slow
def test_every_formula_shows_what_its_lesson_says(shown: list[str]) -> None:
    wrong = [(slug, f.formula, f.shows, value) for (slug, f), value in zip(FORMULAS, shown, strict=True) if value != f.shows]

    assert wrong == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_every_script_of_a_lesson_is_followed_by_its_output(lesson: Lesson) -> None:
    assert len(_PYTHON.findall(lesson.body)) == len(_SCRIPT.findall(lesson.body))


@pytest.mark.parametrize(("script", "output"), SCRIPTS)
def test_a_script_prints_what_its_lesson_says(script: str, output: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-I", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False,
        env={"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
    )  # fmt: skip

    assert run.returncode == 0, run.stderr
    assert run.stdout.rstrip("\n") == output.rstrip("\n")
