"""The pages of the documentation, taken apart: fences, commands, inline code, links and headings."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
NO_RUN = "no-run"
"""In the info string of a fence: ``python no-run: REASON``."""

_PARSER = MarkdownIt("commonmark").enable("table")
_HTML_LINK = re.compile(r'(?:src|href)="([^"]+)"')
_ASSIGNMENT = re.compile(r"[A-Z][A-Z0-9_]*=")
_FUNCTION = re.compile(r"(\w+)\(\) \{ (.*); \}")
_COMMAND = re.compile(r"(make|assistant|python|\.venv/bin/\S+|\.ci/run)( |$)")


@dataclass(frozen=True)
class Fence:
    """A fenced block. ``line`` counts from 1 and is that of the opening fence."""

    page: str
    line: int
    info: str
    code: str

    @property
    def language(self) -> str:
        """The first word of the info string; "" without one."""
        return self.info.split(" ")[0]

    @property
    def reason(self) -> str | None:
        """Why the block is not run; None where it is, "" where nobody says why."""
        rest = self.info.removeprefix(self.language).strip()
        return rest.removeprefix(NO_RUN).lstrip(": ") if rest.startswith(NO_RUN) else None


@dataclass(frozen=True)
class Page:
    """A Markdown file of the repository, by its path below the root."""

    path: str

    @cached_property
    def text(self) -> str:
        """The whole text."""
        return (ROOT / self.path).read_text(encoding="utf-8")

    @cached_property
    def _tokens(self) -> list[Token]:
        return _PARSER.parse(self.text)

    @cached_property
    def fences(self) -> list[Fence]:
        """Every fenced block."""
        return [Fence(self.path, (t.map or [0])[0] + 1, t.info.strip(), t.content) for t in self._tokens if t.type == "fence"]

    @property
    def inline_code(self) -> list[str]:
        """Every piece of inline code."""
        return [child.content for child in self._inline() if child.type == "code_inline"]

    @property
    def links(self) -> list[str]:
        """The target of every link and picture."""
        targets = []
        for token in (*self._inline(), *self._tokens):
            targets += [str(target) for name in ("href", "src") if (target := token.attrs.get(name))]
            if token.type in ("html_inline", "html_block"):
                targets += _HTML_LINK.findall(token.content)
        return targets

    @property
    def anchors(self) -> set[str]:
        """The anchors of its headings, as GitHub makes them."""
        headings = [after.content for token, after in zip(self._tokens, self._tokens[1:], strict=False) if token.type == "heading_open"]
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

    @property
    def commands(self) -> Iterator[list[str]]:
        """Every command that a reader is asked to run, as words, without assignments and comments."""
        for fence in self.fences:
            for line in _lines(fence):
                if defined := _FUNCTION.fullmatch(line):
                    yield from _commands_of(defined[2])
                else:
                    yield from _commands_of(line)
        for code in self.inline_code:
            if _COMMAND.match(code):
                yield from _commands_of(code)

    @property
    def functions(self) -> set[str]:
        """Shell functions that the page defines."""
        found = (_FUNCTION.fullmatch(line) for fence in self.fences for line in _lines(fence))
        return {match[1] for match in found if match}

    def _inline(self) -> Iterator[Token]:
        for token in self._tokens:
            yield from token.children or ()


def _lines(fence: Fence) -> Iterator[str]:
    """Command lines of a fence: after ``$`` in a console, whole lines that begin with python elsewhere. Comments are cut off."""
    joined = fence.code.replace("\\\n", " ")
    for line in joined.splitlines():
        if fence.language == "console" and line.startswith("$ "):
            yield re.sub(r"\s+# .*", "", line[2:]).strip()
        elif fence.language not in ("console", "python") and line.startswith("python -m "):
            yield re.sub(r"\s{2,}.*", "", line)


def _commands_of(line: str) -> Iterator[list[str]]:
    for part in re.split(r" (?:\||&&|;) ", line):
        words = shlex.split(part)
        while words and _ASSIGNMENT.match(words[0]):
            words = words[1:]
        if words:
            yield words


PAGES = tuple(
    Page(path.relative_to(ROOT).as_posix())
    for path in (
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "evals/README.md")),
        *sorted((ROOT / "docs").glob("*.md")),
    )
)
