"""Learning paths: which documents to read for an occupation, a goal and a level, in which order and why.

People maintain the paths in ``corpus/paths.yaml``; this module reads them strictly and checks them against the
documents' front matter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge_base.editorial.corpus_check import Finding
from knowledge_base.errors import CorpusError
from knowledge_base.loaders.corpus_markdown import list_field, text_field
from knowledge_base.loaders.stated import LEVELS
from knowledge_base.text.yaml import parse_yaml
from knowledge_base.types import Status
from knowledge_base.validity import HOME_REGION, applies_in, is_date, last_day

_PATH_FIELDS = ("occupation", "goal", "level", "steps")
_STEP_FIELDS = ("document", "reason")
_NOT_FOR_LEARNERS = (Status.EXPIRED, Status.DRAFT)

FrontMatter = Mapping[str, object]
"""Front matter of one document, as ``split_front_matter`` gives it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One document of a path by its slug, and one sentence on why it comes here."""

    document: str
    reason: str


@dataclass(frozen=True, slots=True)
class LearningPath:
    """What someone in an occupation reads, in order, to reach a goal. Occupation, goal and level identify the path."""

    occupation: str
    goal: str
    level: str
    steps: tuple[Step, ...]

    @property
    def name(self) -> str:
        """The path's name in messages: 护士·用AI减负·入门."""
        return f"{self.occupation}·{self.goal}·{self.level}"


def load_paths(path: Path) -> tuple[LearningPath, ...]:
    """Paths of a file, in order.

    Raises:
        CorpusError: the file cannot be read, or an entry lacks a field, has an unknown one or a value that is no text,
            has no steps, an unknown level or a document twice, or repeats an earlier entry. The message names the entry.
    """
    try:
        entries = parse_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise CorpusError(f"找不到学习路线文件 {path}") from exc
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise CorpusError(f"{path.name} 不是合法的 UTF-8 YAML：{exc}") from exc
    if not isinstance(entries, list):
        raise CorpusError(f"{path.name} 应是路线的列表，每条以“- occupation:”开头")
    paths: dict[str, LearningPath] = {}
    for number, entry in enumerate(entries, 1):
        learning_path = _path(f"{path.name} 第 {number} 条", entry)
        if learning_path.name in paths:
            raise CorpusError(f"{path.name} 第 {number} 条：{learning_path.name} 与前面重复，请合并或换个目标")
        paths[learning_path.name] = learning_path
    return tuple(paths.values())


def check_paths(
    paths: Sequence[LearningPath], documents_meta: Mapping[str, FrontMatter], *, as_of: dt.date | None = None
) -> tuple[Finding, ...]:
    """Faults of paths, given the front matter of all documents by slug; empty if there are none.

    A fault is a step whose document does not exist, is a draft, no longer holds or belongs to another province, and a
    prerequisite that is missing or comes later. With ``as_of``, a document whose last day is before that date counts as one
    that no longer holds; without it only the written status does.
    """
    return tuple(Finding("paths.yaml", m) for p in paths for m in _path_faults(p, documents_meta, as_of))


def find_paths(
    paths: Sequence[LearningPath], occupation: str | None = None, goal: str | None = None, level: str | None = None
) -> tuple[LearningPath, ...]:
    """Paths with the given occupation, goal and level, in order; None matches everything."""
    return tuple(p for p in paths if occupation in (None, p.occupation) and goal in (None, p.goal) and level in (None, p.level))


def _path(where: str, entry: object) -> LearningPath:
    if not isinstance(entry, dict):
        raise CorpusError(f"{where}：应写 {'、'.join(_PATH_FIELDS)} 四项，读到的是 {entry!r}")
    where = f"{where}（{'·'.join(str(entry.get(k, '?')) for k in _PATH_FIELDS[:3])}）"
    _require_fields(where, entry, _PATH_FIELDS)
    occupation, goal, level = (_text(where, entry, field) for field in _PATH_FIELDS[:3])
    if level not in LEVELS:
        raise CorpusError(f"{where}：level {level!r} 应为 {'、'.join(LEVELS)} 之一")
    if not isinstance(entry["steps"], list) or not entry["steps"]:
        raise CorpusError(f"{where}：steps 应是至少一步的列表")
    steps: dict[str, Step] = {}
    for number, raw in enumerate(entry["steps"], 1):
        here = f"{where} 第 {number} 步"
        if not isinstance(raw, dict):
            raise CorpusError(f"{here}：应写 {'、'.join(_STEP_FIELDS)} 两项，读到的是 {raw!r}")
        _require_fields(here, raw, _STEP_FIELDS)
        step = Step(_text(here, raw, "document"), _text(here, raw, "reason"))
        if step.document in steps:
            raise CorpusError(f"{here}：文档 {step.document} 在这条路线里已经有了，请删去一步")
        steps[step.document] = step
    return LearningPath(occupation, goal, level, tuple(steps.values()))


def _require_fields(where: str, entry: Mapping[object, object], fields: Sequence[str]) -> None:
    missing = [f for f in fields if f not in entry]
    unknown = [str(f) for f in entry if f not in fields]
    if missing:
        raise CorpusError(f"{where}：缺 {'、'.join(missing)}")
    if unknown:
        raise CorpusError(f"{where}：不认识的项 {'、'.join(unknown)}，只能写 {'、'.join(fields)}")


def _text(where: str, entry: Mapping[object, object], field: str) -> str:
    value = entry[field]
    if not isinstance(value, str) or not value.strip():
        raise CorpusError(f"{where}：{field} 应是一段文字，读到的是 {value!r}")
    return value.strip()


def _path_faults(path: LearningPath, documents: Mapping[str, FrontMatter], as_of: dt.date | None) -> Iterator[str]:
    place = {step.document: number for number, step in enumerate(path.steps)}
    for number, step in enumerate(path.steps):
        meta = documents.get(step.document)
        here = f"{path.name} 第 {number + 1} 步 {step.document}"
        if meta is None:
            yield f"{here}：没有这篇文档，请改 id 或删去这一步"
            continue
        yield from (f"{here}：{reason}" for reason in _unfit(meta, as_of))
        for needed in list_field(meta.get("prerequisites")):
            if needed not in place:
                yield f"{here}：要先学的 {needed} 不在这条路线里，请加在它前面"
            elif place[needed] > number:
                yield f"{here}：要先学的 {needed} 排在它后面，请调到前面"


def _unfit(meta: FrontMatter, as_of: dt.date | None) -> Iterator[str]:
    status, expires, region = (text_field(meta.get(name)) for name in ("status", "expires", "region"))
    if status in _NOT_FOR_LEARNERS:
        yield f"状态是{status}，不能排进路线"
    elif as_of and is_date(expires) and as_of > last_day(expires):
        yield f"到 {expires} 已经过期，不能排进路线"
    if not applies_in(region, HOME_REGION):
        yield f"是{region}的，不能当作{HOME_REGION}的排进路线"
