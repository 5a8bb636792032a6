"""「学技能」: three choices lead to a path; what was ticked off is found again."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from ui_fake_api import FakeApi

ROOT = Path(__file__).parents[3]


@pytest.fixture
def page(api: FakeApi) -> AppTest:
    return opened()


def opened(**parameters: str) -> AppTest:
    """The page as its address opens it."""
    page = AppTest.from_file(str(ROOT / "ui" / "app.py"), default_timeout=20).run()
    page.switch_page("screens/learning.py")
    for name, value in parameters.items():
        page.query_params[name] = value
    return page.run()


def shown(page: AppTest) -> str:
    assert not page.exception, page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def choose(page: AppTest, key: str, word: str) -> None:
    page.button_group(key=key).set_value(word).run()


def test_occupation_and_goal_lead_to_ordered_steps_with_reason_audience_and_stated_time(page: AppTest) -> None:
    assert "先点一下您做的行业" in page.info[0].value
    choose(page, "occupation", "护士")
    choose(page, "goal-0", "手机与防骗")

    html = shown(page)
    assert html.index("第 1 步") < html.index("第 2 步") < html.index("第 3 步")
    for told in ("先记住防诈骗的几条。", "护士、教师", "培训参考学时：五级60标准学时。", "这一篇正在更新"):
        assert told in html


def test_a_level_leaves_only_the_goals_that_it_has(page: AppTest) -> None:
    choose(page, "occupation", "护士")
    choose(page, "level-0", "进阶")

    assert page.button_group(key="goal-0").options == ["信息化"]


def test_a_tick_stays_in_the_address_and_comes_back_with_it(page: AppTest) -> None:
    choose(page, "occupation", "护士")
    choose(page, "goal-0", "手机与防骗")
    page.checkbox(key="learned-xl-xueshi-").check().run()
    assert "学了 1 篇，一共 3 篇" in shown(page)
    assert page.query_params["done"] == "xl-xueshi"

    reopened = opened(occupation="护士", goal="手机与防骗", done="xl-xueshi")

    assert reopened.checkbox(key="learned-xl-xueshi-").value
    assert not reopened.checkbox(key="learned-xl-fangpian-").value
    reopened.checkbox(key="learned-xl-xueshi-").uncheck().run()
    assert "done" not in reopened.query_params


def test_a_step_opens_its_document(page: AppTest) -> None:
    choose(page, "occupation", "教师")
    choose(page, "goal-1", "手机与防骗")
    page.button(key="open-xl-fangpian").click().run()

    assert "第十四条 怎么投诉" in shown(page)


def test_the_quiz_says_at_once_what_the_document_says_and_opens_it(page: AppTest) -> None:
    choose(page, "occupation", "教师")
    choose(page, "goal-1", "手机与防骗")
    (key,) = [group.key for group in page.get("button_group") if str(group.key).startswith("quiz-")]
    assert "女职工生育享受＿＿＿＿产假" in shown(page)

    choose(page, key, "30天")
    assert "再看看，资料里写的是“98天”" in shown(page)
    choose(page, key, "98天")

    assert "答对了" in shown(page)
    assert "全对" in page.success[0].value
    page.button(key=f"{key}-source").click().run()
    assert "<mark>女职工生育享受98天产假" in shown(page)


def test_a_path_without_questions_says_what_to_do_instead(page: AppTest) -> None:
    choose(page, "occupation", "护士")
    choose(page, "goal-0", "信息化")

    assert "没有适合出题的" in page.info[0].value


def test_an_address_with_odd_values_opens_the_empty_page(api: FakeApi) -> None:
    page = opened(occupation="<b>", goal="x", level="y", done=",,")

    assert "先点一下您做的行业" in page.info[0].value


def test_the_page_tells_when_the_api_is_down(api: FakeApi) -> None:
    api.failing = True

    assert "知识库正在更新" in opened().error[0].value
