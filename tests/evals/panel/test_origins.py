"""Origins: every dataset has one, reports print it, and a figure without one is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from evals_pieces import make_row
from panel_pieces import judgement, panel_with

from evals.errors import DatasetError, RunError
from evals.figures import figure_tables, find_faults, newest_panel, write_readme_table
from evals.origins import UNKNOWN, Origin, Seen, load_origins, mixed_origin, origin_text
from evals.report.markdown import render_markdown
from evals.run_folder import Run, RunConfig
from evals.samples import load_named
from evals.summary import summarise

OUTSIDER = Origin("外人", Seen.NOTHING, spent="2026-11-29")
INSIDER = Origin("项目自己", Seen.ANSWER, tuned_on=True)


def test_every_shipped_dataset_has_an_origin() -> None:
    assert [d.name for d in load_named(()) if d.origin is None] == []


def test_only_who_had_seen_nothing_and_was_never_tuned_on_counts_as_unseen() -> None:
    assert OUTSIDER.unseen
    assert not INSIDER.unseen
    assert not Origin("外人", Seen.NOTHING, tuned_on=True).unseen


def test_an_origin_in_words() -> None:
    assert origin_text(OUTSIDER) == "外人，什么也没看过；没有拿来调过；2026-11-29 起不再是新题"
    assert origin_text(None) == UNKNOWN


def test_a_figure_over_several_datasets_has_the_most_that_a_writer_had_seen() -> None:
    assert mixed_origin([OUTSIDER, INSIDER]) == "2 个题集，出题的人最多看过答案；有的调过规则或门槛"
    assert mixed_origin([OUTSIDER, OUTSIDER]) == origin_text(OUTSIDER)
    assert mixed_origin([OUTSIDER, None]) == mixed_origin([]) == UNKNOWN


def test_a_malformed_origin_is_named(tmp_path: Path) -> None:
    (tmp_path / "origins.yaml").write_text("dev: {writer: 我, seen: everything}\n", encoding="utf-8")

    with pytest.raises(DatasetError, match=r"dev\.seen"):
        load_origins(tmp_path)


def test_a_report_prints_the_origin_beside_every_figure() -> None:
    row = make_row()
    config = RunConfig("dev", "本系统", {}, {"dev": "0123"}, 1, "2026-11-22")

    told = render_markdown(Run("r", config, (row,), summarise([row])))

    figures = [line for line in told.split("\n") if line.startswith("| ") and line.endswith("|")]
    assert any(line.startswith("| 总体答对") and "项目自己，看过答案" in line for line in figures)


def page_with(tmp_path: Path, text: str) -> Path:
    (tmp_path / "docs").mkdir(exist_ok=True)
    (tmp_path / "docs" / "figures.md").write_text(text, encoding="utf-8")
    return tmp_path


TABLE = "| what | figure | n |\n|---|---|---|\n| right | 90 % | 100 |\n"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (f"Some words.\n\n{TABLE}", 1),
        (f"Origin: the project.\n\n{TABLE}", 0),
        ("| what | n | origin |\n|---|---|---|\n| right | 100 | the project |\n", 0),
        ("| what | n | origin |\n|---|---|---|\n| right | 100 | |\n", 1),
        ("| step | what happens |\n|---|---|\n| a | b |\n", 0),
    ],
)
def test_a_table_of_figures_without_an_origin_is_a_fault(tmp_path: Path, text: str, faults: int) -> None:
    assert len(find_faults(page_with(tmp_path, text))) == faults


def test_a_dataset_without_an_origin_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "evals" / "datasets").mkdir(parents=True)
    (tmp_path / "evals" / "datasets" / "new.jsonl").write_text("", encoding="utf-8")

    assert find_faults(tmp_path) == ["evals/datasets/new.jsonl：origins.yaml 里没有它的来历"]


def test_a_judged_panel_that_the_gate_does_not_use_yet_is_a_fault(tmp_path: Path) -> None:
    folder = panel_with(tmp_path / "evals" / "results" / "panels" / "spring")
    assert find_faults(tmp_path) == []

    folder.add_judgement(replace(judgement(), judge="j1"))

    assert "panel label spring" in find_faults(tmp_path)[0]


def test_the_readmes_first_table_of_figures_is_of_writers_who_had_seen_nothing(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"Origin: the project.\n\n{TABLE}", encoding="utf-8")

    assert "第一张数字表" in find_faults(tmp_path)[0]


def test_tables_are_found_with_the_paragraph_above_and_comments_left_out() -> None:
    (table,) = figure_tables("p.md", f"Origin: a\nand b.\n\n<!-- mark -->\n{TABLE}")

    assert (table.above, table.line, table.rows) == ("Origin: a and b.", 5, (("right", "90 %", "100"),))


def test_the_table_of_a_panel_is_written_into_the_readme(tmp_path: Path) -> None:
    folder = panel_with(tmp_path / "panels" / "p")
    folder.add_judgement(replace(judgement(), judge="j1"))
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- the newest panel: x -->\n| old |\n<!-- end of the panel -->\nafter\n", encoding="utf-8")

    write_readme_table(readme, folder)

    text = readme.read_text(encoding="utf-8")
    assert "| verdict right | 1/1 = 100 % (21–100)" in text
    assert "| old |" not in text
    assert newest_panel(tmp_path / "panels") is None  # it has not been asked
    readme.write_text("nothing", encoding="utf-8")
    with pytest.raises(RunError, match="the newest panel"):
        write_readme_table(readme, folder)
