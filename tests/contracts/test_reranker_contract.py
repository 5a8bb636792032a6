"""What every reranker promises, whatever it is made of."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tiny_models import make_cross_encoder

from knowledge_base.errors import RerankerError
from knowledge_base.search.reranking import CrossEncoderReranker, Reranker, build_reranker
from knowledge_base.text.normalise import tokens

QUERY = "产假多少天"
TEXTS = ["产假补贴多少天", "女职工直播怎么学", "人工智能训练师证书报名", "失业保险金怎么领取", ""]


class SharedWords:
    """Scores by the part of the question's tokens that a text holds: what the tests rerank with."""

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        asked = set(tokens(query))
        return [len(asked & set(tokens(t))) / max(len(asked), 1) for t in texts]


@pytest.fixture(params=["shared words", pytest.param("cross-encoder", marks=pytest.mark.slow)])
def make(request: pytest.FixtureRequest) -> Callable[[], Reranker]:
    """Builds the reranker anew each time it is called."""
    if request.param == "shared words":
        return SharedWords
    folder: Path = request.getfixturevalue("tiny_cross_encoder")
    return lambda: CrossEncoderReranker(str(folder))


class TestReranker:
    def test_a_score_a_text_between_nought_and_one(self, make: Callable[[], Reranker]) -> None:
        scores = make().score(QUERY, TEXTS)

        assert len(scores) == len(TEXTS)
        assert all(isinstance(s, float) and 0 <= s <= 1 for s in scores)

    def test_no_texts_give_no_scores(self, make: Callable[[], Reranker]) -> None:
        assert make().score(QUERY, []) == []

    def test_order_and_batch_do_not_matter(self, make: Callable[[], Reranker]) -> None:
        reranker = make()
        together = reranker.score(QUERY, TEXTS)

        assert reranker.score(QUERY, TEXTS[::-1]) == pytest.approx(together[::-1], abs=1e-5)
        assert [reranker.score(QUERY, [t])[0] for t in TEXTS] == pytest.approx(together, abs=1e-5)

    def test_built_twice_it_gives_the_same_scores(self, make: Callable[[], Reranker]) -> None:
        assert make().score(QUERY, TEXTS) == make().score(QUERY, TEXTS)


def test_no_setting_is_no_reranker() -> None:
    assert build_reranker("") is None


def test_a_missing_folder_says_where_to_put_the_model(tmp_path: Path) -> None:
    with pytest.raises(RerankerError, match="ASSISTANT_RERANKER"):
        build_reranker(str(tmp_path / "没有"))


@pytest.mark.slow
def test_an_empty_folder_and_broken_weights_say_what_to_do(tiny_cross_encoder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(tiny_cross_encoder, broken)
    for weights in broken.rglob("*.safetensors"):
        weights.write_bytes(weights.read_bytes()[:100])
    (tmp_path / "empty").mkdir()

    for folder in (broken, tmp_path / "empty"):
        with pytest.raises(RerankerError, match=r"打不开.*ASSISTANT_RERANKER"):
            build_reranker(str(folder))


@pytest.mark.slow
def test_a_model_with_several_outputs_is_refused(bert_tokenizer: Path, tmp_path: Path) -> None:
    folder = make_cross_encoder(bert_tokenizer, tmp_path / "three", outputs=3)

    with pytest.raises(RerankerError, match="3 个输出"):
        build_reranker(str(folder))
