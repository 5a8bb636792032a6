"""Ranking metrics, computed by ir-measures (on trec_eval) query by query.

Relevant means a grade above 0. Every query that the judgements know counts; one without a ranking scores 0.

- success@k: 1 if a relevant document stands in the top k, else 0.
- recall@k: relevant documents in the top k over all relevant ones (Manning et al., "Introduction to Information Retrieval", 2008, ch. 8).
- nDCG@10: gain = grade, discount log2(rank + 1), over the best order's (Järvelin and Kekäläinen, TOIS 2002).
- MRR@10: 1 over the rank of the first relevant document, 0 past rank 10 (Voorhees, TREC-8 1999).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import RR, R, Success, nDCG

from evals.metrics.intervals import Estimate, mean

MEASURES: Mapping[str, ir_measures.Measure] = {
    "success@1": Success @ 1,
    "success@5": Success @ 5,
    "success@10": Success @ 10,
    "recall@10": R @ 10,
    "MRR@10": RR @ 10,
    "nDCG@10": nDCG @ 10,
}

Judgements = Mapping[str, Mapping[str, int]]
"""Grade by document id by query id."""

Rankings = Mapping[str, Sequence[str]]
"""Document ids, best first and without repeats, by query id."""


def score_queries(judgements: Judgements, rankings: Rankings) -> dict[str, dict[str, float]]:
    """Value by query id by metric name. Queries without a relevant document are left out."""
    judged = {q: {d: int(g) for d, g in grades.items()} for q, grades in judgements.items() if any(g > 0 for g in grades.values())}
    # trec_eval orders by score and breaks ties by id, so the rank itself is given as the score.
    run = {q: {d: float(-rank) for rank, d in enumerate(rankings.get(q, ()), 1)} for q in judged}
    scores: dict[str, dict[str, float]] = {name: dict.fromkeys(judged, 0.0) for name in MEASURES}
    if judged:
        names = {measure: name for name, measure in MEASURES.items()}
        for value in ir_measures.iter_calc(list(MEASURES.values()), judged, run):
            scores[names[value.measure]][value.query_id] = float(value.value)
    return scores


def summarise_ranking(judgements: Judgements, rankings: Rankings) -> dict[str, Estimate]:
    """Mean over the queries by metric name, with a bootstrap interval."""
    return {name: mean(list(values.values())) for name, values in score_queries(judgements, rankings).items()}
