"""Texts of the API become HTML that cannot run, and the quote is marked where it stands."""

from __future__ import annotations

import re

import pytest
from ui_fake_api import TEXTS

from ui.markup import (
    answer_html,
    beginning,
    changes_html,
    dialled,
    element_key,
    facts_html,
    literal,
    passage_html,
    quote_range,
    web_address,
    without_basis,
    without_markers,
)


def marked(html: str) -> str:
    return "".join(re.findall(r"<mark>(.*?)</mark>", html, re.DOTALL))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[点我](javascript:alert(1))",
        "![图](http://example.com/a.png)",
        "<http://example.com>",
        "[1]: http://example.com",
        "- <b onclick='x'>粗</b>",
        "| a |\n|---|\n| <iframe src=x> |",
    ],
)
def test_markup_inside_an_answer_or_passage_stays_characters(text: str) -> None:
    for html in (answer_html(text), passage_html(text), passage_html(text, (0, len(text)))):
        assert not re.search(r"<(script|img|a|b|iframe)\b", html)


def test_a_marker_with_a_source_becomes_a_button_and_one_without_stays_text() -> None:
    html = answer_html("产假98天[1]，另有规定[2]。", {"1": "source-1-1"})

    assert '<button type="button" class="marker" aria-label="[1] 打开出处" data-opens="source-1-1">[1]</button>' in html
    assert '<sup class="marker">[2]</sup>' in html


def test_a_quote_inside_a_list_item_is_marked_exactly() -> None:
    text = TEXTS["dT.3"][2]
    start = text.index("其中产前")

    assert marked(passage_html(text, (start, start + 12))) == text[start : start + 12]


def test_a_quote_over_list_items_keeps_the_list_and_marks_each_item() -> None:
    text = "第七条规定：\n\n- 女职工生育享受98天产假；\n- 难产的，增加产假15天。"
    start = text.index("- 女")

    html = passage_html(text, (start, len(text)))

    assert html.count("<li>") == 2
    assert marked(html) == "女职工生育享受98天产假；难产的，增加产假15天。"


def test_a_quoted_table_row_stays_a_row_with_each_cell_marked() -> None:
    text = "| 情形 | 天数 |\n|---|---|\n| 难产 | 113天 |"

    html = passage_html(text, (text.index("| 难产"), len(text)))

    assert "<td><mark>难产</mark></td>" in html
    assert "<td><mark>113天</mark></td>" in html


def test_a_quote_that_markdown_would_swallow_is_marked_in_plain_text() -> None:
    text = "```\n请帮我写一段直播开场白\n```"
    start = text.index("直播")

    assert marked(passage_html(text, (start, start + 2))) == "直播"


@pytest.mark.parametrize("outside", [(5, 5), (-1, 2), (0, 99), (4, 1)])
def test_a_range_outside_the_text_marks_nothing(outside: tuple[int, int]) -> None:
    assert "<mark>" not in passage_html("产假98天", outside)


def test_a_quote_is_found_by_its_words_when_the_offsets_are_stale() -> None:
    text = "为了减少和解决困难，女职工享受98天产假。"

    assert quote_range(text, "98天产假", 0, 5) == (15, 20)
    assert quote_range(text, "158天", 0, 4) is None


@pytest.mark.parametrize(
    ("number", "dials"),
    [
        ("12351", "12351"),
        ("028-12351", "02812351"),
        ("12333（人社）", "12333"),
        ("+86 28 1234 5678", "+862812345678"),
        ("", ""),
        ("无", ""),
    ],
)
def test_a_number_is_dialled_without_what_stands_around_it(number: str, dials: str) -> None:
    assert dialled(number) == dials


def test_only_ordinary_web_addresses_become_links() -> None:
    assert web_address("https://www.gov.cn/a.htm") == "https://www.gov.cn/a.htm"
    assert web_address("javascript:alert(1)") == ""


def test_labels_keys_and_facts_take_odd_characters() -> None:
    assert literal("[1] 《规定》*第七条*") == r"\[1\] 《规定》\*第七条\*"
    assert element_key("feedback", "m-1.a_b") == "feedback-m-1-a-b"
    assert facts_html([("文号", "<b>"), ("发布机关", "")]) == '<dl class="facts"><div><dt>文号</dt><dd>&lt;b&gt;</dd></div></dl>'


def test_only_what_the_other_text_lacks_is_marked() -> None:
    html = changes_html("- 女职工生育享受98天产假。", "- 女职工生育享受90天产假。")

    assert html == '<p class="plain">女职工生育享受9<mark>8</mark>天产假。</p>'
    assert "<mark>" not in changes_html("本办法自发布之日起施行。", "女职工生育享受98天产假。")
    assert "<script>" not in changes_html("<script>产假</script>", "产假<script>")


WHOLE = "产假98天。[1]\n\n**依据**\n\n[1] 《规定》第七条（现行）  \n[2] 《条例》（现行）  \n\n以官方发布为准。\n下一步：问12351。"


def test_the_list_of_sources_is_left_out_and_nothing_else() -> None:
    assert without_basis(WHOLE) == "产假98天。[1]\n\n以官方发布为准。\n下一步：问12351。"
    assert without_basis("产假98天。[1]\n\n依据这一条办。") == "产假98天。[1]\n\n依据这一条办。"


def test_while_an_answer_comes_its_list_of_sources_never_shows() -> None:
    for length in range(len(WHOLE) + 1):
        shown = without_basis(WHOLE[:length])
        assert "《规定》" not in shown
        assert shown.startswith(WHOLE[: min(length, 8)])


