"""An answer by extraction: the statements that answer best, whole and in the words of the source, with what they rest on."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.checking.statements import split_sentences
from assistant.composing.lines import standing_prefix
from assistant.judging.candidate import Candidate
from assistant.judging.passage_view import PassageView
from assistant.texts.phrases import Phrases
from assistant.types import Citation
from assistant.understanding.needs import QuestionNeeds, fold
from knowledge_base.text.similarity import long_tokens

logger = logging.getLogger(__name__)

MOST_SOURCES = 3
"""Passages that one answer cites at most."""

MOST_UNSURE = 4
"""The same where even the best statement covers little of the question: other passages are more likely to answer it."""

SHORT_PASSAGE = 260
"""Of a best passage up to this many characters, more is quoted: its list belongs together."""

# A statement's score adds up the search's score of its passage, the question's coverage by statement and heading, the coverage by the
# statement alone, and whether it gives the kind of answer asked for. The first weight was chosen by how often the first source holds
# the answer on dev and asked_anew (0.6: .779 and .739, 1.0: .784 and .752), the others by hand on dev.
_RETRIEVED, _ABOUT, _SAID, _KIND = 1.0, 0.5, 0.4, 0.3
_EDITORIAL_FACTOR = 0.6  # remarks by the editors (编者小结, 提示)
_OUTDATED_FACTOR = 0.85  # no rule in force here, unless the question is about the past or another place
_OFF_SUBJECT_FACTOR = 0.85  # a passage without a term of art of the question, where others have one
_FAR_FACTOR = 0.85  # a course or a case of another place, unless the question is about the past or another place
_HOME = 0.15  # a rule in force of the home province: the nation's rule alone is no whole answer there
_NEAR_BEST = 0.72  # share of the best score that another statement of the same passage needs
_NEAR_BEST_IN_SHORT = 0.6  # the same in a short best passage
_NEAR_BEST_ELSEWHERE = 0.75  # share of the best score that a statement of another passage needs
_NEAR_BEST_WEAK_LEAD = 0.6  # the same where the best statement covers less than MIN_LEAD_COVERAGE
_NEW = 1.0  # bonus for question terms that no earlier quote covers
_HALF = 0.5  # share of a word that a text must hold to cover it
_SAME_FORM = 0.6  # share of character pairs, figures aside, from which two statements are items of one list
MIN_LEAD_COVERAGE = 0.6  # of the question, from which the best statement needs little beside it
_THIRD = 0.75  # share of the best statement's coverage that a third statement needs
_MOST_STATEMENTS = 4  # of one passage
_ALIKE = 0.6  # share of character pairs above which two statements say the same
_NUMBERED = re.compile(r"(?:^|\n)\s*\d{1,2}[.、)]\s*$")
_EDITORIAL = re.compile(r"^(编者小结|提示)[:：]")
_SAYS_SO = re.compile(r"【[^】]*(历史|过期|失效|外省|不适用|征求意见|未施行)[^】]*】")  # a statement that names its own standing
_FIGURES = re.compile(r"\d+(?:\.\d+)?")
_TABLE_ROW = re.compile(r"^\s*\|")
_CODE = re.compile(r"^ {0,3}(```|~~~) *\w.*?(?:^ {0,3}\1[^\n]*$|\Z)", re.M | re.S)  # a fenced block that names its language


@dataclass(frozen=True, slots=True)
class Extract:
    """A stretch of a passage that answers, with how well it does (0 to about 2)."""

    candidate: Candidate
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
        return self.candidate.passage.text[self.start : self.end]

    @property
    def folded(self) -> str:
        """What its passage is about, and its words, folded."""
        return fold(f"{self.candidate.about}\n{self.text}")


@dataclass(frozen=True, slots=True)
class Composed:
    """The statements of an answer, each with its marker, in order, and their citations."""

    lines: tuple[str, ...]
    citations: tuple[Citation, ...]
    statements: tuple[PassageView, ...] = ()
    """What is quoted, the leading statement first."""


@dataclass(frozen=True, slots=True)
class Extractor:
    """Quotes what answers. Sentences that match ``not_quotable`` are never shown: hidden orders and personal data."""

    phrases: Phrases
    not_quotable: re.Pattern[str]

    def compose(self, candidates: Sequence[Candidate], needs: QuestionNeeds) -> Composed:
        """Statements that answer, best source first, from at most :data:`MOST_SOURCES` passages, or :data:`MOST_UNSURE`."""
        extracts = [e for c in _to_the_point(candidates, needs) for e in _extracts(c, needs, self.not_quotable)]
        extracts = _on_the_subject(extracts, needs)
        if not extracts:
            return Composed((), ())
        chosen = _worth_citing(_best_of_each_passage(extracts), needs)
        most = MOST_SOURCES if _leads_well(chosen[0], needs) else MOST_UNSURE
        lines: list[str] = []
        citations: list[Citation] = []
        said: list[Extract] = []
        for leader in chosen:
            group = _unsaid(_group(leader, extracts, first=not citations), said)
            if not group or (citations and leader not in group):
                continue
            said += sorted(group, key=lambda e: e is not leader)
            citation = _citation(group, marker=len(citations) + 1)
            citations.append(citation)
            if lines:
                lines.append("")  # a new paragraph: else Markdown draws it into the list above
            lines += _lines(group if _are_steps(group) else _leader_first(group, leader), citation, self.phrases)
            if len(citations) == most:
                break
        return Composed(
            tuple(lines),
            tuple(citations),
            tuple(PassageView(e.candidate.about, e.text, current=not (e.candidate.outdated or _SAYS_SO.match(e.text))) for e in said),
        )


def _best_of_each_passage(extracts: Sequence[Extract]) -> list[Extract]:
    """The best statement of each passage, the best first."""
    best_of: dict[str, Extract] = {}
    for extract in sorted(extracts, key=lambda e: -e.score):
        best_of.setdefault(extract.candidate.passage.passage_id, extract)
    return sorted(best_of.values(), key=lambda e: (-e.score, e.candidate.rank))


def _unsaid(group: Sequence[Extract], said: Sequence[Extract]) -> list[Extract]:
    """The statements that repeat none of those said before."""
    return [e for e in group if not any(_repeats(e, s) for s in said)]


def _worth_citing(leaders: Sequence[Extract], needs: QuestionNeeds) -> list[Extract]:
    """The best statement, then those nearly as good. A statement that covers a new word of the question may score lower.

    So an answer covers both things that a question asks about.
    """
    chosen, rest = [leaders[0]], [e for e in leaders[1:] if not _beside_the_point(e, leaders[0], needs)]
    worth = _NEAR_BEST_ELSEWHERE if _leads_well(leaders[0], needs) else _NEAR_BEST_WEAK_LEAD
    while rest:
        gains = _gains(rest, chosen, needs)
        score, at = max((e.score + gain, -i) for i, (e, gain) in enumerate(zip(rest, gains, strict=True)))
        if score < worth * leaders[0].score:
            break
        chosen.append(rest.pop(-at))
        if len(chosen) > 1 and leaders[0].about >= MIN_LEAD_COVERAGE:
            rest = [e for e in rest if e.about >= _THIRD * leaders[0].about]
    if not needs.placed:  # after the nation's rule, the home province's comes first
        chosen[1:] = sorted(chosen[1:], key=lambda e: not e.candidate.of_home)
    return chosen


def _gains(rest: Sequence[Extract], chosen: Sequence[Extract], needs: QuestionNeeds) -> list[float]:
    """For each statement, the share of the question that it covers and none of the chosen ones does."""
    spoken = "\n".join(e.folded for e in chosen)
    unspoken = replace(needs, terms=tuple(t for t in needs.terms if t.share_in(spoken) < _HALF))
    return [_NEW * unspoken.shared(e.folded) / max(1.0, needs.weight) for e in rest]


def _beside_the_point(extract: Extract, leader: Extract, needs: QuestionNeeds) -> bool:
    """Whether a statement lacks the kind of answer that the leading one gives, and covers no other word."""
    if extract.fits or not leader.fits or leader.about < MIN_LEAD_COVERAGE:
        return False
    return not any(t.share_in(extract.folded) > t.share_in(leader.folded) for t in needs.terms)


def _leads_well(extract: Extract, needs: QuestionNeeds) -> bool:
    """Whether a statement with its heading covers most of what was asked."""
    return needs.coverage(extract.folded) >= MIN_LEAD_COVERAGE


def _to_the_point(candidates: Sequence[Candidate], needs: QuestionNeeds) -> Sequence[Candidate]:
    """Passages that name the person asked about, where any does; of the best ones, those with the grade or year asked for.

    A rule of the home province does not answer a question about another place.

    A grade or year chooses between passages on the subject; it is not the subject.
    """
    if needs.elsewhere:
        there = _holding(candidates, needs.places)
        candidates = [c for c in candidates if not c.of_home or c in there] or candidates
    candidates = _holding(candidates, [t.word for t in needs.terms if t.name]) or candidates
    for words in ([s.removeprefix("第") for s in needs.specifics], needs.years):
        holding = _holding(candidates, words)
        if any(c in holding for c in candidates[:2]):
            candidates = holding
    return candidates


def _holding(candidates: Sequence[Candidate], words: Sequence[str]) -> list[Candidate]:
    """The passages that hold any of the words."""
    return [c for c in candidates if any(word in fold(c.view.whole) for word in words)]


def _on_the_subject(extracts: Sequence[Extract], needs: QuestionNeeds) -> list[Extract]:
    """The statements; those of passages without a term of art of the question score lower where others have one."""
    arts = [t for t in needs.terms if t.art]
    holding = {e.candidate.passage.passage_id for e in extracts if any(t.share_in(fold(e.candidate.view.whole)) == 1.0 for t in arts)}
    if not holding:
        return list(extracts)
    return [e if e.candidate.passage.passage_id in holding else replace(e, score=_OFF_SUBJECT_FACTOR * e.score) for e in extracts]


def _repeats(extract: Extract, said: Extract) -> bool:
    """Whether a statement repeats another: the longer holds most character pairs of the shorter, and no figure is new.

    Two rules that differ in a figure are no repetition: the user must see both.
    """
    if not set(_FIGURES.findall(fold(extract.text))) <= set(_FIGURES.findall(fold(said.text))):
        return False
    a, b = (long_tokens(e.text) for e in (extract, said))
    return bool(a and b) and len(a & b) / min(len(a), len(b)) >= _ALIKE


def _parallel(one: Extract, other: Extract) -> bool:
    """Whether two statements say the same of different cases (满1年的12个月, 满5年的18个月): a list is quoted whole."""
    a, b = (long_tokens(_FIGURES.sub("", fold(e.text))) for e in (one, other))
    return len(a & b) / max(1, len(a), len(b)) >= _SAME_FORM and _FIGURES.findall(one.text) != _FIGURES.findall(other.text)


def _extracts(candidate: Candidate, needs: QuestionNeeds, not_quotable: re.Pattern[str]) -> list[Extract]:
    """The statements of a passage, each with how well it answers; no part of a program."""
    passage = candidate.passage
    code = [match.span() for match in _CODE.finditer(candidate.document.text)]
    extracts = []
    for start, end in [(s.start, s.end) for s in passage.statements] or split_sentences(passage.text):
        said = passage.text[start:end]
        if any(begin < passage.start + end and passage.start + start < stop for begin, stop in code):
            continue  # a line of a program says nothing, and its lines must not be joined
        if not_quotable.search(said):
            logger.warning("left out a sentence of %s that speaks to the assistant or tells personal data", passage.passage_id)
        elif not _says_nothing(fold(said)):
            extracts.append(_scored(Extract(candidate, start, end, 0.0), needs))
    return extracts


def _says_nothing(text: str) -> bool:
    """Whether a folded text is blank, or a line of a table without words."""
    return not text.strip() or bool(_TABLE_ROW.match(text) and re.fullmatch(r"[\s|:-]+", text))


def _scored(extract: Extract, needs: QuestionNeeds) -> Extract:
    """The statement with how well it answers."""
    candidate, text = extract.candidate, fold(extract.text)
    about = needs.coverage(f"{fold(candidate.about)}\n{text}")
    fits = any(given.search(text) for _, given in needs.given) or needs.defined_in(text)
    score = _RETRIEVED * candidate.score + _ABOUT * about + _SAID * needs.coverage(text)
    score = score + (_KIND if fits else 0.0) + (_HOME if candidate.of_home and not needs.placed else 0.0)
    if _EDITORIAL.match(extract.text):
        score *= _EDITORIAL_FACTOR
    if not needs.past:
        score *= _standing_factor(extract)
    return replace(extract, score=score, about=about, fits=fits)


def _standing_factor(extract: Extract) -> float:
    """Below 1 for a rule that is not in force here, and for what is said of another place."""
    if extract.candidate.outdated or _SAYS_SO.match(extract.text):
        return _OUTDATED_FACTOR
    return 1.0 if extract.candidate.near else _FAR_FACTOR


def _group(leader: Extract, extracts: Sequence[Extract], *, first: bool) -> list[Extract]:
    """What is quoted of one passage, in reading order: most of a short one, else the best statements and those near them."""
    passage = leader.candidate.passage
    of_passage = [e for e in extracts if e.candidate is leader.candidate]
    if _TABLE_ROW.match(leader.text):
        return sorted(of_passage, key=lambda e: e.start)
    bar = _NEAR_BEST_IN_SHORT if first and len(passage.text) <= SHORT_PASSAGE else _NEAR_BEST
    near = sorted((e for e in of_passage if e.score >= bar * leader.score), key=lambda e: -e.score)
    chosen = near[: _MOST_STATEMENTS if first else 1]
    chosen += [e for e in of_passage if e not in chosen and _parallel(e, leader)][: _MOST_STATEMENTS - len(chosen)]
    return sorted(chosen, key=lambda e: e.start)


def _are_steps(group: Sequence[Extract]) -> bool:
    """Whether the statements are items of a numbered list, whose order says something."""
    return all(_NUMBERED.search(e.candidate.passage.text[max(0, e.start - 6) : e.start]) for e in group)


def _leader_first(group: Sequence[Extract], leader: Extract) -> list[Extract]:
    return sorted(group, key=lambda e: (e is not leader, e.start))


def _citation(group: Sequence[Extract], marker: int) -> Citation:
    candidate, start, end = group[0].candidate, group[0].start, group[-1].end
    sources = dict.fromkeys(i for e in group for i in candidate.passage.sources_of(e.start, e.end))
    return Citation(marker, candidate.passage, candidate.document, candidate.status, start, end, tuple(sources))


def _lines(group: Sequence[Extract], citation: Citation, phrases: Phrases) -> list[str]:
    """The group's statements as lines of the answer: prose unchanged, several as a list, table rows as a table."""
    texts = [" ".join(e.text.split("\n")) for e in group]
    if _TABLE_ROW.match(texts[0]):
        table = citation.passage.text.strip()
        return [f"{standing_prefix(citation, phrases)}[{citation.marker}]", "", table, ""]
    marked = [f"{'' if _SAYS_SO.match(text) else standing_prefix(citation, phrases)}{text}[{citation.marker}]" for text in texts]
    return marked if len(marked) == 1 else [f"- {line}" for line in marked]
