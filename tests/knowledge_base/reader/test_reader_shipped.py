"""The shipped files: size, determinism and plain sense. Figures are measured by the training package, not here."""

from pathlib import Path

import numpy as np
import pytest

from knowledge_base import CORPUS
from knowledge_base.reader import Candidate, Reader
from knowledge_base.reader.encoder import WEIGHTS, Encoder
from knowledge_base.reader.errors import ModelFilesError
from knowledge_base.training.keeping import kept_texts

MOST = 60_000_000
LEAST_KEPT = 0.97
"""Share of the corpus's texts whose vectors are kept; after many changes of the corpus, run ``knowledge_base.training keep``."""
TEXTS = [
    "厂头说不要我了，还欠起两个月的钱",
    "四川产假多少天",
    "Word怎么做目录？",
    "他又动手了 我躲在厕所头",
    "明天成都落雨不",
    "补签合同 行不",
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.open()


def test_the_files_stay_small():
    assert sum(p.stat().st_size for p in WEIGHTS.iterdir()) <= MOST


def test_rows_have_unit_length(reader):
    rows = reader.encoder.encode(TEXTS, "query")

    assert rows.dtype == np.float32
    assert rows.shape == (len(TEXTS), 384)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-4)


def test_a_vector_does_not_depend_on_the_texts_beside_it(reader):
    together = reader.encoder.encode(TEXTS, "query")
    alone = np.concatenate([reader.encoder.encode([text], "query") for text in TEXTS])

    np.testing.assert_array_equal(together, alone)


def test_no_text_gives_no_row(reader):
    assert reader.encoder.encode([], "passage").shape == (0, 384)


def test_a_long_text_is_cut_not_refused(reader):
    assert reader.encoder.encode(["工资" * 2000, ""], "passage").shape == (2, 384)
    assert len(reader.encoder.pieces("工资" * 2000, "query")) == 64


def test_a_story_is_nearer_to_its_term_than_to_another_need(reader):
    told, same, other = reader.encoder.encode(["厂头喊我走人，还差两个月的钱", "被辞退了，拖欠的工资怎么要", "怎么用手机剪视频"], "query")

    assert told @ same > told @ other


def test_danger_now_raises_an_alarm_and_the_weather_none(reader):
    hit, weather = reader.noticer.notice("他又动手了 我躲在厕所头"), reader.noticer.notice("明天成都落雨不")

    assert (hit.danger.level, hit.danger.kind) == ("alarm", "violence")
    assert weather.danger.level == "none"
    assert weather.routes["out_of_scope"] > hit.routes["out_of_scope"]


def test_a_short_follow_up_joins_the_question_before(reader):
    before = "四川产假一共多少天"

    assert reader.turns.read(before, "那二胎呢").joins
    assert not reader.turns.read(before, "老板两个月没发工资了，去哪里告他").joins


def test_the_judge_prefers_what_answers(reader):
    question, ask, other = reader.encoder.encode(["产假耍得到好多天", "四川产假一共多少天", "剪映怎么加字幕"], "query")
    says, also = reader.encoder.encode(["四川产假一共188天。", "点文本，再点识别字幕。"], "passage")
    none = np.zeros((0, 384), dtype=np.float32)

    right, wrong = reader.judge.probabilities(question, [Candidate(ask[None], says[None], none), Candidate(other[None], also[None], none)])

    assert right > wrong


def test_nearly_every_text_of_the_corpus_has_its_vector_kept(reader):
    texts = set(kept_texts(CORPUS))

    assert {kind for _, kind in texts} == {"query", "passage"}
    assert len(texts) > 50_000
    assert reader.known.share_known(texts) >= LEAST_KEPT


def test_a_kept_vector_is_that_of_the_encoder(reader):
    texts = sorted(kept_texts(CORPUS))[::6000]

    assert texts
    for text, kind in texts:
        assert reader.known.encode([text], kind)[0] @ reader.encoder.encode([text], kind)[0] >= 0.99


def test_a_folder_without_the_model_says_what_is_missing(tmp_path: Path):
    with pytest.raises(ModelFilesError, match=r"encoder\.onnx and tokenizer\.json"):
        Encoder.open(tmp_path)


def test_a_broken_file_is_named(tmp_path: Path):
    (tmp_path / "encoder.onnx").write_bytes(b"broken")
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")

    with pytest.raises(ModelFilesError, match="cannot be read"):
        Encoder.open(tmp_path)
