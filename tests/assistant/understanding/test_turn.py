"""A question is understood once: as asked, as meant, in its context, for its time and length."""

from __future__ import annotations

import datetime as dt
from dataclasses import FrozenInstanceError, dataclass, field

import pytest
from assistant_pieces import TEXTS

from assistant.errors import QuestionRefused
from assistant.types import Question, Turn
from assistant.understanding.needs import QuestionParser
from assistant.understanding.turn import TurnParser, Understanding
from knowledge_base.query.lexicon import Lexicon, Understood
from knowledge_base.types import Kind
from knowledge_base.validity import today

BEFORE = (Turn("user", "互联网营销师有哪几个工种？"), Turn("assistant", "有四个工种。[1]"))


@dataclass(frozen=True)
class CountingLexicon(Lexicon):
    """A lexicon that counts the texts it is asked to understand."""

    asked: list[str] = field(default_factory=list)

    def understand(self, question: str) -> Understood:
        self.asked.append(question)
        return super().understand(question)


def read(text: str, history: tuple[Turn, ...] = (), lexicon: Lexicon | None = None, as_of: dt.date | None = None) -> Understanding:
    lexicon = lexicon or Lexicon(dialect={"咋个": "怎么"})
    parser = QuestionParser(lexicon, lambda _: 10, 700, TEXTS.question)
    return TurnParser(lexicon, parser, TEXTS).read(Question(text, history, as_of=as_of, kinds=frozenset({Kind.POLICY})))


def test_what_was_asked_stays_beside_what_is_meant() -> None:
    understanding = read("  失业金咋个领\u200b ")

    assert understanding.asked.text == understanding.text == understanding.standalone == "失业金咋个领"
    assert understanding.meant == "失业金怎么领"
    assert understanding.forms == ("失业金咋个领", "失业金怎么领", "失业金怎么领")
    assert [term.word for term in understanding.needs.terms]


def test_an_understanding_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        read("产假多少天").text = "别的"  # type: ignore[misc]


def test_a_short_question_is_searched_with_the_one_before_it() -> None:
    understanding = read("那五级呢", BEFORE)

    assert understanding.leans
    assert understanding.standalone == "互联网营销师有哪几个工种？ 那五级呢"
    assert understanding.search.original == understanding.standalone
    assert len(understanding.needs_in_context.terms) > len(understanding.needs.terms)


def test_a_wish_for_a_short_answer_is_no_part_of_the_question() -> None:
    understanding = read("产假多少天？三句话讲清楚")

    assert (understanding.text, understanding.most_sentences) == ("产假多少天？", 3)


def test_a_bare_wish_is_about_the_question_before() -> None:
    assert read("讲快点", BEFORE).text == "互联网营销师有哪几个工种？"


def test_a_past_year_is_written_as_sources_write_it_and_is_no_word_to_find() -> None:
    understanding = read("去年的补贴标准")
    year = str(today().year - 1)

    assert understanding.text == f"{year}年的补贴标准"
    assert understanding.period is not None
    assert understanding.period.year == year
    assert not any(year in term.word for term in understanding.needs.terms)
    assert understanding.trace.as_of == f"{year}-12-31"
    assert any(year in note for note in understanding.notes)


def test_this_year_is_searched_for_by_its_number() -> None:
    understanding = read("今年的补贴标准", as_of=dt.date(2024, 5, 1))

    assert understanding.search.original == "今年的补贴标准 2024"
    assert understanding.standalone == "今年的补贴标准"


def test_filters_hold_the_day_the_region_and_the_kinds() -> None:
    filters = read("产假多少天").filters

    assert (filters.as_of, filters.kinds) == (today(), frozenset({Kind.POLICY}))


@pytest.mark.parametrize(
    ("text", "history", "texts"), [("产假多少天？", (), 1), ("今年的补贴标准", (), 2), ("那五级呢", BEFORE, 2), ("去年的补贴标准", (), 2)]
)
def test_no_text_of_a_turn_is_understood_twice(text: str, history: tuple[Turn, ...], texts: int) -> None:
    lexicon = CountingLexicon()

    read(text, history, lexicon)

    assert len(lexicon.asked) == len(set(lexicon.asked)) == texts


@pytest.mark.parametrize("text", ["", " \n", "\u200b\ufeff"])
def test_a_question_without_words_is_refused(text: str) -> None:
    with pytest.raises(QuestionRefused, match="空"):
        read(text)
