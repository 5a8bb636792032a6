"""The form of lessons: each rule broken once gives its finding."""

from __future__ import annotations

import pytest
from corpus_builder import CorpusBuilder

from knowledge_base.editorial.corpus_check import check_corpus
from knowledge_base.editorial.lesson_form import COURSE_SECTIONS, WorkedFormula, circles, worked_formulas

LESSON = """
# 求和

## 学会什么

学会把一列数加起来。[^CR-1]

## 要准备什么

- 一张表格。[^CR-1]

## 步骤

1. 在表格里点空格子。[^CR-1]

## 例子

A1填1200，公式“=SUM(A1:A2)”显示2000。[^CR-1]

## 常见的错

- 加不起来 → 数是文本 → 改成数字。[^CR-1]

## 两分钟练习

题目：1200元和800元加起来是多少？[^CR-1]

## 接着学

- 接着学排序。[^CR-1]
"""
STATED = {"form": "lesson", "minutes": "10", "formulas": '[{cells: {A1: 1200, A2: 800}, formula: "=SUM(A1:A2)", shows: "2000"}]'}


@pytest.fixture
def builder(corpus: CorpusBuilder) -> CorpusBuilder:
    corpus.source("CR-1", "A1填1200、A2填800，“=SUM(A1:A2)”显示2000；罚款20元。", kind="craft", checked="公式由LibreOffice在测试里算过")
    return corpus


def faults(builder: CorpusBuilder, body: str = LESSON, **fields: str) -> list[str]:
    builder.document("ke-qiuhe", body, folder="training", **{**STATED, **fields})
    return [f.message for f in check_corpus(builder.root).faults]


def test_a_lesson_in_the_form_has_no_faults(builder: CorpusBuilder) -> None:
    assert faults(builder) == []


@pytest.mark.parametrize(
    ("body", "fields", "said"),
    [
        (LESSON.replace("## 例子", "## 例题"), {}, "小节应是 学会什么、要准备什么"),
        (LESSON.replace("A1填1200", "```python\n# 加起来\nprint(2)\n```\n[^CR-1]\n\nA1填1200"), {}, "脚本里有 # 开头的行"),
        (LESSON, {"minutes": "一会儿"}, "minutes '一会儿' 应为"),
        (LESSON, {"form": "poem"}, "form 'poem' 应为 lesson、course 之一"),
        (LESSON, {"next": "[ke-meiyou]"}, "next 指向不存在的文档 ke-meiyou"),
        (LESSON, {"prerequisites": "[ke-qiuhe]"}, "先学关系绕成了圈：ke-qiuhe → ke-qiuhe"),
        (LESSON, {"formulas": '[{formula: "=1"}]'}, "formulas 每一项要有 cells、formula、shows"),
        (LESSON, {"formulas": '[{cells: {}, formula: "SUM(A1:A2)", shows: "2000"}]'}, "公式 SUM(A1:A2) 应以 = 开头"),
        (LESSON, {"formulas": '[{cells: {}, formula: "=A1", shows: "2000"}]'}, "公式 =A1 没有写在正文里"),
        (LESSON, {"formulas": '[{cells: {}, formula: "=SUM(A1:A2)", shows: "99"}]'}, "结果 99 没有写在正文里"),
        (LESSON.replace("1. 在表格里点空格子。", "1. 迟到罚款20元。"), {}, "只注编者经验，却写了法律、金额或医药的数字（20元）"),
    ],
)
def test_a_broken_rule_of_the_form_is_told(builder: CorpusBuilder, body: str, fields: dict[str, str], said: str) -> None:
    found = faults(builder, body, **fields)

    assert any(said in fault for fault in found), found


def test_a_fenced_script_needs_no_source_for_its_figures(builder: CorpusBuilder) -> None:
    code = "```python\nprint(98 * 2)\n```\n```output\n196\n```\n[^CR-1]\n"

    assert faults(builder, LESSON.replace("A1填1200，公式", code + "\nA1填1200，公式")) == []


def test_a_menu_that_stands_on_the_editors_word_alone_is_advised(builder: CorpusBuilder) -> None:
    faults(builder, LESSON.replace("在表格里点空格子", "在表格里点“数据”→“排序”"))

    assert [a.message for a in check_corpus(builder.root).advice if a.message.startswith("菜单名称（")]


COURSE = "\n# 护士班\n\n" + "".join(f"## {heading}\n\n- 护士班讲到{heading}。[^CR-1]\n\n" for heading in COURSE_SECTIONS)


@pytest.mark.parametrize(
    ("body", "fields", "said"),
    [
        (COURSE, {}, ""),
        (COURSE.replace("## 练习", "## 作业"), {}, "小节应是 给谁学、学时和安排"),
        (COURSE, {"minutes": "六个晚上"}, "minutes '六个晚上' 应为整数"),
        (COURSE, {"lessons": "[]"}, "lessons 应写用哪几课"),
        (COURSE, {"lessons": "[ke-meiyou]"}, "lessons 指向不存在的文档 ke-meiyou"),
    ],
)
def test_a_course_plan_names_its_lessons_and_has_its_sections(builder: CorpusBuilder, body: str, fields: dict[str, str], said: str) -> None:
    faults(builder)
    stated = {"form": "course", "minutes": "540", "lessons": "[ke-qiuhe]", **fields}
    builder.document("kc-hushi", body, folder="training", title="护士班", **stated)

    found = [f.message for f in check_corpus(builder.root).faults]

    assert any(said in fault for fault in found) if said else found == []


def test_worked_formulas_keep_the_type_of_their_cells() -> None:
    stated = {"formulas": [{"cells": {"A1": 1200, "A2": "8"}, "formula": " =A1 ", "shows": 1200}]}

    assert worked_formulas(stated) == (WorkedFormula({"A1": 1200, "A2": "8"}, "=A1", "1200"),)
    assert worked_formulas({}) == ()


def test_every_circle_of_prerequisites_is_found() -> None:
    metas = {
        "a": {"prerequisites": ["b"]},
        "b": {"prerequisites": ["a"]},
        "c": {"prerequisites": ["c"]},
        "d": {"prerequisites": ["a", "c"]},
    }

    found = list(circles(metas))

    assert {frozenset(circle) for circle in found} == {frozenset("ab"), frozenset("c")}
    assert all(circle[0] == circle[-1] for circle in found)
