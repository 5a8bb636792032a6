"""「知识库」 over the real service and a small corpus: the door, files and versions, upkeep, answers, words, places and the log."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from assistant_server import Service, serve
from streamlit.testing.v1 import AppTest

from assistant.settings import Settings
from ui.client import NotFoundError, RejectedError
from ui.officer.client import OfficerClient

ROOT = Path(__file__).parents[2]
KEY = "guanli-miyao"
RULE = "夜校管理办法\n\n第一条 为了办好夜校，制定本办法。\n\n第二条 夜校报名费为36元。\n\n第三条 本办法自2026年3月1日起施行。\n"


@pytest.fixture
def service(small_data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    shutil.copytree(small_data_dir, tmp_path / "data")
    with serve(Settings(data_dir=tmp_path / "data", admin_key=KEY)) as running:
        monkeypatch.setenv("ASSISTANT_API_URL", running.url)
        yield running


@pytest.fixture
def officer(service: Service) -> Iterator[OfficerClient]:
    client = OfficerClient(service.url, KEY, "李主席")
    yield client
    client.close()


def page_at_the_door() -> AppTest:
    page = AppTest.from_file(str(ROOT / "ui" / "app.py"), default_timeout=30).run()
    page.switch_page("screens/knowledge.py")
    return page.run()


def knock(page: AppTest, key: str, name: str = "李主席") -> AppTest:
    page.text_input(key="officer-name").set_value(name)
    page.text_input(key="officer-key").set_value(key)
    return click(page, "进去")


@pytest.fixture
def desk(service: Service) -> AppTest:
    return knock(page_at_the_door(), KEY)


def shown(page: AppTest) -> str:
    assert not page.exception, page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def click(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception, page.exception
    return page


def go_to(page: AppTest, part: str) -> AppTest:
    page.button_group(key="officer-section").set_value(part).run()
    assert not page.exception, page.exception
    return page


def publish(officer: OfficerClient) -> None:
    officer.publish([draft.draft_id for draft in officer.drafts() if not draft.failure])
    until = time.monotonic() + 60
    while officer.publication().state == "running":
        assert time.monotonic() < until
        time.sleep(0.02)


# -- the door


@pytest.mark.parametrize("key", ["falsch", "密钥"])
def test_a_wrong_key_is_told_and_opens_nothing(service: Service, key: str) -> None:
    page = knock(page_at_the_door(), key)

    assert "密钥不对" in page.error[0].value
    assert not page.button_group


def test_both_name_and_key_are_asked_for(service: Service) -> None:
    assert "都要写" in knock(page_at_the_door(), KEY, " ").warning[0].value


def test_where_no_key_is_set_the_page_says_how_to_set_one(small_data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(Settings(data_dir=small_data_dir)) as running:
        monkeypatch.setenv("ASSISTANT_API_URL", running.url)
        page = knock(page_at_the_door(), KEY)

    assert "还没有打开" in page.error[0].value
    assert "ASSISTANT_ADMIN_KEY" in page.code[0].value


def test_the_key_is_kept_in_the_session_and_never_in_the_address(desk: AppTest) -> None:
    assert "李主席，您好" in shown(desk)
    assert KEY not in str(desk.query_params)

    click(desk, "退出")

    assert desk.text_input(key="officer-key").value == ""
    assert not desk.button_group


def test_an_api_that_is_down_is_told(desk: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_API_URL", "http://127.0.0.1:9")
    click(desk, "退出")

    assert "连不上" in knock(desk, KEY).error[0].value


# -- files and versions


def test_a_draft_shows_what_was_recognised_its_split_and_a_broken_file_its_reason(desk: AppTest, officer: OfficerClient) -> None:
    officer.add_draft("办法.txt", RULE.encode("gb18030"))
    officer.add_draft("坏<b>了.pdf", b"%PDF-1.4 broken")

    html = shown(desk.run())

    for told in (
        "《夜校管理办法》",
        "2026-03-01",
        "第二条 夜校报名费为36元。",
        "第 3 段 第二条",
        "坏&lt;b&gt;了.pdf",
        "读不了：PDF",
        "草稿（2）",
    ):
        assert told in html
    assert "<b>了" not in html
    assert "发布这 1 份" in [button.label for button in desk.button]


def test_a_correction_is_saved_and_a_wrong_one_told(desk: AppTest, officer: OfficerClient) -> None:
    officer.add_draft("办法.txt", RULE.encode())
    desk.run()

    next(box for box in desk.text_input if box.label == "有效期至").set_value("明年")
    click(desk, "保存修改")
    assert "不是日期" in desk.error[0].value
    next(box for box in desk.text_input if box.label == "有效期至").set_value("2028-12")
    next(box for box in desk.text_input if box.label == "适用地区").set_value("四川省")
    click(desk, "保存修改")

    (draft,) = officer.drafts()
    assert draft.stated == {"region": "四川省", "expires": "2028-12"}
    assert "改好了：《夜校管理办法》" in desk.success[0].value


def test_a_draft_is_dropped_by_a_click(desk: AppTest, officer: OfficerClient) -> None:
    officer.add_draft("办法.txt", RULE.encode())

    click(desk.run(), "不要这一份")

    assert officer.drafts() == []
    assert "去掉了草稿 办法.txt" in desk.success[0].value


def test_publishing_is_followed_to_its_end_and_a_version_gone_back_to(desk: AppTest, officer: OfficerClient, service: Service) -> None:
    officer.add_draft("办法.txt", RULE.encode())
    click(desk.run(), "发布这 1 份")
    until = time.monotonic() + 60
    while not desk.success:
        assert time.monotonic() < until
        desk.run()

    assert "发布好了" in desk.success[0].value
    assert "新增 1 篇" in desk.success[0].value
    assert "36元" in httpx.get(f"{service.url}/v1/search", params={"q": "夜校报名费"}).text
    html = shown(go_to(desk, "versions"))
    assert "李主席 发布" in html
    assert "正在用" in html

    click(desk, "回到这个版本")

    assert "已经回到" in desk.success[0].value
    assert "36元" not in httpx.get(f"{service.url}/v1/search", params={"q": "夜校报名费"}).text


def test_an_uploaded_document_is_taken_out_only_after_being_asked(desk: AppTest, officer: OfficerClient) -> None:
    officer.add_draft("办法.txt", RULE.encode())
    publish(officer)
    before = officer.uploads().total
    desk.run()

    place = next(n for n, d in enumerate(officer.uploads().items) if d.title == "夜校管理办法")
    [button for button in desk.button if button.label == "撤下"][place].click().run()
    assert officer.uploads().total == before
    click(desk, "不撤")
    assert officer.uploads().total == before


# -- upkeep, answers, words, places, log


def test_stale_documents_are_grouped_by_reason_and_ticked_off(desk: AppTest, officer: OfficerClient) -> None:
    entries = officer.upkeep().stale
    html = shown(go_to(desk, "upkeep"))
    assert entries
    assert entries[0].document.title in html

    click(desk, "核对过了")

    assert len(officer.upkeep().stale) == len(entries) - 1
    assert "今天核对过" in desk.success[0].value


def test_an_open_question_gets_an_answer_with_its_source_which_is_then_ended(
    desk: AppTest, officer: OfficerClient, service: Service
) -> None:
    for wording in ("火星矿工协会的入会手续怎么办", "请问火星矿工协会的入会手续怎么办呢"):
        httpx.post(f"{service.url}/v1/ask", json={"question": wording}, timeout=60)
    assert "问了 2 次" in shown(go_to(desk, "answers"))

    click(desk, "写个回答")
    assert desk.text_area(key="editor-questions").value.startswith("火星矿工协会")
    click(desk, "审核通过，开始用")
    assert "都要有" in desk.warning[0].value or not desk.warning
    desk.text_input(key="editor-look").set_value("哺乳时间").run()
    desk.checkbox[0].check().run()
    desk.text_area(key="editor-text").set_value("每天有365小时哺乳时间。")
    click(desk, "审核通过，开始用")
    assert "365" in desk.error[0].value
    desk.text_area(key="editor-text").set_value("每天有1小时哺乳时间。")
    click(desk, "审核通过，开始用")

    (approved,) = officer.approved()
    assert (approved.text, approved.author) == ("每天有1小时哺乳时间。[1]", "李主席")
    assert "正在用" in shown(desk)
    click(desk, "现在就停用")
    assert officer.approved()[0].state == "expired"
    click(desk, "删除")
    assert officer.approved() == []


def test_words_are_tried_saved_and_a_faulty_line_is_named(desk: AppTest, officer: OfficerClient) -> None:
    go_to(desk, "lexicon")
    dialect = desk.text_area[0]
    dialect.set_value("咋个学起走 = 怎么学")
    desk.text_input(key="lexicon-question").set_value("直播咋个学起走嘛")
    click(desk, "试一试")
    assert "直播咋个学起走嘛 → 直播怎么学嘛" in shown(desk)
    assert officer.lexicon().dialect == ""

    desk.text_area[0].set_value("咋个学起走 = 怎么学\n没有等号")
    click(desk, "保存")
    assert "方言第 2 行" in desk.error[0].value
    desk.text_area[0].set_value("咋个学起走 = 怎么学")
    click(desk, "保存")

    assert officer.lexicon().dialect == "咋个学起走 = 怎么学"


def test_a_place_is_added_with_its_faults_told_and_taken_away(desk: AppTest, officer: OfficerClient) -> None:
    click(go_to(desk, "places"), "加一个")

    fields = {box.label: box for box in desk.text_input}
    fields["名称"].set_value("蓉城工会")
    fields["号码（没有就空着）"].set_value("028-86610000")
    desk.text_area[0].set_value("厂里的姐妹来这里。")
    click(desk, "保存")
    assert "没有写关键词" in desk.error[0].value
    {box.label: box for box in desk.text_input}["关键词（用顿号隔开，每个至少两个字）"].set_value("蓉城，厂里")
    click(desk, "保存")

    (own,) = officer.referral_book().own
    assert (own.name, own.words) == ("蓉城工会", ["蓉城", "厂里"])
    assert "蓉城工会" in shown(desk)
    click(desk, "去掉")
    assert officer.referral_book().own == []


def test_the_log_tells_who_did_what(desk: AppTest, officer: OfficerClient) -> None:
    assert "还没有人改过什么" in go_to(desk, "changes").info[0].value
    officer.add_draft("办法<i>.txt", RULE.encode())

    html = shown(desk.run())

    assert "放进草稿：办法&lt;i&gt;.txt" in html
    assert "李主席" in html


# -- the client


def test_refusals_reach_the_caller_as_errors_with_their_status(service: Service, officer: OfficerClient) -> None:
    stranger = OfficerClient(service.url, "x", "张三")
    with pytest.raises(RejectedError, match="密钥") as refused:
        stranger.generations()
    stranger.close()

    assert refused.value.status == 401
    with pytest.raises(NotFoundError):
        officer.remove_draft("d-0000000000000000")
    with pytest.raises(NotFoundError):
        officer.roll_back("../x")
