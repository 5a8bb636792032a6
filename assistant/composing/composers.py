"""The ways of composing an answer, in order: the first that returns a draft wins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.checking.markers import markers_in
from assistant.composing.disagreements import disagreement_lines, find_disagreement
from assistant.composing.draft import Draft, abstention
from assistant.composing.extract import Composed, Extractor
from assistant.composing.figures import Figures
from assistant.composing.guide import (
    MARGINS,
    MAX_POINTS,
    WHOM,
    compose_guide,
    compose_lesson,
    compose_passage,
    is_lesson,
    one_after_another,
)
from assistant.composing.judged import Judged
from assistant.composing.lines import caveats_of, closing_lines, missing_line
from assistant.composing.path_answer import lead_with_path
from assistant.composing.plain_words import Glossary
from assistant.composing.referrals import ReferralDesk
from assistant.composing.remarks import Remarks, period_line, premise_lines, rule_of_today
from assistant.judging.candidate import Candidate
from assistant.judging.finding import Finder
from assistant.judging.readings import JudgedReading
from assistant.judging.verdict import Evidence
from assistant.texts.library import Texts
from assistant.texts.phrases import Phrases
from assistant.types import Citation, PathCard, Verdict
from assistant.understanding.needs import FEW_TERMS, TERM_OF_ART, QuestionNeeds, fold
from assistant.understanding.turn import Understanding
from knowledge_base.index.catalogue import Catalogue
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.reader.encoder import Floats
from knowledge_base.reader.notices import OUT_OF_SCOPE
from knowledge_base.reader.readings import Reading, is_whole
from knowledge_base.types import Document, Kind, Passage

_MOST_FOLLOWUPS = 3
_NOTHING = Composed((), ())

Composer = Callable[[Understanding, Judged], Draft | None]
"""Makes a draft of what was judged; None where another way of composing fits."""


@dataclass(frozen=True)
class Composing:
    """What the composers of one knowledge base work with."""

    catalogue: Catalogue
    lexicon: Lexicon
    path_for: Callable[[str, str, dt.date, str], PathCard | None]
    """The learning path that a question asks for outright, from the question, its context, a day and a region."""
    desk: ReferralDesk
    glossary: Glossary
    extractor: Extractor
    finder: Finder
    figures: Figures
    likeness: Callable[[Understanding, Sequence[str]], Floats]
    """(n,) likeness of texts to what was asked, -1 to 1."""
    texts: Texts

    @property
    def composers(self) -> tuple[Composer, ...]:
        """Every way of composing, in the order in which they are tried."""
        return (
            self.say_clause_is_missing,
            self.lead_with_path,
            self.figures.answer_with_figures,
            self.answer_from_reading,
            self.quote_statements,
            self.suggest_reading,
            self.offer_readings,
            self.abstain,
        )

    def compose(self, understanding: Understanding, judged: Judged) -> Draft:
        """The draft of the first composer that gives one."""
        drafts = (composer(understanding, judged) for composer in self.composers)
        return next(draft for draft in drafts if draft is not None)

    def say_clause_is_missing(self, understanding: Understanding, judged: Judged) -> Draft | None:
        """That the clause that was named is not held; no other clause takes its place."""
        if (missing := judged.missing_clause) is None:
            return None
        lead = self._phrases.clause_missing.format(title=missing.title, clause=missing.clause)
        return abstention(judged.candidates, self.desk.for_question(understanding.search.text), self._phrases, lead)

    def answer_from_reading(self, understanding: Understanding, judged: Judged) -> Draft | None:
        """The answer of the reading that the question most likely has, where that is likely enough.

        A named clause, a comparison, a past time, several years and rules that disagree need more than one reading.
        """
        of_another_time = understanding.period is not None or len(understanding.needs.years) > 1
        if judged.named or judged.sides or of_another_time or not judged.likely:
            return None
        if find_disagreement(judged.extract.citations, self.texts.disagreements, self.lexicon.terms):
            return None
        told_by = ((j, self._composed(understanding, j.reading)) for j in judged.likely)
        best, composed = next(((j, c) for j, c in told_by if c.citations), (judged.likely[0], _NOTHING))
        if judged.parts:
            best = judged.parts[0][1]
            composed = one_after_another([_shortened(self._composed(part, j.reading), 1 + MAX_POINTS) for part, j in judged.parts])
        elif own := _rule_of_home(understanding, judged, best):
            composed = one_after_another([composed, _shortened(self._composed(understanding, own.reading), 1)])
        if not composed.citations:
            return None
        phrases, referrals = self._phrases, self.desk.for_question(understanding.search.text)
        told = replace(composed, citations=(*composed.citations, *judged.extract.citations))
        above = premise_lines(understanding.text, told, self.texts.heard, phrases)
        composed = _shortened(composed, understanding.most_sentences)
        lines = [*(line for said in above for line in (said, "")), *composed.lines]
        if best.missing:
            lines += ["", missing_line(best.missing, phrases)]
        unexplained = [c for c in composed.citations if not is_whole(c.document)]  # a guide and a lesson are in plain words already
        remarks = Remarks(above, below=self._explained(understanding, unexplained))
        lines += remarks.below_lines()
        says_whom = any(c.passage.heading_path[-1:] == (WHOM,) for c in composed.citations)
        return Draft(
            Verdict.PARTIAL if best.missing else Verdict.ANSWERED,
            "\n".join((*lines, *closing_lines(composed.citations, () if says_whom else referrals, phrases))),
            phrases.label_extract,
            citations=composed.citations,
            caveats=caveats_of(composed.citations, phrases),
            referrals=referrals,
            followups=_names(judged.offered, best.reading.document),
            missing=best.missing,
            candidates=(
                *(self._placed(understanding, c.passage, c.marker) for c in composed.citations),
                *(other.candidate for other in judged.likely[1:]),
            ),
            remarks=remarks,
            subject=_subject(understanding.needs_in_context, composed),
        )

    def suggest_reading(self, understanding: Understanding, judged: Judged) -> Draft | None:
        """The first sentence of the likeliest reading and the other choices, where none is likely enough to be the answer.

        Nothing is suggested of a past time, as what a reading says first holds today, nor for one bare word, which may mean anything.
        """
        if judged.leaning is None or understanding.period or understanding.is_bare or understanding.route == OUT_OF_SCOPE:
            return None
        reading, phrases = judged.leaning.reading, self._phrases
        composed = _shortened(self._composed(understanding, reading), 1)
        if not composed.citations:
            return None
        above = premise_lines(understanding.text, composed, self.texts.heard, phrases)
        lines = [*(line for said in above for line in (said, "")), *composed.lines, "", phrases.suggested.format(name=_name(reading))]
        return Draft(
            Verdict.PARTIAL,
            "\n".join((*lines, *closing_lines(composed.citations, (), phrases))),
            phrases.label_extract,
            citations=composed.citations,
            caveats=caveats_of(composed.citations, phrases),
            referrals=self.desk.for_question(understanding.search.text),
            followups=_names(judged.offered, reading.document),
            candidates=tuple(j.candidate for j in judged.offered),
            subject=_subject(understanding.needs_in_context, composed),
        )

    def offer_readings(self, understanding: Understanding, judged: Judged) -> Draft | None:
        """What the question may mean, to choose from, where no reading is likely enough to answer from."""
        if not judged.offered or understanding.route == OUT_OF_SCOPE:
            return None
        referrals = self.desk.for_question(understanding.search.text)
        choices = _names(judged.offered)
        return Draft(Verdict.CLARIFY, self._phrases.offer, self._phrases.label_fixed, referrals=referrals, followups=choices)

    def lead_with_path(self, understanding: Understanding, judged: Judged) -> Draft | None:
        """The first steps of a learning path, and the best source of the extract after them."""
        particular = len(understanding.needs.terms) > FEW_TERMS  # 「咋个学直播」 is not
        taught = particular and any(_teaches(j, judged) for j in judged.likely[:1])
        if taught or understanding.needs.kinds:
            return None
        filters = understanding.filters
        path = self.path_for(understanding.meant, understanding.search.text, filters.date(), filters.region)
        if path is None:
            return None
        composed = lead_with_path(path, judged.extract, self._phrases)
        if not composed.citations:
            return None
        return self._finished(understanding, judged, composed, Evidence(Verdict.ANSWERED, judged.evidence.shared))

    def quote_statements(self, understanding: Understanding, judged: Judged) -> Draft | None:
        """The statements that answer, or that come nearest with what they lack."""
        if not judged.extract.citations:
            return None
        return self._finished(understanding, judged, judged.extract, judged.evidence)

    def abstain(self, understanding: Understanding, judged: Judged) -> Draft | None:
        """That there is no answer, and whom to ask."""
        lead = self._phrases.out_of_scope if understanding.route == OUT_OF_SCOPE else ""
        referrals = () if lead else self.desk.for_question(understanding.search.text)
        return abstention(() if lead else judged.candidates, referrals, self._phrases, lead)

    def _composed(self, understanding: Understanding, reading: Reading) -> Composed:
        """The statements of a reading that answer."""
        document, phrases = reading.document, self._phrases

        def place(passage: Passage, rank: int) -> Candidate:
            return self._placed(understanding, passage, rank)

        def likeness(texts: Sequence[str]) -> Floats:
            return self.likeness(understanding, texts)

        if document.kind is Kind.GUIDE:
            passages = self.catalogue.passages_of(document.doc_id)
            return compose_guide(document, passages, place, phrases, likeness, _answer_before(understanding))
        if is_lesson(document):
            return compose_lesson(document, self.catalogue.passages_of(document.doc_id), place, phrases, likeness)

        def with_words(texts: Sequence[str]) -> Floats:
            held = [understanding.sought.coverage(fold(text)) for text in texts]
            return likeness(texts) + np.array(held, dtype=np.float32) * MARGINS.words

        return compose_passage(document, reading.lead, place, phrases, with_words)

    def _placed(self, understanding: Understanding, passage: Passage, rank: int) -> Candidate:
        return self.finder.candidate(passage, rank, understanding.filters)

    @property
    def _phrases(self) -> Phrases:
        return self.texts.phrases

    def _finished(self, understanding: Understanding, judged: Judged, composed: Composed, evidence: Evidence) -> Draft:
        """Composed statements with everything around them."""
        phrases = self._phrases
        referrals = self.desk.for_question(understanding.search.text)
        composed = _shortened(composed, understanding.most_sentences)
        remarks = self._remarks(understanding, judged)
        differing = disagreement_lines(composed.citations, referrals, self.lexicon.terms, self.texts.disagreements, phrases)
        remarks = replace(remarks, above=(*remarks.above, *differing))
        remarks = replace(remarks, below=self._explained(understanding, composed.citations))
        citations = composed.citations
        lines = [*(line for above in remarks.above for line in (above, "")), *composed.lines]
        if evidence.verdict is Verdict.PARTIAL:
            lines.insert(0, phrases.partial_lead)
            if evidence.missing:
                lines.append(missing_line(evidence.missing, phrases))
        if remarks.now:
            lines += remarks.now_lines(len(citations) + 1, phrases)
            citations = (*citations, replace(remarks.now, marker=len(citations) + 1))
        lines += remarks.below_lines()
        lines += closing_lines(citations, referrals, phrases)
        return Draft(
            evidence.verdict,
            "\n".join(lines),
            phrases.label_extract,
            citations=citations,
            caveats=caveats_of(citations, phrases),
            referrals=referrals,
            followups=self._followups(composed.citations, understanding.needs),
            missing=evidence.missing,
            candidates=judged.candidates,
            remarks=remarks,
            sides=judged.sides,
            subject=_subject(understanding.needs_in_context, composed),
        )

    def _explained(self, understanding: Understanding, citations: Sequence[Citation]) -> tuple[str, ...]:
        """Terms of what is quoted in plain words; none where few sentences are wished for."""
        if understanding.most_sentences is not None:
            return ()
        said = "\n".join(c.quote for c in citations)
        return self.glossary.lines(said, understanding.text, understanding.history)

    def _remarks(self, understanding: Understanding, judged: Judged) -> Remarks:
        """The time an extract is of, what holds now instead, and heard figures without a source."""
        extract, filters, phrases = judged.extract, understanding.filters, self._phrases
        if not extract.citations:
            return Remarks()
        leading = next(c for c in judged.candidates if c.passage.passage_id == extract.citations[0].passage.passage_id)
        above: list[str] = []
        if understanding.period:
            above.append(period_line(leading, extract.statements[0].whole, understanding.period, filters.date(), phrases))
        now = rule_of_today(
            leading,
            extract.citations,
            understanding.needs_in_context,
            filters,
            self.catalogue,
            self.extractor,
            self.texts.conditions,
        )
        above += premise_lines(understanding.text, extract, self.texts.heard, phrases)
        return Remarks(tuple(filter(None, above)), now)

    def _followups(self, citations: Sequence[Citation], needs: QuestionNeeds) -> tuple[str, ...]:
        """Questions that other sections of the cited documents answer, nearest section first."""
        cited = {c.passage.passage_id for c in citations}
        questions: list[str] = []
        for citation in citations[:2]:
            others = [p for p in self.catalogue.passages_of(citation.document.doc_id) if p.questions]
            others.sort(key=lambda p: (abs(p.ordinal - citation.passage.ordinal), p.ordinal))
            questions += [p.questions[0] for p in others if p.passage_id not in cited]
        fresh = [q for q in dict.fromkeys(questions) if not all(t.share_in(q) for t in needs.terms)]
        return tuple(fresh[:_MOST_FOLLOWUPS])


def _rule_of_home(understanding: Understanding, judged: Judged, best: JudgedReading) -> JudgedReading | None:
    """The rule of the user's own province that stands beside one of the whole country: its words and its meaning both fit.

    None where the country's rule alone was asked for.
    """
    document = best.reading.document
    if understanding.needs_in_context.nationwide or document.kind is not Kind.POLICY or best.candidate.of_home:
        return None
    cited = {c.passage.passage_id for c in judged.extract.citations}
    return next((j for j in judged.offered if j.candidate.of_home and j.reading.lead.passage_id in cited), None)


def _teaches(judged_reading: JudgedReading, judged: Judged) -> bool:
    """Whether a reading says by itself how to go about it: a guide or a lesson, or training material that surely answers."""
    document = judged_reading.reading.document
    sure = judged.bars is not None and judged_reading.probability >= judged.bars.whole
    return is_whole(document) or (sure and document.kind is Kind.TRAINING)


def _names(readings: Sequence[JudgedReading], shown: Document | None = None) -> tuple[str, ...]:
    """Names of readings to choose from, one a document, without the one that is shown."""
    others = (j.reading for j in readings if j.reading.document != shown)
    first: dict[str, Reading] = {}
    for reading in others:
        first.setdefault(reading.document.doc_id, reading)
    return tuple(map(_name, first.values()))[:_MOST_FOLLOWUPS]


def _name(reading: Reading) -> str:
    """What a reading is called on a button: a title in the user's words, or the first known question of a passage."""
    return reading.name if is_whole(reading.document) or len(reading.asks) == 1 else reading.asks[1]


def _answer_before(understanding: Understanding) -> str:
    """The answer before a turn that leans on it."""
    return next((turn.content for turn in reversed(understanding.history) if turn.role == "assistant"), "")


def _shortened(composed: Composed, most_sentences: int | None) -> Composed:
    """The first statements of an extract, with the citations that they name."""
    said = [at for at, line in enumerate(composed.lines) if markers_in(line)]
    if most_sentences is None or len(said) <= most_sentences:
        return composed
    lines = composed.lines[: said[most_sentences - 1] + 1]
    named = {m for line in lines for m in markers_in(line)}
    return replace(composed, lines=lines, citations=tuple(c for c in composed.citations if c.marker in named))


def _subject(needs: QuestionNeeds, composed: Composed) -> str:
    """The longest term of art of a question that the leading source holds; "" where it holds none."""
    leading = composed.citations[0].passage
    held = f"{' '.join(leading.heading_path)}{leading.text}"
    terms = [word for t in needs.terms if t.weight >= TERM_OF_ART for word in (t.word, *t.others) if word in held]
    return max(terms, key=len, default="")
