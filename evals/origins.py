"""Where questions come from: who wrote them, having seen what, whether anything was tuned on them, and when they stopped being fresh."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from evals.errors import DatasetError
from evals.lines import fault_of

ORIGINS = "origins.yaml"
"""Lies beside the files whose origins it tells."""


class Seen(StrEnum):
    """What a writer had seen before writing, the least first."""

    NOTHING = "nothing"
    TITLE = "title"
    SECTION = "section"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who wrote questions, having seen how much of the knowledge base.

    ``tuned_on`` says that a rule, a weight or a threshold was chosen while looking at them. ``spent`` is the day (ISO 8601) since which
    they are no longer fresh: the first time that their results were seen. "" means that nobody has seen a result yet.
    """

    writer: str
    seen: Seen
    tuned_on: bool = False
    spent: str = ""
    note: str = ""

    @property
    def unseen(self) -> bool:
        """Whether the writer had seen nothing of the knowledge base, and nothing was tuned on the questions."""
        return self.seen is Seen.NOTHING and not self.tuned_on

    def __str__(self) -> str:
        return origin_text(self)


UNKNOWN = "来历不明"
"""What reports print where nobody wrote down the origin."""

_ORIGINS = TypeAdapter(dict[str, Origin])
_SEEN = {Seen.NOTHING: "什么也没看过", Seen.TITLE: "看过标题", Seen.SECTION: "看过原文段落", Seen.ANSWER: "看过答案"}


def origin_text(origin: Origin | None) -> str:
    """An origin in a few words, as reports print it beside a figure."""
    if origin is None:
        return UNKNOWN
    tuned = "调过规则或门槛" if origin.tuned_on else "没有拿来调过"
    fresh = f"{origin.spent} 起不再是新题" if origin.spent else "还没有看过结果"
    return f"{origin.writer}，{_SEEN[origin.seen]}；{tuned}；{fresh}"


def load_origins(folder: Path) -> Mapping[str, Origin]:
    """Origins by dataset name (the file's stem); none where the folder tells none.

    Raises:
        DatasetError: the file is malformed; the message names the dataset.
    """
    path = folder / ORIGINS
    if not path.is_file():
        return {}
    try:
        return _ORIGINS.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except ValidationError as exc:
        raise DatasetError(f"{path.name}：{fault_of(exc)}") from exc
    except (OSError, yaml.YAMLError) as exc:
        raise DatasetError(f"{path} 读不了：{exc}") from exc


def mixed_origin(origins: Iterable[Origin | None]) -> str:
    """The origin of a figure over several datasets, in a few words: the most that a writer had seen, and whether anything was tuned."""
    known = list(origins)
    if not known or None in known:
        return UNKNOWN
    written = [origin for origin in known if origin]
    most = max((o.seen for o in written), key=list(Seen).index)
    if len(set(written)) == 1:
        return origin_text(written[0])
    tuned = "有的调过规则或门槛" if any(o.tuned_on for o in written) else "没有拿来调过"
    return f"{len(written)} 个题集，出题的人最多{_SEEN[most]}；{tuned}"
