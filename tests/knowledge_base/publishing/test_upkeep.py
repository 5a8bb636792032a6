"""Which documents have grown stale, and which of those in force do not go together."""

from __future__ import annotations

import datetime as dt

import pytest

from knowledge_base.publishing.upkeep import Ageing, Clash, conflicts, stale_documents
from knowledge_base.types import Document, Kind, Passage

DAY = dt.date(2026, 11, 23)


def a_policy(slug: str = "a", title: str = "夜校办法", **fields: object) -> Document:
    standard = {"status": "现行", "region": "四川省", "effective": "2025-01-01"}
    return Document(f"{slug}.1", slug, Kind.POLICY, title, "正文", **{**standard, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, None),
        ({"expires": "2026-11-22"}, Ageing.EXPIRED),
        ({"expires": "2026-11-23"}, Ageing.ENDS_SOON),
        ({"expires": "2026-12"}, Ageing.ENDS_SOON),
        ({"expires": "2028"}, None),
        ({"status": "已失效", "expires": "2020-01-01"}, None),
        ({"status": "未见原文"}, Ageing.REPORTED),
        ({"status": "征求意见稿"}, Ageing.DRAFT),
        ({"effective": "2020-01-01"}, Ageing.OLD),
        ({"effective": "2020-01-01", "issued": "2025-06"}, None),
        ({"effective": "2020-01-01", "expires": "2030"}, None),
        ({"effective": "", "issued": ""}, None),
        ({"effective": "2020-01-01", "region": "陕西省"}, None),
    ],
    ids=str,
)
def test_what_has_grown_stale_is_told_with_its_reason(fields: dict[str, str], why: Ageing | None) -> None:
    assert [s.why for s in stale_documents([a_policy(**fields)], DAY)] == ([why] if why else [])


def test_the_most_pressing_and_oldest_come_first() -> None:
    listed = [
        a_policy("old", effective="2019"),
        a_policy("older", effective="2018"),
        a_policy("draft", status="征求意见稿"),
        a_policy("ended", expires="2026-01-01"),
    ]

    assert [s.document.slug for s in stale_documents(listed, DAY)] == ["ended", "draft", "older", "old"]


def test_a_case_is_as_old_as_its_sources() -> None:
    case = Document("c.1", "c", Kind.CASE, "工作室", "正文", region="四川省", case={"as_of": "2021-05"})

    assert [(s.why, s.date) for s in stale_documents([case], DAY)] == [(Ageing.OLD, "2021-05")]


def test_what_a_person_looked_at_is_not_told_again_for_a_year_unless_it_has_ended_since() -> None:
    old, ended = a_policy("old", effective="2019"), a_policy("ended", expires="2026-06-30")

    def told(seen: dt.date) -> list[str]:
        return [s.document.slug for s in stale_documents([old, ended], DAY, {"old": seen, "ended": seen})]

    assert told(dt.date(2026, 11, 1)) == []
    assert told(dt.date(2026, 3, 1)) == ["ended"]
    assert told(dt.date(2025, 3, 1)) == ["ended", "old"]


def test_what_is_superseded_and_still_in_force_is_told() -> None:
    new, old = a_policy("new", "新办法", supersedes=("old",)), a_policy("old", "旧办法")

    (found,) = conflicts([old, new], DAY)

    assert (found.why, found.left.slug, found.right.slug) == (Clash.SUPERSEDED, "new", "old")
    ended = a_policy("old", "旧办法", status="已失效")
    assert conflicts([ended, new], DAY) == []


def test_the_same_number_or_title_twice_is_told_once_a_pair() -> None:
    one = a_policy("one", "关于夜校的通知", doc_no="川工发〔2026〕8号", effective="2026-01-01")
    two = a_policy("two", "《关于夜校的通知》（2024年修订）", doc_no="川工发〔2026〕 8号", effective="2024-01-01")

    (found,) = conflicts([one, two], DAY)

    assert (found.why, found.left.slug, found.right.slug) == (Clash.SAME_NUMBER, "two", "one")
    (named,) = conflicts([one, a_policy("three", "关于夜校的通知", doc_no="川工发〔2025〕1号")], DAY)
    assert named.why is Clash.SAME_TITLE


def test_rules_of_different_places_training_and_drafts_do_not_clash() -> None:
    ours = a_policy("a", region="四川省成都市")
    theirs = a_policy("b", region="四川省绵阳市")
    elsewhere = a_policy("c", region="陕西省")
    draft = a_policy("d", status="征求意见稿")
    training = Document("t.1", "t", Kind.TRAINING, "夜校办法", "正文", status="现行", region="四川省")

    assert conflicts([ours, theirs, elsewhere, draft, training], DAY) == []


def test_the_clauses_whose_figures_differ_are_named() -> None:
    one, two = a_policy("one"), a_policy("two", effective="2026-01-01")
    texts = {
        "one.1": [("第一条", "第一条 制定本办法。"), ("第七条", "第七条 学员补贴100元。"), ("第八条", "第八条 只有一边有，3天。")],
        "two.1": [("第一条", "第一条 为了夜校制定本办法。"), ("第七条", "第七条 学员补贴150元。")],
    }

    def passages_of(doc_id: str) -> list[Passage]:
        return [Passage(f"{doc_id}.{n}", doc_id, t, 0, len(t), n, clause=c) for n, (c, t) in enumerate(texts[doc_id], 1)]

    (found,) = conflicts([one, two], DAY, passages_of)

    assert found.clauses == ("第七条",)
