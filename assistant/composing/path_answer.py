"""An answer to 「从哪学起」: the steps of the learning path that fits, each in the words of its document, and then what was found."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.composing.extract import Composed
from assistant.texts.wording import phrase
from assistant.types import PathCard
from assistant.understanding.evidence import Read
from knowledge_base.types import Kind

MOST_STEPS = 3
"""Steps that are quoted; the card beside the answer has them all."""


def lead_with_path(card: PathCard, composed: Composed) -> Composed:
    """The path's first steps before the best source of an extract; the extract as it is where no step can be quoted."""
    quotes = [step.quote for step in card.steps if step.quote][:MOST_STEPS]
    if not quotes:
        return composed
    citations = [replace(quote, marker=number) for number, quote in enumerate(quotes, 1)]
    lines = [phrase("path_lead", occupation=card.path.occupation, goal=card.path.goal), ""]
    lines += [f"- 《{c.document.title}》：{' '.join(c.quote.split())}[{c.marker}]" for c in citations]
    reads = tuple(Read(c.document.title, c.quote) for c in citations)
    best = [line for line in composed.lines if re.search(r"\[1\]$", line)]
    if (
        best
        and composed.citations[0].document.kind is not Kind.CASE
        and composed.citations[0].passage.passage_id not in {c.passage.passage_id for c in citations}
    ):
        citations.append(replace(composed.citations[0], marker=len(citations) + 1))
        lines += ["", *(f"{line.removesuffix('[1]')}[{citations[-1].marker}]" for line in best)]
    return Composed(tuple(lines), tuple(citations), (*reads, *composed.statements))
