"""An answer on the screen, piece by piece: its badge, its sources, whom to ring, and what leaves the page with it."""

from __future__ import annotations

import html as html_module
import re

import pytest
from drawing import drawn, html_of, labels_of
from ui_fake_api import LAW, QUOTE, cited, summary

from assistant.wire.schemas import AnswerOut, ReferralOut
from ui.chat.answer_in_progress import AnswerInProgress, Progress
from ui.chat.answer_view import (
    CHIP_CHARACTERS,
    draw_answer,
    draw_plain_answer,
    draw_progress,
    draw_question,
    draw_questions,
    shared_text,
)
from ui.markup import without_markers
from ui.wording import say, say_each

UNION = ReferralOut(name="工会服务热线", number="028-12351", purpose="工会接听。", checked="2026-11-22")
OFFICE = ReferralOut(name="当地劳动保障监察大队", purpose="带上工资条去。")


def an_answer(text: str = f"{QUOTE}[1]。", **fields: object) -> AnswerOut:
    base: dict[str, object] = {"message_id": "m-1", "conversation_id": "c-1", "verdict": "answered", "text": text}
    return AnswerOut.model_validate({**base, **fields})


def shown(answer: AnswerOut, *, helpful: bool | None = None, latest: bool = True) -> str:
    return html_of(drawn(draw_answer, answer, 1, helpful=helpful, latest=latest))


@pytest.mark.parametrize(
    ("verdict", "looks", "badge"),
    [
        ("answered", "good", "✓ 资料里查到了"),
        ("partial", "warn", f"◐ {say('verdict.partial')}"),
        ("clarify", "coming", f"？ {say('verdict.clarify')}"),
        ("abstained", "warn", "∅ 知识库里没有"),
        ("referred", "coming", "☎ 这件事请找人帮忙"),
        ("refused", "bad", f"✕ {say('verdict.refused')}"),
    ],
)
def test_a_verdict_has_its_sign_its_words_and_its_colour(verdict: str, looks: str, badge: str) -> None:
    html = shown(an_answer(verdict=verdict))

    assert f'data-verdict="{verdict}"' in html
    assert f'<span class="badge {looks}">{badge}</span>' in html


@pytest.mark.parametrize(
    ("fields", "label", "ai"),
    [
        ({"label": "摘录"}, "摘录", False),
        ({"label": "AI 写的", "ai_generated": True}, "AI 写的", True),
        ({"citations": [cited("1", "dT.3", QUOTE)]}, say("answer.extract"), False),
        ({"citations": [cited("1", "dT.3", QUOTE)], "ai_generated": True}, say("answer.ai"), True),
    ],
)
def test_who_wrote_an_answer_is_said(fields: dict[str, object], label: str, ai: bool) -> None:
    html = shown(an_answer(**fields))

    assert f'<span class="badge {"ai" if ai else ""}" data-hook="label">{label}</span>' in html


def test_without_a_source_and_a_label_nothing_is_claimed() -> None:
    assert 'data-hook="label"' not in shown(an_answer("知识库里没有。", verdict="abstained"))


@pytest.mark.parametrize(
    ("referral", "told"),
    [
        (UNION, '<a class="dial" href="tel:02812351">☎&nbsp;028-12351</a>'),
        (UNION, say("answer.checked", date="2026-11-22")),
        (UNION, "<p>工会接听。</p>"),
        (OFFICE, '<strong class="name">当地劳动保障监察大队</strong>'),
        (ReferralOut(name="窗口", number="请到一楼", purpose=""), "<p>请到一楼</p>"),  # no number to dial
        (ReferralOut(name="<b>坏</b>", number="12351<i>", purpose=""), "&lt;b&gt;坏&lt;/b&gt;"),
    ],
)
def test_whom_to_ring_is_told_in_full_where_nothing_was_found(referral: ReferralOut, told: str) -> None:
    assert told in shown(an_answer("知识库里没有。", verdict="abstained", referrals=[referral]))


def test_beside_an_answer_whom_to_ring_is_told_in_brief_and_after_the_sources() -> None:
    html = shown(an_answer(citations=[cited("1", "dT.3", QUOTE)], referrals=[UNION]))

    assert '<div class="call brief">' in html
    assert "工会接听。" not in html
    assert html.index(say("answer.sources")) < html.index(say("answer.referrals"))


