"""Labels from a judged panel: what its judges said of openings, statements, danger and what the corpus lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evals.labelled.labels import LabelledTurn
from evals.labelled.reading import opening_key, statements_of
from evals.matching import fold_question
from evals.panel.folder import Panel
from evals.panel.judgements import Judgement, first_judgements
from evals.panel.turns import GivenAnswer

_BADGE = "〔"


def derive_labels(panel: Panel, known: Sequence[LabelledTurn] = ()) -> list[LabelledTurn]:
    """Every judged turn with its labels, added to those that are known already.

    A judge counts irrelevant statements and does not name them, so only answers of which all or none are irrelevant give labels.
    """
    written = {labels.key: labels for labels in known}
    said = first_judgements(panel.judgements)
    found = []
    for turn in panel.turns:
        if turn.key in said and turn.key in panel.answers:
            plain = LabelledTurn(*turn.key, turn.text, turn.category, turn.dialect, turn.who)
            derived = _derived(plain, said[turn.key], panel.answers[turn.key])
            found.append(written[turn.key].merged(derived) if turn.key in written else derived)
    return found


def _derived(turn: LabelledTurn, said: Judgement, answer: GivenAnswer) -> LabelledTurn:
    text = _without_badge(answer.answer)
    openings = {} if said.first_sentence_answers == "na" or not text else {opening_key(text): said.first_sentence_answers}
    statements = {}
    if said.statements and said.irrelevant_statements in (0, said.statements):
        statements = {fold_question(s): said.irrelevant_statements == 0 for s in statements_of(text)}
    return replace(
        turn,
        danger="any" if said.danger_turn else "",
        lacks=said.kind == "not_in_corpus",
        outside=said.first_sentence_answers == "na",
        openings=openings,
        statements=statements,
    )


def _without_badge(text: str) -> str:
    """The text of an answer as it was read, without the badge above it."""
    return text.split("\n", 1)[-1].lstrip() if text.startswith(_BADGE) else text
