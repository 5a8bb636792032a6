"""Proof that a corpus keeps its own rules: each rule broken once gives its finding, and the shipped corpus breaks none."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus_builder import CorpusBuilder

from knowledge_base import CORPUS
from knowledge_base.editorial.corpus_check import CheckReport, check_corpus, load_sources
from knowledge_base.errors import CorpusError

GOOD = "\n# 特别规定\n\n## 第七条 产假\n\n> 问法：产假多少天？\n\n- 女职工生育享受98天产假。[^A-1]\n"


@pytest.fixture
def builder(corpus: CorpusBuilder) -> CorpusBuilder:
    corpus.source("A-1", "女职工生育享受98天产假；流产的享受15天产假。", url="https://www.gov.cn/zwgk/1.htm")
    return corpus


def faults(builder: CorpusBuilder) -> list[str]:
    return [str(f) for f in check_corpus(builder.root).faults]


def test_a_corpus_that_keeps_the_rules_has_no_faults(builder: CorpusBuilder) -> None:
    builder.document("tebie", GOOD)
    builder.document("kecheng", GOOD.replace("产假多少天", "直播怎么学"), folder="training", title="直播入门")
    builder.document("anli", GOOD.replace("产假多少天", "工作室有哪些"), folder="cases", title="工作室案例", as_of="2025-03")

    report = check_corpus(builder.root)

    assert report == CheckReport(documents=3, sources=1, sources_used=1, faults=(), advice=report.advice)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "other.md"}, "应与文件名 other 相同"),
        ({"id": "Te Bie"}, "只能用小写字母、数字、- 和 ."),
        ({"kind": "training"}, "kind 应为 policy"),
        ({"title": ""}, "缺 title"),
        ({"region": ""}, "缺 region"),
        ({"topic": ""}, "缺 topic"),
        ({"issued": "2012年4月"}, "issued '2012年4月' 不是日期"),
        ({"effective": "2012-4-28"}, "effective"),
        ({"expires": "长期"}, "expires '长期' 不是日期"),
        ({"status": "有效"}, "status '有效' 应为"),
        ({"status": ""}, "status '' 应为"),
        ({"supersedes": "[jiu-guiding]"}, "supersedes 指向不存在的文档 jiu-guiding"),
        ({"prerequisites": "[rumen]"}, "prerequisites 指向不存在的文档 rumen"),
    ],
)
def test_a_broken_rule_of_the_front_matter_is_told(builder: CorpusBuilder, fields: dict[str, str], said: str) -> None:
    builder.document("tebie", GOOD, **fields)

    assert any(said in fault for fault in faults(builder)), faults(builder)


def test_a_training_document_states_its_level(builder: CorpusBuilder) -> None:
    builder.document("kecheng", GOOD, folder="training", level="高级")

    (fault,) = faults(builder)
    assert "level 应为 入门、进阶、骨干" in fault


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("\n- 女职工生育享受98天产假。[^A-1][^Z-9]\n", "来源编号 ['Z-9'] 不在 sources.jsonl 里"),
        ("\n- 女职工生育享受128天产假。[^A-1]\n", "数字 ['128'] 不在所注来源"),
        ("\n- 女职工生育享受一百二十八天产假。[^A-1]\n", "数字 ['128'] 不在所注来源"),
        ("\n- 女职工生育享受98天产假。[^A-1]\n- 另外还有补贴。\n", "这句没有来源编号：「- 另外还有补贴。」"),
        ("\n女职工生育享受98天产假。[^A-1]另外还有补贴。\n", "这句没有来源编号"),
        ("\n| 情形 | 天数 |\n|---|---|\n| 生育 | 98 |\n\n- 流产。[^A-1]\n", "这句没有来源编号：「| 生育 | 98 |」"),
        ("\n- 产假98天，见 https://example.com/a 。[^A-1]\n", "网址 https://example.com/a 不在"),
    ],
)
def test_a_broken_rule_of_the_body_is_told(builder: CorpusBuilder, body: str, said: str) -> None:
    builder.document("tebie", body)

    assert any(said in fault for fault in faults(builder)), faults(builder)


@pytest.mark.parametrize(
    "body",
    [
        "\n办理步骤：\n\n- 女职工生育享受九十八天产假。[^A-1]\n",
        "\n| 情形 | 天数 |\n|---|---|\n| 生育 | ９８ [^A-1] |\n",
        "\n- 流产产假15天，见 https://www.gov.cn/zwgk/1.htm 。[^A-1]\n",
        "\n流产产假15天，见https://www.gov.cn/zwgk/1.htm。[^A-1]\n",
        "\n女职工生育\n享受98天产假。[^A-1]\n",
    ],
)
def test_forms_that_the_rules_allow_give_no_fault(builder: CorpusBuilder, body: str) -> None:
    builder.document("tebie", body)

    assert faults(builder) == []


@pytest.mark.parametrize(
    "more",
    [
        {"statement": "【历史】女职工生育享受90天产假。"},
        {"statement": "【已过期】90天"},
        {"statement": "产假90天", "region": "外省（陕西）"},
    ],
)
def test_a_historic_or_foreign_statement_may_not_stand_in_a_current_document(builder: CorpusBuilder, more: dict[str, str]) -> None:
    builder.source("A-2", more["statement"], region=more.get("region", ""))
    body = GOOD + "- 女职工生育享受90天产假。[^A-2]\n"

    builder.document("tebie", body)
    assert any("A-2 是历史、过期或外省内容" in fault for fault in faults(builder))

    builder.document("tebie", body, status="已失效")
    assert faults(builder) == []


def test_two_current_documents_of_one_title_and_region_are_told(builder: CorpusBuilder) -> None:
    builder.document("tebie", GOOD)
    builder.document("tebie-2", GOOD.replace("多少天", "几天"))

    (fault,) = faults(builder)
    assert "有 2 篇都是现行" in fault


def test_a_repeated_id_is_told(builder: CorpusBuilder) -> None:
    builder.document("tebie", GOOD)
    builder.document("tebie", GOOD, folder="training")

    assert any("id tebie 与另一篇重复" in fault for fault in faults(builder))


def test_a_source_that_no_document_uses_is_told_unless_left_out(builder: CorpusBuilder) -> None:
    builder.source("A-2", "没有用到。")
    builder.document("tebie", GOOD)

    assert faults(builder) == ["sources.jsonl：A-2 没有一篇文档用到；写进文档，或在 left_out.yaml 说明为什么不用"]

    (builder.root / "left_out.yaml").write_text("A-2: 与 A-1 重复\n", encoding="utf-8")
    assert faults(builder) == []


def test_a_dead_link_of_the_wanted_page_is_told(builder: CorpusBuilder) -> None:
    builder.document("tebie", GOOD)
    wanted = "| 题目 | 已有 |\n| --- | --- |\n| 丧假 | [特别规定](policies/tebie.md)、[丧假](guides/gd-sangjia.md) |\n"
    (builder.root / "WANTED.md").write_text(wanted, encoding="utf-8")

    assert faults(builder) == ["WANTED.md：链接 guides/gd-sangjia.md 指向的文档不在了"]


def test_documents_of_fewer_than_three_statements_are_advised_with_their_share(builder: CorpusBuilder) -> None:
    builder.document("tebie", GOOD)

    advice = [str(a) for a in check_corpus(builder.root).advice]

    assert "policies/tebie.md：只有 1 句，宜并入别的文档或补足" in advice
    assert "全库：1/1（100%） 篇不足 3 句，宜在 5% 以内" in advice


@pytest.mark.parametrize("raw", ["---\nid: [\n---\n正文\n", "---\n- 一\n---\n正文\n"])
def test_a_document_whose_front_matter_cannot_be_read_is_one_fault(builder: CorpusBuilder, raw: str) -> None:
    builder.document("tebie", GOOD)
    (builder.root / "policies" / "huai.md").write_text(raw, encoding="utf-8")

    assert [f for f in faults(builder) if f.startswith("policies/huai.md")]


def test_a_document_that_is_not_utf8_is_one_fault(builder: CorpusBuilder) -> None:
    builder.document("tebie", GOOD)
    (builder.root / "policies" / "gbk.md").write_bytes("---\nid: gbk\n---\n产假".encode("gbk"))

    assert [f for f in faults(builder) if f.startswith("policies/gbk.md")]


def test_a_check_of_some_files_leaves_the_others_out(builder: CorpusBuilder) -> None:
    builder.document("tebie", GOOD)
    bad = builder.document("huai", "\n- 没有来源。\n", title="另一个规定")

    assert check_corpus(builder.root, only=[builder.root / "policies" / "tebie.md"]).faults == ()
    assert check_corpus(builder.root, only=[bad]).faults != ()


def test_advice_does_not_fail_a_check(builder: CorpusBuilder) -> None:
    builder.document("tebie", GOOD + "\n## 第八条 没有问法\n\n" + "- 女职工生育享受98天产假。[^A-1]\n" * 60)

    report = check_corpus(builder.root)

    assert report.faults == ()
    assert [a for a in report.advice if "没有问法" in a.message]
    assert [a for a in report.advice if "宜拆成 500 字以内" in a.message]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("不是 JSON\n", "第 1 行"),
        ('{"id": "A-1", "statement": "一", "title": "二"}\n\n{"id": "A-2", "statement": "一"}\n', "第 3 行"),
        ('["A-1"]\n', "第 1 行"),
        ('{"id": "A-1", "statement": "一", "title": "二"}\n{"id": "A-1", "statement": "三", "title": "二"}\n', "A-1 重复"),
    ],
)
def test_a_malformed_line_of_sources_is_named(tmp_path: Path, lines: str, said: str) -> None:
    path = tmp_path / "sources.jsonl"
    path.write_text(lines, encoding="utf-8")

    with pytest.raises(CorpusError, match=said):
        load_sources(path)


def test_sources_keep_their_order_and_further_fields(builder: CorpusBuilder) -> None:
    builder.source("A-0", "先写的不一定在前。", doc_no="国务院令第619号")

    sources = load_sources(builder.root / "sources.jsonl")

    assert list(sources) == ["A-1", "A-0"]
    assert sources["A-0"].details == {"doc_no": "国务院令第619号"}


def test_the_shipped_corpus_has_no_faults() -> None:
    report = check_corpus(CORPUS)

    assert [str(f) for f in report.faults] == []
    assert report.documents > 300
    assert report.sources_used > 0.95 * report.sources
