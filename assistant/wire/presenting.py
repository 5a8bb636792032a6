"""Inner types to wire types."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from assistant.texts.wording import load_texts, phrase
from assistant.types import (
    Answer,
    Card,
    CardField,
    Checklist,
    Citation,
    ComparisonCard,
    Nearest,
    PathCard,
    PathStep,
    Referral,
    Studio,
    Studios,
)
from assistant.wire import schemas
from knowledge_base.editorial.learning_paths import Step
from knowledge_base.editorial.learning_time import stated_time
from knowledge_base.loaders.stated import FIELDS
from knowledge_base.publishing.drafts import Draft, Standing
from knowledge_base.types import Document, Kind, Passage, ScoredPassage, Source, Status
from knowledge_base.validity import status_of

_PROVINCE = re.compile(r"[^省区市]+(?:省|自治区|特别行政区|市)")


def present_answer(answer: Answer) -> schemas.AnswerOut:
    """An answer as it goes over the wire."""
    return schemas.AnswerOut(
        message_id=answer.message_id,
        conversation_id=answer.conversation_id,
        verdict=answer.verdict.value,
        text=answer.text,
        citations=[present_citation(c) for c in answer.citations],
        nearest=[present_nearest(n) for n in answer.nearest],
        caveats=list(answer.caveats),
        referrals=[present_referral(r) for r in answer.referrals],
        followups=list(answer.followups),
        cards=[present_card(card) for card in answer.cards],
        trace=schemas.TraceOut(
            question=answer.trace.question, as_of=answer.trace.as_of, period=answer.trace.period, notes=list(answer.trace.notes)
        ),
        label=answer.label,
        ai_generated=answer.ai_generated,
        model_id=answer.model_id,
        generation=answer.generation,
        timings_ms=dict(answer.timings_ms),
    )


def present_citation(citation: Citation) -> schemas.CitationOut:
    """A citation as it goes over the wire."""
    return schemas.CitationOut(marker=str(citation.marker), **present_quote(citation).model_dump())


def present_quote(citation: Citation) -> schemas.QuoteOut:
    """The quoted words of a citation with the document they stand in."""
    document, passage = citation.document, citation.passage
    return schemas.QuoteOut(
        passage_id=passage.passage_id,
        doc_id=document.doc_id,
        title=document.title,
        clause=passage.clause,
        heading=_heading(passage),
        kind=document.kind.value,
        issuer=document.issuer,
        doc_no=document.doc_no,
        effective=document.effective,
        expires=document.expires,
        status=citation.status.value,
        region=document.region,
        quote=citation.quote,
        start=citation.start,
        end=citation.end,
        source_ids=list(citation.source_ids),
    )


def present_card(card: Card) -> schemas.CardOut:
    """A card as it goes over the wire."""
    match card:
        case Checklist():
            rows = [_field(f) for f in card.fields]
            return schemas.ChecklistCard(title=card.title, document=_card_document(card.document, card.status), rows=rows)
        case PathCard():
            path = card.path
            title = str(load_texts("cards")["path"]["title"]).format(occupation=path.occupation, goal=path.goal, level=path.level)
            return schemas.PathCard(
                title=title,
                occupation=path.occupation,
                goal=path.goal,
                level=path.level,
                steps=[_path_step(number, step) for number, step in enumerate(card.steps, 1)],
                others=[schemas.PathChoice(occupation=p.occupation, goal=p.goal, level=p.level) for p in card.others],
            )
        case Studios():
            words = load_texts("cards")["studios"]
            return schemas.StudiosCard(
                title=str(words["title"]).format(what="、".join(w for w in (card.region, card.sector, card.technology) if w)),
                sector=card.sector,
                technology=card.technology,
                region=card.region,
                total=card.total,
                note=words["note"],
                rows=[_studio(s) for s in card.studios],
            )
        case ComparisonCard():
            return schemas.ComparisonCard(
                title=card.title,
                basis=card.basis.value,
                left=_card_document(card.left, card.left_status),
                right=_card_document(card.right, card.right_status),
                rows=[
                    schemas.ComparisonCardRow(label=left.label or right.label, left=_field(left), right=_field(right))
                    for left, right in card.rows
                ],
            )


def _field(field: CardField) -> schemas.CardField:
    said = "\n".join(quote.quote for quote in field.quotes) or field.particulars
    return schemas.CardField(
        key=field.key,
        label=field.label,
        value=said or phrase("card_not_stated"),
        status="stated" if said else "not_stated",
        quotes=[present_quote(quote) for quote in field.quotes],
    )


def _path_step(number: int, step: PathStep) -> schemas.PathCardStep:
    return schemas.PathCardStep(
        number=number,
        doc_id=step.document.doc_id,
        title=step.document.title,
        kind=step.document.kind.value,
        level=step.document.level,
        reason=step.reason,
        time=_field(step.time),
        quote=present_quote(step.quote) if step.quote else None,
    )


def _studio(studio: Studio) -> schemas.StudioRow:
    document = studio.document
    return schemas.StudioRow(
        doc_id=document.doc_id,
        title=document.title,
        org=document.case.get("org", ""),
        lead=document.case.get("lead", ""),
        sector=document.case.get("sector", ""),
        region=document.region,
        as_of=document.case.get("as_of", ""),
        matched=list(studio.matched),
        fields=[_field(f) for f in studio.fields],
    )


def _card_document(document: Document, status: Status) -> schemas.CardDocument:
    return schemas.CardDocument(
        doc_id=document.doc_id,
        title=document.title,
        kind=document.kind.value,
        issuer=document.issuer,
        doc_no=document.doc_no,
        issued=document.issued,
        effective=document.effective,
        expires=document.expires,
        status=status.value,
        region=document.region,
    )


def present_nearest(nearest: Nearest) -> schemas.PassageSummary:
    """A passage named in a list."""
    passage, document = nearest.passage, nearest.document
    return schemas.PassageSummary(
        passage_id=passage.passage_id,
        doc_id=document.doc_id,
        title=document.title,
        clause=passage.clause,
        heading=_heading(passage),
        kind=document.kind.value,
        status=nearest.status.value,
        region=document.region,
        excerpt=_excerpt(passage.text),
    )


def present_referral(referral: Referral) -> schemas.ReferralOut:
    """A place to ask."""
    return schemas.ReferralOut(name=referral.name, number=referral.number, purpose=referral.purpose, checked=referral.checked)


def present_hit(scored: ScoredPassage, document: Document, status: Status) -> schemas.SearchHit:
    """A search hit."""
    passage = scored.passage
    return schemas.SearchHit(
        passage_id=passage.passage_id,
        doc_id=document.doc_id,
        title=document.title,
        clause=passage.clause,
        heading=_heading(passage),
        kind=document.kind.value,
        status=status.value,
        region=document.region,
        excerpt=_excerpt(passage.text),
        issuer=document.issuer,
        doc_no=document.doc_no,
        effective=document.effective,
        expires=document.expires,
        text=passage.text,
        score=scored.score,
        rank=scored.rank,
    )


def present_passage(passage: Passage, document: Document, status: Status, sources: Mapping[str, Source]) -> schemas.PassageOut:
    """A passage in full, with its sources."""
    return schemas.PassageOut(
        passage_id=passage.passage_id,
        doc_id=document.doc_id,
        text=passage.text,
        start=passage.start,
        end=passage.end,
        title=document.title,
        clause=passage.clause,
        heading_path=list(passage.heading_path),
        kind=document.kind.value,
        issuer=document.issuer,
        doc_no=document.doc_no,
        issued=document.issued,
        effective=document.effective,
        expires=document.expires,
        status=status.value,
        region=document.region,
        sources=[present_source(sources[i]) for i in passage.source_ids if i in sources],
    )


def present_source(source: Source) -> schemas.SourceOut:
    """A source, without our own statement of it."""
    return schemas.SourceOut(
        source_id=source.source_id,
        title=source.title,
        publisher=source.publisher,
        date=source.date,
        url=source.url,
        confidence=source.confidence,
    )


def present_summary(document: Document, status: Status, passages: int) -> schemas.DocumentSummary:
    """A document in a list."""
    return schemas.DocumentSummary(
        doc_id=document.doc_id,
        slug=document.slug,
        title=document.title,
        kind=document.kind.value,
        issuer=document.issuer,
        doc_no=document.doc_no,
        issued=document.issued,
        effective=document.effective,
        expires=document.expires,
        status=status.value,
        region=document.region,
        topic=document.topic,
        level=document.level,
        audience=list(document.audience),
        supersedes=list(document.supersedes),
        passages=passages,
        case=present_case(document) if document.kind is Kind.CASE else None,
    )


def present_draft(draft: Draft, standing: Standing, preview: int, day: dt.date, region: str) -> schemas.DraftOut:
    """A draft with its first passages and what publishing it would do."""
    told = schemas.DraftOut(
        draft_id=draft.draft_id,
        name=draft.name,
        author=draft.author,
        created=draft.created,
        failure=draft.failure,
        faults=[] if draft.failure else list(standing.faults),
        stated=dict(draft.stated),
    )
    document = draft.document
    if document is None:
        return told
    passages = draft.passages()
    fields = {name: getattr(document, name) for name in FIELDS if name not in ("id", "kind")}
    return told.model_copy(
        update={
            **fields,
            "id": document.slug,
            "kind": document.kind.value,
            "replaces": standing.replaces.title if standing.replaces else "",
            "same_title": [present_summary(d, status_of(d, day, region), 0) for d in standing.same_title],
            "passages": len(passages),
            "items": [schemas.DraftPassage(clause=p.clause, heading=" › ".join(p.heading_path), text=p.text) for p in passages[:preview]],
        }
    )


def present_case(document: Document) -> schemas.CaseOut:
    """What a case states about itself, with its place cut to the province."""
    sector = document.case.get("sector", "")
    province = _PROVINCE.match(document.region)
    return schemas.CaseOut(
        org=document.case.get("org", ""),
        lead=document.case.get("lead", ""),
        sector=sector,
        sectors=[part for part in sector.split("/") if part],
        province=province.group() if province else document.region,
        as_of=document.case.get("as_of", ""),
    )


def present_path_step(step: Step, document: Document | None, status: Status | None) -> schemas.PathStepOut:
    """A step of a learning path; None where the knowledge base does not hold its document."""
    if document is None or status is None:
        return schemas.PathStepOut(slug=step.document, reason=step.reason)
    return schemas.PathStepOut(
        slug=step.document,
        reason=step.reason,
        doc_id=document.doc_id,
        title=document.title,
        kind=document.kind.value,
        status=status.value,
        level=document.level,
        audience=list(document.audience),
        time=stated_time(document),
    )


def _heading(passage: Passage) -> str:
    return passage.heading_path[-1] if passage.heading_path else ""


def _excerpt(text: str, most: int = 120) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
