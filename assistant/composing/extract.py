"""An answer by extraction: the statements that answer best, whole and in the words of the source, with what they rest on."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.checking.statements import split_sentences
from assistant.texts.wording import load_texts, phrase
from assistant.types import Citation
from assistant.understanding.evidence import Read, Wanted, fold
from knowledge_base.text.normalise import tokens
from knowledge_base.types import Document, Kind, Passage, ScoredPassage, Status
from knowledge_base.validity import NATIONWIDE

logger = logging.getLogger(__name__)

MOST_SOURCES = 3
"""Passages that one answer cites at most."""

MOST_UNSURE = 4
"""The same where even the best statement holds little of the question: what was asked is the likelier to be beside it."""

QUESTIONS_READ = 2
"""Questions of a passage that count in judging what it is about."""

SHORT_PASSAGE = 260
"""Of a best passage up to this many characters, more is quoted: its list belongs together."""

# A statement's score: what retrieval gave its passage, the question's share in statement and head, the share in the statement
# alone, and whether it gives the kind of answer asked for. The first was chosen by how often the first source holds the answer on dev
# and asked_anew (0.6: .779 and .739, 1.0: .784 and .752), the others by hand on dev.
_RETRIEVED, _ABOUT, _SAID, _KIND = 1.0, 0.5, 0.4, 0.3
_EDITORIAL_FACTOR = 0.6  # for remarks of ours (编者小结, 提示)
_OUTDATED_FACTOR = 0.85  # for what is no rule in force here, unless the question is about the past or another place
_OFF_SUBJECT_FACTOR = 0.85  # for a passage without any term of art that the question names, where others hold one
_FAR_FACTOR = 0.85  # for a course or a case of another place, unless the question is about the past or another place
_HOME = 0.15  # for a rule in force of her own province, where the nation's rule on the subject is no whole answer to her
_NEAR_BEST = 0.72  # of the best statement's score: what is quoted beside it from the same passage
_OF_SHORT = 0.6  # the same for a short best passage
_WORTH_CITING = 0.75  # of the best statement's score: what another passage's statement needs to be quoted
_NEW = 1.0  # what a share of the question that nothing quoted yet speaks to adds to a statement's score
_HALF = 0.5  # of a word that a text holds, from which it speaks to it
_SAME_FORM = 0.6  # share of character pairs, figures aside, from which two statements are items of one list
_TOLD = 0.6  # of the question that the best statement holds, from which it needs little beside it
_THIRD = 0.75  # of the share that the best statement holds, what a third one must hold beside it and another
_WORTH_BESIDE = 0.6  # what another passage's statement needs, of the best one's score, where it holds less
_MOST_STATEMENTS = 4  # of one passage
_ALIKE = 0.6  # share of character pairs above which two statements say the same
_NUMBERED = re.compile(r"(?:^|\n)\s*\d{1,2}[.、)]\s*$")
_OUTDATED = frozenset({Status.EXPIRED, Status.DRAFT, Status.NOT_YET, Status.ELSEWHERE})
_EDITORIAL = re.compile(r"^(编者小结|提示)[:：]")
_SAYS_SO = re.compile(r"【[^】]*(历史|过期|失效|外省|不适用|征求意见|未施行)[^】]*】")  # a statement that names its own standing
_FIGURES = re.compile(r"\d+(?:\.\d+)?")
_TABLE_ROW = re.compile(r"^\s*\|")


@dataclass(frozen=True, slots=True)
class Found:
    """A retrieved passage with its document and the document's standing."""

    scored: ScoredPassage
    document: Document
    status: Status
    near: bool = True
    """Whether its document is of the asked region or of the whole country."""

    questions: tuple[str, ...] | None = None
    """Of the questions that the passage is known to answer, those that count; all when None."""

    @property
    def passage(self) -> Passage:
        """The passage itself."""
        return self.scored.passage

    @property
    def about(self) -> str:
        """What the passage is about: its document's names and place, headings and the questions that it answers."""
        document = self.document
        names = (document.title, *document.short_titles, document.doc_no, document.region)
        questions = self.passage.questions if self.questions is None else self.questions
        return "\n".join((*names, *self.passage.heading_path, *questions))

    def asked(self, wanted: Wanted) -> Found:
        """The passage with those of its questions alone that say most of what is wanted.

        It answers each of its questions, not one pieced together from the words of several.
        """
        nearest = sorted(self.passage.questions, key=lambda question: -wanted.shared(fold(question)))
        return replace(self, questions=tuple(nearest[:QUESTIONS_READ]))

    @property
    def outdated(self) -> bool:
        """Whether it is a rule that is not in force here on the date asked for."""
        return self.document.kind is Kind.POLICY and self.status in _OUTDATED

    @property
    def of_home(self) -> bool:
        """Whether it is a rule in force of the asked region itself, not of the whole country."""
        document = self.document
        return document.kind is Kind.POLICY and self.status is Status.IN_FORCE and document.region not in ("", NATIONWIDE)

    @property
    def read(self) -> Read:
        """The passage as evidence is judged."""
        return Read(self.about, f"{self.about}\n{self.passage.text}")


