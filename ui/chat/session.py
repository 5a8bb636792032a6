"""What one browser tab keeps: the conversation that its address names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import streamlit as st

from assistant.wire.schemas import AnswerOut, AskRequest, ConversationOut, MessageOut
from ui.chat.answer_in_progress import AnswerInProgress, AnswersInProgress
from ui.client import NotFoundError
from ui.connection import current_client

CONVERSATION_PARAMETER = "c"
TALK = "talk"
"""Key of the session's conversation."""


@dataclass(slots=True)
class Talk:
    """The conversation on the screen; ``waiting`` is the question whose answer is on its way or failed."""

    conversation_id: str = ""
    messages: list[MessageOut] = field(default_factory=list)
    waiting: AnswerInProgress | None = None
    title: str = ""
    """The name that she gave it, or ""."""

    lost: bool = False
    """Whether the address named a conversation that the API does not know."""

    just_answered: bool = False
    """Whether the last answer is new on this screen: just written, or read back from the store."""

    @property
    def empty(self) -> bool:
        """Whether nothing was said yet."""
        return not self.messages and self.waiting is None

    @property
    def unanswered(self) -> str:
        """The stored question that has no answer and is not being answered, or ""."""
        last = self.messages[-1] if self.messages else None
        return last.content if last and last.role == "user" and self.waiting is None else ""

    def add(self, question: str, answer: AnswerOut) -> None:
        """Put a question and its answer at the end."""
        now = datetime.now(UTC).isoformat()
        self.messages.append(MessageOut(role="user", content=question, created=now))
        self.messages.append(MessageOut(role="assistant", content=answer.text, created=now, answer=answer))


def current_talk() -> Talk:
    """The conversation that the address names; without one there, the tab's own.

    Raises:
        ClientError: The stored conversation could not be read; the next call tries again.
    """
    named = st.query_params.get(CONVERSATION_PARAMETER, "")
    talk: Talk | None = st.session_state.get(TALK)
    if talk is None or (named and named != talk.conversation_id):
        talk = _stored_talk(named) if named else Talk()
        st.session_state[TALK] = talk
    show_address(talk)
    return talk


def ask(question: str) -> None:
    """Send a question in the conversation on the screen, unless one is still being answered."""
    talk: Talk = st.session_state.setdefault(TALK, Talk())
    question = question.strip()
    if not question or (talk.waiting is not None and not talk.waiting.progress.finished):
        return
    request = AskRequest(question=question, conversation_id=talk.conversation_id or None)
    talk.waiting = _answers_in_progress().start(current_client(), request)
    talk.lost = False


def ask_again() -> None:
    """Look whether the answer was stored after all, and send the question once more if not.

    Raises:
        ClientError: The API could not be asked; nothing was sent.
    """
    talk: Talk = st.session_state[TALK]
    failed, conversation_id = talk.waiting, talk.conversation_id
    question = failed.question if failed else talk.unanswered
    if conversation_id:
        stored = _stored_talk(conversation_id)
        if _has_answer(stored, failed):
            st.session_state[TALK] = stored
            return
    if talk.unanswered:
        talk.messages.pop()  # drawn with the answer that is on its way
    talk.waiting = None
    ask(question)


def start_over() -> None:
    """Leave the conversation, which stays stored, and begin an empty one."""
    st.session_state[TALK] = Talk()
    st.query_params.clear()


def go_to_talk(conversation_id: str) -> None:
    """Leave the conversation on the screen for another one that is stored."""
    st.session_state.pop(TALK, None)
    st.query_params.from_dict({CONVERSATION_PARAMETER: conversation_id})


def show_address(talk: Talk) -> None:
    """Put the conversation's id into the address, so that a reload finds it."""
    if talk.conversation_id and st.query_params.get(CONVERSATION_PARAMETER) != talk.conversation_id:
        st.query_params[CONVERSATION_PARAMETER] = talk.conversation_id


def _has_answer(stored: Talk, failed: AnswerInProgress | None) -> bool:
    if stored.waiting is not None:
        return True
    if failed is None:
        return not stored.unanswered and not stored.empty
    return _holds(stored.messages, failed.progress.message_id)


def _holds(messages: list[MessageOut], message_id: str) -> bool:
    return bool(message_id) and any(m.answer is not None and m.answer.message_id == message_id for m in messages)


def _stored_talk(conversation_id: str) -> Talk:
    waiting = _answers_in_progress().find(conversation_id)
    try:
        stored = current_client().conversation(conversation_id)
    except NotFoundError:
        if waiting is None:
            st.query_params.clear()
            return Talk(lost=True)
        stored = ConversationOut(conversation_id=conversation_id)
    messages = list(stored.messages)
    if waiting is not None and _holds(messages, waiting.progress.message_id):
        waiting = None
    if waiting is not None and messages and messages[-1].role == "user" and messages[-1].content == waiting.question:
        messages.pop()  # drawn with the answer that is on its way
    return Talk(conversation_id=conversation_id, title=stored.title, messages=messages, waiting=waiting, just_answered=bool(messages))


@st.cache_resource(show_spinner=False)
def _answers_in_progress() -> AnswersInProgress:
    return AnswersInProgress()
