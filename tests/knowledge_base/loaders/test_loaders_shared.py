"""Real files and statutes of the folder that is shared beside the repository; skipped where it is absent."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from knowledge_base.errors import LoadError
from knowledge_base.loaders import load_document
from knowledge_base.splitting import count_clauses
from knowledge_base.types import Kind

SHARED = Path(os.environ.get("ASSISTANT_SHARED_DIR") or Path(__file__).parents[3].parent / "shared")
FILES, LAWS = SHARED / "files", SHARED / "laws"

pytestmark = pytest.mark.skipif(
    not (FILES.is_dir() and LAWS.is_dir()),
    reason="no shared/files and shared/laws: set ASSISTANT_SHARED_DIR or put shared/ beside the repository",
)


@pytest.mark.parametrize(
    ("name", "title", "clauses"),
    [
        ("derived_enc/女职工规定_gbk.txt", "女职工劳动保护特别规定", 16),
        ("derived_enc/妇女权益保障法_gb18030.txt", "中华人民共和国妇女权益保障法", 86),
        ("derived_enc/工会法_utf16be_nobom.txt", "中华人民共和国工会法", 58),
        ("derived_enc/工会法_utf16le_bom.txt", "中华人民共和国工会法", 58),
        ("derived_enc/工会法_utf8_bom_crlf.txt", "中华人民共和国工会法", 58),
        ("derived_enc/gbk_meta.html", "中华人民共和国工会法", 58),
        ("derived_enc/utf8_declared_gbk.html", "女职工劳动保护特别规定", 16),
        ("derived_enc/text_renamed.pdf", "女职工劳动保护特别规定", 16),
        ("derived_enc/mojibake_utf8_as_latin1.txt", "女职工劳动保护特别规定", 14),
        ("derived_enc/one_long_line.txt", "中华人民共和国妇女权益保障法", 86),
        ("derived_office/女职工劳动保护特别规定.docx", "女职工劳动保护特别规定", 16),
        ("derived_office/妇女权益保障法.pdf", "中华人民共和国妇女权益保障法", 86),
    ],
)
def test_a_statute_in_any_wrapping_is_a_policy_with_all_its_clauses(name: str, title: str, clauses: int) -> None:
    document = load_document(FILES / name)

    assert (document.kind, document.title, count_clauses(document.text)) == (Kind.POLICY, title, clauses)


@pytest.mark.parametrize(
    ("name", "law"),
    [
        ("derived_enc/妇女权益保障法_gb18030.txt", "妇女权益保障法(2022-10-30).md"),
        ("derived_office/妇女权益保障法.pdf", "妇女权益保障法(2022-10-30).md"),
        ("derived_enc/gbk_meta.html", "工会法(2021-12-24).md"),
        ("derived_enc/工会法_utf16be_nobom.txt", "工会法(2021-12-24).md"),
    ],
)
def test_no_character_of_a_statute_is_lost_or_added(name: str, law: str) -> None:
    def bare(text: str) -> str:
        return re.sub(r"\s|<!--.*?-->", "", text)

    assert bare(load_document(FILES / name).text) == bare((LAWS / law).read_text(encoding="utf-8"))


def test_big5_reads_as_traditional_text() -> None:
    document = load_document(FILES / "derived_enc/工會法_big5.txt")

    assert document.title == "中華人民共和國工會法"
    assert (document.kind, document.issued) == (Kind.POLICY, "2021-12-24")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("derived_enc/empty.txt", "空"),
        ("derived_enc/only_spaces.md", "没有文字"),
        ("derived_enc/nul_bytes.txt", "NUL"),
        ("derived_enc/mixed_gbk_utf8.txt", "混了 UTF-8 和 GBK"),
        ("office/file.xls", "另存为 docx、xlsx"),
        ("office/file_scanned.pdf", "扫描件，没有文字层"),
        ("pdf/r6-user-password.pdf", "密码"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(name: str, reason: str) -> None:
    with pytest.raises(LoadError, match=reason):
        load_document(FILES / name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("derived_enc/docx_renamed.txt", "| 我是表格3 | 我是表格4 |"),
        ("derived_enc/gbk_table.csv", "部门：女职工委员会；姓名：张某；电话：028-00000000"),
        ("derived_office/产假天数.xlsx", "情形：生育；天数：98；依据：第七条\n合并单元格备注"),
        ("derived_office/女职工劳动保护特别规定.docx", "| 怀孕满4个月流产 | 42天 | 第七条 |"),
        ("derived_office/女职工权益.pptx", "## 哺乳时间\n\n每天1小时\n\n备注：每天1小时"),
        ("office/file.csv", "Column1：1.764052345967664；Column2：0.4001572083672233"),
        ("office/file_semicolon.csv", "Name：Bob；Age：25；City：Los Angeles"),
        ("office/file.md", "# Comprehensive Profile of \\[Alex Morgan]"),
        ("office/file.html", "| Team Spirit | Collaborative in teams like BrightTech"),
        ("office/file_no_utf8.html", "| SN | Violation | Fine (in dirhams) |"),
        ("office/file_failing.docx", "| Fidelidad a su deber | Aunque considera dimitir"),
        ("office/file.xlsx", "Nome：ADRIANO P. DE SOUZA；CPF/RG：017.778.551-95"),
        ("office/pdf_encrypted.pdf", "This document is a placeholder"),
        ("office/file_multicolumn.pdf", "consectetuer adipiscing elit. Ut purus elit, vestibulum ut, placerat ac"),
        ("pdf/r3-empty-password.pdf", "pdf encryption test"),
        ("pdf/r4-owner-password.pdf", "pdf encryption test"),
    ],
)
def test_what_a_person_sees_stands_in_the_text(name: str, said: str) -> None:
    assert said in load_document(FILES / name).text


@pytest.mark.parametrize("name", ["derived_office/产假天数.xlsx", "derived_office/女职工劳动保护特别规定.docx"])
def test_hidden_sheets_headers_and_footers_are_left_out(name: str) -> None:
    text = load_document(FILES / name).text

    assert not re.search(r"隐藏|页眉|页脚", text)


def test_page_numbers_are_left_out_of_a_pdf() -> None:
    assert not re.search(r"第 ?\d+ ?页", load_document(FILES / "derived_office/妇女权益保障法.pdf").text)


@pytest.mark.parametrize("law", sorted(LAWS.glob("*.md")), ids=lambda path: path.stem)
def test_a_statute_is_a_policy_under_its_own_name(law: Path) -> None:
    document = load_document(law)

    assert document.kind is Kind.POLICY
    assert law.stem.partition("(")[0].removeprefix("行政法_") in document.title
    assert document.issued == "" or document.issuer
    assert document.region in ("全国", "")
    assert document.status == ""
