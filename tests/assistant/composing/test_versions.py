"""Clauses that belong together stand side by side; nothing is left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.composing.versions import compare_passages, versions_of
from knowledge_base.types import Document, Kind, Passage

TEXTS = ["女职工生育享受98天产假。", "女职工生育享受158天产假。", "用人单位不得降低工资。", "本办法自发布之日起施行。", ""]


def passages(texts: list[str], doc_id: str, clauses: bool = False) -> list[Passage]:
    return [Passage(f"{doc_id}.{n}", doc_id, text, 0, len(text), n, (), f"第{n}条" if clauses else "") for n, text in enumerate(texts, 1)]


def test_a_changed_clause_stands_beside_its_old_words_and_a_new_one_alone_at_its_place() -> None:
    old = passages(["女职工生育享受90天产假。", "本办法自发布之日起施行。"], "o")
    new = passages(["女职工生育享受98天产假。", "男方享受20天护理假。", "本办法自发布之日起施行。"], "n")

    rows = [(row.left and row.left.passage_id, row.right and row.right.passage_id) for row in compare_passages(old, new)]

    assert rows == [("o.1", "n.1"), (None, "n.2"), ("o.2", "n.3")]


@given(st.lists(st.sampled_from(TEXTS), max_size=5), st.lists(st.sampled_from(TEXTS), max_size=5), st.booleans())
def test_every_passage_of_both_sides_is_shown_once_and_the_left_in_order(left: list[str], right: list[str], clauses: bool) -> None:
    one, other = passages(left, "l", clauses), passages(right, "r", clauses)

    rows = compare_passages(one, other)

    assert [row.left for row in rows if row.left] == one
    assert sorted((row.right for row in rows if row.right), key=lambda p: p.ordinal) == other


def test_versions_follow_the_chain_and_survive_a_circle() -> None:
    def document(slug: str, effective: str, *supersedes: str) -> Document:
        return Document(f"{slug}.1", slug, Kind.POLICY, slug, "文", effective=effective, supersedes=supersedes)

    first, second, third = document("a", "2019", "c"), document("b", "2021-05", "a"), document("c", "2024", "b")
    other = document("d", "2020")

    assert [d.slug for d in versions_of(second, [first, second, third, other])] == ["a", "b", "c"]
    assert versions_of(other, [first, second, third, other]) == [other]
