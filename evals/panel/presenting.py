"""Panels as they go over the wire."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.understanding.privacy import mask
from assistant.wire import evaluation_schemas as schemas
from assistant.wire.schemas import AnswerOut
from evals.metrics.intervals import Estimate
from evals.origins import origin_text
from evals.panel.desk import numbered, ordered_turns, own_rows
from evals.panel.folder import Panel
from evals.panel.judgements import Judgement
from evals.panel.measures import MEASURES
from evals.panel.summary import summarise_panels
from evals.panel.turns import Key, PanelTurn
from evals.panel.words import measure_label, measure_must, panel_words
from evals.presenting import present_estimate

_HIGHER = {m.name: m.higher for m in MEASURES}
_ROW_FIELDS = tuple(schemas.JudgedRow.model_fields)


def present_brief(panel: Panel) -> schemas.PanelBrief:
    """A panel in a list."""
    judged = {j.key for j in panel.judgements}
    return schemas.PanelBrief(
        name=panel.name, turns=len(ordered_turns(panel)), judged=len(judged), asked=panel.asking.asked if panel.asking else ""
    )


def present_turns(panel: Panel, judge: str) -> schemas.PanelTurnList:
    """A judge's turns, with which of them this judge has judged."""
    done = own_rows(panel, judge)
    items = [_brief(number, turn, turn.key in done) for number, turn in enumerate(ordered_turns(panel), 1)]
    return schemas.PanelTurnList(done=sum(i.done for i in items), items=items)


def present_turn(panel: Panel, whole: Mapping[Key, AnswerOut], number: int, judge: str) -> schemas.PanelTurnOut:
    """A turn as its judge sees it.

    Raises:
        RunMissing: there is no turn of that number.
    """
    turns = ordered_turns(panel)
    turn = numbered(turns, number)
    before = [t for t in turns if t.conversation == turn.conversation and t.turn < turn.turn]
    own = own_rows(panel, judge).get(turn.key)
    return schemas.PanelTurnOut(
        **_brief(number, turn, own is not None).model_dump(),
        before=[_exchange(panel, whole, t) for t in before],
        now=_exchange(panel, whole, turn),
        own=_row(own) if own else None,
    )


def judgement_of(turn: PanelTurn, request: schemas.JudgementRequest) -> Judgement:
    """A judge's row; telephone and identity numbers in its note are masked."""
    fields = {name: getattr(request, name) for name in _ROW_FIELDS}
    return Judgement(turn.conversation, turn.turn, **{**fields, "note": mask(request.note)}, judge=request.judge)


def present_results(panel: Panel) -> schemas.PanelResultsOut:
    """The figures of a panel."""
    summary = summarise_panels([panel])
    return schemas.PanelResultsOut(
        name=panel.name,
        origin=origin_text(panel.card.origin),
        turns=summary.turns,
        judged=summary.judged,
        measures=_measures(summary.measures),
        groups=[
            schemas.PanelGroupOut(table=table, key=key, measures=_measures(measures))
            for table, groups in summary.groups.items()
            for key, measures in groups.items()
        ],
        kinds=dict(summary.kinds),
        agreement={name: present_estimate(e) for name, e in summary.agreement.items() if e.value is not None},
        differing=[f"{a.conversation} 第 {a.turn} 轮" for a, _ in summary.disagreements],
        worst=[
            schemas.PanelWorst(
                conversation=j.turn.conversation,
                turn=j.turn.turn,
                text=j.turn.text,
                answer=panel.answers[j.turn.key].answer if j.turn.key in panel.answers else "",
                kind=str(panel_words()["values"]["kind"][j.said.kind]),
                note=j.said.note,
            )
            for j in summary.worst
        ],
    )


def _brief(number: int, turn: PanelTurn, done: bool) -> schemas.PanelTurnBrief:
    return schemas.PanelTurnBrief(number=number, conversation=turn.conversation, turn=turn.turn, text=turn.text, done=done)


def _exchange(panel: Panel, whole: Mapping[Key, AnswerOut], turn: PanelTurn) -> schemas.PanelExchange:
    given = panel.answers[turn.key]
    return schemas.PanelExchange(
        text=turn.text, answer=whole.get(turn.key), read=given.answer, buttons=list(given.buttons), error=given.error
    )


def _row(judgement: Judgement) -> schemas.JudgedRow:
    return schemas.JudgedRow.model_validate({name: getattr(judgement, name) for name in _ROW_FIELDS})


def _measures(measures: Mapping[str, Estimate]) -> list[schemas.PanelMeasureOut]:
    return [
        schemas.PanelMeasureOut(
            name=name, label=measure_label(name), must=measure_must(name), higher=_HIGHER[name], estimate=present_estimate(estimate)
        )
        for name, estimate in measures.items()
    ]
