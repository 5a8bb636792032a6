"""Two current documents that say different figures for one subject are found; what differs by year, grade or place is none."""

from __future__ import annotations

import datetime as dt

import pytest
from corpus_builder import CorpusBuilder

from knowledge_base.editorial.corpus_check import check_corpus
from knowledge_base.editorial.disagreements import Claim, disagreements

SAID = Claim("a.md", "四川省", "四川女职工生育后，产假一共可以休188天。")


@pytest.mark.parametrize("text", ["四川女职工生育后，产假一共可以休158天。", "四川女职工生育以后，产假一共可休一百五十八天。"])
def test_nearly_the_same_sentence_with_another_figure_disagrees(text: str) -> None:
    (found,) = disagreements([SAID, Claim("b.md", "四川省", text)])

    assert (found.first.path, found.second.path) == ("a.md", "b.md")


@pytest.mark.parametrize(
    "other",
    [
        Claim("b.md", "四川省", "四川女职工生育后，产假一共可以休188天。"),
        Claim("b.md", "陕西省", "四川女职工生育后，产假一共可以休158天。"),
        Claim("a.md", "四川省", "四川女职工生育后，产假一共可以休158天。"),
        Claim("b.md", "四川省", "2021年四川女职工生育后，产假一共可以休158天。"),
        Claim("b.md", "四川省", "生育津贴按单位上年度月平均工资计发158天。"),
    ],
)
def test_the_same_figure_another_place_date_or_subject_does_not(other: Claim) -> None:
    assert list(disagreements([SAID, other])) == []


def test_grades_name_the_subject() -> None:
    first = Claim("a.md", "全国", "十级伤残的一次性伤残补助金是本人工资7个月。")
    second = Claim("b.md", "全国", "九级伤残的一次性伤残补助金是本人工资9个月。")

    assert list(disagreements([first, second])) == []


def test_documents_no_longer_or_not_yet_in_force_are_not_compared(corpus: CorpusBuilder) -> None:
    corpus.source("A-1", "四川产假一共188天，以前158天。")
    line = "\n- 四川女职工生育后，产假一共可以休{}天。[^A-1]\n"
    corpus.document("jiu", line.format(158), title="旧规定", expires="2025-11-27")
    corpus.document("xin", line.format(188), title="新规定", effective="2025-11-28")

    def told(day: dt.date) -> list[str]:
        return [a.path for a in check_corpus(corpus.root, day=day).advice if "数字不同" in a.message]

    assert told(dt.date(2026, 1, 1)) == []
    assert told(dt.date(2025, 1, 1)) == []

    corpus.document("jiu", line.format(158), title="旧规定")
    assert told(dt.date(2026, 1, 1)) == ["policies/xin.md"]