@dataclass(frozen=True, slots=True)
class Extract:
    """A stretch of a passage that answers, with how well it does (0 to about 2)."""

    found: Found
    start: int
    end: int
    score: float
    about: float = 0.0
    """Share of the question that it holds with its heading."""
    fits: bool = False
    """Whether it gives the kind of answer asked for."""

    @property
    def text(self) -> str:
        """The words, verbatim."""
        return self.found.passage.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Composed:
    """The statements of an answer, each with its marker, in order, and their citations."""

    lines: tuple[str, ...]
    citations: tuple[Citation, ...]
    statements: tuple[Read, ...] = ()
    """What is quoted, the leading statement first."""


def compose_extract(found: Sequence[Found], wanted: Wanted) -> Composed:
    """Statements that answer, best source first, from at most :data:`MOST_SOURCES` passages, or :data:`MOST_UNSURE`."""
    extracts = [e for f in _to_the_point(found, wanted) for e in _extracts(f, wanted)]
    extracts = _on_the_subject(extracts, wanted)
    if not extracts:
        return Composed((), ())
    best_of: dict[str, Extract] = {}
    for extract in sorted(extracts, key=lambda e: -e.score):
        best_of.setdefault(extract.found.passage.passage_id, extract)
    chosen = _worth_citing(sorted(best_of.values(), key=lambda e: (-e.score, e.found.scored.rank)), wanted)
    most = MOST_SOURCES if _tells(chosen[0], wanted) else MOST_UNSURE
    lines: list[str] = []
    citations: list[Citation] = []
    said: list[Extract] = []
    for leader in chosen:
        of_passage = [e for e in extracts if e.found is leader.found]
        group = [e for e in _group(leader, of_passage, first=not citations) if not any(_repeats(e, s) for s in said)]
        if not group or (citations and leader not in group):
            continue
        said += sorted(group, key=lambda e: e is not leader)
        citation = _citation(group, marker=len(citations) + 1)
        citations.append(citation)
        if lines:
            lines.append("")  # a new paragraph: else Markdown draws it into the list above
        lines += _lines(group if _are_steps(group) else _leader_first(group, leader), citation)
        if len(citations) == most:
            break
    return Composed(
        tuple(lines),
        tuple(citations),
        tuple(Read(e.found.about, e.text, current=not (e.found.outdated or _SAYS_SO.match(e.text))) for e in said),
    )


def _worth_citing(leaders: Sequence[Extract], wanted: Wanted) -> list[Extract]:
    """The best statement, and in turn those nearly as good as it; what speaks to a word not yet spoken to may be further from it.

    So a question about two things is answered on both.
    """
    chosen, rest = [leaders[0]], [e for e in leaders[1:] if not _beside_the_point(e, leaders[0], wanted)]
    worth = _WORTH_CITING if _tells(leaders[0], wanted) else _WORTH_BESIDE
    while rest:
        spoken = "\n".join(fold(f"{e.found.about}\n{e.text}") for e in chosen)
        unspoken = replace(wanted, terms=tuple(t for t in wanted.terms if t.share_in(spoken) < _HALF))
        gains = [_NEW * unspoken.shared(fold(f"{e.found.about}\n{e.text}")) / max(1.0, wanted.weight) for e in rest]
        score, at = max((e.score + gain, -i) for i, (e, gain) in enumerate(zip(rest, gains, strict=True)))
        if score < worth * leaders[0].score:
            break
        chosen.append(rest.pop(-at))
        if len(chosen) > 1 and leaders[0].about >= _TOLD:
            rest = [e for e in rest if e.about >= _THIRD * leaders[0].about]
    if not wanted.placed:  # beside the nation's rule, the one of her own province before all others
        chosen[1:] = sorted(chosen[1:], key=lambda e: not e.found.of_home)
    return chosen