def test_a_question_back_offers_its_choices_above_all_else() -> None:
    page = drawn(
        draw_answer,
        an_answer("您想问哪一种补贴？", verdict="clarify", followups=["生育津贴怎么算？"], referrals=[UNION]),
        2,
        helpful=None,
        latest=True,
    )

    html = html_of(page)
    assert page.button(key="followup-2-1").label == "生育津贴怎么算？"
    assert html.index(say("answer.choices")) < html.index(say("answer.referrals"))
    assert say("answer.followups") not in html


def test_only_the_latest_answer_offers_what_to_ask_next() -> None:
    answer = an_answer(followups=["难产加多少天？"])

    assert "难产加多少天？" in labels_of(drawn(draw_answer, answer, 1, helpful=None, latest=True))
    assert "难产加多少天？" not in labels_of(drawn(draw_answer, answer, 1, helpful=None, latest=False))


@pytest.mark.parametrize(
    ("caveats", "listed"),
    [([], 0), (["四川另有延长。"], 1), (["四川另有延长。", "<b>以条例为准</b>"], 2)],
)
def test_reservations_stand_under_the_text(caveats: list[str], listed: int) -> None:
    html = shown(an_answer("女职工享受98天产假。", caveats=caveats))

    notes = re.findall(r'data-hook="caveats">.*?</div>', html)
    assert sum(note.count("<li>") for note in notes) == listed
    assert "<b>以" not in html


# -- sources


def test_a_chip_says_whether_the_rule_holds_and_its_marker_in_the_text_opens_it() -> None:
    page = drawn(draw_answer, an_answer(citations=[cited("[1]", "dT.3", QUOTE)]), 3, helpful=None, latest=True)

    assert page.button(key="source-3-1").label.endswith(r":small[现行 · 2012-04-28 起施行 · 国务院令第619号]")
    assert 'data-opens="source-3-1">[1]</button>' in html_of(page)


def test_two_sources_with_one_marker_have_a_chip_each_and_the_marker_opens_the_first() -> None:
    both = [cited("1", "dT.3", QUOTE), cited("1", "dT.2", "不得因女职工怀孕")]

    page = drawn(draw_answer, an_answer(citations=both), 1, helpful=None, latest=True)

    keys = [button.key for button in page.button if str(button.key).startswith("source-")]
    assert keys == ["source-1-1", "source-1-1-2"]
    assert 'data-opens="source-1-1"' in html_of(page)


def test_the_standing_of_training_material_is_not_told() -> None:
    lesson = cited("1", "dT.3", QUOTE).model_copy(update={"kind": "training"})

    page = drawn(draw_answer, an_answer(citations=[lesson]), 1, helpful=None, latest=True)

    assert ":small[" not in page.button(key="source-1-1").label


@pytest.mark.parametrize(("length", "cut"), [(CHIP_CHARACTERS - 5, False), (CHIP_CHARACTERS - 4, True)])
def test_a_long_title_is_cut_to_two_lines_of_a_phone(length: int, cut: bool) -> None:
    source = cited("1", "dT.3", QUOTE).model_copy(update={"title": "规" * length, "kind": "training"})  # 《》 and 第七条 come to it

    label = drawn(draw_answer, an_answer(citations=[source]), 1, helpful=None, latest=True).button(key="source-1-1").label

    assert label.endswith("…") is cut
    assert len(label) <= len("\\[1\\] ") + CHIP_CHARACTERS


@pytest.mark.parametrize(
    ("update", "label"),
    [
        ({}, f"《{LAW}》第七条"),
        ({"clause": "", "heading": "怎样开始直播"}, f"《{LAW}》 怎样开始直播"),
        ({"clause": "", "heading": ""}, f"《{LAW}》"),
    ],
)
def test_the_nearest_passages_are_named_by_clause_or_heading(update: dict[str, str], label: str) -> None:
    near = summary("dT.3").model_copy(update=update)

    page = drawn(draw_answer, an_answer("知识库里没有。", verdict="abstained", nearest=[near]), 1, helpful=None, latest=True)

    assert page.button(key="nearest-1-1").label == label
    assert say("answer.nearest_only") in html_of(page)


# -- what leaves the page


