"""Documents to passages: every passage slices back, nothing but headings is lost, and boundaries stand where a reader sees them."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.splitting import count_clauses, split_document, split_sections
from knowledge_base.splitting.passages import LONG_CLAUSE, MAX_CHARACTERS, MIN_CHARACTERS
from knowledge_base.text.clauses import to_chinese
from knowledge_base.types import Document, Kind, Passage, Statement, WaysOfAsking

PROSE = "用人单位应当加强女职工劳动保护，采取措施改善女职工劳动安全卫生条件；对女职工进行劳动安全卫生知识培训。"


def document(text: str, statements: tuple[Statement, ...] = (), asks: tuple[WaysOfAsking, ...] = ()) -> Document:
    return Document("d.1", "d", Kind.POLICY, "某规定", text, statements=statements, asks=asks)


def split(text: str) -> list[Passage]:
    return split_document(document(text))


def clauses(text: str) -> list[str]:
    return [s.clause for s in split_sections(text) if s.clause]


def outside(text: str, passages: list[Passage]) -> str:
    """What no passage holds, one line a stretch."""
    left, position = [], 0
    for passage in passages:
        left.append(text[position : passage.start])
        position = passage.end
    return "\n".join([*left, text[position:]])


def article(number: int, body: str = PROSE, insert: int = 0) -> str:
    return f"第{to_chinese(number)}条{'之' + to_chinese(insert) if insert else ''}　{body}"


# Random Chinese documents: blocks joined by line feeds. Of each block it is known whether it is a heading.

sentences = st.lists(
    st.sampled_from(
        [
            "女职工生育享受98天产假，其中产前可以休假15天。",
            "违反本法第四十六条规定的，责令改正；",
            "学 AI、Excel 和 Python 3.11 都可以！",
            "参见《特别规定》第七条。",
            "补贴标准为1,500元/人？",
            "没有标点的一长串文字" * 8,
            "“第二十条　引号里的条文。”",
            "𠮷野家也有生僻字。",
        ]
    ),
    min_size=1,
    max_size=9,
).map("".join)
headings = st.sampled_from(["# 某某规定", "## 第一节 怎样报名", "### 常见问题", "第二章　女职工保护", "第三节 培训"])
listings = st.lists(sentences, min_size=1, max_size=6).map(lambda items: "\n".join(f"- {item}" for item in items))
numbered = st.lists(sentences, min_size=1, max_size=6).map(
    lambda items: "\n".join(f"（{to_chinese(n)}）{i}" for n, i in enumerate(items, 1))
)
tables = st.lists(st.sampled_from(["初级工", "中级工", "高级工", "技师"]), min_size=1, max_size=30).map(
    lambda rows: "\n".join(["| 等级 | 补贴 |", "|---|---|", *(f"| {row} | 1500元 |" for row in rows)])
)
articles = st.builds(article, st.integers(1, 60), sentences, st.integers(0, 2))
blocks = st.one_of(headings.map(lambda h: (True, h)), st.one_of(sentences, listings, numbered, tables, articles).map(lambda b: (False, b)))
documents = st.lists(st.tuples(blocks, st.sampled_from(["\n", "\n\n", "\r\n", "\n　\n", " \n\n\n"])), max_size=14)


@given(documents)
def test_every_passage_slices_back_to_its_document(parts: list[tuple[tuple[bool, str], str]]) -> None:
    text = "".join(block + gap for (_, block), gap in parts)

    passages = split(text)

    position = 0
    for ordinal, passage in enumerate(passages, 1):
        assert text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip()
        assert passage.text
        assert position <= passage.start
        assert (passage.ordinal, passage.passage_id) == (ordinal, f"d.1.{ordinal}")
        position = passage.end


@given(documents)
def test_only_headings_and_white_space_are_outside_passages(parts: list[tuple[tuple[bool, str], str]]) -> None:
    text = "".join(block + gap for (_, block), gap in parts)
    written = [block for (heading, block), _ in parts if heading]

    left = outside(text, split(text))

    assert [line.strip() for line in left.splitlines() if line.strip()] == written


@given(documents)
def test_prose_is_cut_to_the_longest_passage_and_short_pieces_are_joined(parts: list[tuple[tuple[bool, str], str]]) -> None:
    text = "".join(block + gap for (_, block), gap in parts)

    for section in split_sections(text):
        inside = [p for p in split(text) if section.start <= p.start and p.end <= section.end]
        assert inside
        assert inside[0].start == section.start
        assert inside[-1].end == section.end
        longest = LONG_CLAUSE if section.clause and len(inside) == 1 else MAX_CHARACTERS
        prose = [p for p in inside if not re.search(r"^\s*\|", p.text, re.M)]
        assert all(len(p.text) <= longest for p in prose)
        for before, after in itertools.pairwise(inside):
            if before in prose and after in prose and min(len(before.text), len(after.text)) < MIN_CHARACTERS:
                assert after.end - before.start > MAX_CHARACTERS


@given(st.text(max_size=400))
def test_any_text_at_all_can_be_split(text: str) -> None:
    assert all(text[p.start : p.end] == p.text for p in split(text))


@given(st.text(alphabet="第一二条章节附件# \n|-。，“”（）<!>　", max_size=120))
def test_text_made_of_boundary_marks_can_be_split(text: str) -> None:
    passages = split(text)

    assert all(text[p.start : p.end] == p.text for p in passages)
    assert all(a.end <= b.start for a, b in itertools.pairwise(passages))


def test_an_empty_document_has_no_passages() -> None:
    assert split("") == split(" \n　\n") == split("# 只有标题\n") == []


def test_clauses_become_sections_of_their_own_under_their_chapter() -> None:
    text = f"# 某规定\n\n第一章　总则\n\n{article(1)}\n\n{article(2)}\n第二款接着说。\n\n第二章 保护\n\n{article(3)}\n"

    passages = split(text)

    assert [p.clause for p in passages] == ["第一条", "第二条", "第三条"]
    assert passages[1].text.endswith("第二款接着说。")
    assert [p.heading_path for p in passages] == [("某规定", "第一章　总则")] * 2 + [("某规定", "第二章 保护")]


def test_a_markdown_heading_that_is_a_clause_names_it() -> None:
    text = (
        "# 特别规定\n\n## 第七条 产假天数\n\n- 产假98天。\n\n## 第二十条、第二十一条 投诉渠道\n\n- 打12351。\n\n## 附则怎么看\n\n说明。\n"
    )

    assert [p.clause for p in split(text)] == ["第七条", "第二十条、第二十一条", ""]
    assert split(text)[0].heading_path == ("特别规定", "第七条 产假天数")


REFERENCES = [
    "依照本法第三条的规定处理。",
    "依照本法第三条、第四条规定处理。",
    "违反第三条规定的，责令改正。",
    "本条例所称女职工，适用《劳动法》第三条。",
    "决定将“第三条　旧文。”修改为：“第三条　新文。”",
    "有第三条所列情形之一的，从其规定。",
    "根据第三条第二款第（一）项确定。",
    "《劳动合同法》　第三条　已经说明。",
]


@pytest.mark.parametrize("reference", REFERENCES)
def test_a_reference_inside_a_sentence_is_no_boundary(reference: str) -> None:
    text = f"{article(1)}\n\n第二条　{reference}\n"

    assert clauses(text) == ["第一条", "第二条"]


@pytest.mark.parametrize(
    "reference", ["第三条的规定，责令改正。", "第三条、第四条规定的，从其规定。", "第三条规定的处罚。", "第三条至第五条确定。"]
)
@pytest.mark.parametrize("lead", ["有前款行为的，依照本法", "具体办法按照", "符合本规定"])
def test_a_reference_broken_to_the_beginning_of_a_line_is_no_boundary(lead: str, reference: str) -> None:
    text = f"{article(1)}\n\n第二条　{lead}\n{reference}\n\n{article(3)}\n"

    assert clauses(text) == ["第一条", "第二条", "第三条"]
    assert reference in split(text)[1].text


def test_clauses_quoted_in_a_decision_are_no_boundaries() -> None:
    text = "一、将某法修改如下：\n\n“第五条　国家保障妇女权益。\n\n第八条　有关机关应当听取意见。”\n\n二、本决定自公布之日起施行。\n"

    assert clauses(text) == []


def test_an_inserted_clause_follows_its_own() -> None:
    text = f"{article(20)}\n\n{article(20, insert=1)}\n\n{article(20, insert=2)}\n\n{article(21)}\n"

    assert clauses(text) == ["第二十条", "第二十条之一", "第二十条之二", "第二十一条"]


@pytest.mark.parametrize("mark", ["　", " ", "", "\n", "【适用范围】", "（定义）"])
def test_the_forms_of_a_clause_s_opening_are_boundaries(mark: str) -> None:
    text = "".join(f"第{to_chinese(n)}条{mark}{PROSE}\n\n" for n in range(1, 6))

    assert clauses(text) == [f"第{to_chinese(n)}条" for n in range(1, 6)]


@pytest.mark.parametrize("form", ["第１条　", "第1条 ", "**第一条** ", "　　第一条　"])
def test_a_clause_may_open_in_digits_bold_or_indented(form: str) -> None:
    assert (
        len(clauses(f"{form}为了保护女职工，制定本规定。\n\n{form.replace('1', '2').replace('１', '２').replace('一', '二')}适用。\n")) == 2
    )


def test_a_text_without_line_feeds_is_divided_at_the_ends_of_sentences() -> None:
    text = "某规定 2012年公布。第一章 总则 " + "".join(
        f"第{to_chinese(n)}条　依照第{to_chinese(n + 1)}条执行。{PROSE}" for n in range(1, 31)
    )

    assert clauses(text) == [f"第{to_chinese(n)}条" for n in range(1, 31)]
    assert outside(text, split(text)).strip() == ""


def test_text_before_the_first_clause_of_a_line_is_not_lost() -> None:
    text = f"# 某规定\n2012年4月28日国务院令第619号公布。第一条　{PROSE}"

    assert [(p.clause, p.text[:10]) for p in split(text)] == [("", "2012年4月28日"), ("第一条", "第一条　用人单位应当")]


def test_a_very_long_clause_is_cut_at_its_paragraphs_and_keeps_its_number() -> None:
    paragraphs = [f"第{to_chinese(n)}项说明：{PROSE * 5}" for n in range(1, 9)]
    text = f"{article(1)}\n\n第二条　{paragraphs[0]}\n" + "\n".join(paragraphs[1:]) + f"\n\n{article(3)}\n"

    second = [p for p in split(text) if p.clause == "第二条"]

    assert len(second) > 3
    assert all(len(p.text) <= MAX_CHARACTERS for p in second)
    assert all(p.text.startswith(("第二条", "第")) and p.text.endswith("。") for p in second)
    assert [p.clause for p in split(text)][-1] == "第三条"


def test_a_clause_of_middling_length_stays_whole() -> None:
    body = (PROSE * 20)[: LONG_CLAUSE - 10]

    assert len(split(f"{article(1)}\n\n第二条　{body}\n")) == 2


@pytest.mark.parametrize("name", ["附录：", "附录", "附件一", "附件 1：申报表", "附表"])
def test_an_appendix_is_a_section_of_its_own(name: str) -> None:
    text = f"{article(1)}\n\n第二条　本规定自公布之日起施行。\n\n{name}\n\n女职工禁忌从事的劳动范围：\n一、矿山井下作业；\n"

    passages = split(text)

    assert [p.clause for p in passages] == ["第一条", "第二条", ""]
    assert passages[-1].heading_path == (name.rstrip("：:"),)
    assert "附" not in passages[1].text


def test_a_mention_of_an_appendix_is_no_heading() -> None:
    text = f"{article(1)}\n\n第二条　申报材料见\n附件\n第三条　{PROSE}"

    assert all("附件" not in p.heading_path for p in split(text))


def test_a_table_is_kept_whole_with_its_caption() -> None:
    rows = "\n".join(f"| 第{to_chinese(n)}类工种 | {n}00元 | 按取得的证书和参加的学时核定补贴 |" for n in range(1, 31))
    table = f"各工种补贴标准：\n\n| 工种 | 标准 | 说明 |\n|---|---|---|\n{rows}"
    text = f"## 补贴标准\n\n{PROSE * 6}\n\n{table}\n\n{PROSE * 6}\n"

    (whole,) = [p for p in split(text) if "|" in p.text]

    assert whole.text == table
    assert len(whole.text) > MAX_CHARACTERS


def test_two_tables_are_two_passages() -> None:
    table = "| 等级 | 补贴 |\n|---|---|\n" + "".join(f"| {n}级 | 1500元，按学时核定后发放到人 |\n" for n in range(12))
    text = f"## 标准\n\n甲表\n\n{table}\n乙表\n\n{table}\n"

    assert [p.text.split("\n")[0] for p in split(text)] == ["甲表", "乙表"]


def test_a_short_section_with_a_table_is_one_passage() -> None:
    text = "## 标准\n\n补贴如下：\n\n| 等级 | 补贴 |\n|---|---|\n| 初级 | 1000元 |\n\n以上从2025年起。\n"

    (passage,) = split(text)
    assert passage.text.endswith("以上从2025年起。")


def test_comments_lie_outside_passages() -> None:
    text = f"# 某规定\n\n<!-- INFO END -->\n\n{article(1)}\n\n<!-- 尾注\n第二条 不算 -->\n"

    (passage,) = split(text)
    assert passage.text == article(1)


def test_several_lines_of_questions_under_one_heading_add_up() -> None:
    text = "## 答\n\n打110。"
    asks = (WaysOfAsking(0, ("他打我",), "故事", "W3"), WaysOfAsking(0, ("挨打找谁", "jiabao 电话"), "短句", "W4"))

    (passage,) = split_document(document(text, asks=asks))

    assert passage.questions == ("他打我", "挨打找谁", "jiabao 电话")


def test_statements_and_questions_follow_their_passages() -> None:
    head, said, more = "## 第七条 产假\n\n", "产假98天。", PROSE * 20
    text = head + said + more
    statements = (Statement(len(head), len(head) + len(said), ("A-1",)), Statement(len(head) + len(said), len(text), ("A-2",)))

    passages = split_document(document(text, statements, (WaysOfAsking(0, ("产假多少天？",)),)))

    assert len(passages) > 1
    assert passages[0].text[passages[0].statements[0].start : passages[0].statements[0].end] == said
    assert passages[0].source_ids == ("A-1", "A-2")
    assert passages[0].sources_of(0, len(said)) == ("A-1",)
    assert all(p.source_ids == ("A-2",) for p in passages[1:])
    assert all(p.questions == ("产假多少天？",) for p in passages)
    for passage in passages:
        assert all(0 <= s.start < s.end <= len(passage.text) for s in passage.statements)


@pytest.mark.parametrize(("text", "count"), [("", 0), ("没有条文，只说第三条。", 0), (article(1), 1), (f"{article(1)}\n{article(2)}", 2)])
def test_clauses_are_counted(text: str, count: int) -> None:
    assert count_clauses(text) == count
