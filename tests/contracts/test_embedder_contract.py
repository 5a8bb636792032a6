"""What every embedder promises, whatever it is made of."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from knowledge_base.embedder.embedding import (
    EMBEDDERS,
    Embedder,
    HashingEmbedder,
    SentenceTransformerEmbedder,
    build_embedder,
    query_prompt_of,
)
from knowledge_base.errors import EmbedderError

TEXTS = ["产假多少天", "女职工直播怎么学", "人工智能训练师证书报名", "失业保险金怎么领取", "Excel 函数 SUMIF", "第七条"]
BATCH_TOLERANCE = 1e-5  # padding changes the order of float additions


@pytest.fixture(params=["builtin", "hashing", *(pytest.param(n, marks=pytest.mark.slow) for n in ("tiny_model", "tiny_bge", "tiny_qwen"))])
def make(request: pytest.FixtureRequest) -> Callable[[], Embedder]:
    """Builds the embedder anew each time it is called."""
    if request.param in EMBEDDERS:
        return lambda: build_embedder(request.param)
    folder: Path = request.getfixturevalue(request.param)
    return lambda: build_embedder(f"sentence-transformers:{folder}")


class TestEmbedder:
    def test_a_vector_a_text_float32_and_of_unit_length(self, make: Callable[[], Embedder]) -> None:
        embedder = make()

        for vectors in (embedder.embed_passages(TEXTS), embedder.embed_queries(TEXTS)):
            assert vectors.shape == (len(TEXTS), embedder.dimension)
            assert vectors.dtype == np.float32
            np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)

    def test_no_texts_give_no_rows(self, make: Callable[[], Embedder]) -> None:
        embedder = make()

        assert embedder.embed_passages([]).shape == embedder.embed_queries([]).shape == (0, embedder.dimension)
        assert embedder.embed_passages([]).dtype == np.float32

    def test_order_and_batch_do_not_matter(self, make: Callable[[], Embedder]) -> None:
        embedder = make()
        together = embedder.embed_passages(TEXTS)
        order = random.Random(7).sample(range(len(TEXTS)), len(TEXTS))

        np.testing.assert_allclose(embedder.embed_passages([TEXTS[i] for i in order]), together[order], atol=BATCH_TOLERANCE)
        alone = np.vstack([embedder.embed_passages([t]) for t in TEXTS])
        np.testing.assert_allclose(alone, together, atol=BATCH_TOLERANCE)

    def test_built_twice_it_gives_the_same_vectors_under_one_fingerprint(self, make: Callable[[], Embedder]) -> None:
        one, other = make(), make()

        assert one.fingerprint == other.fingerprint
        np.testing.assert_array_equal(one.embed_queries(TEXTS), other.embed_queries(TEXTS))

    @pytest.mark.parametrize("text", ["", "　\n", "，。！", "\x00\u200b", "🙂", "长" * 5000, "䶮𠮷"])
    def test_any_text_gives_a_finite_row_of_length_one_or_nought(self, make: Callable[[], Embedder], text: str) -> None:
        (vector,) = make().embed_passages([text])

        assert np.isfinite(vector).all()
        length = float(np.linalg.norm(vector))
        assert length == pytest.approx(1.0, abs=1e-5) or length == 0.0

    def test_a_text_is_most_like_itself(self, make: Callable[[], Embedder]) -> None:
        vectors = make().embed_passages(TEXTS)

        assert (np.argmax(vectors @ vectors.T, axis=1) == np.arange(len(TEXTS))).all()


def test_a_text_without_words_gives_a_zero_row_in_the_hashing_embedder() -> None:
    assert not HashingEmbedder().embed_passages(["，。！", ""]).any()


def test_forms_of_one_text_have_one_vector_in_the_hashing_embedder() -> None:
    one, other = HashingEmbedder().embed_passages(["第七條　產假ＡＩ", "第7条 产假ai"])

    np.testing.assert_array_equal(one, other)


def test_the_fingerprint_of_the_hashing_embedder_tells_its_dimension() -> None:
    assert HashingEmbedder(64).fingerprint != HashingEmbedder(128).fingerprint


@pytest.mark.slow
def test_the_query_prompt_of_a_model_is_used_for_queries_only(tiny_model: Path) -> None:
    plain, prompted = SentenceTransformerEmbedder(str(tiny_model), query_prompt=""), SentenceTransformerEmbedder(str(tiny_model))

    np.testing.assert_allclose(plain.embed_queries(TEXTS), plain.embed_passages(TEXTS), atol=BATCH_TOLERANCE)
    np.testing.assert_allclose(prompted.embed_passages(TEXTS), plain.embed_passages(TEXTS), atol=BATCH_TOLERANCE)
    assert not np.allclose(prompted.embed_queries(TEXTS), plain.embed_queries(TEXTS), atol=1e-3)
    assert prompted.fingerprint != plain.fingerprint


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("BAAI/bge-small-zh-v1.5", "为这个句子生成表示"),
        ("/models/bge-large-zh", "为这个句子生成表示"),
        ("/hub/models--BAAI--bge-base-zh-v1.5/snapshots/0f2c", "为这个句子生成表示"),
        ("Qwen/Qwen3-Embedding-0.6B", "Instruct: "),
        ("BAAI/bge-m3", ""),
        ("/models/own", ""),
    ],
)
def test_the_query_prompt_of_a_known_model_follows_from_its_name(name: str, begins: str) -> None:
    prompt = query_prompt_of(name)

    assert prompt.startswith(begins)
    assert bool(prompt) == bool(begins)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["tiny_bge", "tiny_qwen"])
def test_a_known_model_gets_its_query_prompt_without_a_setting(model: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(model)
    embedder = SentenceTransformerEmbedder(str(folder))
    plain = SentenceTransformerEmbedder(str(folder), query_prompt="")

    prompted = [query_prompt_of(folder.name) + text for text in TEXTS]

    np.testing.assert_allclose(embedder.embed_queries(TEXTS), plain.embed_queries(prompted), atol=BATCH_TOLERANCE)
    np.testing.assert_allclose(embedder.embed_passages(TEXTS), plain.embed_passages(TEXTS), atol=BATCH_TOLERANCE)
    assert not np.allclose(embedder.embed_queries(TEXTS), plain.embed_queries(TEXTS), atol=1e-3)
    assert embedder.fingerprint != plain.fingerprint


@pytest.mark.slow
def test_other_weights_under_the_same_name_have_another_fingerprint(tiny_model: Path, tmp_path: Path) -> None:
    copy = tmp_path / tiny_model.name
    shutil.copytree(tiny_model, copy)
    same = SentenceTransformerEmbedder(str(copy)).fingerprint
    weights = next(copy.rglob("*.safetensors"))
    data = bytearray(weights.read_bytes())
    data[-3] ^= 0x20
    weights.write_bytes(data)

    assert same == SentenceTransformerEmbedder(str(tiny_model)).fingerprint
    assert SentenceTransformerEmbedder(str(copy)).fingerprint != same


# The suite blocks every socket outside loopback: that these pass says that nothing reaches for a hub.


@pytest.mark.slow
@pytest.mark.parametrize("name", ["没有这个文件夹/bge", "BAAI/bge-small-zh-v1.5-没有"])
def test_a_missing_model_says_where_to_put_it(tiny_model: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(EmbedderError, match=r"打不开.*ASSISTANT_EMBEDDER"):
        build_embedder(f"sentence-transformers:{name}")


@pytest.mark.slow
def test_an_empty_model_folder_says_what_to_do(tiny_model: Path, tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="ASSISTANT_EMBEDDER"):
        build_embedder(f"sentence-transformers:{tmp_path}")


@pytest.mark.slow
def test_a_model_with_broken_weights_says_what_to_do(tiny_model: Path, tmp_path: Path) -> None:
    copy = tmp_path / "broken"
    shutil.copytree(tiny_model, copy)
    for weights in copy.rglob("*.safetensors"):
        weights.write_bytes(weights.read_bytes()[:100])

    with pytest.raises(EmbedderError, match="ASSISTANT_EMBEDDER"):
        build_embedder(f"sentence-transformers:{copy}")


@pytest.mark.parametrize("setting", ["", "bge", "openai:gpt", "Builtin"])
def test_an_unknown_embedder_names_the_known_ones(setting: str) -> None:
    with pytest.raises(EmbedderError) as caught:
        build_embedder(setting)
    assert all(name in str(caught.value) for name in EMBEDDERS)
