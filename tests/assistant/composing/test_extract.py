"""An extract is whole sentences in the source's own words, each with a marker that resolves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from assistant_pieces import EXTRACTOR, MATERNITY, PHRASES, a_candidate, a_citation, a_document, wanting

from assistant.checking.markers import markers_in
from assistant.composing.extract import MOST_SOURCES
from assistant.composing.lines import basis_lines, renumber, standing_prefix
from knowledge_base.types import Kind, Statement, Status

TABLE = "失业保险技能提升补贴标准\n\n| 等级 | 补贴标准 |\n| --- | --- |\n| 初级 | 1000元 |\n| 中级 | 1500元 |\n| 高级 | 2000元 |"


def test_nothing_found_composes_nothing() -> None:
    composed = EXTRACTOR.compose([], wanting("产假 天"))

    assert (composed.lines, composed.citations) == ((), ())


def test_the_sentence_that_answers_is_quoted_whole_with_its_marker() -> None:
    text = "本规定适用于各类用人单位。女职工生育享受98天产假。女职工可以自愿参加培训。"
    composed = EXTRACTOR.compose([a_candidate(text, heading_path=())], wanting("生育 产假", "duration"))

    assert any("女职工生育享受98天产假。[1]" in line for line in composed.lines)


def test_every_line_is_cut_out_of_the_passage_that_its_marker_cites() -> None:
    pieces = [a_candidate(MATERNITY, rank=1), a_candidate("难产的，在98天之外增加产假15天。多胞胎另算。", rank=2, score=0.95)]
    composed = EXTRACTOR.compose(pieces, wanting("难产 产假 增加", "duration"))

    cited = {c.marker: c for c in composed.citations}
    assert composed.lines
    for line in composed.lines:
        (marker,) = markers_in(line)
        assert line.removeprefix("- ").removesuffix(f"[{marker}]") in cited[marker].quote


def test_markers_count_from_one_in_the_order_of_the_text() -> None:
    pieces = [a_candidate(f"女职工生育享受产假，第{n}批文件另有{n}种说明和办法。", rank=n, score=1.0) for n in range(1, 4)]
    composed = EXTRACTOR.compose(pieces, wanting("女职工 生育 产假"))

    assert [c.marker for c in composed.citations] == list(range(1, len(composed.citations) + 1))
    assert list(dict.fromkeys(m for line in composed.lines for m in markers_in(line))) == [c.marker for c in composed.citations]


def test_an_answer_cites_at_most_three_passages() -> None:
    places = ["成都市", "绵阳市", "德阳市", "宜宾市", "泸州市", "自贡市"]
    pieces = [a_candidate(f"{place}职工服务中心负责产假咨询，{place}另设窗口。", rank=n) for n, place in enumerate(places, 1)]

    composed = EXTRACTOR.compose(pieces, wanting("产假 咨询"))

    assert 1 <= len(composed.citations) <= MOST_SOURCES == 3


def test_two_passages_that_say_the_same_are_quoted_once() -> None:
    text = "女职工生育享受98天产假，其中产前可以休假15天。"
    composed = EXTRACTOR.compose([a_candidate(text, rank=1), a_candidate(text, rank=2)], wanting("生育 产假", "duration"))

    assert len(composed.citations) == 1


def test_a_table_is_quoted_whole() -> None:
    composed = EXTRACTOR.compose([a_candidate(TABLE, heading_path=("补贴标准",))], wanting("中级 补贴标准", "amount"))

    assert TABLE in "\n".join(composed.lines)


def test_a_citation_names_the_sources_of_the_statements_it_quotes() -> None:
    text = "女职工生育享受98天产假。\n职工之家设有图书角。"
    statements = (Statement(0, 12, ("SCJ-001",)), Statement(13, len(text), ("SCU-900",)))
    composed = EXTRACTOR.compose([a_candidate(text, heading_path=(), statements=statements)], wanting("生育 产假 女职工", "duration"))

    assert "SCJ-001" in composed.citations[0].source_ids


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.EXPIRED, "失效"),
        (Status.DRAFT, "征求意见稿"),
        (Status.NOT_YET, "还没有施行"),
        (Status.ELSEWHERE, "陕西省"),
    ],
)
def test_a_statement_that_is_no_rule_in_force_here_says_so_in_front(status: Status, words: str) -> None:
    document = a_document(region="陕西省", doc_id="d-1")
    composed = EXTRACTOR.compose([a_candidate("女职工生育享受98天产假。", status=status, document=document)], wanting("生育 产假"))

    assert composed.lines[0].removeprefix("- ").startswith(standing_prefix(composed.citations[0], PHRASES))
    assert words in standing_prefix(composed.citations[0], PHRASES)


@pytest.mark.parametrize("status", [Status.IN_FORCE, Status.REPORTED, Status.NOT_STATED])
def test_other_statements_need_no_such_words(status: Status) -> None:
    assert standing_prefix(a_citation(status=status), PHRASES) == ""


def test_the_basis_names_title_clause_number_date_and_standing() -> None:
    [line] = basis_lines([a_citation()], PHRASES)

    assert line.startswith("[1] 《女职工劳动保护特别规定》第七条")
    assert all(words in line for words in ("国务院令第619号", "2012-04-28", "现行"))


def test_the_basis_of_an_expired_rule_says_when_it_ended() -> None:
    document = a_document(doc_no="", effective="", expires="2023-12-31")

    [line] = basis_lines([a_citation(document=document, status=Status.EXPIRED)], PHRASES)

    assert "2023-12-31" in line
    assert "已失效" in line


def test_a_standing_that_nobody_states_is_shown_as_not_stated() -> None:
    [line] = basis_lines([a_citation(document=a_document(doc_no="", effective="", status=""), status=Status.NOT_STATED)], PHRASES)

    assert "未注明" in line


def test_a_training_text_has_no_standing_to_show() -> None:
    document = a_document("提示词怎么写", kind=Kind.TRAINING, doc_no="", effective="", status="")

    assert basis_lines([a_citation(document=document, status=Status.NOT_STATED, clause="")], PHRASES) == ["[1] 《提示词怎么写》"]


def test_a_source_that_several_markers_name_stands_in_the_basis_once() -> None:
    guide = a_document("工资拖着不发怎么办", kind=Kind.GUIDE, doc_no="", effective="", status="")
    steps = [a_citation(marker=n, document=guide, status=Status.NOT_STATED, clause="") for n in (1, 3)]

    assert basis_lines([steps[0], a_citation(marker=2), steps[1]], PHRASES) == [
        "[1][3] 《工资拖着不发怎么办》",
        "[2] 《女职工劳动保护特别规定》第七条（国务院令第619号，2012-04-28 起施行，现行）",
    ]


def test_renumbering_closes_the_gaps_of_what_was_dropped() -> None:
    citations = [a_citation(marker=n) for n in (1, 2, 3)]

    mapping, kept = renumber(citations, [1, 3])

    assert mapping == {1: 1, 3: 2}
    assert [(c.marker, c.passage.passage_id) for c in kept] == [(1, "p-1"), (2, "p-3")]


def test_a_list_is_quoted_whole_when_one_of_its_items_answers() -> None:
    text = "失业保险缴费满1年的，最长领12个月。失业保险缴费满5年的，最长领18个月。失业保险缴费满10年的，最长领24个月。职工之家另有图书角。"
    composed = EXTRACTOR.compose([a_candidate(text)], wanting("失业保险 满5年 最长", "duration"))

    said = "\n".join(composed.lines)
    assert all(months in said for months in ("12个月", "18个月", "24个月"))
    assert "图书角" not in said


def test_two_rules_that_differ_in_a_figure_are_both_quoted() -> None:
    pieces = [a_candidate("技能提升补贴每人每年最多享受3次。", rank=1), a_candidate("技能提升补贴每人每年最多享受1次。", rank=2)]
    composed = EXTRACTOR.compose(pieces, wanting("技能提升补贴 每年 享受", "count"))

    assert len(composed.citations) == 2


def test_a_question_about_two_things_is_answered_on_both() -> None:
    pieces = [
        a_candidate("巴山妹子累计培训家政人员8.5万人。", rank=1, score=1.0),
        a_candidate("巴山妹子制定家政培训标准13项。", rank=2, score=0.9),
        a_candidate("黔灵女培训6万人。", rank=3, score=0.3),
    ]
    composed = EXTRACTOR.compose(pieces, wanting("巴山妹子 黔灵女 培训"))

    assert any("黔灵女" in line for line in composed.lines)


def test_a_rule_in_force_stands_before_one_that_is_not() -> None:
    draft = a_candidate("技能提升补贴每人每年最多享受3次。", rank=1, score=1.0, status=Status.DRAFT)
    in_force = a_candidate("技能提升补贴每人每年最多享受1次。", rank=2, score=0.95)

    composed = EXTRACTOR.compose([draft, in_force], wanting("技能提升补贴 每年 享受", "count"))

    assert composed.citations[0].status is not Status.DRAFT
    assert next(s.current for s in composed.statements)


def test_a_rule_of_her_province_stands_beside_the_nations_where_she_names_no_place() -> None:
    nation = a_candidate("产假基准是98天。", rank=1, score=1.0)
    fines = a_candidate("产假少于90天的，每人罚款1000元。", rank=2, score=0.9)
    leave = a_candidate("产假的底线是90天，另有说明和办法。", rank=3, score=0.85)
    home = a_candidate("女方延长生育假90日，加上98天合计188日。", rank=4, score=0.8, document=a_document(doc_id="d-4", region="四川省"))

    composed = EXTRACTOR.compose([nation, fines, leave, home], wanting("产假", "duration"))

    assert [c.document.region for c in composed.citations][:2] == ["全国", "四川省"]


def test_a_rule_of_her_province_is_none_of_another_place() -> None:
    nation = a_candidate("产假基准是98天。", rank=1, score=0.9)
    home = a_candidate("产假合计188日。", rank=2, score=1.0, document=a_document(doc_id="d-2", region="四川省"))

    composed = EXTRACTOR.compose([home, nation], replace(wanting("北京 产假", "duration"), places=("北京",)))

    assert [c.document.region for c in composed.citations] == ["全国"]


def test_a_course_of_another_place_stands_behind_what_is_of_here() -> None:
    far = replace(
        a_candidate("短视频剪辑培训免费，另有说明。", rank=1, score=1.0, document=a_document(doc_id="d-1", kind=Kind.TRAINING)), near=False
    )
    near = a_candidate("短视频剪辑培训免费。", rank=2, score=0.95, document=a_document(doc_id="d-2", kind=Kind.TRAINING))

    composed = EXTRACTOR.compose([far, near], wanting("短视频剪辑 培训 免费"))

    assert composed.citations[0].document.doc_id == "d-2"


def test_a_statement_with_a_figure_of_its_own_is_no_repetition() -> None:
    pointer = a_candidate("在国家产假基准之外，四川另有延长生育假，见四川省人口与计划生育条例。", rank=1, score=1.0)
    rule = a_candidate("在国家产假基准之外，四川另有延长生育假90日，见四川省人口与计划生育条例。", rank=2, score=0.9)

    assert len(EXTRACTOR.compose([pointer, rule], wanting("产假 延长生育假")).citations) == 2


def test_a_statement_without_the_kind_of_answer_is_left_out_beside_one_that_gives_it() -> None:
    leading = a_candidate("劳动仲裁不收费。", rank=1, score=1.0, heading_path=("劳动仲裁",))
    beside = a_candidate("劳动仲裁受理工资和工伤等争议。", rank=2, score=0.9, heading_path=("劳动仲裁",))

    composed = EXTRACTOR.compose([leading, beside], wanting("劳动仲裁", "amount"))

    assert [line for line in composed.lines if line] == ["劳动仲裁不收费。[1]"]


def test_what_a_thing_is_leads_where_that_was_asked() -> None:
    pieces = [
        a_candidate("RPA不擅长看手写签名。", rank=1, score=1.0),
        a_candidate("RPA是一种软件，照着步骤替人点鼠标。", rank=2, score=0.9),
    ]
    composed = EXTRACTOR.compose(pieces, replace(wanting("rpa"), meaning=True))

    assert composed.lines[0].startswith("RPA是一种软件")


def test_no_part_of_a_program_is_quoted() -> None:
    text = '先算工资，再算工时。\n\n```python\ngongzi = 3000\nprint("工资", gongzi)\n```\n\n工资按工时算。'
    composed = EXTRACTOR.compose([a_candidate(text, heading_path=())], wanting("工资 工时"))

    assert any("工资按工时算" in line for line in composed.lines)
    assert not any("gongzi" in line or "```" in line for line in composed.lines)
