"""The desk of approved answers: checks what is handed in, keeps it, and finds what fits a question.

An approved answer is given for the questions it was written for, as of today, in the region it was written for, until the day it
expires, and while its sources carry every one of its lines.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable
from dataclasses import replace

from assistant.approved import ApprovalState, Approved, ApprovedStore, Reference, Submission
from assistant.checking.markers import markers_in, renumbered
from assistant.clock import in_beijing, now
from assistant.composing.draft import Draft
from assistant.composing.lines import closing_lines, renumber, standing_prefix
from assistant.desk.approved_checks import cite, faults_of, find_again, resolve, with_markers
from assistant.errors import ApprovalRefused, NotFound, StoreError
from assistant.texts.library import Texts
from assistant.texts.phrases import Phrases
from assistant.types import Citation, Question, Verdict
from assistant.understanding.privacy import mask
from assistant.understanding.question_key import question_key
from assistant.understanding.safety import route
from knowledge_base.index.generation import Generation
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.types import Passage
from knowledge_base.validity import HOME_REGION, today

logger = logging.getLogger(__name__)


class ApprovedDesk:
    """Checks what is handed in and finds what fits a question. Without a store it holds nothing and takes nothing."""

    def __init__(
        self,
        lexicon: Lexicon,
        texts: Texts,
        store: ApprovedStore | None = None,
        region: str = HOME_REGION,
        day: Callable[[], dt.date] = today,
    ) -> None:
        """A desk for answers that hold in a region; ``day`` is the date in Beijing."""
        self._lexicon = lexicon
        self._texts = texts
        self._store = store
        self._region = region
        self._day = day
        self._known: tuple[str, dict[str, list[Approved]]] = ("", {})
        self._passages: dict[tuple[str, str], tuple[Passage, ...] | None] = {}

    def use_lexicon(self, lexicon: Lexicon) -> None:
        """Distinguish questions by another lexicon from now on."""
        self._lexicon = lexicon
        self._known = ("", {})

    def find(self, question: Question, generation: Generation) -> Draft | None:
        """The approved answer to a question that is asked as of today, for this region and of all kinds of documents."""
        elsewhere = question.region != self._region or question.kinds or question.as_of not in (None, self._day())
        if elsewhere:
            return None
        try:
            approved = self.covering(question.text)
        except StoreError as exc:  # the user gets the answer of the knowledge base
            logger.warning("approved answers left out: %s", exc)
            return None
        if approved is None:
            return None
        citations = self.citations_of(approved, generation)
        if citations is None:
            logger.warning("the sources of approved answer %s no longer carry it", approved.approved_id)
            return None
        return _presented(approved, citations, self._texts.phrases)

    def covering(self, question: str) -> Approved | None:
        """The newest approved answer to a question that has not expired, whether or not its sources still carry it.

        Raises:
            StoreError: the store cannot be read.
        """
        held = self._by_key().get(self._key(question), ())
        return next((a for a in reversed(held) if a.expires >= self._day()), None)

    def approve(self, submission: Submission, generation: Generation) -> Approved:
        """Check an answer and keep it, with those of its passages that a line cites.

        Raises:
            ApprovalRefused: it does not pass; the message holds every reason.
            StoreError: the store cannot be written.
        """
        store = self._opened()
        approved = self._checked(f"a-{uuid.uuid4().hex[:16]}", submission, generation)
        store.add(approved)
        return approved

    def change(self, approved_id: str, submission: Submission, generation: Generation) -> Approved:
        """Check an answer and put it in the place of an approved one.

        Raises:
            NotFound: there is none of this id.
            ApprovalRefused: it does not pass; the former one stays.
        """
        self.get(approved_id)
        approved = self._checked(approved_id, submission, generation)
        if not self._opened().replace(approved):
            raise _no_such(approved_id)
        return approved

    def expire(self, approved_id: str) -> Approved:
        """End an answer yesterday: it is given no more, and stays in the list.

        Raises:
            NotFound: there is none of this id.
        """
        ended = replace(self.get(approved_id), expires=self._day() - dt.timedelta(days=1), created=now())
        if not self._opened().replace(ended):
            raise _no_such(approved_id)
        return ended

    def get(self, approved_id: str) -> Approved:
        """The approved answer of an id.

        Raises:
            NotFound: there is none.
        """
        for approved in self._opened().all():
            if approved.approved_id == approved_id:
                return approved
        raise _no_such(approved_id)

    def _checked(self, approved_id: str, submission: Submission, generation: Generation) -> Approved:
        """What a submission becomes, with those of its passages that a line cites.

        Raises:
            ApprovalRefused: it does not pass; the message holds every reason.
        """
        passages, reasons = resolve(submission, generation)
        citations = tuple(cite(submission.text, m, p, generation, self._day(), self._region) for m, p in enumerate(passages, 1))
        text = with_markers(submission.text, citations, self._texts.conditions)
        reasons += self._faults(submission, approved_id)
        if passages:
            reasons += faults_of(text, citations, self._texts.conditions)
            if not markers_in(text):
                reasons.append("回答里没有一句话引出处")
        if reasons:
            raise ApprovalRefused("；".join(dict.fromkeys(reasons)))
        mapping, cited = renumber(citations, [c.marker for c in citations if c.marker in markers_in(text)])
        text = renumbered(text, mapping)
        references = tuple(Reference(c.passage.passage_id, c.passage.source_ids) for c in cited)
        return Approved(approved_id, submission.questions, text, references, submission.author, now(), submission.expires)

    def all(self) -> list[Approved]:
        """Every approved answer, the oldest first."""
        return self._opened().all()

    def remove(self, approved_id: str) -> None:
        """Take an answer back; it is not given from then on.

        Raises:
            NotFound: there is none of this id.
        """
        if not self._opened().remove(approved_id):
            raise _no_such(approved_id)

    def state_of(self, approved: Approved, generation: Generation) -> ApprovalState:
        """Whether an answer is given today."""
        if approved.expires < self._day():
            return ApprovalState.EXPIRED
        return ApprovalState.STALE if self.citations_of(approved, generation) is None else ApprovalState.ACTIVE

    def citations_of(self, approved: Approved, generation: Generation) -> tuple[Citation, ...] | None:
        """Its citations in a generation; None when a passage is gone or no longer carries a line."""
        passages = self._passages_of(approved, generation)
        if passages is None:
            return None
        day = self._day()
        citations = tuple(cite(approved.text, m, p, generation, day, self._region) for m, p in enumerate(passages, 1))
        return None if faults_of(approved.text, citations, self._texts.conditions) else citations

    def _passages_of(self, approved: Approved, generation: Generation) -> tuple[Passage, ...] | None:
        name = generation.manifest.generation
        key = (name, f"{approved.approved_id}/{approved.created}")
        if key not in self._passages:
            self._passages = {k: v for k, v in self._passages.items() if k[0] == name}
            found = [find_again(reference, generation) for reference in approved.references]
            self._passages[key] = tuple(p for p in found if p is not None) if all(found) else None
        return self._passages[key]

    def _by_key(self) -> dict[str, list[Approved]]:
        if self._store is None:
            return {}
        stamp = self._store.stamp()  # another process may have added or removed one
        if stamp != self._known[0]:
            by_key: dict[str, list[Approved]] = {}
            for approved in self._store.all():
                for question in approved.questions:
                    by_key.setdefault(self._key(question), []).append(approved)
            self._known = (stamp, by_key)
        return self._known[1]

    def _faults(self, submission: Submission, approved_id: str) -> list[str]:
        """What speaks against a submission under an id, whatever its passages hold."""
        reasons = []
        if submission.expires < self._day():
            reasons.append(f"有效期 {submission.expires} 已经过去")
        for question in submission.questions:
            if len(self._key(question)) < 2:
                reasons.append(f"问法“{question}”太短，会认错")
            elif route(question, self._texts.safety, self._lexicon):
                reasons.append(f"问法“{question}”由固定用语先回答，用不到这一条")
            elif (held := self.covering(question)) and held.approved_id != approved_id:
                reasons.append(f"问法“{question}”已经有审核回答 {held.approved_id}，请先删除")
            if mask(question) != question:
                reasons.append("问法里有个人信息，请去掉")
        return reasons

    def _key(self, question: str) -> str:
        return question_key(question, self._lexicon, self._texts.same_questions)

    def _opened(self) -> ApprovedStore:
        if self._store is None:
            raise StoreError("审核回答的数据库还没有打开。请检查 ASSISTANT_DATABASE_URL")
        return self._store


def _no_such(approved_id: str) -> NotFound:
    return NotFound(f"没有编号为 {approved_id} 的审核回答，可能已经删除")


def _presented(approved: Approved, citations: tuple[Citation, ...], phrases: Phrases) -> Draft:
    cited = {c.marker: c for c in citations}
    lines = []
    for line in approved.text.split("\n"):
        prefixes = {standing_prefix(cited[m], phrases) for m in markers_in(line)}
        lines.append(f"{prefixes.pop()}{line}" if len(prefixes) == 1 else line)
    lines += closing_lines(citations, (), phrases)
    made = in_beijing(approved.created)
    caveat = phrases.approved_until.format(made=made.isoformat(), expires=approved.expires.isoformat())
    return Draft(Verdict.ANSWERED, "\n".join(lines), phrases.label_approved, citations, caveats=(caveat,))
