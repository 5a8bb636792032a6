"""Terms explained beside an answer: at their first use, at most two, never inside a quote."""

from __future__ import annotations

from assistant_pieces import PHRASES

from assistant.answering import Assistant
from assistant.checking.markers import markers_in
from assistant.composing.plain_words import MOST_LINES, Glossary
from assistant.types import Question, Turn
from knowledge_base.editorial.glossary import GlossaryEntry

GLOSSARY = Glossary(
    PHRASES,
    (
        GlossaryEntry("职业技能等级", "技能水平的分档。"),
        GlossaryEntry("职业技能等级证书", "证明等级的证。"),
        GlossaryEntry("备案", "登记留底。"),
        GlossaryEntry("公示", "先公布出来给大家看。"),
    ),
)


def test_terms_are_explained_in_the_order_of_their_use() -> None:
    lines = GLOSSARY.lines("先公示，再备案，最后公示。", "怎么办")

    assert lines == ("词语解释：“公示”是先公布出来给大家看。", "词语解释：“备案”是登记留底。")


def test_the_longest_term_that_stands_there_is_the_one_explained() -> None:
    (line,) = GLOSSARY.lines("职业技能等级证书", "怎么考")

    assert "“职业技能等级证书”" in line


def test_no_more_than_two_terms_are_explained() -> None:
    assert len(GLOSSARY.lines("职业技能等级、备案、公示", "怎么办")) == MOST_LINES == 2


def test_a_term_is_not_explained_again_nor_where_its_meaning_is_asked() -> None:
    (line,) = GLOSSARY.lines("要备案。", "怎么办")

    assert GLOSSARY.lines("要备案。", "怎么办", (Turn("assistant", f"要备案。[1]\n\n{line}"),)) == ()
    assert GLOSSARY.lines("备案就是登记。", "备案是什么意思") == ()


def test_without_a_glossary_nothing_is_explained() -> None:
    assert Glossary(PHRASES).lines("要备案。", "怎么办") == ()


def test_an_explanation_stands_under_the_quotes_and_above_what_they_rest_on(shipped_assistant: Assistant) -> None:
    answer = shipped_assistant.ask(Question("劳动仲裁时效多久"))

    body, _, basis = answer.text.partition("**依据**")
    explained = [line for line in body.split("\n") if line.startswith("词语解释：")]
    assert len(explained) == 1
    assert "“劳动仲裁”" in explained[0]
    assert markers_in(explained[0]) == []
    assert not any("词语解释" in citation.quote for citation in answer.citations)
    assert "词语解释" not in basis


def test_a_wish_for_few_sentences_is_respected(shipped_assistant: Assistant) -> None:
    assert "词语解释" not in shipped_assistant.ask(Question("劳动仲裁时效多久，一句话讲清楚")).text


def test_an_answer_goes_from_what_is_so_over_what_it_rests_on_to_whom_to_ask(shipped_assistant: Assistant) -> None:
    for question in ("劳动仲裁时效多久", "四川男方护理假多少天", "2023年四川技能提升补贴标准是多少", "国家产假和四川产假有啥不同"):
        text = shipped_assistant.ask(Question(question)).text

        places = [text.index("[1]"), text.index("**依据**"), text.index("以官方发布为准"), text.index("下一步：")]
        assert places == sorted(places)
