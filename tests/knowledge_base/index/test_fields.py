"""What the index holds of a passage."""

from __future__ import annotations

from dataclasses import replace

from knowledge_base.index.fields import (
    BESIDE,
    MAX_QUERY_TOKENS,
    IndexedPassage,
    embedding_text,
    field_tokens,
    head_of,
    lexical_entry,
    weighted_tokens,
)
from knowledge_base.types import Document, Kind, Passage

DOCUMENT = Document("tebie.1", "tebie", Kind.POLICY, "特别规定", "", doc_no="国务院令第619号", short_titles=("特别规定", "女职工规定"))
PASSAGE = Passage("tebie.1.1", "tebie.1", "产假98天。", 0, 6, 1, ("第二章", "第七条"), "第七条", ("产假多少天",))


def test_the_head_names_everything_once() -> None:
    assert head_of(DOCUMENT, PASSAGE) == "特别规定 女职工规定 国务院令第619号 第二章 第七条"


def test_the_lexical_leg_and_the_vector_hold_head_questions_and_text() -> None:
    entry = lexical_entry(DOCUMENT, PASSAGE)

    assert (entry.passage_id, entry.body, entry.asks) == ("tebie.1.1", "产假98天。", "产假多少天")
    assert embedding_text(DOCUMENT, PASSAGE).split("\n") == [entry.head, entry.asks, entry.body]


def test_the_body_is_searched_with_its_head() -> None:
    fields = field_tokens(lexical_entry(DOCUMENT, PASSAGE))

    assert fields["body"][: len(fields["head"])] == fields["head"]
    assert len(fields["body"]) > len(fields["head"])


def test_passages_with_equal_texts_share_a_vector_and_others_do_not() -> None:
    key = IndexedPassage.of(DOCUMENT, PASSAGE).vector_key

    assert IndexedPassage.of(DOCUMENT, replace(PASSAGE, passage_id="x", ordinal=9)).vector_key == key
    assert IndexedPassage.of(DOCUMENT, replace(PASSAGE, questions=())).vector_key != key


def test_words_beside_a_query_weigh_half_unless_they_are_in_it() -> None:
    weights = weighted_tokens("产假产假", "产假工资")

    assert weights["产假"] == 2
    assert weights["工资"] == BESIDE


def test_a_long_query_is_cut() -> None:
    assert len(weighted_tokens(" ".join(str(n) for n in range(2 * MAX_QUERY_TOKENS)))) == MAX_QUERY_TOKENS
