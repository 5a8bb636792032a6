"""The officer's list: what is counted, what stands first, what is left out."""

from __future__ import annotations

from assistant_pieces import TEXTS

from assistant.desk.unanswered import group_unanswered
from assistant.storage.conversations import UnmetQuestion
from assistant.understanding.question_key import question_key
from knowledge_base.query.lexicon import Lexicon


def key_of(question: str) -> str:
    return question_key(question, Lexicon(), TEXTS.same_questions)


def unmet(
    question: str, verdict: str = "abstained", asked: str = "2026-11-01", helpful: bool | None = None, reason: str = ""
) -> UnmetQuestion:
    return UnmetQuestion(question, verdict, helpful, reason, asked)


def test_similar_questions_are_counted_together_under_the_wording_used_most() -> None:
    groups = group_unanswered(
        [
            unmet("托育园补贴怎么领", asked="2026-11-03"),
            unmet("托育园补贴怎么领呢？", "partial", "2026-11-02"),
            unmet("托育园补贴咋领", "answered", "2026-11-05", helpful=False, reason="太旧了"),
            unmet("托育园补贴怎么领", "clarify", "2026-11-01"),
            unmet("食堂几点开门"),
        ],
        key_of,
        lambda _: False,
    )

    first, second = groups
    assert first.example == "托育园补贴怎么领"
    assert first.wordings == ("托育园补贴怎么领", "托育园补贴咋领")
    assert (first.count, first.abstained, first.partial, first.disliked) == (4, 2, 1, 1)
    assert first.last_asked == "2026-11-05"
    assert first.reasons == ("太旧了",)
    assert (second.example, second.count) == ("食堂几点开门", 1)


def test_of_groups_of_one_size_the_latest_stands_first() -> None:
    groups = group_unanswered([unmet("食堂几点开门", asked="2026-11-01"), unmet("托育园补贴", asked="2026-11-02")], key_of, lambda _: False)

    assert [g.example for g in groups] == ["托育园补贴", "食堂几点开门"]


def test_settled_questions_and_empty_ones_are_left_out() -> None:
    groups = group_unanswered([unmet("食堂几点开门"), unmet("？？"), unmet("托育园补贴")], key_of, lambda q: "食堂" in q)

    assert [g.example for g in groups] == ["托育园补贴"]
