"""Imports point one way, every third-party name has one home, and importing does no work."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WIRE_TYPES = ("assistant.wire.schemas", "assistant.wire.evaluation_schemas", "assistant.wire.tool_schemas")
PACKAGES = ("assistant", "knowledge_base", "ui", "evals")
HEAVY = (
    "torch",
    "sentence_transformers",
    "transformers",
    "chromadb",
    "tantivy",
    "pymilvus",
    "milvus_lite",
    "grpc",
    "streamlit",
    "fastapi",
    "langchain_core",
    "pypinyin",
    "numpy",
)

READS_ENVIRONMENT = re.compile(r"os\.environ(?:\[|\.get|\.setdefault)|getenv\(")  # handing all of it to a child process is no reading

HOMES = {
    "chromadb": ("knowledge_base.index.vectors", "evals.baselines"),
    "tantivy": ("knowledge_base.index.lexical",),
    "pymilvus": ("knowledge_base.index.milvus",),
    "milvus_lite": ("knowledge_base.index.milvus",),
    "grpc": ("knowledge_base.index.milvus",),
    "sentence_transformers": ("knowledge_base.embedder.embedding", "knowledge_base.search.reranking"),
    "torch": ("knowledge_base.training", "knowledge_base.search.reranking"),
    "fastapi": ("assistant.api", "evals.service"),
    "streamlit": ("ui",),
    "icalendar": ("assistant.tools.calendar_file",),
    "openai": ("assistant.composing.answer_model", "assistant.running.transcription"),
    "langchain": ("knowledge_base.splitting", "knowledge_base.search.langchain", "assistant.composing.answer_model", "evals.baselines"),
}
"""Third-party name, or how it begins (langchain_core, langchain_openai), to the modules and packages that may import it.

What the evals compare with (``evals.baselines``) is built from the libraries themselves; ``evals.service`` joins the API as a plug-in.
"""


def run_python(code: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def modules() -> dict[str, Path]:
    """Our modules by dotted name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported_by(path: Path) -> set[str]:
    """Names that a file imports anywhere, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def lies_in(module: str, homes: tuple[str, ...]) -> bool:
    return any(module == home or module.startswith(f"{home}.") for home in homes)


def test_the_contracts_of_importlinter_are_kept() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo", "--config", str(ROOT / ".importlinter")]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(("name", "homes"), HOMES.items())
def test_every_third_party_name_has_one_home(name: str, homes: tuple[str, ...]) -> None:
    for module, path in modules().items():
        used = {i for i in imported_by(path) if i.split(".")[0] == name or i.split(".")[0].startswith(f"{name}_")}
        assert not used or lies_in(module, homes), f"{module} imports {used}"


def test_pages_import_nothing_of_ours_but_the_wire_types() -> None:
    for module, path in modules().items():
        if module.split(".")[0] == "ui":
            ours = {i for i in imported_by(path) if i.split(".")[0] in PACKAGES and not i.startswith("ui")}
            assert all(i.startswith(WIRE_TYPES) for i in ours), f"{module} imports {ours}"


def test_the_wire_types_need_nothing_of_ours_but_each_other() -> None:
    for module in WIRE_TYPES:
        ours = {i for i in imported_by(modules()[module]) if i.split(".")[0] in PACKAGES}
        assert all(i.startswith(WIRE_TYPES) for i in ours), f"{module} imports {ours}"


def test_only_settings_read_the_environment() -> None:
    allowed = (
        "assistant.settings",
        "ui.settings",
        "assistant.running.launching",
        "knowledge_base.embedder.embedding",
        "knowledge_base.search.reranking",
    )
    for module, path in modules().items():
        reads = READS_ENVIRONMENT.findall(path.read_text(encoding="utf-8"))
        assert not reads or module.startswith("evals") or lies_in(module, allowed), module


@pytest.mark.parametrize(
    "imports",
    [
        "knowledge_base",
        "assistant",
        "assistant.wire.schemas",
        "assistant.__main__",
        "assistant.settings",
        "ui.client",
        "knowledge_base.types",
    ],
)
def test_an_import_loads_nothing_heavy(imports: str) -> None:
    code = f"import sys, {imports}; print(*sorted(m for m in {HEAVY!r} if m in sys.modules))"

    assert run_python(code) == ""


def test_searching_needs_no_store() -> None:
    stores = ("chromadb", "tantivy", "pymilvus")
    code = f"import sys, knowledge_base.search.retrieval; print(*sorted(m for m in {stores!r} if m in sys.modules))"

    assert run_python(code) == ""


def test_the_routes_of_the_evals_load_neither_plots_nor_reports_nor_spreadsheets() -> None:
    drawn_on = ("altair", "pandas", "vl_convert", "scipy", "jinja2", "openpyxl")
    code = f"import sys, evals.service; print(*sorted(m for m in {drawn_on!r} if m in sys.modules))"

    assert run_python(code) == ""


ANSWER = """
import sys
from pathlib import Path
from assistant.types import Question
from assistant.wiring import build
from assistant.settings import Settings

parts = build(Settings(data_dir=Path(sys.argv[1])))
answer = parts.assistant.ask(Question("产假有多少天"))
parts.close()
assert "98" in answer.text, answer.text
print(*sorted(m for m in ("torch", "transformers", "sentence_transformers", "streamlit", "fastapi", "openai") if m in sys.modules))
"""


def test_answering_a_question_loads_no_torch(shipped_data_dir: Path) -> None:
    assert run_python(ANSWER, str(shipped_data_dir)) == ""


def test_answering_knows_no_database_no_store_and_no_web_framework() -> None:
    homeless = {"sqlalchemy", "alembic", "fastapi", "docx", "chromadb", "tantivy", "pymilvus"}
    code = f"import sys, assistant.answering; print(*sorted({homeless!r} & set(sys.modules)))"

    assert run_python(code) == ""
