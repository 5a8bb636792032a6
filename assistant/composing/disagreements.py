"""Two rules in force that give different figures for one matter: found among what an answer cites, and reported with titles and dates.

Precision comes before recall. A province's rule does not disagree with the nation's (it may add to it), nor does one of another year,
of another subject, or one that says that it adds to another.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.checking.figures import Figure, figures_in
from assistant.checking.prepared import prepare, segments
from assistant.checking.similarity import alike
from assistant.texts.condition_words import DisagreementWords, any_of
from assistant.texts.phrases import Phrases
from assistant.types import Citation, Referral
from knowledge_base.types import Document, Kind, Status

SAME_MATTER = 0.7
"""Least likeness (Dice, of character pairs) of two sentences, apart from their figures and words of duty, that say of one matter …"""

SAME_OUTCOME = 0.5
"""… and of the clauses beside a shared figure that tell what follows from it."""

_CLAUSE = re.compile(r"[，,：:]+")
_YEAR = re.compile(r"\d{4}年")
_UNCOUNTED = ("月", "条", "款", "项", "号", "")  # of a date, of a place in a text, or of no unit


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two documents that give different figures for one matter, the later one first, and what each says."""

    later: Document
    earlier: Document
    later_says: str
    earlier_says: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """A sentence of a cited statement with one of its figures; ``bound`` is what figures it takes in, "" for that figure alone."""

    document: Document
    sentence: str
    figure: Figure
    bound: str

    def says(self, words: DisagreementWords) -> str:
        """The figure with its bound, as the sentence has it."""
        match = next((m for m in words.bounded.finditer(self.sentence) if m.start() <= self.figure.start < m.end()), None)
        return match.group() if match else self.sentence[self.figure.start : self.figure.end]


def find_disagreement(citations: Sequence[Citation], comparing: DisagreementWords, names: Sequence[str] = ()) -> Disagreement | None:
    """The first two cited policies in force that disagree on a figure; None where they do not.

    Args:
        citations: what an answer quotes; only whole statements inside the quotes are compared.
        comparing: words of bounds and of additions.
        names: terms and proper names; sentences that name different ones speak of different matters.
    """
    holding = [c for c in citations if c.document.kind is Kind.POLICY and c.status is Status.IN_FORCE]
    if len({c.document.slug for c in holding}) < 2:
        return None
    rules = [rule for citation in holding for rule in _rules(citation, comparing)]
    for one, other in itertools.combinations(rules, 2):
        if (
            one.document.slug != other.document.slug
            and one.document.region == other.document.region
            and _disagree(one, other, names, comparing)
        ):
            earlier, later = sorted((one, other), key=lambda r: r.document.effective or r.document.issued)
            return Disagreement(later.document, earlier.document, later.says(comparing), earlier.says(comparing))
    return None


def disagreement_lines(
    citations: Sequence[Citation], referrals: Sequence[Referral], names: Sequence[str], comparing: DisagreementWords, phrases: Phrases
) -> tuple[str, ...]:
    """The line that says that two cited rules disagree, and whom to ask; none where they do not."""
    found = find_disagreement(citations, comparing, names)
    if found is None:
        return ()
    told = phrases.disagreement.format(
        later=_dated(found.later, phrases),
        later_says=found.later_says,
        earlier=_dated(found.earlier, phrases),
        earlier_says=found.earlier_says,
    )
    ask = phrases.disagreement_ask.format(name=referrals[0].name, number=referrals[0].number) if referrals else ""
    return (told + ask,)


def _rules(citation: Citation, comparing: DisagreementWords) -> Iterator[_Rule]:
    text = citation.passage.text
    for statement in citation.passage.statements:
        if not (citation.start <= statement.start < citation.end):
            continue
        for sentence, figure, bound in _counted(text[statement.start : statement.end], comparing):
            yield _Rule(citation.document, sentence, figure, bound)


@lru_cache(maxsize=4096)
def _counted(statement: str, comparing: DisagreementWords) -> tuple[tuple[str, Figure, str], ...]:
    """The figures of a statement that count something, each with its sentence and bound."""
    return tuple(
        (sentence, figure, _bound_of(sentence, figure, comparing))
        for sentence in segments(prepare(statement))
        for figure in figures_in(sentence)
        if not (figure.ordinal or figure.unit in _UNCOUNTED or _of_date(sentence, figure))
    )


def _of_date(sentence: str, figure: Figure) -> bool:
    return (figure.unit == "年" and len(figure.value) == 4) or sentence[: figure.start].endswith("月")


def _disagree(one: _Rule, other: _Rule, names: Sequence[str], comparing: DisagreementWords) -> bool:
    if one.figure.unit != other.figure.unit or _YEAR.findall(one.sentence) != _YEAR.findall(other.sentence):
        return False
    if one.figure.value == other.figure.value:
        turned = {one.bound, other.bound} in ({"below", "up_to"}, {"above", "from"})
        return turned and (_same_outcome(one, other, comparing) or _same_matter(one, other, names, comparing))
    if one.bound != other.bound or comparing.adds.search(one.sentence) or comparing.adds.search(other.sentence):
        return False
    held = [{f.key for f in figures_in(rule.sentence)} for rule in (one, other)]
    return not (one.figure.key in held[1] or other.figure.key in held[0]) and _same_matter(one, other, names, comparing)


def _same_matter(one: _Rule, other: _Rule, names: Sequence[str], comparing: DisagreementWords) -> bool:
    """Whether two sentences name the same things and say, but for the figure, nearly the same of them."""
    if not names:
        return False
    named = [set(any_of(tuple(names)).findall(rule.sentence)) for rule in (one, other)]
    mine, theirs = (_plainly(rule.sentence, comparing) for rule in (one, other))
    return bool(named[0]) and named[0] == named[1] and alike(mine, theirs) >= SAME_MATTER


def _same_outcome(one: _Rule, other: _Rule, comparing: DisagreementWords) -> bool:
    """Whether the clauses that say what follows from a condition are nearly the same."""
    mine, theirs = ([_plainly(c, comparing) for c in _CLAUSE.split(rule.sentence) if not re.search(r"\d", c)] for rule in (one, other))
    return any(alike(a, b) >= SAME_OUTCOME for a in mine for b in theirs)


def _plainly(text: str, comparing: DisagreementWords) -> str:
    """The text without its words of duty and of bounds."""
    for pattern in comparing.of_condition:
        text = pattern.sub("", text)
    return text


def _bound_of(sentence: str, figure: Figure, comparing: DisagreementWords) -> str:
    before, after = sentence[: figure.start], sentence[figure.end :]
    return next((bound.kind for bound in comparing.bounds if bound.before.search(before) or bound.after.match(after)), "")


def _dated(document: Document, phrases: Phrases) -> str:
    if document.effective:
        return phrases.disagreement_document.format(title=document.title, date=document.effective)
    return phrases.disagreement_undated.format(title=document.title)
