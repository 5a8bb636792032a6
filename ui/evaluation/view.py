"""Pieces of the evaluator's page: runs, figures and groups in words, tables, one question in full with what was said of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import streamlit as st

from assistant.wire.evaluation_schemas import EstimateOut, FairName, RemarkOut, RemarkRequest, RowOut, RowSummary, RunSummary
from ui.client import ClientError
from ui.clock import shown
from ui.components import named
from ui.evaluation.client import EvaluationClient
from ui.markup import answer_html, facts_html, literal, paragraph_html
from ui.wording import say, word_for

_AUTHOR = "evaluation-author"
_FAIR: tuple[FairName, ...] = ("agree", "disagree", "unsure")
_YES_NO = {"yes": True, "no": False}


def run_label(run: RunSummary) -> str:
    """A run in a list: what was asked, when, and how it came out."""
    title = say("evaluation.baseline") if run.name == "baseline" else suite_label(run.title)
    if run.right is not None:
        return say("evaluation.run_label", title=title, when=when(run.created), right=percent(run.right.value), count=run.right.n)
    return say("evaluation.run_unfinished", title=title, when=when(run.created), done=run.done, total=run.total)


def suite_label(key: str) -> str:
    """A suite or an own file in words."""
    return word_for("evaluation_suite", key)


def group_label(key: str) -> str:
    """A group of questions in words: ``dev/career``, ``way:拼音``, ``family:unlawful``."""
    kind, _, name = key.partition(":")
    if kind in ("way", "family") and name:
        return word_for("evaluation_group", kind) + word_for("evaluation_family", name)
    dataset, _, part = key.partition("/")
    told = word_for("evaluation_dataset", dataset)
    return f"{told} · {word_for('evaluation_slice', part)}" if part else told


def percent(value: float | None) -> str:
    """A share for reading: 84.8%."""
    return "—" if value is None else f"{100 * value:.1f}%"


def estimate_text(estimate: EstimateOut, *, share: bool = True) -> str:
    """A value with its interval: 84.8% [83.0, 86.5]."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "—"
    times = 100 if share else 1
    return f"{times * estimate.value:.1f}{'%' if share else ''} [{times * estimate.low:.1f}, {times * estimate.high:.1f}]"


def when(created: str) -> str:
    """A time as it was in Beijing: 11-23 13:05; "" for none."""
    try:
        return shown(created, "%m-%d %H:%M")
    except ValueError:
        return ""


def table_html(head: Sequence[str], rows: Sequence[Sequence[str]], *, hook: str = "") -> str:
    """A table of texts; the first cell of a row names it."""
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>' for row in rows
    )
    return f'<div class="passage" data-hook="{hook}"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'


def verdict_label(verdict: str) -> str:
    """What an answer did, in words."""
    return word_for("evaluation_verdict", verdict)


def why_text(row: RowSummary) -> str:
    """Why a row was judged wrong, verdicts in words; "" for a right one."""
    return re.sub(r"[a-z]{4,}", lambda found: verdict_label(found.group()), "；".join(row.why))


def row_html(row: RowSummary) -> str:
    """A question in a list: how it was judged, and why."""
    looks, word = ("good", say("evaluation.right")) if row.right else ("bad", say("evaluation.wrong"))
    marks = [
        f'<span class="badge {looks}">{escape(word)}</span>',
        f'<span class="badge">{escape(group_label(row.group))}</span>',
        *(f'<span class="badge bad">{escape(line)}</span>' for line in row.breaches),
        *([f'<span class="badge coming">{escape(say("evaluation.has_remarks", count=row.remarks))}</span>'] if row.remarks else []),
    ]
    did = say("evaluation.should_and_did", should=word_for("evaluation_expected", row.expected), did=verdict_label(row.verdict))
    why = why_text(row)
    told = f"{did} {say('evaluation.because', why=why)}" if why else did
    return (
        f'<div data-hook="row"><div class="badges">{"".join(marks)}</div><p class="reason">{escape(row.sample_id)}　{escape(row.text)}</p>'
        f'<p class="small">{escape(told)}</p></div>'
    )