def test_the_beginning_of_a_passage_keeps_its_lines_whole() -> None:
    lines = ["- 女职工生育享受98天产假。", "- 难产的，增加产假15天。", "- 生育多胞胎的，每多生育1个婴儿，增加产假15天。"]

    assert beginning("\n".join(lines)) == "\n".join(lines)
    assert beginning("\n".join(lines), most=30) == "\n".join([*lines[:2], "……"])
    assert beginning("长" * 500) == "长" * 500
    assert beginning("| 情形 | 天数 |\n|---|---|\n| 顺产 | 98天 |", most=20).endswith("|")


@pytest.mark.parametrize(
    ("text", "aloud"),
    [
        ("产假98天[1]。", "产假98天。"),
        ("**产假98天**[1][2]。", "产假98天 。"),
        ("# 产假\n- 98天[1]\n- 难产15天", "产假\n 98天\n 难产15天"),
        ("| 情形 | 天数 |", "情形   天数"),
        ("第[七]条不是标记", "第[七]条不是标记"),
        ("", ""),
    ],
)
def test_what_is_read_aloud_has_neither_markers_nor_signs(text: str, aloud: str) -> None:
    assert re.sub(r" +", " ", without_markers(text)) == re.sub(r" +", " ", aloud)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("产假98天", "<p>产假98天</p>\n"),
        ("第一行\n第二行", "<p>第一行<br />\n第二行</p>\n"),
        ("**重要**", "<p><strong>重要</strong></p>\n"),
        ("# 大标题", "<h1>大标题</h1>\n"),
        ("1. 一\n2. 二", "<ol>\n<li>一</li>\n<li>二</li>\n</ol>\n"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>\n"),
        ("`代码`", "<p>`代码`</p>\n"),  # a backtick of a statute is a character
        ("---", "<p>---</p>\n"),
        ("    缩进的一行", "<p>缩进的一行</p>\n"),  # no code block
    ],
)
def test_a_text_becomes_this_html(text: str, html: str) -> None:
    assert answer_html(text) == html


@pytest.mark.parametrize(
    ("text", "quote", "mark"),
    [
        ("女职工享受98天产假。", "98天产假", "98天产假"),
        ("- 女职工享受98天产假。", "- 女职工享受98天产假。", "女职工享受98天产假。"),
        ("## 第七条 产假", "## 第七条 产假", "第七条 产假"),
        ("1. 享受98天产假。\n2. 难产15天。", "2. 难产15天。", "难产15天。"),
        ("> 享受98天产假。", "> 享受", "享受"),
        ("**98天**产假", "98天", "98天"),
        ("甲<b>乙</b>丙", "<b>乙</b>", "&lt;b&gt;乙&lt;/b&gt;"),
    ],
)
def test_a_quote_is_marked_without_the_signs_of_its_line(text: str, quote: str, mark: str) -> None:
    start = text.index(quote)

    assert marked(passage_html(text, (start, start + len(quote)))) == mark


def test_private_characters_of_a_text_cannot_pose_as_the_ends_of_a_quote() -> None:
    assert "<mark>" not in passage_html("甲\ue000乙\ue001丙")
    assert marked(passage_html("甲\ue000乙\ue001丙丁", (5, 6))) == "丁"


@pytest.mark.parametrize(
    ("quote", "start", "end", "found"),
    [
        ("98天", 5, 8, (5, 8)),
        ("98天", 0, 3, (5, 8)),  # stale offsets
        ("98天", 500, 503, (5, 8)),
        ("没有的", 0, 3, None),
        ("", 0, 3, None),
    ],
)
def test_where_a_quote_stands(quote: str, start: int, end: int, found: tuple[int, int] | None) -> None:
    assert quote_range("女职工享受98天产假。", quote, start, end) == found


@pytest.mark.parametrize(
    ("mine", "other", "marks"),
    [
        ("享受98天产假。", "享受98天产假。", []),
        ("享受98天产假。", "享受90天产假。", ["8"]),
        ("享受98天产假，难产加15天。", "享受98天产假。", ["，难产加15天"]),
        ("享受产假。", "享受98天产假。", []),  # what only the other says is marked on its own side
        ("- **享受**98天产假。", "享受98天产假。", []),  # signs of Markdown are no difference
        ("完全不同的一句话", "另外还有什么规定呢", []),
    ],
)
def test_what_the_other_text_lacks_is_marked(mine: str, other: str, marks: list[str]) -> None:
    assert re.findall(r"<mark>(.*?)</mark>", changes_html(mine, other)) == marks


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*粗* _斜_", r"\*粗\* \_斜\_"),
        ("[1] 链接", r"\[1\] 链接"),
        ("a|b#c!d", r"a\|b\#c\!d"),
        (":material/home: $x$", r"\:material/home\: \$x\$"),
        ("两行\n并一行", "两行 并一行"),
        ("  两边  ", "两边"),
        ("普通的字，。", "普通的字，。"),
    ],
)
def test_a_label_shows_its_characters(text: str, shown: str) -> None:
    assert literal(text) == shown


@pytest.mark.parametrize(
    ("parts", "key"),
    [(("source", 1, "2"), "source-1-2"), (("hit", "dT.3"), "hit-dT-3"), (("choice", "产假 a"), "choice-a"), (("a", "", "b"), "a-b")],
)
def test_a_key_is_a_css_class(parts: tuple[object, ...], key: str) -> None:
    assert element_key(*parts) == key


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("http://a.cn", True),
        ("HTTPS://A.CN/x?y=1#z", True),
        ("https://a.cn/含中文", True),
        ("//a.cn", False),
        ("data:text/html,x", False),
        ("https://a.cn/a b", False),
        (" https://a.cn", False),
        ("", False),
    ],
)
def test_an_address_of_the_web_is_kept(url: str, kept: bool) -> None:
    assert web_address(url) == (url if kept else "")
