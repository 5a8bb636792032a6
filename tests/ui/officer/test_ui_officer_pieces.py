"""The officer's desk piece by piece: times in Beijing, drafts with their faults, how a publication ended, open questions, places."""

from __future__ import annotations

from datetime import date

import pytest
from drawing import drawn, html_of, labels_of
from ui_fake_api import QUOTE, cited

from assistant.wire.schemas import (
    ApprovedOut,
    DocumentSummary,
    DraftOut,
    DraftPassage,
    GenerationOut,
    IngestFailure,
    PublicationOut,
    ReferralEntry,
    UnansweredGroup,
)
from ui.client import RejectedError
from ui.officer.answers import _draw_approved, _draw_group
from ui.officer.files import _draw_draft, _draw_generation, _tell_outcome, moment
from ui.officer.session import attempt, draw_what_was_told, tell
from ui.officer.words import _draw_place, _split
from ui.wording import say, word_for


@pytest.mark.parametrize(
    ("utc", "shown"),
    [
        ("2026-11-23T01:30:00+00:00", "2026-11-23 09:30"),
        ("2026-11-23T16:00:00+00:00", "2026-11-24 00:00"),
        ("2026-11-23T09:30:00+08:00", "2026-11-23 09:30"),
        ("", ""),
    ],
)
def test_a_stored_time_is_shown_as_clocks_in_beijing_show_it(utc: str, shown: str) -> None:
    assert moment(utc) == shown


# -- drafts


def draft(**fields: object) -> DraftOut:
    base: dict[str, object] = {
        "draft_id": "d-1",
        "name": "夜校通知.txt",
        "author": "李主席",
        "created": "2026-11-23T01:30:00+00:00",
        "title": "夜校通知",
        "kind": "policy",
        "status": "现行",
        "region": "四川省",
        "passages": 1,
        "items": [DraftPassage(clause="第一条", heading="报名", text="报名费为36元。")],
    }
    return DraftOut.model_validate({**base, **fields})


OLD = DocumentSummary(doc_id="d0", slug="d0", title="夜校通知", kind="policy", passages=1, status="已失效")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "《夜校通知》"),
        ({}, f"夜校通知.txt · {say('files.handed_in_by', author='李主席', when='2026-11-23 09:30')}"),
        ({"issuer": "车间工会", "doc_no": "车工〔2026〕1号"}, "<dd>车工〔2026〕1号</dd>"),
        ({"replaces": "旧通知"}, say("files.replaces", title="《旧通知》")),
        ({"same_title": [OLD]}, say("files.same_title", title="《夜校通知》", status="已失效", date=say("files.no_date"))),
        (
            {"same_title": [OLD.model_copy(update={"issued": "2025-01-02"})]},
            say("files.same_title", title="《夜校通知》", status="已失效", date="2025-01-02"),
        ),
        ({"faults": ["有效期至“明年”不是日期"]}, "<li>有效期至“明年”不是日期</li>"),
        ({"passages": 9}, say("files.preview_some", count=1)),
        ({}, f"{say('files.passage', number=1)} 第一条"),
        ({"title": "<b>坏</b>"}, "《&lt;b&gt;坏&lt;/b&gt;》"),
        ({"failure": "PDF 打不开"}, say("files.cannot_read", reason="PDF 打不开")),
    ],
)
def test_a_draft_shows_what_was_recognised_and_what_publishing_would_do(fields: dict[str, object], told: str) -> None:
    assert told in html_of(drawn(_draw_draft, None, draft(**fields)))


def test_a_file_that_cannot_be_read_can_only_be_dropped() -> None:
    assert labels_of(drawn(_draw_draft, None, draft(failure="PDF 打不开"))) == [say("files.drop")]


# -- publications


def outcome(publication: PublicationOut) -> None:
    """What is said at the next run of how a publication went."""
    _tell_outcome(publication)
    draw_what_was_told()


DONE = PublicationOut(state="done", added=1, updated=2, removed=3, generation="g000004", documents=120)
BAD_FILE = IngestFailure(path="坏了.pdf", reason="PDF 打不开")


@pytest.mark.parametrize(
    ("publication", "good", "bad"),
    [
        (DONE, [say("files.published", generation="g000004", documents=120, added=1, updated=2, removed=3)], []),
        (PublicationOut(state="failed", error="磁盘满了"), [], [say("files.publish_failed", reason="磁盘满了")]),
        (
            DONE.model_copy(update={"failures": [BAD_FILE]}),
            [say("files.published", generation="g000004", documents=120, added=1, updated=2, removed=3)],
            [say("files.failed", name="坏了.pdf", reason="PDF 打不开")],
        ),
        (PublicationOut(state="none"), [], []),
    ],
)
def test_how_a_publication_ended_is_told(publication: PublicationOut, good: list[str], bad: list[str]) -> None:
    page = drawn(outcome, publication)

    assert [element.value.replace("\\", "") for element in page.success] == good
    assert [element.value.replace("\\", "") for element in page.error] == bad


