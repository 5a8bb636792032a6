"""Learning paths: strict reading, checks against front matter, look-up, and the file that is shipped."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from knowledge_base import CORPUS
from knowledge_base.editorial.learning_paths import LearningPath, Step, check_paths, find_paths, load_paths
from knowledge_base.errors import CorpusError
from knowledge_base.loaders.corpus_markdown import split_front_matter

OCCUPATIONS = (
    "护士", "工厂一线", "文员/财务", "主播/电商", "家政/养老护理", "教师", "外卖/司机", "返岗妈妈", "农村电商", "工作室带头人",
)  # fmt: skip

GOOD = """
- occupation: 护士
  goal: 用AI减负
  level: 入门
  steps:
    - {document: baomi, reason: 先学不泄密。}
    - {document: tishici, reason: 再学下指令。}
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "paths.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def path_of(*documents: str) -> LearningPath:
    return LearningPath("护士", "考证", "入门", tuple(Step(d, "因为要先会。") for d in documents))


def faults_of(paths: list[LearningPath], documents: dict[str, dict[str, object]], as_of: dt.date | None = None) -> list[str]:
    return [f.message for f in check_paths(paths, documents, as_of=as_of)]


def test_a_path_is_read_with_its_steps_in_order(tmp_path: Path) -> None:
    (path,) = load_paths(written(tmp_path, GOOD))

    assert path == LearningPath("护士", "用AI减负", "入门", (Step("baomi", "先学不泄密。"), Step("tishici", "再学下指令。")))
    assert path.name == "护士·用AI减负·入门"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("occupation: 护士", "应是路线的列表"),
        ("- 护士", "第 1 条：应写 occupation、goal、level、steps"),
        (GOOD.replace("  goal: 用AI减负\n", ""), "第 1 条（护士·?·入门）：缺 goal"),
        (GOOD.replace("goal: 用AI减负", "goal: 用AI减负\n  hours: 3"), "不认识的项 hours"),
        (GOOD.replace("用AI减负", "''"), "goal 应是一段文字"),
        (GOOD.replace("occupation: 护士", "occupation: 12351"), "occupation 应是一段文字，读到的是 12351"),
        (GOOD.replace("入门", "高级"), "level '高级' 应为 入门、进阶、骨干 之一"),
        (GOOD.split("  steps:")[0] + "  steps: []", "steps 应是至少一步的列表"),
        (GOOD.replace("{document: baomi, reason: 先学不泄密。}", "baomi"), "第 1 步：应写 document、reason"),
        (GOOD.replace(", reason: 再学下指令。", ""), "第 2 步：缺 reason"),
        (GOOD.replace("tishici", "baomi"), "第 2 步：文档 baomi 在这条路线里已经有了"),
        (GOOD + GOOD, "第 2 条：护士·用AI减负·入门 与前面重复"),
        ("- {occupation: 护士", "不是合法的 UTF-8 YAML"),
    ],
)
def test_a_malformed_file_is_refused_and_the_entry_is_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(CorpusError) as caught:
        load_paths(written(tmp_path, text))

    assert says in str(caught.value)


def test_a_missing_file_is_a_corpus_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="找不到学习路线文件"):
        load_paths(tmp_path / "paths.yaml")


def test_a_path_whose_prerequisites_come_first_has_no_faults() -> None:
    documents: dict[str, dict[str, object]] = {
        "rumen": {"region": "全国"},
        "jinjie": {"region": "四川省成都市", "prerequisites": ["rumen"]},
    }

    assert faults_of([path_of("rumen", "jinjie")], documents) == []


def test_a_step_without_a_document_is_a_fault() -> None:
    (fault,) = faults_of([path_of("meiyou")], {})

    assert "护士·考证·入门 第 1 步 meiyou：没有这篇文档" in fault


@pytest.mark.parametrize(("steps", "says"), [(("jinjie",), "rumen 不在这条路线里"), (("jinjie", "rumen"), "rumen 排在它后面")])
def test_a_prerequisite_that_is_missing_or_late_is_a_fault(steps: tuple[str, ...], says: str) -> None:
    documents: dict[str, dict[str, object]] = {"rumen": {}, "jinjie": {"prerequisites": ["rumen"]}}

    (fault,) = faults_of([path_of(*steps)], documents)

    assert says in fault


@pytest.mark.parametrize(
    ("meta", "says"),
    [
        ({"status": "已失效"}, "状态是已失效"),
        ({"status": "征求意见稿"}, "状态是征求意见稿"),
        ({"expires": dt.date(2024, 12, 31)}, "到 2024-12-31 已经过期"),
        ({"expires": "2025-12"}, "到 2025-12 已经过期"),
        ({"region": "陕西省宝鸡市"}, "是陕西省宝鸡市的，不能当作四川省的"),
    ],
)
def test_a_document_that_does_not_apply_here_is_a_fault(meta: dict[str, object], says: str) -> None:
    (fault,) = faults_of([path_of("jiu")], {"jiu": meta}, as_of=dt.date(2026, 1, 1))

    assert says in fault


def test_the_last_day_itself_still_holds_and_without_a_date_only_the_status_counts() -> None:
    documents: dict[str, dict[str, object]] = {"jiu": {"expires": "2025-12"}}

    assert faults_of([path_of("jiu")], documents, as_of=dt.date(2025, 12, 31)) == []
    assert faults_of([path_of("jiu")], documents) == []


def test_paths_are_found_by_all_that_is_asked_for() -> None:
    nurse, teacher = path_of("a"), LearningPath("教师", "考证", "进阶", (Step("a", "因为。"),))

    assert find_paths([nurse, teacher]) == (nurse, teacher)
    assert find_paths([nurse, teacher], goal="考证", level="进阶") == (teacher,)
    assert find_paths([nurse, teacher], occupation="护士", level="骨干") == ()


@pytest.fixture(scope="module")
def shipped() -> tuple[LearningPath, ...]:
    return load_paths(CORPUS / "paths.yaml")


def test_the_shipped_paths_fit_the_shipped_documents(shipped: tuple[LearningPath, ...]) -> None:
    files = sorted(p for folder in ("policies", "training", "cases") for p in (CORPUS / folder).glob("*.md"))
    documents = {p.stem: split_front_matter(p.read_text(encoding="utf-8"))[0] for p in files}

    assert check_paths(shipped, documents, as_of=dt.date(2026, 4, 30)) == ()


@pytest.mark.parametrize("occupation", OCCUPATIONS)
def test_every_occupation_has_two_goals_or_more(shipped: tuple[LearningPath, ...], occupation: str) -> None:
    goals = {p.goal for p in find_paths(shipped, occupation=occupation)}

    assert len(goals) >= 2


def test_every_reason_is_one_sentence(shipped: tuple[LearningPath, ...]) -> None:
    for path in shipped:
        for step in path.steps:
            assert step.reason.endswith("。"), f"{path.name} {step.document}：{step.reason}"
            assert step.reason.count("。") == 1, f"{path.name} {step.document}：{step.reason}"
