"""Our corpus' Markdown: provenance and ways of asking are taken out of the text and kept as offsets."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.loaders.corpus_markdown import AnnotatedText, parse_annotated, slot_variant
from knowledge_base.types import NearMiss, SlotVariant, WaysOfAsking


def said(parsed: AnnotatedText) -> list[tuple[str, tuple[str, ...]]]:
    return [(parsed.text[s.start : s.end], s.source_ids) for s in parsed.statements]


def test_a_footnote_covers_its_paragraph() -> None:
    parsed = parse_annotated("女职工生育享受98天产假。[^NZG-007]\n")

    assert parsed.text.strip() == "女职工生育享受98天产假。"
    assert said(parsed) == [("女职工生育享受98天产假。", ("NZG-007",))]


def test_a_second_footnote_covers_what_follows_the_first() -> None:
    parsed = parse_annotated("产假98天。[^A-1]难产增加15天。[^A-2][^A-3]\n")

    assert said(parsed) == [("产假98天。", ("A-1",)), ("难产增加15天。", ("A-2", "A-3"))]


def test_white_space_before_a_footnote_goes_with_it() -> None:
    parsed = parse_annotated("产假98天。 [^A-1][^A-2]\n")

    assert parsed.text.strip() == "产假98天。"
    assert said(parsed) == [("产假98天。", ("A-1", "A-2"))]


def test_footnotes_with_a_space_between_them_both_count() -> None:
    parsed = parse_annotated("产假98天。[^A-1] [^A-2]\n")

    assert said(parsed) == [("产假98天。", ("A-1", "A-2"))]


def test_every_list_item_has_statements_of_its_own() -> None:
    parsed = parse_annotated("- 先报名。[^A-1]\n- 再上课。[^A-2]\n1. 交材料。[^A-3]\n  2. 等通知。[^A-4]\n")

    assert said(parsed) == [("先报名。", ("A-1",)), ("再上课。", ("A-2",)), ("交材料。", ("A-3",)), ("等通知。", ("A-4",))]
    assert parsed.text.startswith("- 先报名。\n- 再上课。\n1. 交材料。")


def test_a_statement_may_run_over_several_lines() -> None:
    parsed = parse_annotated("女职工生育\n享受98天产假，\n其中产前15天。[^A-1]\n\n另一段。[^A-2]\n")

    assert said(parsed) == [("女职工生育\n享受98天产假，\n其中产前15天。", ("A-1",)), ("另一段。", ("A-2",))]


def test_a_paragraph_without_a_footnote_belongs_to_nothing_and_takes_nothing() -> None:
    parsed = parse_annotated("没有来源的一段。\n\n有来源的一段。[^A-1]\n")

    assert said(parsed) == [("有来源的一段。", ("A-1",))]


def test_a_table_row_is_covered_whole() -> None:
    parsed = parse_annotated("补贴标准\n\n| 等级 | 元 |\n|---|---|\n| 初级 | 1000 [^A-1] |\n| 中级 | 1500 | [^A-2]\n")

    assert "[^" not in parsed.text
    assert said(parsed)[0] == ("| 初级 | 1000 |", ("A-1",))


def test_a_heading_ends_the_statement_above_it() -> None:
    parsed = parse_annotated("上面一段\n## 第七条 产假\n下面一段。[^A-1]\n")

    assert said(parsed) == [("下面一段。", ("A-1",))]


def test_ways_of_asking_are_kept_under_their_heading_and_out_of_the_text() -> None:
    parsed = parse_annotated("# 规定\n\n## 第七条 产假\n\n> 问法：产假多少天？｜生娃儿能耍好久| 产假\n\n- 产假98天。[^A-1]\n")

    (asks,) = parsed.asks
    assert asks.questions == ("产假多少天？", "生娃儿能耍好久", "产假")
    assert parsed.text[asks.start :].startswith("## 第七条 产假")
    assert "问法" not in parsed.text


def test_ways_of_asking_without_a_heading_belong_to_the_beginning() -> None:
    parsed = parse_annotated("> 问法: 怎么学？\n\n先报名。[^A-1]\n")

    assert (parsed.asks[0].start, parsed.asks[0].questions) == (0, ("怎么学？",))


def test_an_ordinary_quotation_stays_in_the_text() -> None:
    parsed = parse_annotated("> 原文：产假98天。[^A-1]\n")

    assert "原文：产假98天。" in parsed.text
    assert parsed.asks == ()


@pytest.mark.parametrize("body", ["", "\n\n", "# 只有标题\n", "[^A-1]\n"])
def test_a_body_that_says_nothing_has_no_statements(body: str) -> None:
    assert parse_annotated(body).statements == ()


LINES = st.lists(
    st.sampled_from(
        [
            "",
            "# 女职工劳动保护特别规定",
            "## 第七条 产假",
            "> 问法：产假多少天？｜生娃儿能耍好久",
            "产假98天。[^A-1]",
            "难产增加15天。[^A-1]多胞胎再加。[^A-2]",
            "接着上一行",
            "- 一项[^A-3]",
            "1. 二项，没有来源",
            "| 等级 | 元 |",
            "|---|---|",
            "| 初级 | 1000 [^A-4] |",
            "　　全角缩进。[^A-5]",
            "[^A-6]",
        ]
    ),
    max_size=14,
)


@given(LINES)
def test_statements_lie_in_order_within_the_text_and_hold_no_marks(lines: list[str]) -> None:
    parsed = parse_annotated("\n".join(lines))

    position = 0
    for statement in parsed.statements:
        assert position <= statement.start < statement.end <= len(parsed.text)
        assert parsed.text[statement.start : statement.end].strip()
        position = statement.end
    assert "[^" not in parsed.text
    assert "问法" not in parsed.text
    assert all(0 <= a.start <= len(parsed.text) for a in parsed.asks)


@given(LINES)
def test_nothing_but_marks_and_blank_lines_is_taken_out(lines: list[str]) -> None:
    kept = [re.sub(r"\s*\[\^[^\]]+\]", "", line) for line in lines if not line.startswith("> 问法")]

    parsed = parse_annotated("\n".join(lines))

    assert parsed.text.split() == "\n".join(kept).split()


def test_ways_of_asking_tell_their_voice_and_their_writer() -> None:
    parsed = parse_annotated(
        "## 答\n\n> 问法（故事·W3）：他打我｜又动手了\n> 问法（W3）：挨打找谁\n> 问法（短句）：jiabao 电话\n> 问法：被打怎么办\n"
    )

    assert parsed.asks == (
        WaysOfAsking(0, ("他打我", "又动手了"), "故事", "W3"),
        WaysOfAsking(0, ("挨打找谁",), "", "W3"),
        WaysOfAsking(0, ("jiabao 电话",), "短句", ""),
        WaysOfAsking(0, ("被打怎么办",), "", ""),
    )


def test_near_misses_tell_where_they_belong_and_leave_the_text() -> None:
    parsed = parse_annotated("## 答\n\n> 不是（A）：领导骂我算家暴不→gd-lingdao-maren｜妇联能介绍对象不→无｜没有写去处\n\n打110。[^A-1]\n")

    assert parsed.near_misses == (
        NearMiss(0, "领导骂我算家暴不", "gd-lingdao-maren", "A"),
        NearMiss(0, "妇联能介绍对象不", "", "A"),
        NearMiss(0, "", "没有写去处", "A"),
    )
    assert parsed.text.strip() == "## 答\n\n打110。"


def test_an_item_that_begins_with_a_slot_tells_its_name_and_its_value() -> None:
    assert slot_variant("- 【地区：四川省】产假188天。") == SlotVariant("地区", "四川省", "产假188天。")
    assert slot_variant("2. 【工龄:满10年】 可以要求签长期合同。") == SlotVariant("工龄", "满10年", "可以要求签长期合同。")
    assert slot_variant("【外省参照】陕西158天。") is None
    assert slot_variant("产假188天（【地区：四川省】）。") is None


def test_a_line_of_footnotes_covers_the_fenced_blocks_above_it() -> None:
    code = "```python\nfor n in [98, 90]:\n\n    # 加起来\n    print(n)\n```\n```output\n98\n90\n```"

    parsed = parse_annotated(f"## 例子\n\n先看例子。[^CR-1]\n\n{code}\n[^CR-2]\n\n完。[^CR-3]\n")

    assert said(parsed) == [("先看例子。", ("CR-1",)), (code + "\n", ("CR-2",)), ("完。", ("CR-3",))]


def test_nothing_inside_a_fenced_block_is_an_annotation() -> None:
    parsed = parse_annotated("```python\n> 问法：假的\n# 不是标题\n| 不是 | 表 |\n```\n[^CR-1]\n\n> 问法：真的\n")

    assert [a.questions for a in parsed.asks] == [("真的",)]
    assert parsed.asks[0].start == 0
    assert len(parsed.statements) == 1
