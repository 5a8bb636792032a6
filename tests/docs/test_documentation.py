"""Proof that the documentation is true: its code runs, and its commands, settings, routes, links and paths exist."""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from assistant_server import Service, serve
from documentation_pages import PAGES, ROOT, Fence, Page

from assistant.__main__ import app as assistant_app
from assistant.api import create_app
from assistant.settings import Settings
from assistant.wiring import build, open_stores
from evals.__main__ import app as evals_app
from evals.figures import find_faults, newest_panel, readme_table
from evals.making.shipped import corpus_documents
from evals.metrics.answers import right
from evals.metrics.intervals import Estimate
from evals.rows import Row, load_rows
from evals.service import router
from knowledge_base import CORPUS
from ui.settings import UiSettings

MOST_LINES = 150
"""Lines of the README."""

ADDRESS = "http://127.0.0.1:8000"
"""Where the pages say that the API is."""

PYTHON = [fence for page in PAGES for fence in page.fences if fence.language == "python"]
RUN = [fence for fence in PYTHON if fence.reason is None]
ELSEWHERE = frozenset({"curl", "export", "modelscope"})
"""Programs that are not ours and not in the environment."""

FURTHER_VARIABLES = frozenset({"ASSISTANT_SHARED_DIR"})
"""Read by the tests only."""

NAMES_OF_NOTHING = re.compile(r"(^|/)(NAME|FILE|DIR|DATA_DIR|ASSISTANT_\w+)(\.|/|$)")
"""Stand-ins for a name of the reader's own."""

PATH = re.compile(r"[\w.-]+(/[\w.-]+)*(\.(py|md|yaml|jsonl|toml|lock|j2|svg|png)|/)", re.A)
MODULE = re.compile(r"(assistant|knowledge_base|ui|evals)(\.[A-Za-z_]\w*)+")
NOT_MODULES = frozenset({"assistant.routers", "assistant.ask"})  # a group of entry points, a method
ROUTE = re.compile(r"(?:(GET|POST|PUT|PATCH|DELETE) )?(/(?:v1/|readyz)[\w/{}.…-]*)", re.A)

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
each_page_of_today = pytest.mark.parametrize("page", [p for p in PAGES if p.path != "CHANGELOG.md"], ids=lambda page: page.path)
"""All but the changelog, which may name what has gone."""


def named(fence: Fence) -> str:
    return f"{fence.page}:{fence.line}"


