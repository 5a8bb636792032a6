"""Documents piece by piece: how a clause is cited and headed, two documents side by side, what the filters offer, versions in time."""

from __future__ import annotations

import re
from datetime import date

import pytest
from drawing import drawn, html_of, labels_of
from ui_fake_api import LAW, RULE, comparison, documents, law, passage, versions

from assistant.wire.schemas import (
    ComparisonOut,
    ComparisonRow,
    DocumentList,
    DocumentOut,
    DocumentSummary,
    PassageOut,
    SearchHit,
    SearchResponse,
)
from ui.chat.related_view import MOST_RELATED, draw_compare_choice, draw_related, draw_versions
from ui.client import Filters
from ui.register.clause_view import CONTENTS_FROM, cited, draw_document
from ui.register.comparison_view import draw_comparison
from ui.register.facets import known_facets
from ui.wording import say


def clause(**fields: object) -> PassageOut:
    return passage("dT.3").model_copy(update=fields)


# -- clauses


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, f"《{LAW}》第七条（国务院令第619号）"),
        ({"doc_no": ""}, f"《{LAW}》第七条"),
        ({"clause": ""}, f"《{LAW}》（国务院令第619号）"),
        ({"clause": "", "doc_no": "", "title": "《直播入门》"}, "《直播入门》"),
    ],
)
def test_a_clause_is_cited_as_a_text_of_ones_own_cites_it(fields: dict[str, str], words: str) -> None:
    assert cited(clause(**fields)) == words


@pytest.mark.parametrize(
    ("fields", "heading"),
    [
        ({}, "第七条 产假天数"),
        ({"heading_path": [LAW, "产假天数"]}, "第七条 产假天数"),
        ({"heading_path": []}, "第七条"),
        ({"heading_path": [LAW, "怎样开始"], "clause": ""}, "怎样开始"),
        ({"heading_path": [], "clause": ""}, f"《{LAW}》"),
    ],
)
def test_a_clause_is_headed_by_its_number_once(fields: dict[str, object], heading: str) -> None:
    document = law().model_copy(update={"items": [clause(**fields)]})

    assert re.findall(r"<h2>(.*?)</h2>", html_of(drawn(draw_document, document))) == [heading]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("第七条 产假天数\n\n女职工享受98天产假。", "<p>女职工享受98天产假。</p>"),
        ("## 第七条 产假天数\n女职工享受98天产假。", "<p>女职工享受98天产假。</p>"),
        ("女职工享受98天产假。", "<p>女职工享受98天产假。</p>"),
        ("第七条 产假天数", "<p>第七条 产假天数</p>"),  # nothing else would be left
    ],
)
def test_a_first_line_that_only_repeats_the_heading_is_left_out(text: str, shown: str) -> None:
    html = html_of(drawn(draw_document, law().model_copy(update={"items": [clause(text=text)]})))

    assert f'<div class="passage">{shown}' in html.replace("\n", "")


@pytest.mark.parametrize(("count", "listed"), [(CONTENTS_FROM - 1, False), (CONTENTS_FROM, True)])
def test_a_document_of_several_clauses_has_a_table_of_contents(count: int, listed: bool) -> None:
    items = [clause(passage_id=f"dT.{n}") for n in range(count)]

    html = html_of(drawn(draw_document, law().model_copy(update={"items": items})))

    assert (f"{say('policies.contents')}（{count}）" in html) is listed
    assert ('href="#passage-dT.0"' in html) is listed


@pytest.mark.parametrize(("target", "framed"), [("dT.3", 1), ("dT.99", 0), ("", 0)])
def test_the_clause_that_was_asked_for_is_framed(target: str, framed: int) -> None:
    html = html_of(drawn(draw_document, law(), target))

    assert html.count('class="clause target"') == framed
    assert html.count(say("policies.target")) == framed


def test_a_clause_without_a_source_has_no_empty_list_of_them() -> None:
    html = html_of(drawn(draw_document, law().model_copy(update={"items": [clause(sources=[])]})))

    assert "source-list" not in html
    assert say("document.cite") in html


# -- two documents


def side_by_side(*rows: ComparisonRow) -> str:
    old, now = versions()
    return html_of(drawn(draw_comparison, ComparisonOut(left=old, right=now, rows=list(rows))))


