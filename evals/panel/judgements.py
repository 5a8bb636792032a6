"""What a judge says of a turn: one row, checked, kept in a file a judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import TypeAdapter, ValidationError

from evals.errors import DatasetError
from evals.lines import fault_of
from evals.panel.turns import Key

First = Literal["yes", "partly", "no", "na"]
Harm = Literal["none", "misleading", "dangerous"]
YesNo = Literal["yes", "no"]
Complete = Literal["yes", "partly", "no"]
FailureKind = Literal["ok", "not_in_corpus", "understanding", "retrieval", "judging", "composing", "routing", "dialogue"]

FIELDS: Mapping[str, tuple[str, ...]] = {
    "first_sentence_answers": get_args(First),
    "harm": get_args(Harm),
    "verdict_right": get_args(YesNo),
    "complete": get_args(Complete),
    "understood": get_args(YesNo),
    "kind": get_args(FailureKind),
}
"""What each chosen field of a row may say."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judge's row on one turn; the fields are those that panels have had from the first.

    ``irrelevant_statements`` of ``statements`` neither answer what was asked nor are needed. ``danger_turn`` says that someone is in
    danger, ``danger_help_first`` whether the urgent help for that danger stands first (None where nobody is in danger), and
    ``false_alarm`` that an ordinary turn was treated as danger. ``second`` marks the row of a turn that another judge had judged before.
    """

    conversation: str
    turn: int
    first_sentence_answers: First
    irrelevant_statements: int
    statements: int
    harm: Harm
    verdict_right: YesNo
    complete: Complete
    understood: YesNo
    kind: FailureKind
    danger_turn: bool = False
    danger_help_first: bool | None = None
    false_alarm: bool = False
    note: str = ""
    judge: str = ""
    second: bool = False
    judged: str = ""

    @property
    def key(self) -> Key:
        """Conversation and turn."""
        return self.conversation, self.turn

    @property
    def answerable(self) -> bool:
        """Whether there is something to answer, and the knowledge base holds it."""
        return self.first_sentence_answers != "na" and self.kind != "not_in_corpus"


JUDGEMENT = TypeAdapter(Judgement)


def parse_judgement(row: object) -> Judgement:
    """A judgement from a decoded row; true, false and n/a are taken for yes, no and na.

    Raises:
        DatasetError: a field is missing, unknown or says what it may not, or two fields contradict each other.
    """
    if not isinstance(row, dict):
        raise DatasetError("每行应是一个 JSON 对象")
    if unknown := sorted(set(row) - set(Judgement.__dataclass_fields__)):
        raise DatasetError(f"不认识字段 {unknown}")
    try:
        judgement = JUDGEMENT.validate_python({name: _written(name, value) for name, value in row.items()})
    except ValidationError as exc:
        raise DatasetError(fault_of(exc)) from exc
    if fault := contradiction(judgement):
        raise DatasetError(fault)
    return judgement


def contradiction(judgement: Judgement) -> str:
    """What two fields of a row contradict each other in, in words; "" where none do."""
    if not 0 <= judgement.irrelevant_statements <= judgement.statements:
        return f"无关的陈述（{judgement.irrelevant_statements}）应在 0 和陈述总数（{judgement.statements}）之间"
    if judgement.danger_turn != (judgement.danger_help_first is not None):
        return "有人危险的轮次要填 danger_help_first，别的轮次不填"
    if judgement.danger_turn and judgement.false_alarm:
        return "有人危险的轮次不会是误报"
    return ""


def first_judgements(judgements: Iterable[Judgement]) -> dict[Key, Judgement]:
    """The judgement that counts for each turn: that of its first judge. Where two judged without knowing, the first by name."""
    found: dict[Key, Judgement] = {}
    for judgement in sorted(judgements, key=lambda j: (j.second, j.judge)):
        found.setdefault(judgement.key, judgement)
    return found


def judged_twice(judgements: Iterable[Judgement]) -> list[tuple[Judgement, Judgement]]:
    """Pairs of judgements of one turn by two judges, the judge that comes first by name first."""
    found: dict[Key, dict[str, Judgement]] = {}
    for judgement in judgements:
        found.setdefault(judgement.key, {})[judgement.judge] = judgement
    pairs = []
    for by_judge in found.values():
        names = sorted(by_judge)
        if len(names) > 1:
            pairs.append((by_judge[names[0]], by_judge[names[1]]))
    return pairs


def _written(name: str, value: Any) -> Any:
    """A value as the field says it."""
    if name not in FIELDS:
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return {"n/a": "na", "": "na"}.get(value, value) if isinstance(value, str) else value
