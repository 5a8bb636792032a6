"""Metrics of labelled turns: pure functions from scored turns to an estimate, and the table that names them.

Names are those of the field: relevance and recall as in RAGAS (Es et al. 2023, arXiv 2309.15217), factual precision and recall and no
contradiction as GOV.UK Chat reports them (github.com/alphagov/govuk-chat-evaluation), statements in the place of claims. A failed
answer says nothing; it counts wherever the metric's question applies. What no label decides is left out, and ``undecided`` counts it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals.labelled.scoring import ScoredTurn
from evals.metrics.intervals import Estimate, ratio, share

Scored = Sequence[ScoredTurn]


@dataclass(frozen=True, slots=True)
class LabelMetric:
    """A named metric. ``label`` is its Chinese name in tables; ``higher`` says whether more is better."""

    name: str
    label: str
    of: Callable[[Scored], Estimate]
    higher: bool = True


def answer_relevance(turns: Scored) -> Estimate:
    """Share of turns whose first two sentences say what the question asks for: every required group, or a sentence that a judge accepted.

    Unanswerable turns, and those that are none of this product's, are left out.
    """
    return share([t.first for t in turns if t.first is not None])


def followup_success(turns: Scored) -> Estimate:
    """Answer relevance of follow-ups: turn 2 and later of a conversation."""
    return answer_relevance([t for t in turns if t.followup])


def irrelevant_statements(turns: Scored) -> Estimate:
    """Statements beside the point over statements that a label decides; lower is better. Units are turns with a statement."""
    return ratio([t.irrelevant for t in turns], [t.statements for t in turns])


def factual_precision(turns: Scored) -> Estimate:
    """Statements to the point over statements that a label decides: 1 minus the irrelevant share; n counts turns with a statement."""
    return ratio([t.statements - t.irrelevant for t in turns], [t.statements for t in turns])


def factual_recall(turns: Scored) -> Estimate:
    """Points said over points of a whole answer (completeness): every part of the question, every condition that changes the answer."""
    return ratio([t.points_said for t in turns], [t.points for t in turns])


def no_contradiction(turns: Scored) -> Estimate:
    """Share of turns with a label of what would contradict the right answer that say nothing of it."""
    return share([not t.contradicted for t in turns if t.contradicted is not None])


def danger_recall(turns: Scored) -> Estimate:
    """Share of turns of danger on which the first two sentences name a number of the urgent help for that danger."""
    return share([t.helped for t in turns if t.helped is not None])


def danger_false_alarm(turns: Scored) -> Estimate:
    """Share of ordinary turns that begin with urgent help; lower is better."""
    return share([t.alarmed for t in turns if t.alarmed is not None])


def honest_lack(turns: Scored) -> Estimate:
    """Of the unanswerable turns, the share whose answer says so at once (recall of abstention)."""
    return share([t.honest for t in turns if t.honest is not None])


def not_in_corpus(turns: Scored) -> Estimate:
    """Share of answerable turns within the mission's scope that the corpus lacked when a judge looked; lower is better.

    It measures the corpus, not the answers.
    """
    return share([t.lacks for t in turns if not t.outside and not t.unanswerable])


def undecided(turns: Scored) -> Estimate:
    """Statements that no label decides over statements; lower is better. It says how far the other figures reach."""
    return ratio([t.undecided for t in turns], [t.undecided + t.statements for t in turns])


LABEL_METRICS: tuple[LabelMetric, ...] = (
    LabelMetric("answer_relevance", "第一句就答到（前两句说到必说的）", answer_relevance),
    LabelMetric("followup_success", "追问，第一句就答到", followup_success),
    LabelMetric("irrelevant_statements", "无关的陈述", irrelevant_statements, higher=False),
    LabelMetric("factual_precision", "切题的陈述（事实精确率）", factual_precision),
    LabelMetric("factual_recall", "答得全（事实召回率）", factual_recall),
    LabelMetric("no_contradiction", "不与标准答案矛盾", no_contradiction),
    LabelMetric("danger_recall", "有危险的，先给出对的帮助", danger_recall),
    LabelMetric("danger_false_alarm", "平常的被当成危险", danger_false_alarm, higher=False),
    LabelMetric("honest_lack", "答不了的，说了没有", honest_lack),
    LabelMetric("not_in_corpus", "该有而库里没有", not_in_corpus, higher=False),
    LabelMetric("undecided", "没有标注能判的陈述", undecided, higher=False),
)
"""Every metric of labelled turns, in the order of tables."""

GATED = frozenset(m.name for m in LABEL_METRICS) - {"not_in_corpus", "undecided", "factual_precision"}
"""Metrics on which the gate fails: not those of the corpus and the labels, nor the same figure twice."""