def open_row(client: EvaluationClient, run: str, number: int) -> None:
    """Open a question over the page."""
    st.dialog(say("evaluation.row_title"), width="large")(_draw_row)(client, run, number)


def _draw_row(client: EvaluationClient, run: str, number: int) -> None:
    answer = st.container()  # above the form, but read after what the form has just kept
    _draw_remark_form(client, run, number)
    try:
        row = client.row(run, number)
    except ClientError as exc:
        answer.error(literal(str(exc)))
        return
    with answer:
        _draw_answer(row)


def _draw_answer(row: RowOut) -> None:
    st.html(row_html(row))
    if row.error:
        st.error(literal(say("evaluation.error", error=row.error)))
    st.html(f'<p class="part">{escape(say("evaluation.answer"))}</p>')
    if row.answer:
        st.html(f'<div class="answer" data-hook="row-answer">{answer_html(row.answer)}</div>')
    elif not row.error:
        st.html(paragraph_html(say("evaluation.no_answer")))
    facts = [
        (say("evaluation.faults"), "；".join(row.faults)),
        (say("evaluation.gold"), "、".join([*row.gold_facts, *row.gold_clauses])),
        (say("evaluation.as_of"), row.as_of),
        (say("evaluation.ms"), f"{row.ms:.0f}" if row.ms is not None else ""),
        (say("evaluation.referrals"), "、".join(row.referrals)),
        (say("evaluation.nearest"), "、".join(row.nearest)),
    ]
    if told := facts_html(facts):
        st.html(told)
    if row.cited:
        items = "".join(
            f"<li>[{escape(c.marker)}] {escape(named(c.title, c.clause) if c.title else c.clause)}"
            f" {escape(c.status)} {escape('、'.join(c.source_ids))}<br>{escape(c.quote)}</li>"
            for c in row.cited
        )
        st.html(f'<p class="part">{escape(say("evaluation.cited"))}</p><ul class="source-list">{items}</ul>')
    if row.said:
        st.html(
            f'<p class="part">{escape(say("evaluation.said"))}</p><ul class="source-list" data-hook="remarks">'
            f"{''.join(_remark_html(remark) for remark in row.said)}</ul>"
        )


def _remark_html(remark: RemarkOut) -> str:
    labels = [word_for("evaluation_fair", remark.fair)] if remark.fair else []
    for name in ("faithful", "plain"):
        value: bool | None = getattr(remark, name)
        if value is not None:
            labels.append(say(f"evaluation.{name}_{'yes' if value else 'no'}"))
    told = "；".join([*labels, *([remark.note] if remark.note else [])])
    return f"<li>{escape(told)} <span class='small'>{escape(remark.author)} {escape(when(remark.created))}</span></li>"


def _draw_remark_form(client: EvaluationClient, run: str, number: int) -> None:
    st.html(f'<p class="part">{escape(say("evaluation.remark"))}</p>')
    with st.form(f"remark-{run}-{number}", border=True):
        fair: FairName | None = st.radio(
            say("evaluation.fair"), _FAIR, index=None, horizontal=True, format_func=lambda name: word_for("evaluation_fair", name)
        )
        faithful = _yes_no("faithful")
        plain = _yes_no("plain")
        note = st.text_area(say("evaluation.note"), height=90, max_chars=2000)
        author = st.text_input(say("evaluation.author"), value=st.session_state.get(_AUTHOR, ""), max_chars=40)
        sent = st.form_submit_button(say("evaluation.save"), type="primary")
    if not sent:
        return
    if not author.strip():
        st.warning(say("evaluation.author_missing"))
        return
    st.session_state[_AUTHOR] = author.strip()
    try:
        client.remark(run, RemarkRequest(number=number, author=author, fair=fair, faithful=faithful, plain=plain, note=note))
    except ClientError as exc:
        st.error(literal(str(exc)))
        return
    st.success(say("evaluation.saved"))


def _yes_no(name: str) -> bool | None:
    chosen = st.radio(
        say(f"evaluation.{name}"), list(_YES_NO), index=None, horizontal=True, format_func=lambda key: say(f"evaluation.{name}_{key}")
    )
    return _YES_NO[chosen] if chosen else None
