"""An answer as its user reads it on a phone, from top to bottom, as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.wire import schemas
from ui.markup import without_basis
from ui.wording import say


def as_read(answer: schemas.AnswerOut) -> str:
    """The whole answer in the order of the page: badge, text, notes, cards, whom to ring, sources, nearest documents.

    What can be tapped to go on is left out: see ``AnswerOut.followups``.
    """
    return "\n\n".join(part for part in _parts(answer) if part.strip())


def _parts(answer: schemas.AnswerOut) -> Iterator[str]:
    yield f"〔{say(f'verdict.{answer.verdict}')}〕"
    yield (without_basis(answer.text) if answer.citations else answer.text).strip()
    yield _listed(say("answer.caveats"), answer.caveats)
    for card in answer.cards:
        yield _card_text(card)
    if not answer.citations:
        yield _referrals(answer, full=answer.verdict != "clarify")
    yield _listed(say("answer.sources"), [_source(c) for c in answer.citations])
    near = say("answer.nearest" if answer.citations else "answer.nearest_only")
    yield _listed(near, [f"{named(n.title, n.clause)}{'' if n.clause else f' {n.heading}'.rstrip()}" for n in answer.nearest])
    if answer.citations:
        yield _referrals(answer, full=False)


def _referrals(answer: schemas.AnswerOut, *, full: bool) -> str:
    lines = [f"☎ {r.number} {r.name}" + (f"：{r.purpose}" if full and r.purpose else "") for r in answer.referrals]
    return _listed(say("answer.referrals"), lines)


def _source(citation: schemas.CitationOut) -> str:
    facts = (citation.status, citation.doc_no) if citation.kind == "policy" else ()
    return f"[{citation.marker.strip('[]')}] {' · '.join((named(citation.title, citation.clause), *(f for f in facts if f)))}"


def _card_text(card: schemas.CardOut) -> str:
    return _listed(f"【{card.title}】", list(_card_lines(card)))


def _card_lines(card: schemas.CardOut) -> Iterator[str]:
    match card:
        case schemas.ChecklistCard():
            yield from (f"{field.label}：{field.value}" for field in card.rows)
        case schemas.PathCard():
            yield from (f"{step.number}. {step.title}：{step.reason}" for step in card.steps)
        case schemas.StudiosCard():
            yield from (row.title for row in card.rows)
        case schemas.ComparisonCard():
            yield f"{card.left.title}｜{card.right.title}"
            yield from (f"{row.label}：{row.left.value}｜{row.right.value}" for row in card.rows)


def named(title: str, clause: str) -> str:
    """A title in its brackets, with the clause."""
    return f"《{title.removeprefix('《').removesuffix('》')}》{clause}"


def _listed(title: str, lines: list[str]) -> str:
    return "\n".join([f"{title}：", *(f"· {line}" for line in lines)]) if lines else ""
