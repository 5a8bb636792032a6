"""How people say it to how sources say it: dialect, everyday words, misheard terms."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.composing.referrals import load_referrals
from knowledge_base import CORPUS
from knowledge_base.errors import CorpusError
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.text.normalise import normalise

LEXICON = Lexicon.load(CORPUS / "lexicon.yaml")


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("咋个学直播嘛", "怎么学直播嘛"),
        ("莫得电脑能学ＡＩ不", "没有电脑能学ai不"),
        ("带娃儿的人学得会不", "带孩子的人学得会不"),
        ("补贴啷个領？", "补贴怎么领?"),
    ],
)
def test_dialect_is_put_in_standard_words(question: str, plain: str) -> None:
    understood = LEXICON.understand(question)

    assert understood.text == plain
    assert understood.original == question
    assert plain in understood.notes[0]


def test_the_longer_dialect_word_wins() -> None:
    lexicon = Lexicon({"咋个": "怎么", "咋": "怎么", "咋个税": "怎么个税"})

    assert lexicon.plain("咋个税要交好多") == "怎么个税要交好多"


def test_everyday_words_bring_their_terms_and_stay() -> None:
    lexicon = Lexicon(synonyms={"生孩子": ("产假", "生育津贴"), "带货": ("直播",)})

    understood = lexicon.understand("生孩子期间能直播带货不")

    assert understood.query == "生孩子期间能直播带货不 产假 生育津贴"


@pytest.mark.parametrize(
    ("question", "heard", "term"),
    [
        ("直播嘻收园", "直播嘻收园", "直播销售员"),
        ("人才工只能训练师怎么考", "人才工只能训练师", "人工智能训练师"),
        ("互联网营肖师报名", "互联网营肖师", "互联网营销师"),
    ],
)
def test_a_misheard_term_is_searched_for_beside_what_was_written(question: str, heard: str, term: str) -> None:
    understood = LEXICON.understand(question)

    assert term in understood.query
    assert heard in understood.query
    assert understood.notes == (f"「{heard}」按「{term}」查",)


@pytest.mark.parametrize(
    "question", ["产假多少天", "直播带货怎么学", "失业保险金怎么领", "今天天气好不好", "Excel 怎么求和", "12351是什么电话", ""]
)
def test_a_plain_question_hears_no_other_term(question: str) -> None:
    understood = LEXICON.understand(question)

    assert understood.text == normalise(question)
    assert understood.notes == ()


def test_a_term_of_the_corpus_alone_is_unchanged() -> None:
    assert not [t for t in LEXICON.terms if LEXICON.understand(t).notes or LEXICON.understand(t).text != t]


def test_a_question_made_of_corpus_terms_is_unchanged() -> None:
    questions = [a + b for a, b in itertools.pairwise((*LEXICON.terms, "虚假广告", "服务期"))]

    assert not {q: notes for q in questions if (notes := LEXICON.understand(q).notes)}


def test_every_term_brings_the_words_that_the_lexicon_names() -> None:
    for word, terms in LEXICON.synonyms.items():
        understood = LEXICON.understand(word)
        assert all(term in understood.query for term in terms), word


@given(st.text(max_size=40))
def test_any_question_is_understood_without_losing_it(question: str) -> None:
    understood = LEXICON.understand(question)

    assert understood.original == question
    assert understood.query.startswith(understood.text)


def test_an_empty_lexicon_changes_nothing() -> None:
    understood = Lexicon().understand("咋个学ＡＩ")

    assert (understood.text, understood.expansions, understood.notes) == ("咋个学ai", (), ())


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("dialect: {咋个: 怎么", "YAML"),
        ("- 咋个", "dialect、synonyms、terms"),
        ("dialekt: {咋个: 怎么}", "dialect、synonyms、terms"),
        ("synonyms:\n  生孩子: 产假", "生孩子"),
        ("synonyms:\n  生孩子: []", "生孩子"),
    ],
)
def test_a_malformed_lexicon_names_the_entry(tmp_path: Path, written: str, named: str) -> None:
    path = tmp_path / "lexicon.yaml"
    path.write_text(written, encoding="utf-8")

    with pytest.raises(CorpusError, match=named) as caught:
        Lexicon.load(path)
    assert "lexicon.yaml" in str(caught.value)


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("dialect: [咋个, 怎么]", "dialect"),
        ("dialect:\n  咋个:", "咋个"),
        ("dialect:\n  咋个: [怎么]", "咋个"),
        ("synonyms: [生孩子]", "synonyms"),
        ("terms: 人工智能训练师", "terms"),
        ("terms: 5", "terms"),
    ],
)
def test_every_malformed_part_of_a_lexicon_is_named(tmp_path: Path, written: str, named: str) -> None:
    path = tmp_path / "lexicon.yaml"
    path.write_text(written, encoding="utf-8")

    with pytest.raises(CorpusError, match=named):
        Lexicon.load(path)


def test_a_lexicon_saved_as_gbk_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.yaml"
    path.write_bytes("dialect: {咋个: 怎么}".encode("gb18030"))

    with pytest.raises(CorpusError, match="UTF-8"):
        Lexicon.load(path)


def test_an_empty_lexicon_file_is_an_empty_lexicon(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.yaml"
    path.write_text("# 还没有写\n", encoding="utf-8")

    assert Lexicon.load(path) == Lexicon()


def test_the_shipped_lexicon_is_not_empty() -> None:
    assert min(len(LEXICON.dialect), len(LEXICON.synonyms), len(LEXICON.terms)) >= 50


def test_the_shipped_referrals_load_with_a_number_or_a_place_each() -> None:
    referrals = load_referrals(CORPUS / "referrals.yaml")

    assert len(referrals) >= 5
    assert {"12351", "12333"} <= {r.number for r in referrals}
    assert all(r.name and r.purpose and r.checked for r in referrals)
