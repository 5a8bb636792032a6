"""The use case: one question to one grounded answer. Read :meth:`Assistant.stream` from top to bottom as the flow."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from assistant.cards import MOST_CARDS, CardMaker
from assistant.checking.statements import check_citation, check_statement, markers_in
from assistant.composing.answer_model import AnswerModel
from assistant.composing.disagreements import disagreement_lines
from assistant.composing.extract import Composed, Found, basis_line, compose_extract, renumber
from assistant.composing.path_answer import lead_with_path
from assistant.composing.plain_words import Glossary
from assistant.composing.prose import write_prose
from assistant.composing.referrals import ReferralDesk
from assistant.composing.remarks import Remarks, premise_lines, rule_of_today, time_remarks
from assistant.composing.two_sides import TwoSides, compose_sides, told_together
from assistant.desk.approved import ApprovedAnswers, NoApprovedAnswers
from assistant.errors import QuestionRefused
from assistant.texts.wording import load_texts, phrase
from assistant.types import Answer, Card, Citation, Nearest, PathCard, Question, Referral, Trace, Verdict
from assistant.understanding.comparison import provinces_of, read_contrast
from assistant.understanding.evidence import FEW_TERMS, TERM_OF_ART, Evidence, QuestionReader, Wanted, Weigh, fold, judge, years_asked
from assistant.understanding.followups import resolve_followup
from assistant.understanding.length import read_brevity
from assistant.understanding.period import Period, dated, in_period, read_period, undated
from assistant.understanding.privacy import mask
from assistant.understanding.safety import Route, route
from knowledge_base.editorial.learning_paths import LearningPath
from knowledge_base.index.generations import Generation
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.search.retrieval import Filters, Retrieval, Retriever
from knowledge_base.text.clauses import ClauseNumber, find_clauses
from knowledge_base.text.normalise import strip_control
from knowledge_base.types import Kind, Status
from knowledge_base.validity import applies_in, status_of

logger = logging.getLogger(__name__)

PASSAGES_READ = 8
"""Passages from which an answer is composed."""

_WRITTEN = (Verdict.ANSWERED, Verdict.PARTIAL)  # what a model may put into words
_MOST_FOLLOWUPS = 3
_MOST_CHOICES = 4
_ONE_WORD = 5  # characters: 「直播」, 「证书？」
_SHORT = 14  # characters: a question this short leans on the one before it
_LEANS = re.compile(r"^(那|那么|还有|另外|如果|要是)|[它她他]们?|这个|那个|前头|前面|刚才|上面|第[一二三四五]个|[呢喃]$")


@dataclass(frozen=True, slots=True)
class Meta:
    """First event: who answers."""

    message_id: str
    conversation_id: str
    label: str
    ai_generated: bool
    model_id: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What was found, before the answer is there."""

    nearest: tuple[Nearest, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the answer's text; the pieces joined are the text."""

    text: str


@dataclass(frozen=True, slots=True)
class Citations:
    """The citations that the text's markers name."""

    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Followups:
    """Questions that lie near."""

    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """Last event: the whole answer."""

    answer: Answer


Event = Meta | Sources | Token | Citations | Followups | Done


@dataclass(frozen=True)
class Reader:
    """What reads one generation: its retriever and its reader of questions, made once and kept."""

    generation: Generation
    retriever: Retriever
    questions: QuestionReader
    paths: tuple[LearningPath, ...] = ()

    @classmethod
    def of(cls, generation: Generation, retriever: Retriever, lexicon: Lexicon, paths: tuple[LearningPath, ...] = ()) -> Reader:
        """A reader of a generation, with the learning paths through its documents."""
        frequency = generation.lexical.document_frequency
        return cls(generation, retriever, QuestionReader(lexicon, frequency, generation.manifest.passages), paths)

    @property
    def lexicon(self) -> Lexicon:
        """How it understands a question: the lexicon with the words of its knowledge base."""
        return self.retriever.lexicon

    def meant(self, text: str) -> str:
        """A text in standard words, its slips and pinyin mended."""
        return self.lexicon.understand(text).text

    @cached_property
    def cards(self) -> CardMaker:
        """What makes cards from the generation."""
        return CardMaker(self.generation.catalogue, self.paths)

    @cached_property
    def provinces(self) -> tuple[str, ...]:
        """Provinces that its documents are of."""
        return provinces_of(entry.document for entry in self.generation.catalogue.entries.values())


@dataclass
class Assistant:
    """Answers from the knowledge base alone.

    ``reader`` gives what reads the generation in use; ``desk`` knows the places to ask; ``approved`` has what a person approved;
    ``model``, where there is one, writes the prose of what the evidence carries. Without one, and whenever it fails, the answer is an
    extract. ``weigh`` says whether the evidence is enough.
    """

    reader: Callable[[], Reader]
    desk: ReferralDesk
    approved: ApprovedAnswers = field(default_factory=NoApprovedAnswers)
    model: AnswerModel | None = None
    glossary: Glossary = field(default_factory=Glossary)
    weigh: Weigh = judge

    def ask(self, question: Question) -> Answer:
        """The answer to a question.

        Raises:
            QuestionRefused: nothing is left of the question once control characters are gone.
            IndexUnavailable: there is no knowledge base to answer from.
        """
        for event in self.stream(question):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("a stream ends with Done")

    def stream(self, question: Question) -> Iterator[Event]:
        """The answer as it comes about: Meta, Sources, Token…, Citations, Followups, Done."""
        clock = _Clock()
        question = replace(question, text=strip_control(question.text).strip())
        if not question.text:
            raise QuestionRefused("问题是空的，请写上您想问的事")
        message_id = f"m-{uuid.uuid4().hex[:16]}"
        conversation_id = question.conversation_id or f"c-{uuid.uuid4().hex[:16]}"
        reader = self.reader()

        routed = route(question.text, reader.lexicon)
        approved = None if routed else self._approved(reader, question)
        found: Sequence[Found] = ()
        if routed:
            draft = _Draft(self._routed(routed))
        elif approved:
            draft = _Draft(approved)
        else:
            question, most_sentences = _as_short(question)
            question, notes = resolve_followup(question)
            period = _period(reader, question)
            question = replace(question, text=dated(question.text, period)) if period else question
            retrieval, found = self._retrieve(reader, question, period)
            clock.lap("retrieve")
            draft = self._compose(reader, question, retrieval, found, most_sentences, period)
            draft = replace(draft, answer=replace(draft.answer, trace=_trace(reader, question, retrieval, notes, period)))
            clock.lap("compose")
        draft = replace(draft, answer=_keep_what_stands(draft.answer))
        clock.lap("check")
        if not routed and not approved:
            draft = replace(draft, answer=replace(draft.answer, cards=self._cards(reader, question, draft)))
            clock.lap("cards")

        writes = self.model if self.model and not approved and draft.answer.verdict in _WRITTEN else None
        answer = replace(draft.answer, message_id=message_id, conversation_id=conversation_id)
        label = phrase("label_generated") if writes else answer.label
        yield Meta(message_id, conversation_id, label, writes is not None, writes.model_id if writes else "")
        nearest = approved.citations if approved else found[:3]
        yield Sources(tuple(Nearest(n.passage, n.document, n.status) for n in nearest))
        sent = ""
        if writes:
            for piece in (writing := _Writing(writes, reader.lexicon, question, draft, most_sentences)).pieces():
                sent += piece
                yield Token(piece)
            answer = writing.answer(answer)
            clock.lap("write")
        answer = replace(answer, generation=reader.generation.manifest.generation, timings_ms=clock.laps())
        for piece in re.findall(r"[^。！？\n]*[。！？\n]?", answer.text.removeprefix(sent)):
            if piece:
                yield Token(piece)
        yield Citations(answer.citations)
        yield Followups(answer.followups)
        yield Done(answer)

    def _routed(self, said: Route) -> Answer:
        return Answer(
            "",
            "",
            said.verdict,
            said.text,
            referrals=self.desk.named(said.referrals),
            followups=said.followups,
            label=phrase("label_fixed"),
        )

    def _approved(self, reader: Reader, question: Question) -> Answer | None:
        """What a person approved for this very question; a question that leans on earlier ones is not the one she read."""
        if standalone(question, reader.lexicon) != question.text:
            return None
        approved = self.approved.find(question, reader.generation)
        if approved is None:
            return None
        caveats = (*_caveats(approved.citations), *approved.caveats)
        return replace(approved, caveats=caveats, referrals=self.desk.for_question(reader.meant(question.text)))

    def _retrieve(self, reader: Reader, question: Question, period: Period | None) -> tuple[Retrieval, list[Found]]:
        filters = Filters(question.as_of, question.region, question.kinds)
        asked = standalone(question, reader.lexicon)
        years = [y for y in years_asked(reader.meant(question.text), filters.date()) if y not in asked]
        retrieval, found = _find(reader, " ".join((asked, *years)), filters)
        if period is None:
            return retrieval, found
        _, of_any_time = _find(reader, undated(asked), filters)
        known = {f.passage.passage_id for f in found}
        return retrieval, in_period([*found, *(f for f in of_any_time if f.passage.passage_id not in known)], period)[:PASSAGES_READ]

    def _beside(self, reader: Reader, question: Question, composed: Composed) -> TwoSides | None:
        """The answer side by side where two things are set beside each other and no one statement speaks of both."""
        contrast = read_contrast(reader.meant(question.text), reader.provinces)
        if contrast is None or told_together(contrast, composed.citations):
            return None
        filters = Filters(question.as_of, question.region, question.kinds)
        return compose_sides(
            contrast,
            lambda query: _find(reader, query, filters)[1],
            lambda text: reader.questions.read(reader.lexicon.understand(text), filters.date()),
            lambda text: reader.lexicon.synonyms.get(reader.meant(text), ()),
        )

    def _cards(self, reader: Reader, question: Question, draft: _Draft) -> tuple[Card, ...]:
        """Cards beside an answer; beside one that found nothing, only those that need no citation."""
        if draft.answer.verdict not in (*_WRITTEN, Verdict.ABSTAINED):
            return ()
        asked = reader.meant(question.text)
        context = reader.meant(standalone(question, reader.lexicon))
        filters = Filters(question.as_of, question.region, question.kinds)
        cards = reader.cards.cards(asked, context, draft.answer, filters.date(), filters.region, draft.subject)
        if draft.beside and draft.answer.verdict in _WRITTEN:
            cards = (*reader.cards.sides(draft.beside), *cards)
        return cards[:MOST_CARDS]

    def _path(self, reader: Reader, question: Question, filters: Filters) -> PathCard | None:
        """The learning path that a question asks for outright."""
        context = reader.meant(standalone(question, reader.lexicon))
        return reader.cards.path_for(reader.meant(question.text), context, filters.date(), filters.region)

    def _compose(
        self,
        reader: Reader,
        question: Question,
        retrieval: Retrieval,
        found: Sequence[Found],
        most_sentences: int | None,
        period: Period | None,
    ) -> _Draft:
        filters = Filters(question.as_of, question.region, question.kinds)
        context = reader.questions.read(retrieval.understood, filters.date())
        wanted = context
        if retrieval.understood.original != question.text:
            wanted = reader.questions.read(reader.lexicon.understand(question.text), filters.date())
        referrals = self.desk.for_question(retrieval.understood.text)
        missing_clause = _missing_clause(reader, retrieval)
        if missing_clause:
            title, clause = missing_clause
            lead = phrase("clause_missing", title=title, clause=clause)
            return _Draft(_abstain(found, referrals, lead))
        if choices := _choices(question, wanted, found):
            lead = phrase("clarify", word=question.text)
            return _Draft(Answer("", "", Verdict.CLARIFY, lead, referrals=referrals, followups=choices, label=phrase("label_fixed")))
        exact = bool(retrieval.named.clauses) and bool(found) and _names(found[0], retrieval)
        if exact:
            found = [f for f in found if _names(f, retrieval)]
        if period:
            context, wanted = _without_year(context, period), _without_year(wanted, period)
        asked = context if question.history else wanted
        sought = asked if asked.terms else context
        composed, evidence = _extract(self.weigh, found, sought, asked, exact=exact)
        logger.debug("verdict %s, %.1f nats shared, missing %s", evidence.verdict, evidence.shared, evidence.missing)
        if evidence.verdict is Verdict.ABSTAINED and period:
            composed, evidence = _in_force_then(self.weigh, found, sought, asked, period) or (composed, evidence)
        if evidence.verdict is not Verdict.ABSTAINED and (beside := self._beside(reader, question, composed)):
            composed, found = beside.composed, (*beside.found, *found)
            evidence = Evidence(Verdict.PARTIAL if beside.missing else Verdict.ANSWERED, evidence.shared, beside.missing)
        else:
            beside = None
        extract = composed if evidence.verdict is not Verdict.ABSTAINED else Composed((), ())
        particular = len(wanted.terms) > FEW_TERMS  # 「咋个学直播」 is not
        taught = particular and evidence.verdict is Verdict.ANSWERED and _teaches(composed, found)
        if not taught and not wanted.kinds and (path := self._path(reader, question, filters)):
            composed, evidence = lead_with_path(path, extract), Evidence(Verdict.ANSWERED, evidence.shared)
        if evidence.verdict is Verdict.ABSTAINED or not composed.citations:
            return _Draft(_abstain(found, referrals))
        composed = _shorten(composed, most_sentences)
        remarks = _remarks(reader, question, extract, found, context, period) if extract.citations else Remarks()
        differing = disagreement_lines(composed.citations, referrals, reader.lexicon.terms)
        remarks = replace(remarks, above=(*remarks.above, *differing))
        if most_sentences is None:
            said = "\n".join(c.quote for c in composed.citations)
            remarks = replace(remarks, below=self.glossary.lines(said, question.text, question.history))
        answer = _answer(reader, composed, evidence, referrals, wanted, remarks)
        return _Draft(answer, evidence.missing, tuple(found), remarks, beside, _subject(context, composed))


@dataclass(frozen=True)
class _Draft:
    """An answer by extraction, and what a model would write from in its place."""

    answer: Answer
    missing: tuple[str, ...] = ()
    found: tuple[Found, ...] = ()
    remarks: Remarks = field(default_factory=Remarks)
    beside: TwoSides | None = None
    subject: str = ""
    """The term of art that the question is about, as the leading source writes it."""


class _Writing:
    """A model's answer in the place of an extract: its prose as it comes, and what stands around it."""

    def __init__(self, model: AnswerModel, lexicon: Lexicon, question: Question, draft: _Draft, most_sentences: int | None) -> None:
        self._model, self._draft = model, draft
        asked = mask(standalone(question, lexicon))  # what goes to a service of others says nothing of her
        self._prose, self._pieces = write_prose(model, asked, draft.found, lexicon.terms, most_sentences)
        self._text = ""

    def pieces(self) -> Iterator[str]:
        """The text up to the end of the prose; nothing when none of it stands."""
        for piece in self._pieces:
            opening = "" if self._text else f"{phrase('ai_notice')}\n\n{self._lead()}"
            self._text += opening + piece
            yield opening + piece

    def answer(self, extract: Answer) -> Answer:
        """The whole answer: the prose with what it rests on; the extract behind prose that broke off, and in the place of none."""
        prose, dropped = self._prose, extract.dropped + len(self._prose.faults)
        if not self._text:
            return replace(extract, caveats=(*extract.caveats, phrase("caveat_model")), dropped=dropped)
        citations, text = prose.citations, self._text
        if self._draft.missing:
            text += f"\n{phrase('partial_missing', missing='、'.join(self._draft.missing))}"
        caveats: tuple[str, ...] = ()
        if prose.enough:
            if (now := self._draft.remarks.now) and now.passage not in [c.passage for c in citations]:
                text = "\n".join((text, *self._draft.remarks.now_lines(len(citations) + 1)))
                citations = (*citations, replace(now, marker=len(citations) + 1))
            text = "\n".join((text, *self._draft.remarks.below_lines()))
            text = "\n".join((text, *_closing(citations, extract.referrals)))
        else:
            text = "\n".join((text, *_closing(citations, ())[:-2], "", phrase("model_broke_off"), ""))
            shifted = tuple(replace(c, marker=c.marker + len(citations)) for c in extract.citations)
            text += re.sub(r"\[(\d+)\]", lambda m: f"[{int(m.group(1)) + len(citations)}]", extract.text)
            citations, caveats = (*citations, *shifted), (phrase("caveat_model_partly"),)
        return replace(
            extract,
            text=text,
            citations=citations,
            caveats=(*_caveats(citations), *caveats),
            label=phrase("label_generated"),
            ai_generated=True,
            model_id=self._model.model_id,
            dropped=dropped,
        )

    def _lead(self) -> str:
        leads = [phrase("partial_lead")] if self._draft.answer.verdict is Verdict.PARTIAL else []
        return "".join(f"{line}\n\n" for line in (*leads, *self._draft.remarks.above))


def _teaches(composed: Composed, found: Sequence[Found]) -> bool:
    """Whether an answer leads with training material that was also found first."""
    lead = composed.citations[0]
    return lead.document.kind is Kind.TRAINING and lead.passage == found[0].passage


def _as_short(question: Question) -> tuple[Question, int | None]:
    """The question without its wish for a short answer, and the most sentences; a bare wish is about the question before."""
    text, most = read_brevity(question.text)
    earlier = [turn.content for turn in question.history if turn.role == "user"]
    if most and not text and earlier:
        text = earlier[-1]
    return (replace(question, text=text), most) if text else (question, most)


def _shorten(composed: Composed, most_sentences: int | None) -> Composed:
    """The first statements of an extract, with the citations that they name."""
    if most_sentences is None or len(composed.lines) <= most_sentences:
        return composed
    lines = composed.lines[:most_sentences]
    named = {m for line in lines for m in markers_in(line)}
    return replace(composed, lines=lines, citations=tuple(c for c in composed.citations if c.marker in named))


def standalone(question: Question, lexicon: Lexicon) -> str:
    """The question with what it leans on: a short or pointing follow-up carries the question before it."""
    earlier = [turn.content for turn in question.history if turn.role == "user"]
    if not earlier:
        return question.text
    meant = lexicon.understand(question.text).text
    if len(meant) <= _SHORT or _LEANS.search(meant):
        return f"{earlier[-1]} {question.text}"
    return question.text


def _period(reader: Reader, question: Question) -> Period | None:
    """The time whose rules are asked for; a date given beside the question is the date, whatever its words say."""
    if question.as_of is not None:
        return None
    return read_period(reader.meant(standalone(question, reader.lexicon)), Filters().date())


def _trace(reader: Reader, question: Question, retrieval: Retrieval, notes: Sequence[str], period: Period | None) -> Trace:
    said = [*notes, *retrieval.understood.notes, *((phrase("note_period", period=period.label),) if period else ())]
    as_of = period.last if period and period.last else Filters(question.as_of).date()
    return Trace(standalone(question, reader.lexicon), as_of.isoformat(), period.label if period else "", tuple(said))


def _find(reader: Reader, query: str, filters: Filters) -> tuple[Retrieval, list[Found]]:
    """Passages for a query, each with its document and the standing of that."""
    retrieval = reader.retriever.search(query, PASSAGES_READ, filters)
    entries = reader.generation.catalogue.entries
    found = []
    for scored in retrieval.passages:
        document = entries[scored.passage.doc_id].document
        near = applies_in(document.region, filters.region)
        found.append(Found(scored, document, status_of(document, filters.date(), filters.region), near))
    return retrieval, found


def _extract(weigh: Weigh, found: Sequence[Found], sought: Wanted, asked: Wanted, *, exact: bool = False) -> tuple[Composed, Evidence]:
    """Statements for what is sought, and whether they are enough for what was asked."""
    found = [f.asked(sought) for f in found]
    composed = compose_extract(found, sought)
    cited = {c.passage.passage_id for c in composed.citations}
    read = [f.read for f in found if f.passage.passage_id in cited]
    return composed, weigh(asked, read, composed.statements, exact=exact)


def _without_year(wanted: Wanted, period: Period) -> Wanted:
    """What is wanted without the year of the rules among its words: it says of what time, not of what."""
    return replace(wanted, terms=tuple(t for t in wanted.terms if not period.year or period.year not in t.word))


def _in_force_then(weigh: Weigh, found: Sequence[Found], sought: Wanted, asked: Wanted, period: Period) -> tuple[Composed, Evidence] | None:
    """An answer in part from a rule that was in force at the asked time without naming its year; None where there is none."""
    sought, asked = replace(sought, years=()), replace(asked, years=())
    then = [f for f in found if f.document.effective and period.had(f.document) and f.document.kind is Kind.POLICY]
    composed, evidence = _extract(weigh, then, sought, asked)
    if evidence.verdict is Verdict.ABSTAINED or not composed.citations:
        return None
    missing = str(load_texts()["missing_kinds"]["year"]).format(year=period.year)
    return composed, Evidence(Verdict.PARTIAL, evidence.shared, tuple(dict.fromkeys((*evidence.missing, missing))))


def _remarks(
    reader: Reader, question: Question, composed: Composed, found: Sequence[Found], wanted: Wanted, period: Period | None
) -> Remarks:
    """Whose time the answer is of, what holds now instead, and what she heard that is not so."""
    filters = Filters(question.as_of, question.region)
    leading = next(f for f in found if f.passage.passage_id == composed.citations[0].passage.passage_id)
    above = time_remarks(leading, composed.statements[0].whole, period, filters.date()) if period else ()
    now = rule_of_today(leading, composed.citations, wanted, filters.date(), filters.region, reader.generation.catalogue)
    return Remarks((*above, *premise_lines(question.text, composed)), now)


def _subject(wanted: Wanted, composed: Composed) -> str:
    """The longest term of art of a question that the leading source holds; "" where it holds none."""
    leading = composed.citations[0].passage
    held = f"{' '.join(leading.heading_path)}{leading.text}"
    terms = [word for t in wanted.terms if t.weight >= TERM_OF_ART for word in (t.word, *t.others) if word in held]
    return max(terms, key=len, default="")


def _names(found: Found, retrieval: Retrieval) -> bool:
    """Whether a passage is a clause that the question names."""
    if found.passage.doc_id not in retrieval.named.doc_ids:
        return False
    return bool(set(find_clauses(found.passage.clause)) & set(retrieval.named.clauses))


def _missing_clause(reader: Reader, retrieval: Retrieval) -> tuple[str, ClauseNumber] | None:
    """The instrument and clause that a question names and the knowledge base does not hold."""
    named = retrieval.named
    if not named.doc_ids or not named.clauses:
        return None
    held = {c for d in named.doc_ids for p in reader.generation.catalogue.passages_of(d) for c in find_clauses(p.clause)}
    lacking = [c for c in named.clauses if c not in held]
    if len(lacking) < len(named.clauses):
        return None
    return reader.generation.catalogue.document(named.doc_ids[0]).title, lacking[0]


def _choices(question: Question, wanted: Wanted, found: Sequence[Found]) -> tuple[str, ...]:
    """Questions to choose from where one bare word was asked, one a document; none where there are fewer than two.

    「产假多少天」 and 「啥叫提示词」 have one word of content too, but say what they want to know of it.
    """
    says_what = wanted.kinds or wanted.meaning
    if question.history or len(wanted.terms) != 1 or says_what or len(question.text) > _ONE_WORD or wanted.terms[0].word.isdigit():
        return ()
    first_of: dict[str, str] = {}
    for f in found:
        hers = f.document.kind is not Kind.CASE and applies_in(f.document.region, question.region)
        if hers and f.passage.questions and wanted.terms[0].share_in(fold(f.about)):
            first_of.setdefault(f.document.slug, f.passage.questions[0])
    choices = tuple(dict.fromkeys(first_of.values()))[:_MOST_CHOICES]
    return choices if len(choices) > 1 else ()


def _abstain(found: Sequence[Found], referrals: tuple[Referral, ...], lead: str = "") -> Answer:
    nearest = tuple(Nearest(f.passage, f.document, f.status) for f in found[:2])
    lines = [lead or phrase("abstained")]
    if nearest:
        lines.append(phrase("abstained_near"))
    if referrals:
        lines.append(phrase("abstained_ask", name=referrals[0].name, number=referrals[0].number))
    return Answer("", "", Verdict.ABSTAINED, "\n".join(lines), nearest=nearest, referrals=referrals, label=phrase("label_fixed"))


def _answer(
    reader: Reader, composed: Composed, evidence: Evidence, referrals: tuple[Referral, ...], wanted: Wanted, remarks: Remarks
) -> Answer:
    followups = _followups(reader, composed.citations, wanted)
    citations = composed.citations
    lines = [*(line for above in remarks.above for line in (above, "")), *composed.lines]
    if evidence.verdict is Verdict.PARTIAL:
        lines.insert(0, phrase("partial_lead"))
        if evidence.missing:
            lines.append(phrase("partial_missing", missing="、".join(evidence.missing)))
    if remarks.now:
        lines += remarks.now_lines(len(citations) + 1)
        citations = (*citations, replace(remarks.now, marker=len(citations) + 1))
    lines += remarks.below_lines()
    lines += _closing(citations, referrals)
    return Answer(
        "",
        "",
        evidence.verdict,
        "\n".join(lines),
        citations=citations,
        caveats=_caveats(citations),
        referrals=referrals,
        followups=followups,
        label=phrase("label_extract"),
    )


def _closing(citations: Sequence[Citation], referrals: Sequence[Referral]) -> list[str]:
    """What stands under every answer: what it rests on, whom to believe over us, whom to ask."""
    lines = ["", phrase("basis"), "", *(f"{basis_line(c)}  " for c in citations), "", phrase("verify")]
    if referrals:
        lines.append(phrase("next_step", name=referrals[0].name, number=referrals[0].number))
    return lines


def _caveats(citations: Sequence[Citation]) -> tuple[str, ...]:
    keys = {
        Status.EXPIRED: "caveat_expired",
        Status.DRAFT: "caveat_draft",
        Status.NOT_YET: "caveat_not_yet",
        Status.ELSEWHERE: "caveat_elsewhere",
        Status.REPORTED: "caveat_reported",
    }
    said = [
        phrase(keys[c.status], title=c.document.title, region=c.document.region)
        for c in citations
        if c.status in keys and c.document.kind == "policy"
    ]
    return tuple(dict.fromkeys(said))


def _followups(reader: Reader, citations: Sequence[Citation], wanted: Wanted) -> tuple[str, ...]:
    """Questions that other sections of the cited documents answer, nearest section first."""
    questions: list[str] = []
    for citation in citations[:2]:
        others = [p for p in reader.generation.catalogue.passages_of(citation.document.doc_id) if p.questions]
        others.sort(key=lambda p: (abs(p.ordinal - citation.passage.ordinal), p.ordinal))
        questions += [p.questions[0] for p in others if p.passage_id not in {c.passage.passage_id for c in citations}]
    fresh = [q for q in dict.fromkeys(questions) if not all(t.share_in(q) for t in wanted.terms)]
    return tuple(fresh[:_MOST_FOLLOWUPS])


def _keep_what_stands(draft: Answer) -> Answer:
    """The answer without statements that do not stand in what they cite; an answer left with none is an abstention."""
    bad = {c.marker for c in draft.citations if check_citation(c)}
    basis = {basis_line(c) for c in draft.citations}  # our own words about a document; nothing to check but the citation
    kept_lines: list[str] = []
    dropped = 0
    for line in draft.text.split("\n"):
        markers = markers_in(line)
        if markers and (bad & set(markers) or (line.rstrip() not in basis and check_statement(line, draft.citations))):
            dropped += 1
            logger.warning("dropped a statement that its source does not carry (markers %s)", markers)
        else:
            kept_lines.append(line)
    if not dropped:
        return draft
    used = [c.marker for c in draft.citations if any(c.marker in markers_in(line) for line in kept_lines)]
    if not used:
        return replace(_abstain((), draft.referrals), dropped=dropped)
    mapping, citations = renumber(draft.citations, used)
    text = re.sub(r"\[(\d+)\]", lambda m: f"[{mapping[int(m.group(1))]}]", "\n".join(kept_lines))
    return replace(draft, text=text, citations=citations, dropped=dropped)


class _Clock:
    """Milliseconds spent between laps."""

    def __init__(self) -> None:
        self._begun = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        moment = time.perf_counter()
        self._laps[name] = round(1000 * (moment - self._last), 3)
        self._last = moment

    def laps(self) -> dict[str, float]:
        return {**self._laps, "total": round(1000 * (time.perf_counter() - self._begun), 3)}
