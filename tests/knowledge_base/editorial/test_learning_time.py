"""How long learning takes is told in the document's words or not at all."""

from __future__ import annotations

import pytest

from knowledge_base.editorial.learning_time import stated_time
from knowledge_base.types import Document, Kind, Statement


def document(text: str, kind: Kind = Kind.TRAINING) -> Document:
    return Document("d.1", "d", kind, "标题", text, statements=(Statement(0, len(text), ("T001",)),))


@pytest.mark.parametrize("text", ["人工智能训练师的培训参考学时：五级60标准学时，四级50标准学时。", "单位做AI写作内训，常见安排是1到2天。"])
def test_a_statement_of_hours_or_days_is_given_as_it_stands(text: str) -> None:
    assert stated_time(document(f"- {text}")) == text


@pytest.mark.parametrize("text", ["到2021年3月22日，学员学习3400多万学时。", "初选交15分钟以上直播回放。", "12351热线7天24小时服务。", ""])
def test_other_times_are_not_taken_for_it(text: str) -> None:
    assert stated_time(document(text)) == ""


def test_a_policy_states_no_learning_time() -> None:
    assert stated_time(document("培训安排不少于3天。", Kind.POLICY)) == ""
