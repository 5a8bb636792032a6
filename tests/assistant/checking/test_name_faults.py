"""Names: titles, terms, places and ranks that the sources do not have, or have elsewhere."""

from __future__ import annotations

import pytest
from claim_pieces import a_claim

from assistant.checking.name_faults import exchanged_names, mispaired_names, missing_names, missing_titles, wrong_ranks

INSURANCES = ("生育保险", "生育津贴")
GRADES = ("高级技师", "技师", "高级工", "中级工", "初级工")
AMOUNTS = "初级工补贴1000元、中级工补贴1500元。"
ROWS = "等级 | 补贴（元）\n初级工 | 1000\n中级工 | 1500"


def test_a_name_between_the_words_of_another_is_caught() -> None:
    claim = a_claim("费用由生育津贴基金支付。", "参保职工的费用由生育保险基金支付。", names=INSURANCES)

    assert list(exchanged_names(claim)) == ["“生育津贴”在原文里是“生育保险”"]


def test_a_place_between_the_words_of_another_is_caught() -> None:
    assert list(exchanged_names(a_claim("活动在绵阳市举办。", "活动在成都市举办。"))) == ["“绵阳”在原文里是“成都”"]


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("参保后领生育津贴。", "费用由生育保险基金支付，生育津贴按月发。"),  # other words beside it
        ("每月生育津贴基金公布。", "费用由生育保险基金支付。"),  # the same words on one side only
        ("费用由生育津贴基金支付。", "费用由生育保险基金支付。费用由生育津贴基金支付。"),  # the source has both there
    ],
)
def test_a_name_that_replaces_none_passes(statement: str, source: str) -> None:
    assert list(exchanged_names(a_claim(statement, source, names=INSURANCES))) == []


@pytest.mark.parametrize(
    ("statement", "source", "place"),
    [("成都省人民医院举办。", "成都市人民医院举办。", "成都省"), ("四川市出台了办法。", "四川省出台了办法。", "四川市")],
)
def test_a_place_of_another_rank_is_caught(statement: str, source: str, place: str) -> None:
    assert list(wrong_ranks(a_claim(statement, source))) == [f"“{place}”不在所引段落里"]


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("成都市人民医院举办。", "成都市人民医院举办。"),
        ("成都市民可以参加。", "成都省级示范基地开放。"),  # 市民 is no rank
        ("成都市参加。", "成都参加。"),  # the source gives no rank
        ("吉林市参加。", "吉林省和吉林市都参加。"),
    ],
)
def test_a_place_of_its_own_rank_passes(statement: str, source: str) -> None:
    assert list(wrong_ranks(a_claim(statement, source))) == []


@pytest.mark.parametrize(
    ("title", "particulars"),
    [
        ("工会法", "女职工劳动保护特别规定"),
        ("反正当竞争法", "反不正当竞争法"),  # a negation less
        ("规定女职工保护", "女职工劳动保护特别规定"),  # the characters, but in another order
    ],
)
def test_a_title_that_the_sources_lack_is_caught(title: str, particulars: str) -> None:
    assert list(missing_titles(a_claim(f"《{title}》有规定。", "单位不得降低工资。", particulars=particulars))) == [
        f"《{title}》不在所引段落里"
    ]


@pytest.mark.parametrize(
    ("title", "particulars"),
    [
        ("女职工劳动保护特别规定", "女职工劳动保护特别规定"),
        ("女职工特别规定", "女职工劳动保护特别规定"),
        ("劳动争议司法解释(一)", "关于审理劳动争议案件适用法律问题的司法解释(一)"),
        ("反不正当竞争法", "中华人民共和国反不正当竞争法"),
    ],
)
def test_a_title_or_its_abbreviation_passes(title: str, particulars: str) -> None:
    assert list(missing_titles(a_claim(f"《{title}》有规定。", "单位应当遵守。", particulars=particulars))) == []


def test_running_text_is_abbreviated_by_no_title() -> None:
    running = "工人代表大会和各级会议依照法律" + "开展工作，" * 20

    assert list(missing_titles(a_claim("《工会法》有规定。", running))) == ["《工会法》不在所引段落里"]


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("四川省的技师找人社厅。", "技师"),  # inside the longer 高级技师
        ("四川省的高级工找人社厅。", "高级工"),
        ("重庆市的高级技师找人社厅。", "重庆"),
    ],
)
def test_a_name_that_the_sources_lack_is_caught(statement: str, name: str) -> None:
    assert list(missing_names(a_claim(statement, "四川省的高级技师找人社厅。", names=GRADES))) == [f"“{name}”不在所引段落里"]


def test_names_of_the_passage_or_the_particulars_pass() -> None:
    claim = a_claim("四川省的高级技师、成都的中级工都可以申请。", "高级技师、中级工都可以申请。", particulars="四川\n成都", names=GRADES)

    assert list(missing_names(claim)) == []


@pytest.mark.parametrize("source", [AMOUNTS, ROWS])
def test_the_amount_of_another_grade_is_caught(source: str) -> None:
    assert list(mispaired_names(a_claim("中级工补贴1000元。", source, names=GRADES))) == ["“1000元”不是“中级工”的"]


@pytest.mark.parametrize("source", [AMOUNTS, ROWS])
@pytest.mark.parametrize(
    "statement",
    [
        "中级工补贴1500元。",
        "初级工补1000元，中级工补1500元。",
        "高级工补贴1000元。",  # no amount of its own: the checks of names and copies catch it
        "中级工补贴3000元。",  # nobody's amount: the check of figures catches it
        "初级工和中级工补贴1000元。",  # two names: whose amount it is cannot be told
        "中级工的第1000条。",  # a clause number belongs to nobody
    ],
)
def test_an_amount_that_is_not_clearly_of_another_grade_passes(statement: str, source: str) -> None:
    assert list(mispaired_names(a_claim(statement, source, names=GRADES))) == []


def test_an_amount_whose_owner_is_named_elsewhere_in_the_statement_passes() -> None:
    assert list(mispaired_names(a_claim("比起初级工，中级工不止1000元。", AMOUNTS, names=GRADES))) == []


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("中级工补贴1000元。", "初级工补贴500元、中级工或高级工补贴1000元。"),  # shared with another grade
        ("初级工和中级工补贴1000元。", "初级工和中级工补贴2500元、高级工补贴1000元。"),  # two names are no single owner
    ],
)
def test_an_amount_of_several_grades_passes(statement: str, source: str) -> None:
    assert list(mispaired_names(a_claim(statement, source, names=GRADES))) == []


def test_without_names_no_amount_is_of_another() -> None:
    assert list(mispaired_names(a_claim("中级工补贴1000元。", AMOUNTS))) == []
