"""Checks of approved answers: which passages they name, which sentences they lean on, and whether every line is carried."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from assistant.approved import Reference, Submission
from assistant.checking.markers import markers_in
from assistant.checking.statements import check_statement, split_sentences
from assistant.texts.condition_words import ConditionWords
from assistant.types import Citation
from assistant.understanding.privacy import mask
from knowledge_base.index.generation import Generation
from knowledge_base.text.numerals import figures
from knowledge_base.text.similarity import containment, long_tokens
from knowledge_base.types import Passage
from knowledge_base.validity import status_of

MOST_PASSAGES = 6
"""Passages that one approved answer cites at most."""

_NEAR_BEST = 0.5  # of the best sentence's overlap: what is quoted beside it


def with_markers(text: str, citations: Sequence[Citation], words: ConditionWords) -> str:
    """The text with a marker on every line that has none: the passage nearest to the line that carries it, else all of them.

    A line that only leads to the next ones (办理步骤：) stays as it is.
    """
    lines = []
    for line in text.split("\n"):
        said = line.rstrip()
        if said and not markers_in(said) and not (said.endswith(("：", ":")) and not figures(said)):
            by_nearness = sorted(citations, key=lambda c: (-_overlap(said, c.passage.text), c.marker))
            carriers = [c for c in by_nearness if not check_statement(f"{said}[{c.marker}]", citations, words=words)][:1] or citations
            said += "".join(f"[{c.marker}]" for c in carriers)
        lines.append(said)
    return "\n".join(lines).strip()


def faults_of(text: str, citations: Sequence[Citation], words: ConditionWords) -> list[str]:
    """Why the sources of an approved answer do not carry its lines; empty when they do."""
    reasons = []
    for line in text.split("\n"):
        if markers_in(line):
            reasons += [f"“{line}”：{fault.reason}" for fault in check_statement(line, citations, words=words)]
        elif figures(line):
            reasons.append(f"“{line}”：没有引文")
    if mask(text, "\n".join(c.passage.text for c in citations)) != text:
        reasons.append("回答里有个人信息，所引段落里没有，请去掉")
    return reasons


def resolve(submission: Submission, generation: Generation) -> tuple[list[Passage], list[str]]:
    """The passages that a submission names, by id or by source, and what is wrong with its naming."""
    reasons: list[str] = []
    passages: dict[str, Passage] = {}
    for passage_id in submission.passage_ids:
        try:
            passages[passage_id] = generation.catalogue.passage(passage_id)
        except KeyError:
            reasons.append(f"没有编号为 {passage_id} 的段落")
    if submission.source_ids:
        wanted = set(submission.source_ids)
        holding = [p for p in generation.catalogue.passages() if wanted.intersection(p.source_ids)]
        missing = wanted.difference(*(p.source_ids for p in holding))
        reasons += [f"没有段落出自来源 {source_id}" for source_id in sorted(missing)]
        nearest = sorted(holding, key=lambda p: -_overlap(submission.text, p.text))  # a source may stand in many passages
        passages |= {p.passage_id: p for p in nearest[: max(0, MOST_PASSAGES - len(passages))]}
    if not passages and not reasons:
        reasons.append("没有写出处：请给 passage_ids 或 source_ids")
    if len(passages) > MOST_PASSAGES:
        reasons.append(f"出处有 {len(passages)} 段，最多 {MOST_PASSAGES} 段，请用 passage_ids 指明")
    return list(passages.values()), reasons


def find_again(reference: Reference, generation: Generation) -> Passage | None:
    """The passage of a reference: by its id, else the first one with all of its sources."""
    try:
        return generation.catalogue.passage(reference.passage_id)
    except KeyError:
        wanted = set(reference.source_ids)
        return next((p for p in generation.catalogue.passages() if wanted and wanted <= set(p.source_ids)), None)


def cite(text: str, marker: int, passage: Passage, generation: Generation, day: dt.date, region: str) -> Citation:
    """A citation of the sentences that the lines naming a passage are closest to; of the whole passage when none is closest."""
    document = generation.catalogue.document(passage.doc_id)
    lines = "\n".join(line for line in text.split("\n") if marker in markers_in(line)) or text
    spans = [(s.start, s.end) for s in passage.statements] or split_sentences(passage.text)
    nearness = [_overlap(passage.text[start:end], lines) for start, end in spans]
    best = max(nearness, default=0.0)
    leaned_on = [span for span, near in zip(spans, nearness, strict=True) if near and near >= _NEAR_BEST * best]
    start, end = (leaned_on[0][0], leaned_on[-1][1]) if leaned_on else (0, len(passage.text))
    return Citation(marker, passage, document, status_of(document, day, region), start, end, passage.sources_of(start, end))


def _overlap(one: str, other: str) -> float:
    """Share of the character pairs and figures of one text that another holds, 0 to 1."""
    return containment(long_tokens(one), long_tokens(other))
