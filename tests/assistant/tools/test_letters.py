"""Letters: every legal sentence proven, gaps shown, files that open and print on two pages at most."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import logging
from collections.abc import Mapping

import docx
import pypdfium2
import pytest

from assistant.errors import NotFound, ToolInputRefused
from assistant.fonts import find_chinese_font
from assistant.tools.letter_files import LetterFileError, pdf_letter, word_letter
from assistant.tools.letters import GAP, Letter, find_letter, letter_faults, load_letters, write_letter
from assistant.tools.rules import Wording
from knowledge_base import CORPUS
from knowledge_base.editorial.corpus_check import load_sources
from knowledge_base.types import Source

LETTERS = load_letters()


@pytest.fixture(scope="module")
def sources() -> Mapping[str, Source]:
    return load_sources(CORPUS / "sources.jsonl")


def filled(letter: Letter) -> dict[str, str]:
    """Something plausible in every field, as much as its lines invite."""
    return {
        name: "\n".join([field.example or f"{field.label[:6]}的内容" for _ in range(field.lines)]) for name, field in letter.fields.items()
    }


@pytest.mark.parametrize("letter", LETTERS.values(), ids=lambda letter: letter.name)
def test_every_legal_sentence_of_a_letter_is_proven(letter: Letter, sources: Mapping[str, Source]) -> None:
    assert list(letter_faults(letter, sources)) == []
    assert letter.whom
    assert letter.facts


def test_a_clause_without_a_fact_is_a_fault(sources: Mapping[str, Source]) -> None:
    letter = LETTERS["certificate"]
    bare = [dataclasses.replace(template, wording=Wording(template.wording.text)) for template in letter.body]

    faults = "\n".join(letter_faults(dataclasses.replace(letter, body=tuple(bare)), sources))
    assert "写了第50条" in faults or "写了《劳动合同法》" in faults


def test_what_was_filled_in_stands_in_the_letter_and_what_was_not_shows_a_gap() -> None:
    written = write_letter(LETTERS["arbitration"], {"name": "王小红", "requests": "支付经济补偿32000元\n支付拖欠工资8000元", "story": " "})

    text = [paragraph.text for paragraph in written.paragraphs]
    assert "支付经济补偿32000元" in text
    assert "支付拖欠工资8000元" in text
    assert any("申请人：王小红" in line and GAP in line for line in text)
    assert "story" in [field.name for field in written.empty]
    assert "name" not in [field.name for field in written.empty]


def test_an_optional_line_is_left_out_and_a_line_break_does_not_break_a_sentence() -> None:
    without = write_letter(LETTERS["forced_resignation"], {"name": "王\n小红"})
    with_it = write_letter(LETTERS["forced_resignation"], {"wages": "10月工资4000元"})

    assert not any("另外结清" in paragraph.text for paragraph in without.paragraphs)
    assert any("本人王 小红" in paragraph.text for paragraph in without.paragraphs)
    assert any("另外结清：10月工资4000元" in paragraph.text for paragraph in with_it.paragraphs)


def test_words_in_braces_are_only_words() -> None:
    written = write_letter(LETTERS["wages"], {"name": "{employer}\x00{0.__class__}"})

    assert any("本人{employer}{0.__class__}" in paragraph.text for paragraph in written.paragraphs)


@pytest.mark.parametrize("letter", LETTERS.values(), ids=lambda letter: letter.name)
def test_a_letter_opens_in_word_and_prints_on_two_pages_at_most(letter: Letter) -> None:
    written = write_letter(letter, filled(letter))
    paragraphs = [paragraph.text for paragraph in docx.Document(io.BytesIO(word_letter(written, ""))).paragraphs]

    assert paragraphs == [p.text for p in written.paragraphs if p.style != "note"]
    if find_chinese_font() is None:
        with pytest.raises(LetterFileError, match="没有中文字体"):
            pdf_letter(written, "没有中文字体")
        return
    with contextlib.closing(pypdfium2.PdfDocument(pdf_letter(written, ""))) as pages:
        assert 1 <= len(pages) <= 2
        assert written.paragraphs[0].text[:3] in pages[0].get_textpage().get_text_range()


def test_nothing_that_was_filled_in_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        word_letter(write_letter(LETTERS["protection_order"], {"name": "王小红", "story": "他打我"}), "")

    assert not [record for record in caplog.records if "王小红" in record.getMessage() or "他打我" in record.getMessage()]


def test_an_unknown_letter_or_field_is_refused() -> None:
    with pytest.raises(NotFound):
        find_letter(LETTERS, "love")
    with pytest.raises(ToolInputRefused, match="secret"):
        write_letter(LETTERS["wages"], {"secret": "x"})
