"""Lines around what an answer quotes: a document's standing, what a marker rests on, caveats, whom to ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.judging.verdict import Missing
from assistant.texts.phrases import Phrases
from assistant.types import Citation, Referral
from knowledge_base.types import Kind, Status


def standing_prefix(citation: Citation, phrases: Phrases) -> str:
    """The words before a statement that is not a rule in force here; "" for one that is."""
    match citation.status:
        case Status.EXPIRED:
            return phrases.status_expired
        case Status.DRAFT:
            return phrases.status_draft
        case Status.NOT_YET:
            return phrases.status_not_yet
        case Status.ELSEWHERE:
            return phrases.status_elsewhere.format(region=citation.document.region)
        case _:
            return ""


def basis_lines(citations: Sequence[Citation], phrases: Phrases) -> list[str]:
    """What the markers rest on, one line a source with all markers that name it."""
    markers: dict[str, str] = {}
    for citation in citations:
        source = _source(citation, phrases)
        markers[source] = f"{markers.get(source, '')}[{citation.marker}]"
    return [f"{named} {source}" for source, named in markers.items()]


def _source(citation: Citation, phrases: Phrases) -> str:
    """A source: 《title》第X条（文号，施行日期，status）."""
    document = citation.document
    particulars = [document.doc_no]
    if document.effective:
        particulars.append(phrases.basis_effective.format(date=document.effective))
    if document.expires:
        particulars.append(phrases.basis_expires.format(date=document.expires))
    if document.kind is Kind.POLICY:
        particulars.append(phrases.basis_status.format(status=citation.status.value))
    inside = "，".join(p for p in particulars if p)
    inside = re.sub(r"(?<=\d)，(?=\d)", "、", inside)  # a comma between figures reads as one figure: GB 45438-2025，2025-09-01
    clause = citation.passage.clause
    return f"《{document.title}》{clause}" + (f"（{inside}）" if inside else "")


def closing_lines(citations: Sequence[Citation], referrals: Sequence[Referral], phrases: Phrases) -> list[str]:
    """The end of every answer: what it rests on, that the official text decides, whom to ask."""
    lines = ["", phrases.basis, "", *(f"{line}  " for line in basis_lines(citations, phrases)), "", phrases.verify]
    if referrals:
        lines.append(phrases.next_step.format(name=referrals[0].name, number=referrals[0].number))
    return lines


def caveats_of(citations: Sequence[Citation], phrases: Phrases) -> tuple[str, ...]:
    """Warnings about cited policies that are not in force here, each once."""
    written = {
        Status.EXPIRED: phrases.caveat_expired,
        Status.DRAFT: phrases.caveat_draft,
        Status.NOT_YET: phrases.caveat_not_yet,
        Status.ELSEWHERE: phrases.caveat_elsewhere,
        Status.REPORTED: phrases.caveat_reported,
    }
    said = [
        written[c.status].format(title=c.document.title, region=c.document.region)
        for c in citations
        if c.status in written and c.document.kind is Kind.POLICY
    ]
    return tuple(dict.fromkeys(said))


def one_line(text: str) -> str:
    """The text with its line breaks as blanks."""
    return " ".join(text.split("\n")).strip()


def renumber(citations: Sequence[Citation], kept: Sequence[int]) -> tuple[dict[int, int], tuple[Citation, ...]]:
    """New markers 1, 2, … for the kept citations: the mapping from old, and the citations under their new markers."""
    mapping = {old: new for new, old in enumerate(kept, 1)}
    return mapping, tuple(replace(c, marker=mapping[c.marker]) for c in citations if c.marker in mapping)


def missing_line(missing: Sequence[Missing], phrases: Phrases) -> str:
    """What an answer in part says that it lacks."""
    return phrases.partial_missing.format(missing="、".join(phrases.missing_kinds.say(m.kind, m.word) for m in missing))
