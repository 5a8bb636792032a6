"""All checks together: a clause in other words keeps its units, bounds, negations, duties, exceptions and names."""

from __future__ import annotations

import pytest
from assistant_pieces import CONDITIONS, a_citation, a_document, check_statement
from claim_pieces import a_claim

from assistant.checking.conditions import CHECKS, Check, condition_faults, unsupported_content

LAW = (
    "用人单位不得因女职工怀孕、生育、哺乳降低其工资、予以辞退。怀孕7个月以上的，用人单位不得延长劳动时间。\n"
    "用人单位应当在每天的劳动时间内为哺乳期女职工安排1小时哺乳时间。女职工可以申请提前返岗。\n"
    "补贴最高不超过2000元，仅限参保满12个月的职工申领。已领过同等级补贴的除外。\n"
    "怀孕未满4个月流产的，享受15天产假；怀孕满4个月流产的，享受42天产假。\n"
    "初级工补贴1000元、中级工补贴1500元。\n"
    "四川省的高级技师找四川省人社厅，拨打12333。本条例不适用个体工商户。"
)


def stands(statement: str) -> bool:
    citation = a_citation(LAW, document=a_document("女职工条例", doc_no="", text=LAW), clause="第五条")
    return not check_statement(f"{statement}[1]", [citation], ("高级技师", "技师", "高级工", "中级工", "初级工"))


@pytest.mark.parametrize(
    "statement",
    [
        "怀孕、生育、哺乳期间，单位不得降低女职工的工资。",
        "单位不能因为怀孕辞退女职工。",
        "怀孕7个月以上，单位不得延长劳动时间。",
        "单位每天应当给哺乳期女职工安排一小时哺乳时间。",
        "女职工可以申请提前返岗。",
        "补贴不超过2000元。",
        "怀孕未满四个月流产的，休15天产假。",
        "怀孕满4个月流产的，休42天产假。",
        "初级工补1000元，中级工补1500元。",
        "未满4个月流产休15天，满4个月流产休42天。",
        "四川省的高级技师拨打12333。",
        "第五条的规定不适用个体工商户。",
    ],
)
def test_what_keeps_to_the_clause_stands(statement: str) -> None:
    assert stands(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "怀孕、生育、哺乳期间，单位可以降低女职工的工资。",  # 不得 -> 可以
        "用人单位得因女职工怀孕、生育、哺乳降低其工资。",  # 不 dropped
        "怀孕7个月以下的，单位不得延长劳动时间。",  # bound turned
        "怀孕7个月的，用人单位不得延长劳动时间。",  # bound dropped
        "怀孕7年以上的，用人单位不得延长劳动时间。",  # unit
        "用人单位可以在每天的劳动时间内为哺乳期女职工安排1小时哺乳时间。",  # 应当 -> 可以
        "女职工应当申请提前返岗。",  # 可以 -> 应当
        "女职工不可以申请提前返岗。",  # 不 put in
        "补贴不少于2000元。",
        "补贴2000元。",
        "参保满12个月的职工申领。",  # 仅限 dropped
        "怀孕未满4个月流产的，享受42天产假。",  # figures swapped
        "怀孕满4个月流产的，享受15天产假。",
        "中级工补贴1000元。",  # another grade's amount
        "四川省的技师找四川省人社厅。",  # a name inside a longer one
        "四川省的高级工找四川省人社厅。",
        "重庆市的高级技师找人社厅。",
        "拨打12338。",
        "本条例适用个体工商户。",  # 不 dropped at the end of a passage
        "第六条说本条例不适用个体工商户。",
        "《工会法》说本条例不适用个体工商户。",
        "单位逢年过节要给女职工送米送油送电影票。",  # nothing of it is there
    ],
)
def test_what_turns_the_clause_falls(statement: str) -> None:
    assert not stands(statement)


def test_an_exception_left_out_falls() -> None:
    text = "女职工凭医院证明每月可休带薪假2天，试用期内的除外。"
    citation = a_citation(text, document=a_document("办法", doc_no="", text=text), clause="")

    assert check_statement("女职工凭医院证明每月可休带薪假2天。[1]", [citation])
    assert check_statement("女职工凭医院证明每月可休带薪假2天，试用期的除外。[1]", [citation]) == []


