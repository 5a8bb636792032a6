"""What a person may state about a document, and the file beside it that says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.errors import LoadError
from knowledge_base.loaders import document_from_bytes
from knowledge_base.loaders.stated import faults_of_stated, read_stated, write_stated
from knowledge_base.types import Kind

NOTICE = "夜校通知\n\n每周三晚上七点上课。\n".encode()


@pytest.mark.parametrize(
    "stated",
    [
        {},
        {
            "title": "夜校通知",
            "region": "四川省成都市",
            "status": "现行",
            "issued": "2026-03",
            "effective": "2026",
            "expires": "2026-12-31",
        },
        {"region": "全国", "status": "", "expires": "", "kind": "training", "level": "入门", "id": "yexiao-2026"},
    ],
    ids=str,
)
def test_what_holds_has_no_faults(stated: dict[str, str]) -> None:
    assert faults_of_stated(stated) == []


@pytest.mark.parametrize(
    ("stated", "word"),
    [
        ({"title": " "}, "标题不能是空的"),
        ({"issued": "2026年3月"}, "发布日期“2026年3月”不是日期"),
        ({"effective": "2026-02-30"}, "施行日期"),
        ({"expires": "明年"}, "有效期至"),
        ({"effective": "2026-03-01", "expires": "2025-12-31"}, "早于 2026-03-01"),
        ({"status": "有效"}, "状态“有效”不认识"),
        ({"region": "成都"}, "要从省写起"),
        ({"region": "四川"}, "四川省"),
        ({"kind": "notice"}, "类型“notice”不认识"),
        ({"id": "夜校"}, "编号“夜校”只能用"),
        ({"level": "高级"}, "难度"),
        ({"author": "某人"}, "不认识“author”这一项"),
        ({"title": "长" * 201}, "标题太长"),
    ],
    ids=str,
)
def test_what_does_not_hold_is_told_in_chinese(stated: dict[str, str], word: str) -> None:
    assert word in "；".join(faults_of_stated(stated))


def test_what_is_stated_is_read_back_as_it_was_written_dates_as_text(tmp_path: Path) -> None:
    file = tmp_path / "通知.docx"
    stated = {"title": "是: 否", "issued": "2026-03-01", "effective": "2026", "status": ""}

    write_stated(file, stated)

    assert read_stated(file) == stated
    write_stated(file, {})
    assert read_stated(file) == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["- 一个列表", "title: [一, 二]", "title: '没有合上", "\x00"])
def test_a_damaged_statement_fails_its_file_with_the_reason(tmp_path: Path, text: str) -> None:
    (tmp_path / "通知.txt.meta.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(LoadError, match="读不懂"):
        read_stated(tmp_path / "通知.txt")


def test_a_document_stated_to_be_a_policy_is_read_as_one() -> None:
    text = "关于开办夜校的通知\n\n川工发〔2026〕8号\n\n四川省总工会\n2026年3月1日\n".encode()

    plain = document_from_bytes(text, "通知.txt")
    stated = document_from_bytes(text, "通知.txt", stated={"kind": "policy", "id": "yexiao", "status": "现行"})

    assert plain.kind is Kind.TRAINING
    assert (stated.kind, stated.slug, stated.status) == (Kind.POLICY, "yexiao", "现行")
    assert stated.doc_no == "川工发〔2026〕8号"
    assert stated.doc_id.startswith("yexiao.")


def test_what_is_stated_wrongly_is_refused() -> None:
    with pytest.raises(LoadError, match="不是日期"):
        document_from_bytes(NOTICE, "通知.txt", stated={"issued": "去年"})