@pytest.mark.parametrize(
    ("row", "word", "looks"),
    [
        (ComparisonRow(left=clause(), right=clause(), likeness=100), "compare.same", "good"),
        (ComparisonRow(left=clause(), right=clause(), likeness=99.9), "compare.same", "good"),
        (ComparisonRow(left=clause(), right=clause(), likeness=99.8), "compare.changed", "warn"),
        (ComparisonRow(left=clause()), "compare.one_side", "coming"),
        (ComparisonRow(right=clause()), "compare.one_side", "coming"),
    ],
)
def test_a_row_says_whether_the_clause_changed(row: ComparisonRow, word: str, looks: str) -> None:
    html = side_by_side(row)

    assert f'<span class="badge {looks}">{say(word)}</span>' in html
    assert (say("compare.nothing") in html) is (row.left is None or row.right is None)


def test_both_cells_name_whose_they_are_for_a_phone() -> None:
    old, now = versions()

    html = side_by_side(ComparisonRow(left=clause(), right=clause(), likeness=100))

    assert html.count(f'<p class="small whose">《{old.title}》</p>') == 1
    assert html.count(f'<p class="small whose">《{now.title}》</p>') == 1


def test_only_what_changed_is_marked_on_either_side() -> None:
    html = html_of(drawn(draw_comparison, comparison()))

    assert re.findall(r"<mark>(.*?)</mark>", html) == ["0", "8"]
    assert "<b>" not in html


# -- what the filters offer


class Listing:
    """A client whose documents come in pages, and which counts how often it was asked."""

    def __init__(self, items: list[DocumentSummary], name: str) -> None:
        self.items = items
        self.base_url = name
        self.pages: list[tuple[int, int]] = []

    def documents(self, filters: Filters, *, limit: int, offset: int) -> DocumentList:
        self.pages.append((offset, limit))
        return DocumentList(total=len(self.items), items=self.items[offset : offset + limit])


def test_filters_offer_what_occurs_the_most_frequent_first() -> None:
    listing = Listing(documents(), "filters-1")

    facets = known_facets(listing)  # type: ignore[arg-type]

    assert facets.regions == ["四川省", "全国", "陕西省"]
    assert facets.issuers[0] == "四川省人力资源和社会保障厅"
    assert "" not in facets.issuers
    assert facets.years == ["2022", "2021", "2020", "2012"]  # the newest first; training material has no year of a rule
    assert facets.topics == ["女职工特殊保护"]
    assert "直播电商入门" not in facets.policies.values()
    assert RULE in facets.policies.values()


@pytest.mark.parametrize(
    ("count", "pages"), [(0, [(0, 200)]), (200, [(0, 200)]), (201, [(0, 200), (200, 200)]), (450, [(0, 200), (200, 200), (400, 200)])]
)
def test_filters_look_through_every_page(count: int, pages: list[tuple[int, int]]) -> None:
    listing = Listing([documents()[1]] * count, f"filters-pages-{count}")

    known_facets(listing)  # type: ignore[arg-type]

    assert listing.pages == pages


def test_filters_are_looked_up_once_for_an_api() -> None:
    listing = Listing(documents(), "filters-once")

    known_facets(listing)  # type: ignore[arg-type]
    known_facets(listing)  # type: ignore[arg-type]

    assert len(listing.pages) == 1


# -- versions


class Versions:
    """A client that knows the versions of one document, and related material by kind."""

    def __init__(self, items: list[DocumentSummary], hits: dict[str, list[SearchHit]] | None = None) -> None:
        self.items = items
        self.hits = hits or {}
        self.days: list[date | None] = []

    def versions(self, doc_id: str, as_of: date | None = None) -> DocumentList:
        self.days.append(as_of)
        return DocumentList(total=len(self.items), items=self.items)

    def search(self, query: str, filters: Filters, *, top_k: int) -> SearchResponse:
        return SearchResponse(query=query, items=self.hits.get(filters.kind or "", [])[:top_k])


def version(slug: str, **fields: object) -> DocumentSummary:
    return versions()[0].model_copy(update={"doc_id": slug, "slug": slug, **fields})


HERE = law()


def periods(*items: DocumentSummary) -> list[str]:
    html = html_of(drawn(draw_versions, Versions(list(items)), HERE))
    return re.findall(r'data-hook="version"[^>]*><p class="small">(.*?)</p>', html)


