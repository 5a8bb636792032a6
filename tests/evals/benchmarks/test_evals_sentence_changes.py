"""True statements with one thing changed: what each kind of change touches, and how the table counts."""

from __future__ import annotations

import random
import re

import pytest

from assistant.texts.library import Texts
from assistant.types import Citation
from evals.benchmarks.sentence_check import Miss, Result, TrueStatement, caught, changed, changes, load_explained, measure, stands, table
from knowledge_base.types import Document, Kind, Passage, Status

CONDITIONS = Texts.load().conditions
TERMS = ["产假", "护理假", "生育津贴", "创业担保贷款"]
KINDS = changes(TERMS)


def said_by(text: str) -> TrueStatement:
    passage = Passage("p1", "d1", text, 0, len(text), 1)
    return TrueStatement(text, Citation(1, passage, Document("d1", "d", Kind.POLICY, "特别规定", text), Status.IN_FORCE, 0, len(text)))


LEAVE = said_by("女职工生育享受98天产假，其中产前可以休假15天。")


@pytest.mark.parametrize(
    ("kind", "text", "changed_to"),
    [
        ("一个数字", "产假98天。", r"产假(?:[1-79]8|9[1-79])天。"),
        ("单位", "产假98天。", r"产假98(?!天)\S+。"),
        ("丢了否定", "不得降低工资。", r"得降低工资。"),
        ("多了否定", "可以休假15天。", r"不可以休假15天。"),
        ("条号", "依据第七条。", r"依据第[一二三四五六八九]条。"),
        ("条号", "依据第12条。", r"依据第1[1-9]条。"),
        ("名称", "申请生育津贴。", r"申请(?:产假|护理假|创业担保贷款)。"),
        ("地名", "四川另有规定。", r"(?!四川)\S\S另有规定。"),
        ("热线", "请拨打12351。", r"请拨打(?!12351)\d{5}。"),
        ("界限", "不超过3次。", r"不少于3次。"),
        ("界限", "年满18周岁以上。", r"年满18周岁(?:以下|以内)。|年未满18周岁以上。"),
        ("应当、可以", "应当支付工资。", r"可以支付工资。"),
        ("应当、可以", "可以休假。", r"应当休假。"),
    ],
)
def test_a_kind_of_change_changes_one_thing(kind: str, text: str, changed_to: str) -> None:
    for seed in range(6):
        changed_text = KINDS[kind](text, random.Random(seed))

        assert changed_text is not None
        assert re.fullmatch(changed_to, changed_text), changed_text


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("一个数字", "产假九十八天。"),
        ("单位", "一共98。"),
        ("丢了否定", "应当不断改进，不同意见也要听。"),  # 不断, 不同 deny nothing
        ("丢了否定", "能不能领？"),
        ("多了否定", "不可以休假。"),  # denied already
        ("多了否定", "休假15天。"),
        ("条号", "第几条都行。"),
        ("名称", "工资照发。"),
        ("地名", "全国一样。"),
        ("热线", "编号123510。"),
        ("界限", "以上意见供参考。"),  # no figure beside it
        ("应当、可以", "工资照发。"),
    ],
)
def test_where_there_is_nothing_of_the_kind_nothing_is_changed(kind: str, text: str) -> None:
    assert KINDS[kind](text, random.Random(1)) is None


def test_changes_that_the_passage_says_too_are_left_out() -> None:
    both = said_by("顺产98天。难产118天。")
    one = TrueStatement("顺产98天。", both.citation)

    made = [said for _, said in changed([one], lambda text, _: "难产118天。")]

    assert made == []


def test_the_same_seed_changes_the_same_and_in_the_same_order() -> None:
    true = [said_by(f"产假{n}天，补贴{n}00元。") for n in range(11, 40)]

    first, second = (list(changed(true, KINDS["一个数字"], seed=3)) for _ in range(2))

    assert first == second
    assert [said for _, said in first] != [said for _, said in changed(true, KINDS["一个数字"], seed=4)]


def test_a_true_statement_stands_and_one_with_another_figure_does_not() -> None:
    assert stands(LEAVE.text, LEAVE.citation, TERMS, CONDITIONS)
    assert not stands(LEAVE.text.replace("98", "158"), LEAVE.citation, TERMS, CONDITIONS)


def test_every_change_is_counted_under_its_kind() -> None:
    result = measure([LEAVE], TERMS, CONDITIONS)

    assert result.made["一个数字"] == 1
    assert result.made["条号"] == 0
    assert result.n == sum(result.made.values())
    assert result.missed("一个数字") == 0


MISSED = Result({"一个数字": 4, "单位": 0}, (Miss("一个数字", "产假98天|。", "产假97天|。"),))
CAUGHT = Result({"一个数字": 2, "单位": 2}, ())


@pytest.mark.parametrize(
    ("results", "share"),
    [([CAUGHT], "1.0000（n=4）"), ([MISSED], "0.7500（n=4）"), ([MISSED, CAUGHT], "0.8750（n=8）")],
)
def test_what_was_caught_over_several_measurements(results: list[Result], share: str) -> None:
    assert caught(results) == share


def test_the_table_counts_by_kind_and_gives_each_miss_its_reason() -> None:
    text = table(MISSED, CAUGHT, (9, 10), ("0.99", "0.98"), {"产假97天|。": "引文里也有97天"})

    assert "| 一个数字 | 4 | 0.750 | 2 | 1.000 |" in text
    assert "| 单位 | 0 | 1.000 | 2 | 1.000 |" in text
    assert "| **合计** | 4 | 0.750 | 4 | 1.000 |" in text
    assert "| 一个数字 | 产假98天\\|。 | 产假97天\\|。 | 引文里也有97天 |" in text
    assert "0.900 [0.596, 0.982]（n=10）" in text


def test_a_miss_without_a_reason_says_so() -> None:
    assert "还没有说明" in table(MISSED, CAUGHT, (1, 1), ("", ""), {})


def test_every_reason_that_is_kept_says_something() -> None:
    assert all(why.strip() for why in load_explained().values())
