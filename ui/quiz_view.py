"""A short self-check on a learning path: a statement with a gap, options to click, and the words of the document at once."""

from __future__ import annotations

from html import escape

import streamlit as st

from assistant.wire.schemas import PathOut, QuizQuestionOut, QuoteOut
from ui.client import ClientError
from ui.components import named, open_passage, show_error
from ui.connection import current_client
from ui.markup import element_key, literal, paragraph_html
from ui.wording import say


def draw_quiz(path: PathOut) -> None:
    """Draw the questions of a path, folded away until she wants them; nothing is counted against her or kept."""
    with st.expander(say("quiz.title"), key="quiz", icon=":material/quiz:"):
        try:
            quiz = current_client().quiz(occupation=path.occupation, goal=path.goal, level=path.level)
        except ClientError as exc:
            show_error(exc, key="quiz-retry")
            return
        if not quiz.items:
            st.info(say("quiz.none"))
            return
        st.html(f'<p class="small">{escape(say("quiz.note", count=len(quiz.items)))}</p>')
        place = (path.occupation.encode().hex(), path.goal.encode().hex(), path.level.encode().hex())
        results = [_draw_question(number, item, place) for number, item in enumerate(quiz.items, start=1)]
        if all(result is not None for result in results):
            right = sum(result is True for result in results)
            st.success(say("quiz.all_right" if right == len(results) else "quiz.result", right=right, count=len(results)))


def _draw_question(number: int, item: QuizQuestionOut, place: tuple[str, ...]) -> bool | None:
    """Draw a question; whether the chosen option is right, None while none is chosen."""
    key = element_key("quiz", *place, number)
    with st.container(border=True, key=f"{key}-box"):
        st.html(f'<div data-hook="quiz">{paragraph_html(f"{number}. {item.prompt}")}</div>')
        chosen: str | None = st.pills(
            say("quiz.choose", number=number), item.options, key=key, format_func=literal, label_visibility="collapsed"
        )
        if chosen is None:
            return None
        right = chosen == item.options[item.answer]
        said = say("quiz.right") if right else say("quiz.wrong", answer=item.options[item.answer])
        looks = "good" if right else "warn"
        st.html(
            f'<div role="status" data-hook="quiz-result"><span class="badge {looks}">{escape(said)}</span>'
            f'<p class="reason">{escape(item.quote)}</p></div>'
        )
        if st.button(say("quiz.source", title=literal(named(item.title, item.clause))), key=f"{key}-source", icon=":material/menu_book:"):
            open_passage(item.passage_id, _as_quote(item))
        return right


def _as_quote(item: QuizQuestionOut) -> QuoteOut:
    return QuoteOut(
        passage_id=item.passage_id,
        doc_id=item.doc_id,
        title=item.title,
        clause=item.clause,
        quote=item.quote,
        start=item.start,
        end=item.end,
    )
