"""The house's own words: read from lines, told apart by line where they do not hold, kept as the shipped file is."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.errors import CorpusError
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.query.own_words import MOST_LINES, WordLines, advice_on, as_lines, load_own, read_lines, save_own


@pytest.mark.parametrize("sign", ["=", "＝", " = ", "：", ": ", "→", "->", "=>"])
def test_any_sign_of_equality_will_do(sign: str) -> None:
    assert read_lines(WordLines(dialect=f"咋个学起走{sign}怎么学")).dialect == {"咋个学起走": "怎么学"}


def test_the_three_parts_are_read_and_remarks_and_blank_lines_passed_over() -> None:
    words = read_lines(WordLines("# 说明\n\n啷个办 = 怎么办\n", "坐月子 = 产假、生育津贴\n带崽 = 哺乳，育儿", "直播销售员\n  ＡＩ训练师  "))

    assert words.dialect == {"啷个办": "怎么办"}
    assert words.synonyms == {"坐月子": ("产假", "生育津贴"), "带崽": ("哺乳", "育儿")}
    assert [term.lower() for term in words.terms] == ["直播销售员", "ai训练师"]


def test_lines_are_read_back_as_they_were_kept(tmp_path: Path) -> None:
    words = read_lines(WordLines("啷个办 = 怎么办", "坐月子 = 产假、生育津贴", "12351热线\n直播销售员"))

    save_own(tmp_path, words)

    assert load_own(tmp_path) == words
    assert read_lines(as_lines(words)) == words
    assert [path.name for path in tmp_path.iterdir()] == ["lexicon.yaml"]


def test_there_are_none_where_none_were_written(tmp_path: Path) -> None:
    assert load_own(tmp_path) == Lexicon()


@pytest.mark.parametrize(
    ("lines", "place", "word"),
    [
        (WordLines(dialect="好的 = 行\n\n没有等号"), "方言第 3 行", "等号两边都有词"),
        (WordLines(dialect="左边 ="), "方言第 1 行", "等号两边都有词"),
        (WordLines(dialect="呀 = 吗"), "方言第 1 行", "只有一个字"),
        (WordLines(dialect="一样 = 一样"), "方言第 1 行", "两边一样"),
        (WordLines(dialect="啷个 = 怎么\n啷个 = 怎样"), "方言第 2 行", "前面已经写过"),
        (WordLines(dialect="长" * 21 + " = 短"), "方言第 1 行", "太长"),
        (WordLines(synonyms="带崽 = 一一、二二、三三、四四"), "口头的说法第 1 行", "最多 3 个"),
        (WordLines(terms="好\n" + "长" * 13), "专用词第 2 行", "13 个字"),
        (WordLines(terms="词语\n" * (MOST_LINES + 1)), "专用词", "最多 500 行"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_hold_is_told_with_its_line(lines: WordLines, place: str, word: str) -> None:
    with pytest.raises(CorpusError) as refused:
        read_lines(lines)

    assert place in str(refused.value)
    assert word in str(refused.value)


def test_own_words_go_beside_the_shipped_ones() -> None:
    shipped = Lexicon({"咋个": "怎么", "得行不": "可以吗"}, {"坐月子": ("产假",)}, ("直播销售员",))
    own = Lexicon({"得行不": "行不行"}, {"坐月子": ("生育津贴", "产假"), "带崽": ("哺乳",)}, ("直播销售员", "云客服"))

    joined = shipped.joined_by(own)

    assert joined.dialect == {"咋个": "怎么", "得行不": "行不行"}
    assert joined.synonyms == {"坐月子": ("生育津贴", "产假"), "带崽": ("哺乳",)}
    assert joined.terms == ("直播销售员", "云客服")
    assert shipped.joined_by(Lexicon()) == shipped
    assert joined.understand("得行不").text == "行不行"


def test_advice_tells_of_words_that_harm_or_find_nothing() -> None:
    text = "取得行业资格后可以领取补贴"

    def occurs(word: str) -> str:
        return text if word in text else ""

    advice = advice_on(Lexicon({"得行": "可以", "莫得": "没有"}, {"票子": ("补贴", "红包")}, ("行业资格",)), occurs)

    assert len(advice) == 2
    assert "“得行”" in advice[0]
    assert "“红包”" in advice[1]
