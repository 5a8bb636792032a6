"""What was meant by what was typed: slips of the keyboard, pinyin and English, read with the words of a knowledge base."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base import CORPUS
from knowledge_base.errors import IndexUnavailable
from knowledge_base.index.generations import Generation
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.query.lookalikes import Lookalikes, compare
from knowledge_base.query.pinyin import level, spell
from knowledge_base.query.spelling import Reading, Speller
from knowledge_base.query.vocabulary import PROMINENT, Vocabulary
from knowledge_base.text.normalise import normalise

ASKED_OFTEN = [
    "产假多少天",
    "产假工资怎么算",
    "女职工产假",
    "女职工劳动保护",
    "生育津贴怎么领",
    "补贴怎么申请",
    "技能提升补贴怎么领",
    "我能领补贴吗",
    "我们能领补贴吗",
    "工作室怎么申请",
    "劳动合同没签",
    "直播怎么学",
    "互联网营销师报名",
    "deepseek怎么用",
]
VOCABULARY = Vocabulary.of([(f"{question}。", PROMINENT) for question in ASKED_OFTEN * 20]).with_words(["互联网营销师"], 20)
ENGLISH = {"subsidy": ("补贴",), "maternity leave": ("产假",), "women": ("女职工",), "the": ("",)}
SPELLER = Speller(VOCABULARY, ENGLISH, ("咋个",), Lookalikes.load())


@pytest.mark.parametrize(
    ("slip", "typed", "meant"),
    [
        ("a homophone", "女职工产价", "女职工产假"),
        ("two homophones", "女直工产价", "女职工产假"),
        ("a near sound", "女自工产假", "女职工产假"),
        ("a lookalike", "女识工产假", "女职工产假"),
        ("a character twice", "产产假多少天", "产假多少天"),
        ("neighbours swapped", "假产多少天", "产假多少天"),
        ("a space in a word", "女职工产 假", "女职工产假"),
        ("pinyin", "chanjia duoshao tian", "产假多少天"),
        ("pinyin without spaces", "zenmeshenqingbutie", "怎么申请补贴"),
        ("a space a syllable", "chan jia duo shao tian", "产假多少天"),
        ("a word in pinyin", "butie怎么领", "补贴怎么领"),
        ("a character in pinyin", "产jia多少天", "产假多少天"),
        ("pinyin beside a known Latin word", "deepseekzenmeyong", "deepseek怎么用"),
        ("English", "subsidy怎么领", "补贴怎么领"),
        ("English plural", "subsidies怎么领", "补贴怎么领"),
        ("English of two words", "maternity leave 多少天", "产假多少天"),
        ("pinyin that is English too", "women neng ling butie ma", "我们能领补贴吗"),
    ],
)
def test_a_slip_is_read_as_what_was_meant(slip: str, typed: str, meant: str) -> None:
    assert SPELLER.read(typed).text == meant, slip


def test_changes_are_listed() -> None:
    reading = SPELLER.read("butie怎么领")

    assert [(c.typed, c.meant) for c in reading.changes] == [("butie", "补贴")]


@pytest.mark.parametrize("typed", ["李秀英是哪位", "厨师能领补贴吗", "12351", "", "？", "python怎么学", "第七条", "产假98天", "补铁多少天"])
def test_what_is_none_of_our_words_is_left_alone(typed: str) -> None:
    assert SPELLER.read(typed).text == typed


def test_a_numeral_is_never_taken_for_a_slip() -> None:
    vocabulary = Vocabulary.of([("五级证书怎么考。", PROMINENT)] * 50)

    assert Speller(vocabulary).read("无级证书怎么考").text == "无级证书怎么考"


def test_without_a_vocabulary_nothing_is_read_into_a_question() -> None:
    assert Speller(Vocabulary()).read("chanjia 产价") == Reading("chanjia 产价")


@given(st.lists(st.sampled_from([w for w in VOCABULARY.counts if len(w) > 1]), min_size=1, max_size=5))
def test_words_of_the_vocabulary_are_never_changed(words: list[str]) -> None:
    text = "，".join(words)

    assert SPELLER.read(text).text == text


@given(st.text(max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    reading = SPELLER.read(normalise(text))

    assert reading.changes or reading.text == normalise(text)


def test_words_are_counted_with_their_neighbours_and_sounds() -> None:
    vocabulary = Vocabulary.of([("产假工资", 4), ("产假", 1)])

    assert vocabulary.counts["产假"] == 5
    assert vocabulary.pairs[("产假", "工资")] == 4
    assert vocabulary.sounds["工资"] == ("gong", "zi")


def test_a_vocabulary_is_the_same_after_saving_and_loading(tmp_path: Path) -> None:
    VOCABULARY.save(tmp_path / "v.json")

    assert Vocabulary.load(tmp_path / "v.json") == VOCABULARY


@pytest.mark.parametrize("written", ["", "{}", '{"words": {"a": 1}, "pairs": []}'])
def test_a_damaged_vocabulary_says_what_to_do(tmp_path: Path, written: str) -> None:
    (tmp_path / "v.json").write_text(written, encoding="utf-8")

    with pytest.raises(IndexUnavailable, match="ingest --rebuild"):
        Vocabulary.load(tmp_path / "v.json")


def test_further_words_are_added_without_losing_any() -> None:
    more = VOCABULARY.with_words(["自杀", "产假", "？"], 8)

    assert more.counts["自杀"] == 8
    assert more.counts["产假"] == VOCABULARY.counts["产假"] + 8
    assert "？" not in more.counts


@pytest.mark.parametrize(
    ("one", "other"), [("zhi", "zi"), ("shang", "san"), ("nan", "lan"), ("hui", "fei"), ("hua", "fa"), ("ying", "yin"), ("nv", "lv")]
)
def test_what_a_southwestern_ear_levels_sounds_the_same(one: str, other: str) -> None:
    assert level(one) == level(other)


@pytest.mark.parametrize(("one", "other"), [("ba", "pa"), ("gong", "gen"), ("hu", "wu"), ("ji", "qi")])
def test_other_sounds_stay_apart(one: str, other: str) -> None:
    assert level(one) != level(other)


def test_a_word_is_spelt_as_it_is_read() -> None:
    assert spell("重庆") == ("chong", "qing")
    assert spell("女工") == ("nv", "gong")


@pytest.mark.parametrize("pair", ["已己", "未末", "职识", "技枝", "育盲", "贴帖"])
def test_characters_that_look_alike_are_known(pair: str) -> None:
    lookalikes = Lookalikes.load()

    assert lookalikes.are_alike(pair[0], pair[1])
    assert lookalikes.are_alike(pair[1], pair[0])


def test_without_lookalikes_no_character_is_mistaken_for_one_of_similar_shape() -> None:
    assert Speller(VOCABULARY, ENGLISH).read("女识工产假").text == "女识工产假"


def test_drawings_are_alike_by_their_strokes() -> None:
    import numpy as np

    left, right = np.zeros((8, 8)), np.zeros((8, 8))
    left[:, :3], right[:, 5:] = 1, 1
    alike = compare(np.stack([left, left * 0.9, right]).astype(np.float32))

    assert alike[0, 1] > alike[0, 2]
    assert alike[0, 0] == 0


@pytest.fixture
def shipped(opened: Callable[[Path], Generation], shipped_data_dir: Path) -> Lexicon:
    return Lexicon.load(CORPUS / "lexicon.yaml").with_vocabulary(opened(shipped_data_dir).vocabulary)


def test_every_well_spelt_way_of_asking_of_the_corpus_is_left_as_it_is(
    shipped: Lexicon, opened: Callable[[Path], Generation], shipped_data_dir: Path
) -> None:
    entries = opened(shipped_data_dir).catalogue.entries.values()
    asked = {normalise(q) for e in entries for asks in e.document.asks if asks.is_spelt_well for q in asks.questions}
    changed = {q: u.notes for q in sorted(asked) if (u := shipped.understand(q)).text != shipped.plain(q)}

    assert len(changed) <= len(asked) // 1000, changed


def test_a_question_made_of_corpus_terms_is_unchanged(shipped: Lexicon) -> None:
    questions = [f"{a}{b}怎么办" for a, b in itertools.pairwise(shipped.terms)]

    assert not {q: u.text for q in questions if (u := shipped.understand(q)).text != q}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("女直工产价", "女职工产假"),
        ("zage shenqing butie", "怎么申请补贴"),
        ("training补贴", "培训补贴"),
        ("live streaming怎么学", "直播怎么学"),
        ("AI certificate", "ai证书"),
        ("maternity leave 多少天", "产假多少天"),
        ("wo xiang zisha", "我想自杀"),
        ("人才工只能训练师怎么考", "人工智能训练师怎么考"),
        ("特别规顶第七条", "特别规定第七条"),
        ("互连网营消师报名", "互联网营销师报名"),
        ("职业技能等等级证书怎么查", "职业技能等级证书怎么查"),
    ],
)
def test_the_shipped_words_read_everyday_slips(shipped: Lexicon, typed: str, meant: str) -> None:
    understood = shipped.understand(typed)

    assert understood.text == meant
    assert understood.notes


def test_every_english_word_is_read_as_its_first_term(shipped: Lexicon) -> None:
    read = {english: shipped.understand(f"{english}，").text.rstrip(",") for english, terms in shipped.english.items() if terms[0]}
    known = {english for english in read if all(len(word) > 2 for word in english.split())}
    wrong = {e: read[e] for e in known if shipped.english[e][0] not in read[e] and shipped.english[e][0] not in shipped.understand(e).query}

    assert len(wrong) <= len(known) // 50, wrong