@pytest.mark.parametrize(
    ("fields", "following", "period"),
    [
        (
            {"effective": "1988-09-01", "expires": "2012-04-27"},
            {},
            say("versions.since", date="1988-09-01") + say("versions.until", date="2012-04-27"),
        ),
        (
            {"effective": "1988-09-01", "expires": ""},
            {"effective": "2012-04-28"},
            say("versions.since", date="1988-09-01") + say("versions.replaced", date="2012-04-28"),
        ),
        (
            {"effective": "", "issued": "1988-07-21", "expires": ""},
            {"effective": "", "issued": "2012-04-18"},
            say("versions.issued", date="1988-07-21") + say("versions.replaced", date="2012-04-18"),
        ),
        ({"effective": "", "issued": "", "expires": ""}, {"effective": "", "issued": ""}, say("versions.no_date")),
    ],
)
def test_a_version_tells_from_when_to_when_it_held(fields: dict[str, str], following: dict[str, str], period: str) -> None:
    assert periods(version("d0", **fields), version("dT", **following))[0] == period


def test_the_newest_version_was_replaced_by_none() -> None:
    assert periods(version("d0", effective="1988-09-01", expires=""), version("dT", effective="2012-04-28", expires=""))[1] == say(
        "versions.since", date="2012-04-28"
    )


@pytest.mark.parametrize("items", [[], [version("dT")]])
def test_a_document_without_another_version_has_no_timeline(items: list[DocumentSummary]) -> None:
    assert html_of(drawn(draw_versions, Versions(items), HERE)) == ""


def test_versions_are_those_of_the_asked_day() -> None:
    client = Versions([version("d0"), version("dT")])

    drawn(draw_versions, client, HERE, date(2023, 6, 1))

    assert client.days == [date(2023, 6, 1)]


def test_the_version_on_the_screen_offers_neither_to_open_nor_to_compare_itself() -> None:
    page = drawn(draw_versions, Versions([version("d0"), version("dT"), version("d2")]), HERE)

    assert [b.key for b in page.button] == ["open-version-d0", "compare-d0", "open-version-d2", "compare-d2"]
    assert html_of(page).count(say("versions.here")) == 1


@pytest.mark.parametrize(("clicked", "left", "right"), [("compare-d0", "d0", HERE.slug), ("compare-d2", HERE.slug, "d2")])
def test_the_older_version_stands_on_the_left(clicked: str, left: str, right: str) -> None:
    page = drawn(draw_versions, Versions([version("d0"), version("dT"), version("d2")]), HERE)

    page.button(key=clicked).click().run()

    assert (page.query_params["doc"], page.query_params["with"]) == (left, right)


def test_any_other_policy_may_be_compared_but_not_the_document_itself() -> None:
    page = drawn(draw_compare_choice, HERE, {HERE.slug: LAW, "d1": RULE})

    assert page.selectbox(key="compare-with").options == [RULE]
    assert labels_of(page) == []  # nothing is chosen yet


def hit(doc_id: str, title: str) -> SearchHit:
    return SearchHit(passage_id=f"{doc_id}.1", doc_id=doc_id, title=title, kind="case", text="话", score=1, rank=1)


@pytest.mark.parametrize(
    ("hits", "labels"),
    [
        ({}, []),
        ({"case": [hit("a", "护理工作室"), hit("a", "护理工作室")]}, ["《护理工作室》"]),  # two passages of one case
        ({"case": [hit(c, c) for c in "abcde"]}, ["《a》", "《b》", "《c》"]),
        ({"case": [hit("a", "案例")], "training": [hit("t", "学直播")]}, ["《案例》", "《学直播》"]),
    ],
)
def test_related_material_is_offered_once_a_document_and_so_many_a_kind(hits: dict[str, list[SearchHit]], labels: list[str]) -> None:
    page = drawn(draw_related, Versions([], hits), HERE)

    assert labels_of(page) == labels
    assert (say("related.none") in html_of(page)) is (not labels)
    assert MOST_RELATED == 3


def test_a_title_longer_than_a_query_is_searched_by_its_beginning() -> None:
    asked: list[str] = []

    class Asked(Versions):
        def search(self, query: str, filters: Filters, *, top_k: int) -> SearchResponse:
            asked.append(query)
            return SearchResponse(query=query, items=[])

    long: DocumentOut = HERE.model_copy(update={"title": "长" * 300})

    drawn(draw_related, Asked([]), long)

    assert {len(query) for query in asked} == {200}
