"""Datasets are read strictly, and an error names the line."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.types import Turn
from evals.errors import DatasetError
from evals.samples import DATASETS, Expected, Sample, dump_sample, load_dataset, load_named, parse_sample

Write = Callable[..., Path]


def test_a_sample_is_read_with_every_field(write_lines: Write) -> None:
    path = write_lines(
        "q.jsonl",
        '{"id":"A1","text":"产假多少天","expected":"answer","gold_facts":["NZG-007"],"must_include":[["98天","九十八天"]],'
        '"must_not":["365"],"history":[{"role":"user","content":"你好"}],"as_of":"2025-10-15","region":"四川省","slice":"产假"}',
    )

    dataset = load_dataset(path)

    assert dataset.name == "q"
    assert dataset.samples == (
        Sample(
            sample_id="A1",
            text="产假多少天",
            expected=Expected.ANSWER,
            dataset="q",
            slice="产假",
            gold_facts=("NZG-007",),
            must_include=(("98天", "九十八天"),),
            must_not=("365",),
            history=(Turn("user", "你好"),),
            as_of=dt.date(2025, 10, 15),
            region="四川省",
        ),
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id":"A1","text":"问"', "第 2 行"),
        ('{"id":"A1","text":"问","expected":"maybe"}', "maybe"),
        ('{"id":"A1","text":" ","expected":"answer"}', "缺 id 或 text"),
        ('{"id":"A1","text":"问","expected":"answer","gold":["x"]}', "不认识字段"),
        ('{"id":"A1","text":"问","expected":"answer","must_include":["98"]}', "must_include"),
        ('{"id":"A1","text":"问","expected":"answer","as_of":"去年"}', "不是日期"),
        ('{"id":"A1","text":"问","expected":"answer","history":[{"role":"bot","content":"x"}]}', "history"),
        ("[1]", "JSON 对象"),
    ],
)
def test_a_broken_line_is_named(write_lines: Write, line: str, told: str) -> None:
    path = write_lines("q.jsonl", '{"id":"A0","text":"问","expected":"answer"}', line)

    with pytest.raises(DatasetError, match=r"第 2 行") as caught:
        load_dataset(path)

    assert told in str(caught.value)


def test_an_id_may_stand_only_once(write_lines: Write) -> None:
    line = '{"id":"A1","text":"问","expected":"answer"}'

    with pytest.raises(DatasetError, match="与第 1 行重复"):
        load_dataset(write_lines("q.jsonl", line, line))


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(DatasetError, match="读不了"):
        load_dataset(Path("nowhere.jsonl"))


def test_a_written_sample_reads_back_the_same() -> None:
    for dataset in load_named(()):
        for sample in dataset.samples:
            assert parse_sample(json.loads(dump_sample(sample)), dataset.name) == sample


def test_every_shipped_dataset_loads_and_ids_are_unique_over_all() -> None:
    ids = [s.sample_id for d in load_named(()) for s in d.samples]

    assert len(ids) == len(set(ids))
    assert {p.stem for p in DATASETS.glob("*.jsonl")} == {
        "dev",
        "plain",
        "near_miss",
        "lawful_or_not",
        "clauses",
        "multi_turn",
        "time_place",
        "routing",
        "red_team",
        "poisoned",
        "perturbations",
        "asked_anew",
        "held_out",
    }
