"""The form of guides: each rule broken once gives its finding."""

from __future__ import annotations

import pytest
from corpus_builder import CorpusBuilder

from knowledge_base.editorial.corpus_check import check_corpus

MISSES = "｜".join(f"产假像{n}→无" for n in "一二三四五")
ANSWER = f"## 答\n\n> 问法（故事·A）：刚生完娃儿能休好久\n> 不是（A）：{MISSES}\n\n98天。[^A-1]\n\n- 难产的增加15天。[^A-1]\n"
GUIDE = f"# 产假\n\n{ANSWER}\n## 看情况\n\n- 【地区：四川省】四川女职工产假188天。[^S-1]\n"
STATED = {"depends_on": "[地区]", "region": "全国"}


@pytest.fixture
def builder(corpus: CorpusBuilder) -> CorpusBuilder:
    corpus.source("A-1", "女职工生育享受98天产假；难产的增加15天。", region="全国")
    corpus.source("S-1", "2025年四川女职工产假188天；育儿补贴2025年每年3600元。", region="四川省")
    return corpus


def faults(builder: CorpusBuilder, body: str = GUIDE, **fields: str) -> list[str]:
    builder.document("gd-chanjia", body, folder="guides", **{**STATED, **fields})
    report = check_corpus(builder.root)
    return [f.message for f in report.faults if "没有一篇文档用到" not in f.message]


def advice(builder: CorpusBuilder, body: str = GUIDE, **fields: str) -> list[str]:
    builder.document("gd-chanjia", body, folder="guides", **{**STATED, **fields})
    return [a.message for a in check_corpus(builder.root).advice]


def test_a_guide_in_the_form_has_no_faults(builder: CorpusBuilder) -> None:
    assert faults(builder) == []


@pytest.mark.parametrize(
    ("body", "fields", "said"),
    [
        (GUIDE.replace("## 看情况", "## 别的"), {}, "小节应是 答、马上、步骤、看情况、找谁"),
        (GUIDE.replace("## 答", "## 找谁"), {}, "小节应是 答"),
        (GUIDE + "\n## 步骤\n\n1. 先问98天。[^A-1]\n", {}, "小节应是 答"),
        (GUIDE.replace("98天。[^A-1]\n\n- 难产", "- 98天。[^A-1]\n- 难产"), {}, "第一行应是直接的回答"),
        (GUIDE.replace("- 难产的增加15天。[^A-1]\n", "- 难产的增加15天。[^A-1]\n" * 4), {}, "第一段后面有 4 行，最多 3 行"),
        (GUIDE.replace("- 难产的", "难产的"), {}, "第一段后面只写列表项"),
        (GUIDE, {"urgent": "fire"}, "urgent 'fire' 应为"),
        (GUIDE, {"urgent": "violence"}, "写了 urgent 就要写“马上”"),
        (GUIDE.replace("## 看情况", "## 马上\n\n1. 走。[^A-1]\n\n## 看情况"), {}, "写了 urgent 就要写“马上”"),
        (GUIDE.replace("## 看情况", "## 马上\n\n" + "1. 走。[^A-1]\n" * 5 + "\n## 看情况"), {"urgent": "violence"}, "“马上”有 5 行"),
        (GUIDE, {"depends_on": "[地区, 心情]"}, "depends_on 里的“心情”应为"),
        (GUIDE, {"depends_on": "[]"}, "“看情况”用了地区，depends_on 里没有"),
        (GUIDE.replace("【地区：四川省】", "【心情：好】"), {}, "【心情：好】的“心情”应为"),
        (GUIDE.replace("【地区：四川省】", "【地区】"), {}, "【地区】要写明是哪一种"),
        (GUIDE.replace("- 难产的", "- 【地区：四川省】难产的"), {}, "只写在“看情况”里"),
        (GUIDE.replace("产假像五→无", ""), {}, "“不是”有 4 个"),
        (GUIDE.replace("产假像五→无", "产假像五→gd-meiyou"), {}, "指向不存在的文档 gd-meiyou"),
        (GUIDE.replace("产假像五→无", "产假像五→gd-chanjia"), {}, "指向了自己"),
        (GUIDE.replace("产假像五→无", "产假像五"), {}, "没有写→属于哪一篇"),
        (GUIDE.replace("产假像五→无", "刚生完娃儿能休好久→无"), {}, "既是问法又是“不是”"),
        (GUIDE.replace("故事·A", "唱歌·A"), {}, "问法的声音“唱歌”应为"),
        (GUIDE, {"as_of": ""}, "缺 as_of"),
        (GUIDE, {"needs": "[产假几天]"}, "文件头的 needs 没有人读"),
    ],
)
def test_a_broken_rule_of_the_form_is_told(builder: CorpusBuilder, body: str, fields: dict[str, str], said: str) -> None:
    found = faults(builder, body, **fields)

    assert any(said in fault for fault in found), found


@pytest.mark.parametrize(
    ("body", "fields", "said"),
    [
        (GUIDE, {}, "问法有 1 个，宜有 20 个以上"),
        (GUIDE.replace("98天。[^A-1]", "女职工生育享受98天产假" * 4 + "。[^A-1]"), {}, "第一句有 49 字"),
        (GUIDE, {"depends_on": "[地区, 工龄]"}, "depends_on 写了工龄，“看情况”里没有【工龄：……】"),
        (GUIDE.replace("难产的增加15天。[^A-1]", "产假188天。[^S-1]"), {}, "来源只是四川省的，句里没有写地方：「产假188天。…」"),
        (GUIDE.replace("难产的增加15天。[^A-1]", "育儿补贴每年3600元。[^S-1]"), {}, "金额 ['3600'] 是某一年的"),
    ],
)
def test_what_would_make_a_guide_better_is_advised(builder: CorpusBuilder, body: str, fields: dict[str, str], said: str) -> None:
    found = advice(builder, body, **fields)

    assert any(said in each for each in found), found


@pytest.mark.parametrize(
    "line",
    [
        "四川产假188天。[^S-1]",
        "四川2025年的育儿补贴每年3600元。[^S-1]",
        "生娃儿以后到社区问。[^S-1]",
    ],
)
def test_a_statement_that_names_its_place_and_year_is_not_advised(builder: CorpusBuilder, line: str) -> None:
    found = advice(builder, GUIDE.replace("难产的增加15天。[^A-1]", line))

    assert [a for a in found if "写地方" in a or "写年份" in a] == []


def test_a_way_of_asking_in_two_documents_is_told(builder: CorpusBuilder) -> None:
    builder.document("gd-chanjia-2", GUIDE, folder="guides", **STATED)

    assert faults(builder) == ["问法「刚生完娃儿能休好久」在guides/gd-chanjia-2.md已经有了，只留一处"]