GUIDE = (
    "《女职工条例》第6条第1款：孕期不能适应原劳动的，用人单位应当减轻劳动量或者安排其他能够适应的劳动。\n"
    "《女职工条例》第6条第2款：怀孕7个月以上的，用人单位不得安排夜班。\n"
    "对仲裁裁决不服的，再向法院起诉。匿名化处理后的信息不算个人信息。\n"
    "离职后要在1年内提出；与网信办的口径不一致。技能证书扣除和学历教育扣除可以叠加，扣的是个人所得税。\n"
    "参保的由生育保险基金支付。四川省人民医院举办，成都温江参加。"
)


@pytest.mark.parametrize(
    "statement",
    [
        "对裁决不服的，向法院起诉。",
        "匿名化后不算个人信息。",
        "证书扣除和学历教育扣除可以叠加。",
        "第6条第2款：怀孕7个月以上，不得安排夜班。",
    ],
)
def test_a_guide_told_in_other_words_stands(statement: str) -> None:
    assert not guide_faults(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "对裁决服的，再向法院起诉。",  # a word that only looks like a negation
        "匿名化后算个人信息。",
        "2024年要点与网信办的口径一致。",
        "证书扣除和学历教育扣除不可以叠加。",
        "证书扣除和学历教育扣除应当叠加，扣的是个人所得税。",  # 所得 is no duty
        "孕期不能适应原劳动的，单位可以减轻劳动量或者安排其他能够适应的劳动。",  # neither is 适应
        "第6条第1款：怀孕7个月以上，不得安排夜班。",  # another's 款
        "职工离职后要在1天内提出。",  # the particulars' 5月1日 is no day of the guide
        "参保的由生育津贴基金支付。",
        "成都省人民医院举办。",
        "第6条、第6条：怀孕7个月以上，不得安排夜班。",
    ],
)
def test_a_guide_with_one_thing_changed_falls(statement: str) -> None:
    assert guide_faults(statement)


def guide_faults(statement: str) -> list[str]:
    document = a_document("女职工条例", doc_no="", text=GUIDE, effective="2008-05-01")
    citation = a_citation(GUIDE, document=document, clause="第六条")
    return [f.reason for f in check_statement(f"{statement}[1]", [citation], ("生育保险", "生育津贴"))]


def test_a_title_is_not_abbreviated_by_its_negation() -> None:
    text = "经营者不得破坏技术措施。"
    citation = a_citation(text, document=a_document("反不正当竞争法", doc_no="", text=text), clause="第十三条")

    assert not check_statement("《反不正当竞争法》：经营者不得破坏技术措施。[1]", [citation])
    assert check_statement("《反正当竞争法》：经营者不得破坏技术措施。[1]", [citation])


@pytest.mark.parametrize(
    ("statement", "faults"),
    [
        ("单位逢年过节给女职工送米送油。", ["只有 33% 的内容在所引段落里"]),  # of 逢, 节, 送, 米, 送, 油 only 送
        ("单位给女职工加班费。", []),
        ("送米。", []),  # too short for a share
        ("您要是想问，那就打电话12333吧。", []),  # plain speech carries no content
    ],
)
def test_too_little_content_of_the_sources_is_a_fault(statement: str, faults: list[str]) -> None:
    assert list(unsupported_content(a_claim(statement, "用人单位给女职工加班费，送餐。"))) == faults


def test_the_particulars_support_content_too() -> None:
    claim = a_claim("劳动保护特别规定。", "产假98天。", particulars="女职工劳动保护特别规定")

    assert list(unsupported_content(claim)) == []


def test_every_fault_is_named_once_in_the_order_of_the_checks() -> None:
    claim = a_claim("重庆的重庆产假158天，重庆产假158天。", "四川产假98天。")

    faults = condition_faults(claim.statement, claim.passages, CONDITIONS, claim.particulars, claim.names)

    every = [fault for check in CHECKS for fault in check(claim)]
    assert faults == sorted(set(every), key=every.index)
    assert len(faults) < len(every)


@pytest.mark.parametrize("check", CHECKS, ids=[check.__name__ for check in CHECKS])
def test_no_check_finds_a_fault_in_the_source_itself(check: Check) -> None:
    names = ("高级技师", "技师", "高级工", "中级工", "初级工", "生育保险")

    assert [fault for text in (LAW, GUIDE) for fault in check(a_claim(text, text, names=names))] == []


@pytest.mark.parametrize("check", CHECKS, ids=[check.__name__ for check in CHECKS])
def test_every_check_passes_an_empty_statement(check: Check) -> None:
    assert list(check(a_claim("", LAW))) == []
