"""Exact look-up: instruments that a question names, and the clauses of them."""

from __future__ import annotations

import pytest

from knowledge_base.search.lookup import NamedClauses, TitleIndex
from knowledge_base.text.clauses import ClauseNumber
from knowledge_base.types import Document, Kind


def document(slug: str, title: str, *short_titles: str, doc_no: str = "") -> Document:
    return Document(slug, slug, Kind.POLICY, title, "正文", short_titles=short_titles, doc_no=doc_no)


TITLES = TitleIndex(
    [
        document("tebie", "女职工劳动保护特别规定", "特别规定", doc_no="国务院令第619号"),
        document("funv", "中华人民共和国妇女权益保障法", "妇女法"),
        document("laodong", "中华人民共和国劳动法"),
        document("hetong", "中华人民共和国劳动合同法"),
        document("hetong-tiaoli", "劳动合同法实施条例"),
        document("butie", "关于数字技能培训补贴的通知", doc_no="川人社规〔2023〕3号"),
        document("fa", "法"),
        document("xiaofa", "消费者权益保护法", "消法"),
        document("lianhe", "直播电商监督管理办法", doc_no="市场监管总局 国家网信办令第117号"),
    ]
)


@pytest.mark.parametrize(
    ("question", "doc_id"),
    [
        ("《女职工劳动保护特别规定》说了啥", "tebie"),
        ("特别规定第7条", "tebie"),
        ("女職工勞動保護特別規定", "tebie"),
        ("女职工 劳动保护，特别规定", "tebie"),
        ("国务院令第619号", "tebie"),
        ("国务院令第六一九号管不管", "tebie"),
        ("妇女权益保障法第四十八条", "funv"),
        ("中华人民共和国妇女权益保障法", "funv"),
        ("川人社规[2023]3号", "butie"),
        ("川人社规〔2023〕3号文件", "butie"),
        ("川人社规（２０２３）3号", "butie"),
        ("川人社规2023年第3号", "butie"),
        ("川人社规〔二〇二三〕3号", "butie"),
        ("川人社规 【2023】 三号", "butie"),
        ("国务院令619号", "tebie"),
        ("国务院第619号令说了啥", "tebie"),
        ("619号令", "tebie"),
        ("国务院令第六百一十九号", "tebie"),
        ("消法第25条", "xiaofa"),
        ("市场监管总局令第117号", "lianhe"),
        ("市场监管总局 国家网信办令117号", "lianhe"),
    ],
)
def test_an_instrument_is_found_by_its_names(question: str, doc_id: str) -> None:
    assert TITLES.find(question).doc_ids == (doc_id,)


def test_the_longest_name_at_a_place_wins() -> None:
    assert TITLES.find("劳动合同法实施条例第5条").doc_ids == ("hetong-tiaoli",)
    assert TITLES.find("劳动合同法第5条").doc_ids == ("hetong",)


def test_several_instruments_come_longest_name_first() -> None:
    assert TITLES.find("劳动法和妇女权益保障法怎么说").doc_ids == ("funv", "laodong")


def test_documents_of_one_title_are_all_found() -> None:
    titles = TitleIndex([document("new", "妇女权益保障法"), document("old", "妇女权益保障法")])

    assert set(titles.find("妇女权益保障法").doc_ids) == {"new", "old"}


def test_clauses_are_told_beside_the_instrument() -> None:
    assert TITLES.find("特别规定第七条和第9条").clauses == (ClauseNumber(7), ClauseNumber(9))


@pytest.mark.parametrize(
    "question", ["产假多少天", "", "这个法怎么说", "？？", "取消法定节假日", "教育部令第619号", "人社部发〔2023〕3号", "2023年第3号楼"]
)
def test_a_question_that_names_no_instrument_finds_none(question: str) -> None:
    assert not TITLES.find(question)


def test_an_index_without_documents_finds_nothing() -> None:
    assert TitleIndex([]).find("特别规定第七条") == NamedClauses()


@pytest.mark.parametrize(
    ("question", "clauses"),
    [
        ("特别规定7条", ["第七条"]),
        ("《特别规定》 七条讲啥", ["第七条"]),
        ("七条讲啥，特别规定里头", ["第七条"]),
        ("特别规定里头七条说的什么", ["第七条"]),
        ("特别规定第一条", ["第一条"]),
        ("特别规定一条", ["第一条"]),
        ("国务院令第619号7条、9条", ["第七条", "第九条"]),
        ("特别规定有没有一条是管夜班的", []),
        ("特别规定给单位划了哪三条红线", []),
        ("发一条视频违反特别规定吗", []),
        ("特别规定里两条最要紧的是啥", []),
    ],
)
def test_a_number_before_tiao_is_a_clause_only_where_one_can_stand(question: str, clauses: list[str]) -> None:
    rule = document("tebie", "女职工劳动保护特别规定", "特别规定", doc_no="国务院令第619号")

    assert [str(c) for c in TitleIndex([rule]).find(question).clauses] == clauses
