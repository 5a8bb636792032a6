"""「问一问」: ask, watch the answer come, open its sources."""

from __future__ import annotations

from html import escape

import streamlit as st

from assistant.wire.schemas import MAX_QUESTION_CHARACTERS
from ui.browser_memory import forget, remembered
from ui.chat.answer_view import draw_answer, draw_plain_answer, draw_progress, draw_question, draw_questions
from ui.chat.history_view import NOT_DONE, draw_history, keep_in_history, open_renaming
from ui.chat.session import Talk, ask, ask_again, current_talk, show_address, start_over
from ui.chat.voice_input import draw_voice_input
from ui.client import ClientError
from ui.components import show_error
from ui.connection import current_client
from ui.markup import literal
from ui.style import scroll_to_latest_question
from ui.wording import say, say_each

_INPUT = "question"


def render() -> None:
    """Draw the conversation, then the question that is being answered."""
    try:
        talk = current_talk()
    except ClientError as exc:
        show_error(exc, key="reload")
        return
    _draw_top(talk)
    _draw_messages(talk)
    if talk.waiting is None:
        draw_voice_input()
    st.chat_input(say("ask.placeholder"), key=_INPUT, max_chars=MAX_QUESTION_CHARACTERS, on_submit=_submit, disabled=_is_busy(talk))
    if talk.waiting is not None:
        _draw_waiting(talk)
        return
    if talk.unanswered:
        st.warning(say("ask.unfinished"))
        _draw_retry()
    if talk.just_answered:
        talk.just_answered = False
        scroll_to_latest_question(f"answered-{len(talk.messages)}")


def _submit() -> None:
    ask(str(st.session_state[_INPUT] or ""))


def _is_busy(talk: Talk) -> bool:
    return talk.waiting is not None and not talk.waiting.progress.finished


def _draw_top(talk: Talk) -> None:
    if not_done := st.session_state.pop(NOT_DONE, ""):
        st.error(literal(not_done))
    if talk.lost:
        st.warning(say("ask.lost"))
    keep_in_history(talk)
    if talk.empty:
        st.title(say("ask.welcome"), anchor=False)
        st.html(f'<p class="lead">{escape(say("ask.welcome_more"))}</p><p class="small">{escape(say("ask.privacy"))}</p>')
        st.html(f'<p class="part">{escape(say("ask.starters_title"))}</p>')
        draw_questions(say_each("ask.starters"), "starter")
        st.html(f'<p class="small hint">{escape(say("ask.how"))}</p>')
        draw_history(talk)
        return
    draw_history(talk)
    with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        st.button(say("ask.new"), key="new", icon=":material/add:", type="tertiary", on_click=start_over)
        if talk.conversation_id and talk.messages and st.button(say("ask.rename"), key="rename", icon=":material/edit:", type="tertiary"):
            open_renaming(talk.conversation_id, remembered("talks").get(talk.conversation_id, ""))
        if talk.conversation_id and st.button(say("ask.delete"), key="delete", icon=":material/delete:", type="tertiary"):
            st.dialog(say("ask.delete_title"))(_confirm_delete)(talk.conversation_id)


def _confirm_delete(conversation_id: str) -> None:
    st.write(say("ask.delete_more"))
    with st.container(horizontal=True):
        if st.button(say("ask.delete_yes"), key="delete-yes", type="primary", on_click=_delete, args=(conversation_id,)):
            st.rerun()
        if st.button(say("ask.delete_no"), key="delete-no"):
            st.rerun()


def _delete(conversation_id: str) -> None:
    try:
        current_client().delete_conversation(conversation_id)
    except ClientError as exc:
        st.session_state[NOT_DONE] = str(exc)
    else:
        forget("talks", conversation_id)
        start_over()


def _draw_messages(talk: Talk) -> None:
    turn = 0
    for position, message in enumerate(talk.messages, start=1):
        if message.role == "user":
            draw_question(message.content)
            continue
        if message.answer is None:
            draw_plain_answer(message.content)
            continue
        turn += 1
        latest = position == len(talk.messages) and talk.waiting is None
        draw_answer(message.answer, turn, helpful=message.helpful, latest=latest)


def _draw_waiting(talk: Talk) -> None:
    waiting = talk.waiting
    if waiting is None:
        return
    was_finished = waiting.progress.finished
    draw_question(waiting.question)
    scroll_to_latest_question(f"asked-{len(talk.messages)}")
    ended = draw_progress(waiting, on_begun=lambda conversation_id: _name_conversation(talk, conversation_id))
    if ended.answer is not None:
        talk.add(waiting.question, ended.answer)
        talk.waiting = None
        talk.just_answered = True
        st.rerun()
    if not was_finished:
        st.rerun()  # the input is drawn above and must open again
    st.error(literal(ended.error))
    _draw_retry()


def _name_conversation(talk: Talk, conversation_id: str) -> None:
    talk.conversation_id = conversation_id
    show_address(talk)


def _draw_retry() -> None:
    if st.button(say("ask.retry"), key="retry", icon=":material/refresh:", type="primary"):
        try:
            ask_again()
        except ClientError as exc:
            st.error(literal(str(exc)))
        else:
            st.rerun()


if __name__ == "__main__":
    render()