@pytest.mark.parametrize(
    ("current", "author", "by", "labels"),
    [
        (True, "李主席", say("generations.by", author="李主席"), []),
        (False, "李主席", say("generations.by", author="李主席"), [say("generations.back")]),
        (False, "", say("generations.by_command"), [say("generations.back")]),
    ],
)
def test_only_an_earlier_version_can_be_gone_back_to(current: bool, author: str, by: str, labels: list[str]) -> None:
    version = GenerationOut(
        generation="g000003", built="2026-11-23T01:30:00+00:00", author=author, documents=120, passages=1423, current=current
    )

    page = drawn(_draw_generation, None, version)

    assert by in html_of(page)
    assert say("generations.counts", documents=120, passages=1423) in html_of(page)
    assert labels_of(page) == labels


# -- telling


def try_it(error: str) -> None:
    """Something that the API refuses when ``error`` says why."""

    def act() -> None:
        if error:
            raise RejectedError(error, 422)

    attempt(act, "做好了")
    draw_what_was_told()
    draw_what_was_told()  # once is enough


@pytest.mark.parametrize(("error", "good", "bad"), [("", ["做好了"], []), ("名字太长", [], ["名字太长"])])
def test_how_something_went_is_said_once(error: str, good: list[str], bad: list[str]) -> None:
    page = drawn(try_it, error)

    assert [e.value for e in page.success] == good
    assert [e.value for e in page.error] == bad


def tell_three() -> None:
    for text, tone in (("好", "good"), ("坏", "bad"), ("*注意*", "note")):
        tell(text, tone)  # type: ignore[arg-type]
    draw_what_was_told()


def test_each_tone_has_its_box_and_shows_its_characters() -> None:
    page = drawn(tell_three)

    assert [e.value for e in (*page.success, *page.error, *page.warning)] == ["好", "坏", r"\*注意\*"]


# -- questions and answers


def group(**fields: object) -> UnansweredGroup:
    base: dict[str, object] = {
        "example": "夜校好多钱？",
        "wordings": ["夜校好多钱？"],
        "count": 3,
        "last_asked": "2026-11-23T01:30:00+00:00",
    }
    return UnansweredGroup.model_validate({**base, **fields})


@pytest.mark.parametrize(
    ("fields", "told", "shown"),
    [
        ({}, say("unmet.count", count=3), True),
        ({"abstained": 2}, say("unmet.abstained", count=2), True),
        ({}, say("unmet.abstained", count=0), False),
        ({"partial": 1}, say("unmet.partial", count=1), True),
        ({"disliked": 1}, say("unmet.disliked", count=1), True),
        ({}, say("unmet.last", when="2026-11-23 09:30"), True),
        ({"wordings": ["夜校好多钱？", "夜校报名费？"]}, "<li>夜校报名费？</li>", True),
        ({}, say("unmet.also"), False),
        ({"reasons": ["看不懂", "没说四川的"]}, say("unmet.reasons", reasons="看不懂；没说四川的"), True),
        ({"example": "<b>坏</b>"}, "&lt;b&gt;坏&lt;/b&gt;", True),
    ],
)
def test_questions_without_a_good_answer_are_counted(fields: dict[str, object], told: str, shown: bool) -> None:
    assert (told in html_of(drawn(_draw_group, group(**fields)))) is shown


@pytest.mark.parametrize(
    ("state", "looks", "ends"),
    [("active", "good", "approved.expire"), ("stale", "warn", "approved.expire"), ("expired", "bad", "approved.remove")],
)
def test_an_approved_answer_shows_its_state_and_is_ended_before_it_is_removed(state: str, looks: str, ends: str) -> None:
    answer = ApprovedOut.model_validate(
        {
            "approved_id": "a-1",
            "questions": ["产假多少天？", "产假好多天？"],
            "text": "98天[1]。",
            "citations": [cited("1", "dT.3", QUOTE)],
            "author": "李主席",
            "created": "2026-11-23T01:30:00+00:00",
            "expires": date(2027, 1, 1),
            "state": state,
        }
    )

    page = drawn(_draw_approved, None, answer)

    html = html_of(page)
    assert f'<span class="badge {looks}">{word_for("approved_state", state)}</span>' in html
    assert "产假多少天？ / 产假好多天？" in html
    assert say("approved.signed", author="李主席", when="2026-11-23 09:30", expires="2027-01-01") in html
    assert labels_of(page) == [say("approved.change"), say(ends)]


# -- places


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", []),
        ("欠薪、拖工资", ["欠薪", "拖工资"]),
        ("欠薪，拖工资; 讨薪；工钱,", ["欠薪", "拖工资", "讨薪", "工钱"]),
        (" 、 ，", []),
    ],
)
def test_words_of_a_place_may_be_parted_in_any_way(written: str, words: list[str]) -> None:
    assert _split(written) == words


@pytest.mark.parametrize(("words", "listed"), [([], False), (["欠薪", "讨薪"], True)])
def test_a_place_tells_when_it_was_checked_and_by_which_words_it_is_found(words: list[str], listed: bool) -> None:
    entry = ReferralEntry(name="人社热线<b>", number="12333", purpose="讨薪", region="全国", checked="2026-11-22", words=words)

    html = html_of(drawn(_draw_place, entry))

    assert "人社热线&lt;b&gt; 12333" in html
    assert f"全国 · {say('answer.checked', date='2026-11-22')}" in html
    assert (say("places.words_are", words="欠薪、讨薪") in html) is listed