@pytest.fixture
def folder(small_data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a small knowledge base in ``.data`` and no settings in the environment."""
    shutil.copytree(small_data_dir, tmp_path / ".data")
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def service(small_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service over a small knowledge base."""
    data_dir = tmp_path_factory.mktemp("documented") / "data"
    shutil.copytree(small_data_dir, data_dir)
    with serve(Settings(data_dir=data_dir)) as running:
        yield running


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Paths of the API to their methods."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("routes"))
    stores = open_stores(settings)
    paths = create_app(build(settings, stores), stores.conversations, [router]).openapi()["paths"]
    stores.close()
    return {path: {method.upper() for method in methods} for path, methods in paths.items()}


def run_block(code: str, name: str) -> None:
    exec(compile(code, name, "exec"), {"__name__": "documentation"})


@pytest.mark.parametrize("fence", [fence for fence in RUN if ADDRESS not in fence.code], ids=named)
def test_a_block_of_python_runs(fence: Fence, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_block(fence.code, named(fence))

    assert ("print(" in fence.code) == bool(capsys.readouterr().out.strip())


@pytest.mark.parametrize("fence", [fence for fence in RUN if ADDRESS in fence.code], ids=named)
def test_a_block_that_asks_the_api_runs(fence: Fence, service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    run_block(fence.code.replace(ADDRESS, service.url), named(fence))

    assert capsys.readouterr().out.strip()


def test_a_block_that_is_not_run_says_why() -> None:
    assert not [named(fence) for fence in PYTHON if fence.reason == ""]
    assert Fence("a.md", 1, "python no-run: needs a model", "").reason == "needs a model"


@each_page
def test_every_command_exists(page: Page) -> None:
    faults = [f"{' '.join(words)}: {fault}" for words in page.commands if (fault := fault_of(words, page.functions))]

    assert not faults


def test_commands_are_found_in_the_pages() -> None:
    commands = [words for page in PAGES for words in page.commands]

    assert ["make", "run"] in commands
    assert [".venv/bin/assistant", "ingest", "--rebuild"] in commands


@pytest.mark.parametrize(
    "command",
    [
        "make tests",
        "assistant swallow",
        ".venv/bin/assistant ask 产假 --as-off 2024-01-01",
        "assistant corpus weigh",
        "python -m evals gates",
        "python -m evals.benchmarks.singing",
        "python -m evals.benchmarks.asking --pidd 1",
        ".venv/bin/assistent doctor",
        "wget x",
    ],
)
def test_a_command_that_does_not_exist_is_seen(command: str) -> None:
    assert fault_of(command.split(), set())


@each_page
def test_every_link_leads_somewhere(page: Page) -> None:
    broken = []
    for link in page.links:
        if not re.match(r"[a-z]+:", link):
            target, _, anchor = link.partition("#")
            path = ((ROOT / page.path).parent / target).resolve() if target else ROOT / page.path
            if not path.exists() or (anchor and anchor not in Page(path.relative_to(ROOT).as_posix()).anchors):
                broken.append(link)

    assert not broken


@each_page_of_today
def test_every_path_exists(page: Page) -> None:
    paths = [code for code in page.inline_code if PATH.fullmatch(code) and not NAMES_OF_NOTHING.search(code)]

    assert not [path for path in paths if not any(known.endswith(f"/{path}") for known in known_paths())]


@each_page_of_today
def test_every_module_and_name_in_code_exists(page: Page) -> None:
    dotted = [code for code in page.inline_code if MODULE.fullmatch(code) and code not in NOT_MODULES and not PATH.fullmatch(code)]

    assert not [name for name in dotted if not importable(name)]


@each_page
def test_every_setting_exists(page: Page) -> None:
    known = {f"ASSISTANT_{name.upper()}" for name in (*Settings.model_fields, *UiSettings.model_fields)} | FURTHER_VARIABLES

    assert not set(re.findall(r"ASSISTANT_[A-Z_]*[A-Z]", page.text)) - known


@each_page
def test_every_route_exists(page: Page, routes: dict[str, set[str]]) -> None:
    asked = [match.groups() for code in page.inline_code if (match := ROUTE.fullmatch(code))]
    asked += [(None, word.removeprefix(ADDRESS)) for words in page.commands for word in words if word.startswith(f"{ADDRESS}/v1")]

    assert not [(method, path) for method, path in asked if not is_route(method, path, routes)]


def test_the_readme_is_short_and_has_one_picture() -> None:
    (readme,) = (page for page in PAGES if page.path == "README.md")

    assert len(readme.text.splitlines()) <= MOST_LINES
    assert len([link for link in readme.links if link.endswith(".png")]) == 1


@pytest.mark.parametrize("package", ["assistant", "knowledge_base"])
def test_the_readme_has_a_place_for_every_folder(package: str) -> None:
    folders = [f"{package}/{path.parent.name}/" for path in sorted((ROOT / package).glob("*/__init__.py"))]

    assert not [folder for folder in folders if f"`{folder}`" not in (ROOT / "README.md").read_text(encoding="utf-8")]


@pytest.mark.parametrize(
    ("page", "dataset"), [("README.md", ""), ("README.md", "held_out"), *(("docs/figures.md", d) for d in ("", "held_out", "dev"))]
)
def test_the_figures_of_our_own_questions_are_those_of_the_committed_baseline(page: str, dataset: str) -> None:
    rows = [row for row in baseline() if dataset in ("", row.dataset)]

    assert shown(right(rows)) in (ROOT / page).read_text(encoding="utf-8")
    assert f"| {len(rows):,} |" in (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("page", "words", "kinds"),
    [
        ("README.md", "documents", ("guides", "training", "policies", "cases")),
        ("CHANGELOG.md", "guides to situations", ("guides",)),
        ("CHANGELOG.md", "cases; each", ("cases",)),
    ],
)
def test_documents_are_counted_as_they_are(page: str, words: str, kinds: tuple[str, ...]) -> None:
    held = sum(len(list((CORPUS / kind).glob("*.md"))) for kind in kinds)

    assert f"{held:,} {words}" in (ROOT / page).read_text(encoding="utf-8")


def test_ways_of_asking_near_misses_and_sources_are_counted_as_they_are() -> None:
    documents = corpus_documents(CORPUS)
    ways = sum(len(ask.questions) for document in documents for ask in document.asks)
    misses = sum(len(document.near_misses) for document in documents)
    sources = len((CORPUS / "sources.jsonl").read_text(encoding="utf-8").splitlines())
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert f"{ways:,} ways of asking" in changelog
    assert f"{misses:,} near misses" in changelog
    assert f"{sources:,} sources" in changelog


def test_every_figure_says_where_its_questions_come_from() -> None:
    assert find_faults(ROOT) == []


def test_the_readme_opens_with_the_table_of_the_newest_panel() -> None:
    panel = newest_panel()

    assert panel is not None
    assert readme_table(panel) in (ROOT / "README.md").read_text(encoding="utf-8")


@cache
def baseline() -> list[Row]:
    """The rows of the committed baseline."""
    return list(load_rows(ROOT / "evals" / "results" / "baseline" / "rows.jsonl"))


def shown(estimate: Estimate) -> str:
    """A share as the pages write it: 92.8 % (91.7–93.7)."""
    value, low, high = (100 * (part or 0) for part in (estimate.value, estimate.low, estimate.high))
    return f"{value:.1f} % ({low:.1f}–{high:.1f})"


@cache
def known_paths() -> frozenset[str]:
    """Every file and folder of the repository, with a slash before it and, for a folder, one after."""
    tops = [path for path in ROOT.iterdir() if path.name in ("assistant", "knowledge_base", "ui", "evals", "tests", "docs", ".ci")]
    paths = [*ROOT.iterdir(), *(path for top in tops for path in top.rglob("*"))]
    return frozenset(f"/{path.relative_to(ROOT).as_posix()}{'/' if path.is_dir() else ''}" for path in paths)


@cache
def importable(name: str) -> bool:
    """Whether a dotted name is a module, or a name in one."""
    module, _, attribute = name.rpartition(".")
    return bool(module) and (_is_module(name) or (_is_module(module) and hasattr(importlib.import_module(module), attribute)))


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def is_route(method: str | None, path: str, routes: dict[str, set[str]]) -> bool:
    """Whether the API has a route; a path that ends in … matches all with that beginning."""
    if path.endswith("…"):
        return any(known.startswith(path.removesuffix("…")) for known in routes)
    known = next((known for known in routes if re.fullmatch(re.sub(r"\{\w+\}", r"[^/]+", known), path)), None)
    if known is None:  # 「under /v1/evals」 names a prefix
        return method is None and any(other.startswith(f"{path}/") for other in routes)
    return method is None or method in routes[known]


def fault_of(words: list[str], functions: set[str]) -> str:
    """What is wrong with a command; "" where it exists."""
    program, arguments = words[0], [word.strip("[]") for word in words[1:] if "…" not in word]
    if program in ELSEWHERE or program in functions:
        return ""
    if program == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
        return next((f"no target {a}" for a in arguments if a not in targets and "=" not in a), "")
    if Path(program).name == "assistant":
        return fault_of_call(typer.main.get_command(assistant_app), arguments)
    if Path(program).name == "python":
        return fault_of_python(arguments)
    if program.startswith(".venv/bin/"):
        return "" if Path(sys.executable).with_name(Path(program).name).exists() else "no such program in the environment"
    return "" if program.startswith(".") and (ROOT / program).is_file() else "no such program"


def fault_of_python(arguments: list[str]) -> str:
    """What is wrong with the arguments of Python: a module that is not there, or options that it does not know."""
    if arguments[0] == "-c":
        compile(arguments[1], "-c", "exec")
        return ""
    module, rest = arguments[1], arguments[2:]
    if module == "evals":
        return fault_of_call(typer.main.get_command(evals_app), rest)
    spec = importlib.util.find_spec(module) if _is_module(module) else None
    if spec is None or spec.origin is None:
        return f"no module {module}"
    if not module.startswith(("evals.", "knowledge_base.")):
        return ""
    source = Path(spec.origin).read_text(encoding="utf-8")
    options = [word.removeprefix("--") for word in rest if word.startswith("--")]
    return next((f"no option --{o}" for o in options if not re.search(rf"\b{o}\b|\b{o.replace('-', '_')}\b", source)), "")


def fault_of_call(command: Any, arguments: list[str]) -> str:
    """What is wrong with a call of a command line: a subcommand or an option that it does not have."""
    rest = list(arguments)
    while hasattr(command, "commands") and rest:
        name = rest.pop(0)
        if name not in command.commands:
            return f"no command {name}"
        command = command.commands[name]
    options = {"--help", *(option for parameter in command.params for option in parameter.opts)}
    return next((f"no option {word}" for word in rest if word.startswith("-") and word not in options), "")