def _beside_the_point(extract: Extract, leader: Extract, wanted: Wanted) -> bool:
    """Whether a statement lacks the kind of answer asked for where the leading one gives it, and speaks to no other word."""
    if extract.fits or not leader.fits or leader.about < _TOLD:
        return False
    said, more = (fold(f"{e.found.about}\n{e.text}") for e in (leader, extract))
    return not any(t.share_in(more) > t.share_in(said) for t in wanted.terms)


def _tells(extract: Extract, wanted: Wanted) -> bool:
    """Whether a statement with its heading holds most of what was asked."""
    return wanted.coverage(fold(f"{extract.found.about}\n{extract.text}")) >= _TOLD


def _to_the_point(found: Sequence[Found], wanted: Wanted) -> Sequence[Found]:
    """Passages that hold a person who was named, where any does; and of the best ones those that hold the grade or year.

    A rule of her own province is none of another place that she asks about.

    A grade or year chooses between passages on the subject; it is not the subject.
    """
    if wanted.elsewhere:
        found = [f for f in found if not f.of_home or any(place in fold(f.read.whole) for place in wanted.places)] or found
    names = [t.word for t in wanted.terms if t.name]
    found = [f for f in found if any(name in fold(f.read.whole) for name in names)] or found
    for words in ([s.removeprefix("第") for s in wanted.specifics], wanted.years):
        holding = [f for f in found if any(word in fold(f.read.whole) for word in words)]
        if any(f in holding for f in found[:2]):
            found = holding
    return found


def _on_the_subject(extracts: Sequence[Extract], wanted: Wanted) -> list[Extract]:
    """The statements, those of passages without any term of art that was named set back where others hold one."""
    arts = [t for t in wanted.terms if t.art]
    holding = {e.found.passage.passage_id for e in extracts if any(t.share_in(fold(e.found.read.whole)) == 1.0 for t in arts)}
    if not holding:
        return list(extracts)
    return [e if e.found.passage.passage_id in holding else replace(e, score=_OFF_SUBJECT_FACTOR * e.score) for e in extracts]


def _repeats(extract: Extract, said: Extract) -> bool:
    """Whether a statement says much what was said: most character pairs of the shorter stand in the longer, and no figure is new.

    Two rules that differ in a figure are no repetition: the reader must see both.
    """
    if not set(_FIGURES.findall(fold(extract.text))) <= set(_FIGURES.findall(fold(said.text))):
        return False
    a, b = ({t for t in tokens(e.text) if len(t) > 1} for e in (extract, said))
    return bool(a and b) and len(a & b) / min(len(a), len(b)) >= _ALIKE


def _parallel(one: Extract, other: Extract) -> bool:
    """Whether two statements say the same of different cases (满1年的12个月, 满5年的18个月): a list is quoted whole."""
    a, b = ({t for t in tokens(_FIGURES.sub("", fold(e.text))) if len(t) > 1} for e in (one, other))
    return len(a & b) / max(1, len(a), len(b)) >= _SAME_FORM and _FIGURES.findall(one.text) != _FIGURES.findall(other.text)


def _extracts(found: Found, wanted: Wanted) -> list[Extract]:
    passage = found.passage
    spans = [(s.start, s.end) for s in passage.statements] or split_sentences(passage.text)
    head = fold(found.about)
    at_home = found.of_home and not wanted.placed
    extracts = []
    for start, end in spans:
        if _not_quotable().search(passage.text[start:end]):
            logger.warning("left out a sentence of %s that speaks to the assistant or tells personal data", passage.passage_id)
            continue
        text = fold(passage.text[start:end])
        if not text.strip() or (_TABLE_ROW.match(text) and re.fullmatch(r"[\s|:-]+", text)):
            continue
        with_head = wanted.coverage(f"{head}\n{text}")
        said = wanted.coverage(text)
        fits = any(given.search(text) for _, given in wanted.given) or wanted.defined_in(text)
        score = _RETRIEVED * found.scored.score + _ABOUT * with_head + _SAID * said + (_KIND if fits else 0.0) + (_HOME if at_home else 0.0)
        if _EDITORIAL.match(passage.text[start:end]):
            score *= _EDITORIAL_FACTOR
        if not wanted.past and (found.outdated or _SAYS_SO.match(passage.text[start:end])):
            score *= _OUTDATED_FACTOR
        elif not wanted.past and not found.near:
            score *= _FAR_FACTOR
        extracts.append(Extract(found, start, end, score, with_head, fits))
    return extracts