def test_a_shared_answer_takes_along_what_it_rests_on() -> None:
    answer = an_answer(citations=[cited("1", "dT.3", QUOTE)], caveats=["四川另有延长。"], referrals=[UNION, OFFICE], label="摘录")

    assert shared_text(answer).split("\n\n") == [
        f"{QUOTE}[1]。",
        "四川另有延长。",
        f"[1] 《{LAW}》第七条",
        "工会服务热线 028-12351\n当地劳动保障监察大队",
        "摘录",
        say("answer.shared_from"),
    ]


def test_a_shared_answer_without_sources_has_no_empty_lines_in_their_place() -> None:
    assert shared_text(an_answer("知识库里没有。", verdict="abstained")) == f"知识库里没有。\n\n{say('answer.shared_from')}"


def test_copying_sharing_and_reading_aloud_carry_their_text() -> None:
    answer = an_answer(f"**{QUOTE}**[1]。", citations=[cited("1", "dT.3", QUOTE)])

    texts = {
        action: html_module.unescape(text) for action, text in re.findall(r'data-action="(\w+)"[^>]*data-text="([^"]*)"', shown(answer))
    }

    assert texts == {"copy": shared_text(answer), "share": shared_text(answer), "speak": without_markers(answer.text)}


# -- judging


@pytest.mark.parametrize(("helpful", "thanks"), [(None, False), (True, True), (False, True)])
def test_an_answer_that_was_judged_before_says_thanks_and_takes_no_second_thumb(helpful: bool | None, thanks: bool) -> None:
    page = drawn(draw_answer, an_answer(), 1, helpful=helpful, latest=True)

    assert page.feedback(key="feedback-m-1").disabled is thanks
    assert (say("answer.thanks") in html_of(page)) is thanks


# -- the conversation


def test_a_question_is_shown_as_its_characters() -> None:
    assert "&lt;b&gt;产假&lt;/b&gt;" in html_of(drawn(draw_question, "<b>产假</b>"))


def test_an_answer_of_which_only_the_text_was_kept_has_no_buttons() -> None:
    page = drawn(draw_plain_answer, "女职工享受98天产假[1]。")

    assert '<sup class="marker">[1]</sup>' in html_of(page)
    assert labels_of(page) == []


def test_questions_to_click_have_keys_in_their_order() -> None:
    page = drawn(draw_questions, ["产假多少天？", "*津贴*怎么算？"], "starter")

    assert [(b.key, b.label) for b in page.button] == [("starter-1", "产假多少天？"), ("starter-2", r"\*津贴\*怎么算？")]


@pytest.mark.parametrize(
    ("progress", "stage", "words"),
    [
        (Progress(), 1, say("state.searching")),
        (Progress(found=0), 2, say("state.checking", count=0)),
        (Progress(found=7), 2, say("state.checking", count=7)),
        (Progress(found=7, text="女职工"), 3, say("state.writing")),
    ],
)
def test_while_an_answer_comes_its_stage_is_told(progress: Progress, stage: int, words: str) -> None:
    drawn_html: list[str] = []

    class Watched(AnswerInProgress):
        """Shows one moment, and ends at the next look."""

        def wait_beyond(self, seen: Progress, seconds: float) -> Progress:
            drawn_html.append("looked")
            return Progress(error="到此为止")

    answer = Watched("产假多少天？")
    answer.advance(progress)
    page = drawn(draw_state_alone, answer)

    html = html_of(page)
    assert drawn_html == ["looked"]
    assert f'data-stage="{stage}"' in html
    assert f'role="status">{words}' in html
    assert [name for name in say_each("state.steps") if f'class="now">{name}' in html] == [say_each("state.steps")[stage - 1]]


def draw_state_alone(answer: AnswerInProgress) -> None:
    """The state of an answer as it is drawn at its first look; the end of the stream would take it away."""
    import streamlit as st

    from ui.chat.answer_view import _state_html

    st.html(_state_html(answer.progress))
    draw_progress(answer, on_begun=lambda _: None)


def test_the_conversation_is_named_once_when_the_stream_tells_its_id() -> None:
    named: list[str] = []
    answer = AnswerInProgress("产假多少天？")
    answer.advance(Progress("c-7", "m-1", 2, "女职工", error="断了线"))

    page = drawn(draw_progress, answer, named.append)

    assert named == ["c-7"]
    assert 'data-hook="draft"' in html_of(page)
