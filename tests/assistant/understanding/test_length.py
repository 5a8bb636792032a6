"""「讲快点」and 「三句话」 are wishes about the answer, no part of what is looked for."""

from __future__ import annotations

import pytest
from assistant_pieces import TEXTS

from assistant.answering import Assistant
from assistant.checking.markers import markers_in
from assistant.types import Question, Turn
from assistant.understanding.length import read_length


@pytest.mark.parametrize(
    ("said", "asked", "most"),
    [
        ("产假多少天？三句话讲清楚", "产假多少天？", 3),
        ("产假多少天，用一句话说", "产假多少天", 1),
        ("讲快点，产假好多天", "产假好多天", 3),
        ("几句话讲一下补贴咋领", "补贴咋领", 3),
        ("简单说说哺乳假", "哺乳假", 3),
        ("讲快点", "", 3),
        ("产假多少天？", "产假多少天？", None),
        ("怎么写三个句子的文案", "怎么写三个句子的文案", None),
        ("直播说话太快怎么办", "直播说话太快怎么办", None),
    ],
)
def test_a_wish_for_a_short_answer_is_read_and_taken_out(said: str, asked: str, most: int | None) -> None:
    assert read_length(said, TEXTS.length) == (asked, most)


def test_a_short_extract_has_no_more_statements_than_were_asked_for(shipped_assistant: Assistant) -> None:
    question = "互联网营销师有哪几个工种？"

    long = shipped_assistant.ask(Question(question))
    short = shipped_assistant.ask(Question(f"{question}一句话"))

    assert len([line for line in short.text.split("\n") if markers_in(line) and "《" not in line[:6]]) == 1
    assert {c.passage.passage_id for c in short.citations} <= {c.passage.passage_id for c in long.citations}


def test_a_bare_wish_is_about_the_question_before(shipped_assistant: Assistant) -> None:
    history = (Turn("user", "女职工生育产假国家规定是多少天？"), Turn("assistant", "很长的回答"))

    answer = shipped_assistant.ask(Question("讲快点", history))

    assert "98" in answer.text