@lru_cache(maxsize=1)
def _not_quotable() -> re.Pattern[str]:
    """Sentences that no reader is shown: orders to the assistant hidden in a document, and personal data."""
    return re.compile(str(load_texts("routing")["not_quotable"]), re.I)


def _group(leader: Extract, of_passage: Sequence[Extract], *, first: bool) -> list[Extract]:
    """What is quoted of one passage, in reading order: most of a short one, else the best statements and those near them."""
    passage = leader.found.passage
    if _TABLE_ROW.match(leader.text):
        return sorted(of_passage, key=lambda e: e.start)
    bar = _OF_SHORT if first and len(passage.text) <= SHORT_PASSAGE else _NEAR_BEST
    near = sorted((e for e in of_passage if e.score >= bar * leader.score), key=lambda e: -e.score)
    chosen = near[: _MOST_STATEMENTS if first else 1]
    chosen += [e for e in of_passage if e not in chosen and _parallel(e, leader)][: _MOST_STATEMENTS - len(chosen)]
    return sorted(chosen, key=lambda e: e.start)


def _are_steps(group: Sequence[Extract]) -> bool:
    """Whether the statements are items of a numbered list, whose order says something."""
    return all(_NUMBERED.search(e.found.passage.text[max(0, e.start - 6) : e.start]) for e in group)


def _leader_first(group: Sequence[Extract], leader: Extract) -> list[Extract]:
    return sorted(group, key=lambda e: (e is not leader, e.start))


def _citation(group: Sequence[Extract], marker: int) -> Citation:
    found, start, end = group[0].found, group[0].start, group[-1].end
    sources = dict.fromkeys(i for e in group for i in found.passage.sources_of(e.start, e.end))
    return Citation(marker, found.passage, found.document, found.status, start, end, tuple(sources))


def _lines(group: Sequence[Extract], citation: Citation) -> list[str]:
    """The group's statements as lines of the answer: prose as it stands, several as a list, table rows as a table."""
    texts = [" ".join(e.text.split("\n")) for e in group]
    if _TABLE_ROW.match(texts[0]):
        table = citation.passage.text.strip()
        return [f"{standing_prefix(citation)}[{citation.marker}]", "", table, ""]
    marked = [f"{'' if _SAYS_SO.match(text) else standing_prefix(citation)}{text}[{citation.marker}]" for text in texts]
    return marked if len(marked) == 1 else [f"- {line}" for line in marked]


def standing_prefix(citation: Citation) -> str:
    """The words that stand before a statement which is not a rule in force here; "" for one that is."""
    match citation.status:
        case Status.EXPIRED:
            return phrase("status_expired")
        case Status.DRAFT:
            return phrase("status_draft")
        case Status.NOT_YET:
            return phrase("status_not_yet")
        case Status.ELSEWHERE:
            return phrase("status_elsewhere", region=citation.document.region)
        case _:
            return ""


def basis_line(citation: Citation) -> str:
    """What a marker rests on: 《title》第X条（文号，施行日期，status）."""
    document = citation.document
    particulars = [document.doc_no]
    if document.effective:
        particulars.append(phrase("basis_effective", date=document.effective))
    if document.expires:
        particulars.append(phrase("basis_expires", date=document.expires))
    if document.kind == "policy":
        particulars.append(phrase("basis_status", status=citation.status.value))
    inside = "，".join(p for p in particulars if p)
    inside = re.sub(r"(?<=\d)，(?=\d)", "、", inside)  # a comma between figures reads as one figure: GB 45438-2025，2025-09-01
    clause = citation.passage.clause
    return f"[{citation.marker}] 《{document.title}》{clause}" + (f"（{inside}）" if inside else "")


def renumber(citations: Sequence[Citation], kept: Sequence[int]) -> tuple[dict[int, int], tuple[Citation, ...]]:
    """New markers 1, 2, … for the kept citations: the mapping from old, and the citations under their new markers."""
    mapping = {old: new for new, old in enumerate(kept, 1)}
    return mapping, tuple(replace(c, marker=mapping[c.marker]) for c in citations if c.marker in mapping)
