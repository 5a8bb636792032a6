"""Approved answers: what is refused, when they are given, and when no longer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from assistant_pieces import TEXTS
from corpus_builder import CorpusBuilder

from assistant.approved import ApprovalState, Approved, Submission
from assistant.checking.statements import check_citation
from assistant.desk.approved_desk import ApprovedDesk
from assistant.errors import ApprovalRefused, NotFound, StoreError
from assistant.types import Question, Verdict
from knowledge_base.embedder.embedding import StaticEmbedder
from knowledge_base.index.generations import Generation, IndexFolder
from knowledge_base.publishing.ingest import ingest
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.types import Kind, Passage
from knowledge_base.validity import today

ASKED = "生了双胞胎产假加多少天"


class MemoryStore:
    """Approved answers in a list; ``broken`` makes it fail."""

    def __init__(self) -> None:
        self.kept: list[Approved] = []
        self.broken = False

    def add(self, approved: Approved) -> None:
        self.kept.append(approved)

    def stamp(self) -> str:
        if self.broken:
            raise StoreError("坏了")
        return " ".join(a.approved_id for a in self.kept)

    def all(self) -> list[Approved]:
        return list(self.kept)

    def remove(self, approved_id: str) -> bool:
        before = len(self.kept)
        self.kept = [a for a in self.kept if a.approved_id != approved_id]
        return len(self.kept) < before


@pytest.fixture
def generation(small_data_dir: Path, opened: Callable[[Path], Generation]) -> Generation:
    return opened(small_data_dir)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def desk(store: MemoryStore) -> ApprovedDesk:
    return ApprovedDesk(Lexicon(), TEXTS, store)


def passage(generation: Generation, slug: str, words: str) -> Passage:
    for entry in generation.catalogue.entries.values():
        if entry.document.slug == slug:
            return next(p for p in generation.catalogue.passages_of(entry.document.doc_id) if words in p.text)
    raise AssertionError(slug)


def draft(generation: Generation, **changes: Any) -> Submission:
    standard = Submission(
        questions=(ASKED,),
        text="生育享受98天产假，难产的增加15天。",
        author="女职工部",
        expires=today() + dt.timedelta(days=30),
        passage_ids=(passage(generation, "tebie", "98天").passage_id,),
    )
    return replace(standard, **changes)


def test_an_approved_answer_is_given_with_its_sources_and_label(desk: ApprovedDesk, generation: Generation) -> None:
    made = desk.approve(draft(generation), generation)

    answer = desk.find(Question(f"请问{ASKED}呢？"), generation)

    assert answer is not None
    assert answer.label == "人工审核"
    assert answer.verdict is Verdict.ANSWERED
    assert answer.text.startswith("生育享受98天产假，难产的增加15天。[1]\n")
    assert "《女职工劳动保护特别规定》第七条" in answer.text
    assert [check_citation(c) for c in answer.citations] == [None]
    assert "98天" in answer.citations[0].quote
    assert answer.citations[0].source_ids == ("A-1",)
    assert made.expires.isoformat() in answer.caveats[0]
    assert not answer.model_id


def test_another_question_is_not_answered_with_it(desk: ApprovedDesk, generation: Generation) -> None:
    desk.approve(draft(generation), generation)

    assert desk.find(Question("生了三胞胎产假加多少天"), generation) is None


@pytest.mark.parametrize(
    "question",
    [
        Question(ASKED, as_of=dt.date(2020, 1, 1)),
        Question(ASKED, region="陕西省"),
        Question(ASKED, kinds=frozenset({Kind.CASE})),
    ],
    ids=["another day", "another region", "some kinds of documents only"],
)
def test_it_holds_for_today_and_here_only(desk: ApprovedDesk, generation: Generation, question: Question) -> None:
    desk.approve(draft(generation), generation)

    assert desk.find(question, generation) is None
    assert desk.find(Question(ASKED, as_of=today()), generation) is not None


def test_it_is_given_through_its_last_day_and_not_after(store: MemoryStore, generation: Generation) -> None:
    day = [today()]
    desk = ApprovedDesk(Lexicon(), TEXTS, store, day=lambda: day[0])
    made = desk.approve(draft(generation), generation)

    day[0] = made.expires
    assert desk.find(Question(ASKED), generation) is not None
    day[0] = made.expires + dt.timedelta(days=1)
    assert desk.find(Question(ASKED), generation) is None
    assert desk.state_of(made, generation) is ApprovalState.EXPIRED
    renewed = desk.approve(draft(generation, expires=day[0]), generation)
    assert desk.covering(ASKED) == renewed


def test_a_withdrawn_answer_is_not_given(desk: ApprovedDesk, generation: Generation) -> None:
    made = desk.approve(draft(generation), generation)
    assert desk.find(Question(ASKED), generation) is not None

    desk.remove(made.approved_id)

    assert desk.find(Question(ASKED), generation) is None
    with pytest.raises(NotFound):
        desk.remove(made.approved_id)


def test_what_another_process_approved_is_given_too(desk: ApprovedDesk, store: MemoryStore, generation: Generation) -> None:
    other = ApprovedDesk(Lexicon(), TEXTS, store)
    assert desk.find(Question(ASKED), generation) is None

    other.approve(draft(generation), generation)

    assert desk.find(Question(ASKED), generation) is not None


def test_a_store_that_is_down_costs_nobody_her_answer(desk: ApprovedDesk, store: MemoryStore, generation: Generation) -> None:
    desk.approve(draft(generation), generation)
    store.broken = True

    assert desk.find(Question(ASKED), generation) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": "生育享受128天产假。"}, "数字 128 不在所引段落里"),
        ({"text": "享受98天产假。\n办理要15个工作日，交300元。"}, "300"),
        ({"text": "见川人社发〔2019〕98号。"}, "文号"),
        ({"text": "享受98天产假。[2]"}, r"标记 \[2\]"),
        ({"text": "享受98天产假，问13800138000。"}, "个人信息"),
        ({"text": "享受98天产假，问王姐wang@qq.com。"}, "个人信息"),
        ({"passage_ids": ("d-没有.1",)}, "没有编号为 d-没有.1 的段落"),
        ({"passage_ids": (), "source_ids": ("Z-9",)}, "没有段落出自来源 Z-9"),
        ({"passage_ids": ()}, "没有写出处"),
        ({"text": "您要知道的："}, "没有一句话引出处"),
        ({"expires": dt.date(2020, 1, 1)}, "有效期 2020-01-01 已经过去"),
        ({"questions": ("请问？",)}, "太短"),
        ({"questions": ("我不想活了",)}, "固定用语"),
        ({"questions": ("我13800138000能领补贴吗",)}, "问法里有个人信息"),
    ],
)
def test_what_does_not_stand_is_refused_with_the_reason(
    desk: ApprovedDesk, store: MemoryStore, generation: Generation, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ApprovalRefused, match=reason):
        desk.approve(draft(generation, **changes), generation)

    assert store.kept == []


def test_every_reason_is_named_at_once(desk: ApprovedDesk, generation: Generation) -> None:
    with pytest.raises(ApprovalRefused, match=r"(?s)已经过去.*128.*300"):
        desk.approve(draft(generation, text="享受128天产假。\n交300元。", expires=dt.date(2020, 1, 1)), generation)


def test_a_question_has_one_approved_answer(desk: ApprovedDesk, generation: Generation) -> None:
    first = desk.approve(draft(generation), generation)

    with pytest.raises(ApprovalRefused, match=f"已经有审核回答 {first.approved_id}"):
        desk.approve(draft(generation, questions=("别的问法呢", f"请问，{ASKED}？")), generation)


def test_lines_get_the_markers_of_the_passages_that_carry_them(desk: ApprovedDesk, generation: Generation) -> None:
    ids = tuple(passage(generation, "tebie", words).passage_id for words in ("98天", "1500元"))

    made = desk.approve(
        draft(generation, passage_ids=ids, text="您要知道的：\n参加数字技能培训补贴1500元。\n产假98天。\n产假98天，培训补贴1500元。"),
        generation,
    )

    assert made.text == "您要知道的：\n参加数字技能培训补贴1500元。[2]\n产假98天。[1]\n产假98天，培训补贴1500元。[1][2]"


def test_a_passage_that_no_line_leans_on_is_not_cited(desk: ApprovedDesk, generation: Generation) -> None:
    ids = tuple(passage(generation, "tebie", words).passage_id for words in ("98天", "1500元"))

    made = desk.approve(draft(generation, passage_ids=ids, text="参加数字技能培训补贴1500元。"), generation)

    assert made.text == "参加数字技能培训补贴1500元。[1]"
    assert [r.passage_id for r in made.references] == [ids[1]]


def test_another_provinces_rule_is_shown_as_such(desk: ApprovedDesk, generation: Generation) -> None:
    chosen = passage(generation, "shaanxi", "60天").passage_id
    desk.approve(draft(generation, passage_ids=(chosen,), text="陕西省产假98天，再增加60天。"), generation)

    answer = desk.find(Question(ASKED), generation)

    assert answer is not None
    assert re.match("【[^】]*陕西省[^】]*不适用[^】]*】陕西省产假98天", answer.text)


def written(corpus: CorpusBuilder, said: str) -> Path:
    corpus.source("B-1", said)
    corpus.document("guiding", f"\n## 第七条 产假\n\n- {said}[^B-1]\n")
    return corpus.root


def test_after_an_edit_it_is_found_again_by_its_sources_and_given_while_it_stands(
    corpus: CorpusBuilder, tmp_path: Path, opened: Callable[[Path], Generation], desk: ApprovedDesk
) -> None:
    folder, embedder = IndexFolder(tmp_path / "data"), StaticEmbedder()
    ingest(folder, embedder, [written(corpus, "女职工生育享受98天产假，难产的增加15天。")])
    first = opened(tmp_path / "data")
    made = desk.approve(draft_for(first), first)

    ingest(folder, embedder, [written(corpus, "女职工生育享受98天产假；难产的，再增加15天。")])
    edited = opened(tmp_path / "data")
    answer = desk.find(Question(ASKED), edited)
    assert answer is not None
    assert answer.citations[0].passage.passage_id != made.references[0].passage_id
    assert desk.state_of(made, edited) is ApprovalState.ACTIVE

    ingest(folder, embedder, [written(corpus, "女职工生育享受128天产假。")])
    changed = opened(tmp_path / "data")
    assert desk.find(Question(ASKED), changed) is None
    assert desk.state_of(made, changed) is ApprovalState.STALE


def draft_for(generation: Generation) -> Submission:
    return draft_of((passage(generation, "guiding", "98天").passage_id,))


def draft_of(passage_ids: tuple[str, ...]) -> Submission:
    return Submission((ASKED,), "产假98天，难产增加15天。", "女职工部", today() + dt.timedelta(days=30), passage_ids)


def test_a_desk_without_a_store_has_nothing_and_takes_nothing(generation: Generation) -> None:
    desk = ApprovedDesk(Lexicon(), TEXTS)

    assert desk.find(Question(ASKED), generation) is None
    with pytest.raises(StoreError):
        desk.approve(draft(generation), generation)


def test_of_a_source_in_many_passages_the_nearest_are_cited(desk: ApprovedDesk, store: MemoryStore, generation: Generation) -> None:
    desk.approve(draft(generation, passage_ids=(), source_ids=("A-1",)), generation)

    (kept,) = store.kept
    assert 1 <= len(kept.references) <= 6
