"""A brief says what the knowledge base says, and becomes files that open."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import docx
from assistant_pieces import TEXTS

from assistant.desk.briefing import Chosen, word_file, write_brief
from assistant.fonts import find_chinese_font
from knowledge_base.types import Document, Kind, Passage, Source, Statement, Status

TEXT = "- 女职工生育享受**98天**产假。\n\n| 情形 | 天数 |\n|---|---|\n| 难产 | 113天 |\n- 异常字符\x0b也能导出。"


def chosen() -> Chosen:
    document = Document("d.1", "d", Kind.POLICY, "《特别规定》", TEXT, doc_no="国务院令第619号")
    passage = Passage("d.1.1", "d.1", TEXT, 0, len(TEXT), 1, ("第七条 产假",), "第七条", (), (Statement(0, 10, ("N1", "没有的")),))
    return Chosen(document, Status.IN_FORCE, [passage])


def test_a_brief_keeps_clauses_lines_tables_and_sources_in_order() -> None:
    sources = {"N1": Source("N1", "句", "规定原文", "中国政府网", "2012-05-07", "https://www.gov.cn/a")}

    brief = write_brief([chosen()], sources, dt.date(2026, 11, 23), TEXTS.briefs)

    (part,) = brief.parts
    assert part.title == "《特别规定》"
    assert part.facts == ("状态：现行", "文号：国务院令第619号")
    assert part.sections[0].heading == "第七条 产假"
    assert part.sections[0].lines[:3] == ("女职工生育享受98天产假。", "情形　天数", "难产　113天")
    assert part.sources == ("中国政府网，规定原文，2012-05-07，https://www.gov.cn/a",)


def test_characters_that_no_word_file_may_hold_are_left_out() -> None:
    data = word_file(write_brief([chosen()], {}, dt.date(2026, 11, 23), TEXTS.briefs))

    assert "异常字符也能导出。" in "\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)


def test_a_machine_without_fonts_has_no_chinese_font(tmp_path: Path) -> None:
    (tmp_path / "NotoSansSC-Regular.txt").write_text("不是字体", encoding="utf-8")

    assert find_chinese_font([str(tmp_path)]) is None
