"""What every vector store promises; a plain one in memory is held to the same, so that the promise is known to be keepable."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest

from knowledge_base.embedder.embedding import HashingEmbedder, Vectors
from knowledge_base.errors import VectorStoreError
from knowledge_base.index.milvus import MilvusConnection, MilvusVectors
from knowledge_base.index.vectors import ChromaServer, ChromaStore, VectorStore

DIMENSION = 32


class ExactStore:
    """A store in memory that compares with every vector."""

    def __init__(self) -> None:
        self._vectors: dict[str, Vectors] = {}

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        self._vectors.update(zip(ids, vectors, strict=True))

    def search(self, vector: Vectors, top_k: int, *, among: Collection[str] | None = None) -> list[tuple[str, float]]:
        if not vector.any():
            return []
        scores = [(i, float(v @ vector)) for i, v in self._vectors.items() if among is None or i in among]
        return sorted(scores, key=lambda hit: (-hit[1], hit[0]))[: max(top_k, 0)]

    def get(self, ids: Sequence[str]) -> Mapping[str, Vectors]:
        return {i: self._vectors[i] for i in ids if i in self._vectors}

    def __len__(self) -> int:
        return len(self._vectors)

    def close(self) -> None:
        self._vectors.clear()


def unit(rows: int, seed: int = 3) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(rows, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def chroma_server(chroma_address: str) -> Iterator[ChromaServer]:
    """The connection to the shared Chroma server."""
    parts = urlsplit(chroma_address)
    server = ChromaServer(str(parts.hostname), int(parts.port or 0))
    yield server
    server.close()


def a_name() -> str:
    return f"contract_{uuid.uuid4().hex}"


@pytest.fixture(params=["exact", "chroma", "chroma graph", "chroma server", "milvus"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], VectorStore]]:
    """Makes an empty store; every one is closed after the test."""
    made: list[VectorStore] = []

    def server() -> VectorStore:
        connected: ChromaServer = request.getfixturevalue("chroma_server")
        return connected.create(a_name())

    def milvus() -> VectorStore:
        connection: MilvusConnection = request.getfixturevalue("milvus_lite")
        return MilvusVectors.create(connection, a_name(), DIMENSION)

    makers: Mapping[str, Callable[[], VectorStore]] = {
        "exact": ExactStore,
        "chroma": lambda: ChromaStore(tmp_path / f"vectors-{len(made)}"),
        "chroma graph": lambda: ChromaStore(tmp_path / f"vectors-{len(made)}", exact_up_to=0),
        "chroma server": server,
        "milvus": milvus,
    }

    def make_store() -> VectorStore:
        made.append(makers[request.param]())
        return made[-1]

    yield make_store
    for store in made:
        store.close()


class TestVectorStore:
    def test_the_nearest_come_first_with_inner_products_as_scores(self, make: Callable[[], VectorStore]) -> None:
        store, vectors = make(), unit(50)
        store.add([f"p.{i:02d}" for i in range(50)], vectors)

        hits = store.search(vectors[7], 10)

        exact = vectors @ vectors[7]
        assert hits[0][0] == "p.07"
        assert [i for i, _ in hits] == [f"p.{i:02d}" for i in np.argsort(-exact)[:10]]
        np.testing.assert_allclose([s for _, s in hits], np.sort(exact)[::-1][:10], atol=1e-5)

    def test_ties_are_ordered_by_id(self, make: Callable[[], VectorStore]) -> None:
        store, vector = make(), unit(1)
        store.add(["c.1", "a.2", "b.1", "a.10"], np.repeat(vector, 4, axis=0))

        assert [i for i, _ in store.search(vector[0], 10)] == ["a.10", "a.2", "b.1", "c.1"]

    @pytest.mark.parametrize("top_k", [0, -1])
    def test_asking_for_none_gives_none(self, make: Callable[[], VectorStore], top_k: int) -> None:
        store = make()
        store.add(["a"], unit(1))

        assert store.search(unit(1)[0], top_k) == []

    def test_asking_for_more_than_there_are_gives_all(self, make: Callable[[], VectorStore]) -> None:
        store = make()
        store.add(["a", "b"], unit(2))

        assert len(store.search(unit(1)[0], 100)) == 2

    def test_a_zero_vector_and_an_empty_store_find_nothing(self, make: Callable[[], VectorStore]) -> None:
        store = make()

        assert store.search(unit(1)[0], 3) == []
        store.add(["a"], unit(1))
        assert store.search(np.zeros(DIMENSION, dtype=np.float32), 3) == []

    def test_only_those_among_the_given_are_found(self, make: Callable[[], VectorStore]) -> None:
        store, vectors = make(), unit(50)
        store.add([f"p.{i:02d}" for i in range(50)], vectors)
        given = {"p.03", "p.07", "p.41", "nicht-da"}

        hits = store.search(vectors[7], 10, among=given)

        order = sorted((3, 7, 41), key=lambda i: -float(vectors[i] @ vectors[7]))
        assert [i for i, _ in hits] == [f"p.{i:02d}" for i in order]
        assert len(store.search(vectors[7], 2, among=given)) == 2
        assert store.search(vectors[7], 10, among=set()) == []
        assert store.search(vectors[7], 10, among=given) == hits

    def test_vectors_come_back_as_they_went_in(self, make: Callable[[], VectorStore]) -> None:
        store, vectors = make(), unit(3)
        store.add(["a", "b", "c"], vectors)

        got = store.get(["c", "nicht-da", "a"])

        assert set(got) == {"a", "c"}
        np.testing.assert_allclose(got["c"], vectors[2], atol=1e-6)
        assert store.get([]) == {}

    def test_vectors_may_be_added_in_parts_and_none_at_all(self, make: Callable[[], VectorStore]) -> None:
        store, vectors = make(), unit(5)

        store.add([], vectors[:0])
        store.add(["a", "b"], vectors[:2])
        store.add(["c", "d", "e"], vectors[2:])

        assert len(store) == 5

    def test_two_stores_know_nothing_of_each_other(self, make: Callable[[], VectorStore]) -> None:
        one, other = make(), make()
        one.add(["a"], unit(1))

        assert (len(one), len(other)) == (1, 0)

    def test_zero_rows_are_kept_and_do_no_harm(self, make: Callable[[], VectorStore]) -> None:
        store, vectors = make(), unit(3)
        vectors[1] = 0
        store.add(["a", "zero", "c"], vectors)

        assert store.search(vectors[0], 1)[0][0] == "a"
        assert not store.get(["zero"])["zero"].any()


def test_chroma_holds_what_was_added_after_it_is_opened_again(tmp_path: Path) -> None:
    vectors = unit(2500)
    store = ChromaStore(tmp_path / "vectors")
    store.add([f"p.{i}" for i in range(2500)], vectors)
    store.close()

    again = ChromaStore(tmp_path / "vectors")

    assert len(again) == 2500
    assert again.search(vectors[2400], 1)[0][0] == "p.2400"
    again.close()


@pytest.mark.parametrize("kind", ["chroma", "milvus"])
def test_a_graph_finds_nearly_all_that_lie_nearest(kind: str, tmp_path: Path, milvus_lite: MilvusConnection) -> None:
    texts = [f"第{n}条 女职工数字技能培训补贴{n % 37}元，{n % 11}个月内领取" for n in range(1500)]
    vectors = HashingEmbedder(256).embed_passages(texts)
    store: VectorStore = (
        ChromaStore(tmp_path / "vectors", exact_up_to=0) if kind == "chroma" else MilvusVectors.create(milvus_lite, a_name(), 256)
    )
    exact = ExactStore()
    for each in (store, exact):
        each.add([f"p.{i}" for i in range(len(texts))], vectors)

    found = wanted = 0
    for query in vectors[::75]:
        best = exact.search(query, 60)
        floor = best[-1][1] - 1e-5
        wanted += 60
        found += sum(1 for _, score in store.search(query, 60) if score >= floor)
    store.close()

    assert found / wanted > 0.95


def test_a_folder_that_is_no_store_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"not a database" * 100)

    with pytest.raises(VectorStoreError, match="assistant ingest --rebuild"):
        ChromaStore(tmp_path)


def test_a_folder_that_was_refused_once_is_refused_again_in_the_same_words(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"not a database" * 100)
    with pytest.raises(VectorStoreError):
        ChromaStore(tmp_path)

    with pytest.raises(VectorStoreError, match="assistant ingest --rebuild"):
        ChromaStore(tmp_path)
