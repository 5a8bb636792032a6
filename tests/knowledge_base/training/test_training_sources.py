import json

import pytest

from knowledge_base.training import sources
from knowledge_base.training.data import Folders, read_data
from knowledge_base.training.errors import DataError

GUIDE = """---
id: gd-qianxin
kind: guide
title: 老板欠钱怎么要
topic: 工资
---
# 老板欠钱怎么要

## 答

> 问法（故事·W1）：厂头说不要我了，还欠起两个月的钱｜干了半年一分没拿到
> 问法（A）：欠薪咋个要
> 不是（A）：押金不退怎么办→gd-yajin｜彩票中了没→无

先找劳动监察大队投诉。[^QY-1][^QY-2]

- 带上聊天记录。[^QY-3]

## 步骤

1. 写清欠了多少。[^QY-4]
"""
SECTION = """---
id: zc-chanjia
kind: policy
title: 四川产假
topic: 假期
---
# 四川产假

## 第三条 天数

> 问法：产假好多天｜生娃儿耍几天

- 四川产假一共188天。[^SC-1]

## 第四条 没有问法

- 这一条没有人问。[^SC-2]
"""


@pytest.fixture
def corpus(tmp_path):
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "gd-qianxin.md").write_text(GUIDE, encoding="utf-8")
    (tmp_path / "zc.md").write_text(SECTION, encoding="utf-8")
    return tmp_path


def test_a_guide_is_one_group_with_voices_writers_and_near_misses(corpus):
    guide = next(g for g in sources.read_documents(corpus) if g.key == "gd-qianxin")

    assert [(w.voice, w.writer) for w in guide.ways] == [("story", "W1"), ("story", "W1"), ("", "A")]
    assert [(m.text, m.belongs) for m in guide.misses] == [("押金不退怎么办", "gd-yajin"), ("彩票中了没", "")]
    assert guide.targets[0] == "老板欠钱怎么要。先找劳动监察大队投诉。"
    assert guide.facts == {"QY-1", "QY-2", "QY-3", "QY-4"}


def test_sections_without_ways_of_asking_are_no_groups(corpus):
    sections = [g for g in sources.read_documents(corpus) if "#" in g.key]

    assert [g.key for g in sections] == ["zc-chanjia#第三条 天数"]
    assert sections[0].targets[0] == "四川产假一共188天。"


def test_ways_of_other_writers_join_by_document_or_need(corpus, tmp_path):
    path = tmp_path / "w2.jsonl"
    rows = [
        {"doc": "gd-qianxin", "text": "老板跑了", "voice": "短句", "writer": "W2"},
        {"doc": "gd-qianxin", "near_miss": "借钱不还", "belongs": "无", "writer": "W2"},
        {"doc": "gd-unknown", "text": "没有这一份", "voice": "短句", "writer": "W2"},
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")

    groups = sources.add_ways(sources.read_documents(corpus), [path])

    guide = next(g for g in groups if g.key == "gd-qianxin")
    assert ("老板跑了", "terse", "W2") in [(w.text, w.voice, w.writer) for w in guide.ways]
    assert "借钱不还" in [m.text for m in guide.misses]


def test_files_of_origin_unseen_are_never_read(corpus, tmp_path):
    ways = tmp_path / "ways"
    ways.mkdir()
    row = json.dumps({"doc": "gd-qianxin", "text": "我屋头两个月没见过工钱", "voice": "故事", "writer": "U"}, ensure_ascii=False)
    (ways / "unseen_1.jsonl").write_text(row, encoding="utf-8")

    data = read_data(Folders(corpus, ways=ways))

    assert "我屋头两个月没见过工钱" not in {w.text for g in data.groups for w in g.ways}


def test_what_repeats_an_unseen_question_leaves_the_training_data(corpus, tmp_path):
    ways = tmp_path / "ways"
    ways.mkdir()
    row = json.dumps(
        {"doc": "gd-qianxin", "text": "厂头说不要我了，还欠起两个月的钱！", "voice": "故事", "writer": "U"}, ensure_ascii=False
    )
    (ways / "unseen_1.jsonl").write_text(row, encoding="utf-8")

    data = read_data(Folders(corpus, ways=ways))

    assert "厂头说不要我了，还欠起两个月的钱" not in {w.text for g in data.groups for w in g.ways}
    assert "干了半年一分没拿到" in {w.text for g in data.groups for w in g.ways}


def test_writers_can_be_left_out(corpus):
    data = read_data(Folders(corpus), without=["W1"])

    assert "W1" not in {w.writer for g in data.groups for w in g.ways}


def test_a_line_that_is_not_json_is_named(tmp_path):
    path = tmp_path / "needs_x.jsonl"
    path.write_text('{"need": "a"}\nnot json\n', encoding="utf-8")

    with pytest.raises(DataError, match=r"needs_x\.jsonl, line 2"):
        list(sources.read_jsonl(path))
