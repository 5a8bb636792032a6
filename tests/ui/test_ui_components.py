"""Pieces that every page shares: names, badges, dates, sources, buttons of the browser, and what the browser keeps."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence

import pytest
import streamlit as st
from drawing import drawn, html_of
from ui_fake_api import SOURCE, passage

from assistant.wire.schemas import DocumentSummary, SourceOut
from ui.browser_actions import Action, action_html, actions_html, prepare_actions
from ui.browser_memory import MOST_ENTRIES, _entries_of, forget, remember, remembered
from ui.components import (
    badges_html,
    dates_and_numbers_html,
    in_one_line_html,
    named,
    sources_html,
    status_looks,
    status_note_html,
)
from ui.logo import logo_html, logo_svg
from ui.wording import say, word_for


@pytest.mark.parametrize(
    ("title", "clause", "shown"),
    [
        ("女职工劳动保护特别规定", "", "《女职工劳动保护特别规定》"),
        ("女职工劳动保护特别规定", "第七条", "《女职工劳动保护特别规定》第七条"),
        ("《女职工劳动保护特别规定》", "第七条", "《女职工劳动保护特别规定》第七条"),
        ("《劳动法》实施办法", "", "《《劳动法》实施办法》"),  # only a pair around the whole title is taken off
        ("", "", "《》"),
    ],
)
def test_a_title_stands_in_one_pair_of_brackets(title: str, clause: str, shown: str) -> None:
    assert named(title, clause) == shown


@pytest.mark.parametrize(
    ("status", "looks"),
    [
        ("现行", "good"),
        ("未生效", "coming"),
        ("已失效", "bad"),
        ("征求意见稿", "warn"),
        ("未见原文", "warn"),
        ("外省", "warn"),
        ("", ""),
        ("别的", ""),
    ],
)
def test_a_status_has_its_colour(status: str, looks: str) -> None:
    assert status_looks(status) == looks


@pytest.mark.parametrize(
    ("kind", "status", "region", "badges"),
    [
        ("policy", "现行", "全国", [(word_for("kind", "policy"), ""), ("现行", "good"), ("全国", "")]),
        ("", "已失效", "", [("已失效", "bad")]),
        ("", "", "", []),
        ("case", "", "四川省<b>", [(word_for("kind", "case"), ""), ("四川省&lt;b&gt;", "")]),
    ],
)
def test_badges_name_what_there_is(kind: str, status: str, region: str, badges: list[tuple[str, str]]) -> None:
    found = re.findall(r'<span class="badge ([^"]*)">(.*?)</span>', badges_html(kind, status, region))

    assert [(word, looks) for looks, word in found] == badges


def document(**fields: object) -> DocumentSummary:
    return DocumentSummary(doc_id="d1", slug="d1", title="办法", kind="policy", passages=1).model_copy(update=fields)


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, ""),
        ({"issuer": "国务院"}, "国务院"),
        (
            {"issuer": "国务院", "doc_no": "国务院令第619号", "effective": "2012-04-28", "issued": "2012-04-18"},
            f"国务院 · 国务院令第619号 · {say('passage.in_force_from', date='2012-04-28')}",  # the day it was issued is then left out
        ),
        ({"issued": "2012-04-18"}, say("passage.issued_on", date="2012-04-18")),
        (
            {"effective": "1988-09-01", "expires": "2012-04-27"},
            f"{say('passage.in_force_from', date='1988-09-01')} · {say('passage.in_force_until', date='2012-04-27')}",
        ),
        ({"issuer": "<script>"}, "&lt;script&gt;"),
    ],
)
def test_a_document_in_one_line(fields: Mapping[str, object], line: str) -> None:
    assert in_one_line_html(document(**fields)) == (f'<p class="small">{line}</p>' if line else "")


@pytest.mark.parametrize("status", ["已失效", "征求意见稿", "外省"])
def test_a_status_that_needs_a_word_has_one(status: str) -> None:
    assert word_for("status_note", status) in status_note_html(status)
    assert word_for("status_note", status) != status


@pytest.mark.parametrize("status", ["", "没有说明的状态"])
def test_a_status_without_a_note_says_nothing(status: str) -> None:
    assert status_note_html(status) == ""


def test_dates_and_numbers_leave_out_what_is_not_stated() -> None:
    html = dates_and_numbers_html(passage("dT.3"))

    assert re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html) == [
        (say("passage.issuer"), "国务院"),
        (say("passage.doc_no"), "国务院令第619号"),
        (say("passage.issued"), "2012-04-28"),
        (say("passage.effective"), "2012-04-28"),
        (say("passage.region"), "全国"),
    ]
    assert dates_and_numbers_html(document()) == ""


@pytest.mark.parametrize(
    ("update", "linked"),
    [
        ({}, True),
        ({"url": ""}, False),
        ({"url": "javascript:alert(1)"}, False),
        ({"url": "ftp://example.com/a"}, False),
        ({"url": "https://a b"}, False),
    ],
)
def test_a_source_is_linked_when_its_address_is_one_of_the_web(update: dict[str, str], linked: bool) -> None:
    html = sources_html([SOURCE.model_copy(update=update)])

    assert ('target="_blank"' in html) is linked
    assert "中国政府网，女职工劳动保护特别规定（国务院令第619号），2012-05-07" in html


def test_the_official_text_counts_even_where_no_source_is_named() -> None:
    assert sources_html([]) == f'<p class="official">{say("passage.official")}</p>'


def test_how_sure_a_source_is_stands_beside_it() -> None:
    html = sources_html([SourceOut(source_id="A", title="<i>通知</i>", publisher="", date="", url="", confidence="C")])

    assert "&lt;i&gt;通知&lt;/i&gt;" in html
    assert f"（{word_for('confidence', 'C')}）" in html


# -- what the browser does alone


@pytest.mark.parametrize(
    ("action", "pressed"),
    [
        ("copy", False),
        ("share", False),
        ("print", False),
        ("speak", True),
        ("large-type", True),
        ("high-contrast", True),
        ("dictate", True),
    ],
)
def test_a_switch_says_whether_it_is_pressed_and_a_button_does_not(action: Action, pressed: bool) -> None:
    html = action_html(action, "大字")

    assert (' aria-pressed="false"' in html) is pressed
    assert f'data-action="{action}"' in html


@pytest.mark.parametrize(
    ("action", "said", "failed"),
    [
        ("copy", say("actions.copied"), say("actions.not_copied")),
        ("dictate", "", say("actions.not_heard")),
        ("share", "", ""),
    ],
)
def test_a_button_carries_the_words_for_how_it_went(action: Action, said: str, failed: str) -> None:
    html = action_html(action, "按", "内容")

    assert (f'data-said="{said}"' in html) is bool(said)
    assert (f'data-failed="{failed}"' in html) is bool(failed)


def test_a_text_to_copy_cannot_leave_its_attribute() -> None:
    html = action_html("copy", "<b>", '"><script>alert(1)</script>', name='a"b')

    assert "<script>" not in html
    assert html.count("<button") == 1
    assert 'aria-label="a&quot;b"' in html


def test_without_a_text_or_a_name_there_is_no_empty_attribute() -> None:
    html = action_html("print", "打印")

    assert "data-text" not in html
    assert "aria-label" not in html
    assert actions_html(html, html) == f'<div class="actions">{html}{html}</div>'


def test_the_page_has_a_place_where_a_screen_reader_hears_what_happened() -> None:
    html = html_of(drawn(prepare_actions))

    assert 'role="status" data-hook="action-status"' in html
    assert say("actions.offline") in html


# -- what the browser keeps


@pytest.mark.parametrize(
    ("kept", "saved"),
    [
        ('{"saved": [["d1", "特别规定"], ["d2", "条例"]]}', {"d1": "特别规定", "d2": "条例"}),
        ('{"saved": [["d1", "旧"], ["d1", "新"]]}', {"d1": "新"}),
        ('{"saved": []}', {}),
        ("{}", {}),
        ("", {}),
        ("{坏", {}),
        ("[]", {}),
        ("null", {}),
        ('{"saved": "d1"}', {}),
        ('{"saved": {"d1": "特别规定"}}', {}),
        ('{"saved": [["d1"], ["d2", "条例", "多"], "d3", null, ["d4", 5], [6, "六"]]}', {}),
        ('{"saved": [["ok", "好"], null]}', {"ok": "好"}),
        (json.dumps({"saved": [["d1", "长" * 201]]}), {}),
        (json.dumps({"saved": [["d1", "长" * 200]]}), {"d1": "长" * 200}),
        ('{"unknown": [["d1", "x"]]}', {}),
    ],
)
def test_what_a_browser_sends_is_taken_only_where_it_has_the_form_of_a_list(kept: str, saved: dict[str, str]) -> None:
    found = _entries_of(kept)

    assert set(found) <= {"learned", "saved", "talks"}
    assert found.get("saved", {}) == saved


def keep(steps: Sequence[tuple[str, str | None]]) -> None:
    """Carry out steps on the list of saved documents and show what is left."""
    for entry_id, title in steps:
        if title is None:
            forget("saved", entry_id)
        else:
            remember("saved", entry_id, title)
    st.html(json.dumps([[entry_id, title] for entry_id, title in remembered("saved").items()], ensure_ascii=False))


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ([], []),
        ([("d1", "规定")], [["d1", "规定"]]),
        ([("d1", "规定"), ("d2", "条例")], [["d1", "规定"], ["d2", "条例"]]),
        ([("d1", "规定"), ("d2", "条例"), ("d1", "规定")], [["d1", "规定"], ["d2", "条例"]]),  # nothing new: it stays where it is
        ([("d1", "规定"), ("d2", "条例"), ("d1", "新名")], [["d2", "条例"], ["d1", "新名"]]),
        ([("d1", "规定"), ("d1", None)], []),
        ([("d1", None)], []),
    ],
)
def test_a_list_is_kept_in_the_order_of_the_last_change(steps: list[tuple[str, str | None]], left: list[list[str]]) -> None:
    assert json.loads(html_of(drawn(keep, steps))) == left


def test_a_list_keeps_its_newest_entries() -> None:
    left = json.loads(html_of(drawn(keep, [(f"d{i}", f"第{i}份") for i in range(MOST_ENTRIES + 7)])))

    assert len(left) == MOST_ENTRIES
    assert (left[0][0], left[-1][0]) == ("d7", f"d{MOST_ENTRIES + 6}")


# -- the mark


def test_the_mark_is_one_drawing_and_a_screen_reader_passes_over_it() -> None:
    (data,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', logo_html())

    assert base64.b64decode(data).decode() == logo_svg()
    assert 'alt=""' in logo_html()
    assert "<script" not in logo_svg()
