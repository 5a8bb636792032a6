"""The built-in embedder: read without torch, true to its port, and the model that sentence-transformers opens too."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from knowledge_base.embedder.embedding import BUILTIN, Embedder, HashingEmbedder, StaticEmbedder, build_embedder
from knowledge_base.errors import EmbedderError

TEXTS = [
    "女职工生育享受98天产假，其中产前可以休假15天。",
    "咋个学直播带货嘛？",
    "《女职工劳动保护特别规定》第七条",
    "Excel 2016 怎么做数据透视表，RPA能帮忙不",
    "补贴？",
    "用人单位不得因女职工怀孕、生育、哺乳降低其工资、予以辞退、与其解除劳动或者聘用合同。",
]


@pytest.fixture(scope="module")
def embedder() -> StaticEmbedder:
    return StaticEmbedder()


def test_rows_are_of_unit_length_and_single_precision(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(TEXTS)

    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_the_same_text_has_the_same_vector_in_any_order_and_batch(embedder: Embedder) -> None:
    together = embedder.embed_passages(TEXTS)

    turned = embedder.embed_passages(TEXTS[::-1])[::-1]
    alone = np.concatenate([embedder.embed_queries([text]) for text in TEXTS])

    np.testing.assert_array_equal(together, turned)
    np.testing.assert_array_equal(together, alone)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)


@pytest.mark.parametrize("text", ["", "  \n", "？！……", "😀", "สวัสดี"])
def test_a_text_without_known_words_gives_a_zero_row(embedder: Embedder, text: str) -> None:
    assert not embedder.embed_queries([text]).any()


@pytest.mark.parametrize(
    ("written", "usual"),
    [("產假多少天", "产假多少天"), ("ＡＩ　課程", "ai 课程"), ("EXCEL", "excel"), ("产\u200b假", "产假")],
)
def test_width_case_and_traditional_characters_do_not_matter(embedder: Embedder, written: str, usual: str) -> None:
    np.testing.assert_array_equal(embedder.embed_queries([written]), embedder.embed_queries([usual]))


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("怀孕了老板要把我开除", TEXTS[5], TEXTS[3]),
        ("生娃儿能耍好多天", TEXTS[0], TEXTS[3]),
        ("表格汇总", TEXTS[3], TEXTS[0]),
    ],
)
def test_a_question_lies_nearer_to_its_answer_than_to_another_text(embedder: Embedder, question: str, right: str, wrong: str) -> None:
    asked, answer, other = embedder.embed_queries([question, right, wrong])

    assert asked @ answer > asked @ other


def test_builtin_is_the_trained_table_and_hashing_stays_to_be_had() -> None:
    assert isinstance(build_embedder("builtin"), StaticEmbedder)
    assert isinstance(build_embedder("hashing"), HashingEmbedder)


def test_the_fingerprint_tells_the_weights(tmp_path: Path, embedder: StaticEmbedder) -> None:
    copied = tmp_path / "copy"
    shutil.copytree(BUILTIN, copied)
    same = StaticEmbedder(copied).fingerprint
    weights = bytearray((copied / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (copied / "model.safetensors").write_bytes(weights)

    changed = StaticEmbedder(copied).fingerprint

    assert same == embedder.fingerprint
    assert changed != embedder.fingerprint


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_missing_or_cut_file_is_said_with_what_to_do(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(BUILTIN, folder)
    whole = (folder / name).read_bytes()
    for content in (None, b"", whole[: len(whole) // 2]):
        (folder / name).unlink() if content is None else (folder / name).write_bytes(content)

        with pytest.raises(EmbedderError, match="读不了"):
            StaticEmbedder(folder)


def test_a_table_of_float16_rows_is_read_too(tmp_path: Path, embedder: StaticEmbedder) -> None:
    folder = tmp_path / "half"
    shutil.copytree(BUILTIN, folder)
    rows = np.zeros((3, 4), np.float16)
    rows[1] = 1
    header = json.dumps({"embedding.weight": {"dtype": "F16", "shape": [3, 4], "data_offsets": [0, rows.nbytes]}}).encode()
    (folder / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + rows.tobytes())
    tokenizer = {
        "version": "1.0",
        "added_tokens": [],
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "model": {"type": "Unigram", "unk_id": 0, "vocab": [["[UNK]", -9.0], ["假", -1.0], ["产", -1.0]], "byte_fallback": False},
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")

    vectors = StaticEmbedder(folder).embed_queries(["产 假"])

    np.testing.assert_allclose(vectors, [[0.5, 0.5, 0.5, 0.5]])


def test_torch_is_not_imported() -> None:
    code = (
        "import sys; from knowledge_base.embedder.embedding import build_embedder; build_embedder('builtin').embed_queries(['产假']);"
        "sys.exit(any(name in sys.modules for name in ('torch', 'sentence_transformers', 'transformers')))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_shipped_stays_small() -> None:
    assert sum(path.stat().st_size for path in BUILTIN.rglob("*") if path.is_file()) <= 20_000_000


def test_a_question_takes_about_a_millisecond_at_most(embedder: StaticEmbedder) -> None:
    embedder.embed_queries(TEXTS)
    begun = time.process_time()
    for _ in range(100):
        embedder.embed_queries(["莫得电脑能学AI不"])

    # CPU time of one question; the bound is kept wide of the 0.1 ms measured, for slow machines.
    assert (time.process_time() - begun) / 100 < 0.002


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # torch and transformers warn about each other when imported
def test_sentence_transformers_opens_the_folder_and_gives_the_same_vectors(embedder: StaticEmbedder) -> None:
    sentence_transformers = pytest.importorskip("sentence_transformers", reason="needs the optional models")

    model = sentence_transformers.SentenceTransformer(str(BUILTIN), device="cpu", local_files_only=True)
    theirs = model.encode(TEXTS, convert_to_numpy=True, show_progress_bar=False)

    np.testing.assert_allclose(theirs, embedder.embed_passages(TEXTS), atol=1e-2)
