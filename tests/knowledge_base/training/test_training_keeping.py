"""What is kept with the weights, and the cache that the steps share."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from knowledge_base.loaders.documents import iter_documents
from knowledge_base.reader.encoder import WEIGHTS, Encoder
from knowledge_base.reader.kept import KEPT, KnownVectors, save_kept
from knowledge_base.reader.readings import ReadingIndex, readings_of, statements_of
from knowledge_base.splitting import split_document
from knowledge_base.training.__main__ import main
from knowledge_base.training.cache import CachedEncoder
from knowledge_base.training.keeping import kept_texts
from knowledge_base.types import Document

GUIDE = """---
id: gd-qianxin
kind: guide
title: 老板欠钱怎么要
topic: 工资
---
# 老板欠钱怎么要

## 答

> 问法（故事）：厂头说不要我了，还欠起两个月的钱｜干了半年一分没拿到
> 不是：押金不退怎么办→gd-yajin

先找劳动监察大队投诉。[^QY-1]

- 带上聊天记录。[^QY-3]
"""
POLICY = """---
id: zc-chanjia
kind: policy
title: 四川产假
topic: 假期
---
# 四川产假

## 第三条 天数

> 问法：产假好多天

- 四川产假一共188天。[^SC-1]
"""


class Letters:
    """Vectors of eight numbers that count characters; it notes what it encodes."""

    dimension = 8
    digest = "letters"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts, kind):
        self.encoded += texts
        rows = np.full((len(texts), 8), 0.1, dtype=np.float32)
        for row, text in enumerate(texts):
            for character in text:
                rows[row, ord(character) % 8] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "gd-qianxin.md").write_text(GUIDE, encoding="utf-8")
    (folder / "zc-chanjia.md").write_text(POLICY, encoding="utf-8")
    return folder


def test_kept_are_titles_ways_of_asking_near_misses_texts_and_statements(corpus: Path) -> None:
    texts = set(kept_texts(corpus))

    assert {("老板欠钱怎么要", "query"), ("干了半年一分没拿到", "query"), ("押金不退怎么办", "query"), ("产假好多天", "query")} <= texts
    assert ("四川产假一共188天。", "passage") in texts


def test_an_index_of_the_kept_corpus_encodes_nothing(corpus: Path, tmp_path: Path) -> None:
    save_kept(kept_texts(corpus), Letters(), tmp_path)
    encoder = Letters()
    known = KnownVectors.open(encoder, tmp_path)
    documents = [document for _, document in iter_documents([corpus]) if isinstance(document, Document)]

    index = ReadingIndex((r for d in documents for r in readings_of(d, split_document(d))), known)
    for document in documents:
        known.encode([text for passage in split_document(document) for text in statements_of(passage)], "passage")

    assert len(index) == 2
    assert encoder.encoded == []


@pytest.mark.slow
def test_the_step_keeps_vectors_beside_the_encoder(corpus: Path, tmp_path: Path) -> None:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    for name in ("encoder.onnx", "tokenizer.json"):
        shutil.copy(WEIGHTS / name, shipped)

    main(["keep", "--work", str(tmp_path / "work"), "--out", str(shipped), "--corpus", str(corpus), "--threads", "1"])

    assert (shipped / KEPT).exists()
    assert KnownVectors.open(Encoder.open(shipped), shipped).share_known(kept_texts(corpus)) == 1.0


def test_a_text_is_encoded_once_and_known_after_a_restart(tmp_path: Path) -> None:
    first, again = Letters(), Letters()
    cached = CachedEncoder(first, tmp_path / "new" / "vectors.npz")

    rows = cached.encode(["产假", "工资", "产假"], "query")
    cached.save()
    same = CachedEncoder(again, tmp_path / "new" / "vectors.npz").encode(["产假", "工资", "产假"], "query")

    assert (first.encoded, again.encoded) == (["产假", "工资"], [])
    np.testing.assert_array_equal(rows, same)
    np.testing.assert_allclose(rows[0], Letters().encode(["产假"], "query")[0], atol=1e-3)


def test_a_question_and_a_passage_of_the_same_words_are_two_texts(tmp_path: Path) -> None:
    encoder = Letters()
    cached = CachedEncoder(encoder, tmp_path / "vectors.npz")

    cached.encode(["产假"], "query")
    cached.encode(["产假"], "passage")

    assert encoder.encoded == ["产假", "产假"]


def test_no_text_gives_no_row(tmp_path: Path) -> None:
    assert CachedEncoder(Letters(), tmp_path / "vectors.npz").encode([], "query").shape == (0, 8)


def test_a_cache_that_nothing_was_asked_of_writes_nothing(tmp_path: Path) -> None:
    CachedEncoder(Letters(), tmp_path / "vectors.npz").save()

    assert not (tmp_path / "vectors.npz").exists()
