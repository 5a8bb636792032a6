"""Forms for letters: what to fill in, and the letter that comes of it. Nothing filled in is kept or logged.

A letter is written line by line from ``letters/*.yaml``. A line with a place to fill in that is left empty shows a gap; a line marked
``optional`` is then left out. Every legal sentence names its facts, and :func:`letter_faults` proves it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import NotFound, ToolInputRefused
from assistant.tools.proofs import wording_faults
from assistant.tools.rules import Wording
from knowledge_base.text.normalise import strip_control
from knowledge_base.text.yaml import parse_yaml
from knowledge_base.types import Source

FOLDER = Path(__file__).parent / "letters"

STYLES = ("title", "heading", "line", "item", "right", "note")
"""How a paragraph is set; a note stands under the letter and is not part of it."""

GAP = "＿＿＿＿＿＿"
"""What stands where nothing was filled in."""

_PLACE = re.compile(r"\{(\w+)\}")
_LAW = re.compile(r"第[一二三四五六七八九十百零\d]+条|《[^》]*(?:法|条例|规定|解释|办法)》")


@dataclass(frozen=True, slots=True)
class Field:
    """Something to fill in. ``lines`` is how many lines it takes on the screen; ``fact`` marks what only the writer knows."""

    name: str
    label: str
    help: str = ""
    lines: int = 1
    example: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A paragraph before it is filled in. One that ``splits`` makes a paragraph of every line of its only field."""

    style: str
    wording: Wording
    optional: bool = False
    splits: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A form: its fields and its paragraphs. ``whom`` says whom to show it to before it is handed in."""

    name: str
    title: str
    group: str
    about: str
    fields: Mapping[str, Field]
    body: tuple[Template, ...]
    whom: tuple[Wording, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """Ids of every fact that its sentences rest on."""
        wordings = (*(template.wording for template in self.body), *self.whom)
        return tuple(dict.fromkeys(fact for wording in wordings for fact in wording.facts))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a letter as it will be printed, and the facts that it rests on."""

    style: str
    text: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A letter that was filled in. ``empty`` are the fields of which it shows a gap."""

    letter: Letter
    paragraphs: tuple[Paragraph, ...]
    empty: tuple[Field, ...]


def load_letters(folder: Path = FOLDER) -> dict[str, Letter]:
    """The shipped forms by name, in the order of ``order`` in their files."""
    written = [(path.stem, parse_yaml(path.read_text(encoding="utf-8"))) for path in folder.glob("*.yaml")]
    return {name: _letter(name, **fields) for name, fields in sorted(written, key=lambda one: one[1]["order"])}


def find_letter(letters: Mapping[str, Letter], name: str) -> Letter:
    """The form with this name.

    Raises:
        NotFound: there is none.
    """
    if name not in letters:
        raise NotFound(f"没有“{name}”这种书面材料。所有材料见 /v1/letters")
    return letters[name]


def write_letter(letter: Letter, values: Mapping[str, str]) -> Written:
    """The letter with what was filled in.

    Raises:
        ToolInputRefused: a name is no field of the form.
    """
    unknown = sorted(set(values) - set(letter.fields))
    if unknown:
        raise ToolInputRefused(f"“{letter.title}”没有“{'、'.join(unknown)}”这一栏。可以填：{'、'.join(letter.fields)}")
    given = {name: strip_control(value).strip() for name, value in values.items()}
    given = {name: value for name, value in given.items() if value}
    paragraphs = [paragraph for template in letter.body for paragraph in _fill(template, given)]
    shown = {name for template in letter.body if not template.optional for name in _PLACE.findall(template.wording.text)}
    empty = [field for name, field in letter.fields.items() if name in shown and name not in given]
    return Written(letter, tuple(paragraphs), tuple(empty))


def _fill(template: Template, given: Mapping[str, str]) -> Iterator[Paragraph]:
    names = _PLACE.findall(template.wording.text)
    if template.optional and not all(name in given for name in names):
        return
    if template.splits:
        for line in given.get(names[0], GAP).splitlines():
            if line.strip():
                yield Paragraph(template.style, line.strip())
        return
    text = _PLACE.sub(lambda match: " ".join(given.get(match[1], GAP).split("\n")), template.wording.text)
    yield Paragraph(template.style, text, template.wording.facts)


def letter_faults(letter: Letter, sources: Mapping[str, Source]) -> Iterator[str]:
    """What a form says that its facts do not carry: figures, clauses and laws without a fact, fields that nothing shows."""
    wordings = (*(template.wording for template in letter.body), *letter.whom)
    for wording in wordings:
        yield from (f"{letter.name}：{fault}：{wording.text[:24]}" for fault in wording_faults(wording, sources))
        if (named := _LAW.search(wording.text)) and not wording.facts:
            yield f"{letter.name}：写了{named.group()}，没有注来源"
    places = {name for wording in wordings for name in _PLACE.findall(wording.text)}
    yield from (f"{letter.name}：没有“{name}”这一栏" for name in sorted(places - set(letter.fields)))
    yield from (f"{letter.name}：“{name}”这一栏没有用上" for name in sorted(set(letter.fields) - places))


def _letter(
    name: str, title: str, group: str, about: str, order: int, fields: Mapping[str, Any], body: Sequence[Any], whom: Sequence[Any]
) -> Letter:
    return Letter(
        name,
        title,
        group,
        about,
        {key: _field(key, value) for key, value in fields.items()},
        tuple(_template(one) for one in body),
        tuple(_wording(one) for one in whom),
    )


def _field(name: str, value: str | Mapping[str, Any]) -> Field:
    return Field(name, value) if isinstance(value, str) else Field(name, **value)


def _template(written: Mapping[str, Any]) -> Template:
    fields = dict(written)
    facts, optional, splits = tuple(fields.pop("facts", ())), bool(fields.pop("optional", False)), bool(fields.pop("splits", False))
    ((style, text),) = fields.items()
    if style not in STYLES:
        raise ValueError(f"unknown style {style!r}")
    return Template(style, Wording(text, facts), optional, splits)


def _wording(written: str | Mapping[str, Any]) -> Wording:
    return Wording(written) if isinstance(written, str) else Wording(written["text"], tuple(written["facts"]))
