"""What holds wherever the index is kept: the same answers, reopening, the switch of generations, and plain words when a server is away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from index_servers import free_port, running_chroma, running_milvus

from assistant.api import create_app
from assistant.settings import Settings
from assistant.wiring import build
from knowledge_base import CORPUS
from knowledge_base.embedder.embedding import StaticEmbedder, Vectors
from knowledge_base.errors import IndexMismatch, IndexUnavailable, StoreUnavailable, VectorStoreError
from knowledge_base.index.generations import IndexFolder, LiveIndex
from knowledge_base.index.lexical import LexicalEntry
from knowledge_base.index.stores import EMBEDDED, IndexStore, build_store, left_behind
from knowledge_base.publishing.ingest import IngestError, ingest
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.search.retrieval import Retriever

ROOT = Path(__file__).parents[2]
QUESTIONS = ("产假有多少天", "第七条讲啥", "培训补贴多少钱", "怎么学直播", "生娃儿能耍好久", "AI工具")
SERVERS: Mapping[str, Callable[[Path, int], AbstractContextManager[str]]] = {"chroma": running_chroma, "milvus": running_milvus}

Found = list[tuple[str, float]]


@pytest.fixture(params=["embedded", "chroma", "milvus", "milvus file"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of every kind of store."""
    if request.param in SERVERS:
        server: str = request.getfixturevalue(f"{request.param}_address")
        return server
    return "embedded" if request.param == "embedded" else f"milvus:{tmp_path / 'store' / 'index.db'}"


@pytest.fixture
def store(address: str) -> Iterator[IndexStore]:
    """The store of that address, hung up after the test."""
    built = build_store(address)
    yield built
    built.close()


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder of one rule that grants 98 days."""
    folder = tmp_path / "docs"
    folder.mkdir()
    write_rule(folder, 98)
    return folder


def write_rule(folder: Path, days: int) -> None:
    (folder / "规定.md").write_text(f"# 规定\n\n第一条 为了保护女职工。\n\n第二条 女职工享受{days}天产假。\n", encoding="utf-8")


def search(folder: IndexFolder, *questions: str) -> list[Found]:
    """What is found in the generation in use, the ids with their scores."""
    generation = folder.open(StaticEmbedder())
    retriever = Retriever(generation, StaticEmbedder(), Lexicon.load(CORPUS / "lexicon.yaml"))
    found = [[(p.passage.passage_id, p.score) for p in retriever.retrieve(q, 5)] for q in questions]
    generation.close()
    return found


def assert_the_same(found: list[Found], expected: list[Found]) -> None:
    """The same passages in the same order, but for those whose scores are as good as equal."""
    for ours, theirs in zip(found, expected, strict=True):
        assert [s for _, s in ours] == pytest.approx([s for _, s in theirs], abs=2e-5)
        scores = dict(theirs)
        edge = theirs[-1][1] if theirs else 0.0
        for (mine, score), (other, _) in zip(ours, theirs, strict=True):
            assert mine == other or scores.get(mine, edge) == pytest.approx(score, abs=2e-5)


def test_every_store_gives_the_same_answers_and_gives_them_again_when_reopened(
    address: str, small_corpus: Path, small_data_dir: Path, tmp_path: Path
) -> None:
    store = build_store(address)
    ingest(IndexFolder(tmp_path / "data", store), StaticEmbedder(), [small_corpus])
    store.close()
    expected = search(IndexFolder(small_data_dir), *QUESTIONS)

    for _ in range(2):
        again = build_store(address)
        assert_the_same(search(IndexFolder(tmp_path / "data", again), *QUESTIONS), expected)
        again.close()


@pytest.mark.slow
@pytest.mark.parametrize("address", ["chroma", "milvus"], indirect=True)
def test_the_five_best_for_every_development_question_are_those_of_the_embedded_store(
    store: IndexStore, shipped_data_dir: Path, tmp_path: Path
) -> None:
    lines = (ROOT / "evals" / "datasets" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["text"] for line in lines]
    folder = IndexFolder(tmp_path / "data", store)
    ingest(folder, StaticEmbedder())

    assert_the_same(search(folder, *questions), search(IndexFolder(shipped_data_dir), *questions))


def test_readers_follow_the_switch_and_what_no_generation_needs_is_dropped(store: IndexStore, docs: Path, tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path / "data", store)
    ingest(folder, StaticEmbedder(), [docs])
    live = LiveIndex(folder, StaticEmbedder())
    generations = [live.get()]
    collections = [folder.manifest("g000001").collection]
    for days in (118, 128, 158):
        write_rule(docs, days)
        name = ingest(folder, StaticEmbedder(), [docs]).generation
        collections.append(folder.manifest(name).collection)
        generations.append(live.get())

    texts = [{p.text for p in g.catalogue.passages()} for g in generations[-2:]]  # that readers hold open
    hits = [g.lexical.search("158天产假", 1)[0][0] for g in generations[-2:]]
    live.close()

    assert all(any(str(days) in text for text in held) for days, held in zip((128, 158), texts, strict=True))
    assert hits[0] != hits[1]
    assert folder.generations() == ["g000002", "g000003", "g000004"]
    if store.kind != EMBEDDED.kind:
        with pytest.raises(VectorStoreError):
            store.open_vectors(tmp_path, collections[0])
        for kept in collections[1:]:
            assert len(store.open_vectors(tmp_path, kept)) == 2


def test_what_a_killed_build_left_on_a_server_goes_with_the_next_ingest_and_what_is_others_stays(
    store: IndexStore, docs: Path, tmp_path: Path
) -> None:
    ours, others = IndexFolder(tmp_path / "data", store), IndexFolder(tmp_path / "others", store)
    ingest(ours, StaticEmbedder(), [docs])
    ingest(others, StaticEmbedder(), [docs])
    orphan = ours.new_collection()
    store.write_words(tmp_path / "orphan", orphan, [LexicalEntry("a.1", "产假")])
    store.write_vectors(tmp_path / "orphan", orphan, 512).close()

    write_rule(docs, 128)
    ingest(ours, StaticEmbedder(), [docs])

    if store.kind != EMBEDDED.kind:
        with pytest.raises(VectorStoreError):
            store.open_vectors(tmp_path / "orphan", orphan)
    assert search(others, "产假")[0]


class StopsHalfway(StaticEmbedder):
    """An embedder whose process dies while a generation is built."""

    def embed_passages(self, texts: object) -> Vectors:
        raise KeyboardInterrupt


def test_a_build_that_dies_leaves_the_generation_before_in_use(store: IndexStore, docs: Path, tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path / "data", store)
    ingest(folder, StaticEmbedder(), [docs])
    before = search(folder, "产假有多少天")

    write_rule(docs, 128)
    with pytest.raises(KeyboardInterrupt):
        ingest(folder, StopsHalfway(), [docs])

    assert search(folder, "产假有多少天") == before
    assert ingest(folder, StaticEmbedder(), [docs]).generation == "g000002"


def test_another_store_in_the_settings_is_told_and_the_next_ingest_moves_the_documents(
    milvus_address: str, docs: Path, tmp_path: Path
) -> None:
    ingest(IndexFolder(tmp_path / "data"), StaticEmbedder(), [docs])
    store = build_store(milvus_address)
    moved = IndexFolder(tmp_path / "data", store)

    with pytest.raises(IndexMismatch, match=r"embedded.*milvus.*assistant ingest --rebuild"):
        moved.open(StaticEmbedder())
    report = ingest(moved, StaticEmbedder(), [docs])

    assert (report.added, report.unchanged, report.generation) == (0, 1, "g000002")
    assert search(moved, "产假有多少天")[0]
    store.close()


@pytest.mark.parametrize("kind", SERVERS)
def test_a_server_that_lost_the_index_names_the_command(kind: str, docs: Path, tmp_path: Path) -> None:
    with SERVERS[kind](tmp_path / "one", 0) as address:
        store = build_store(address)
        ingest(IndexFolder(tmp_path / "data", store), StaticEmbedder(), [docs])
        store.close()
    with SERVERS[kind](tmp_path / "other", 0) as address:
        store = build_store(address)
        folder = IndexFolder(tmp_path / "data", store)

        with pytest.raises(IndexUnavailable, match="assistant ingest --rebuild"):
            folder.open(StaticEmbedder())
        assert ingest(folder, StaticEmbedder(), [docs]).generation == "g000002"
        store.close()


@pytest.mark.parametrize("kind", SERVERS)
def test_a_server_that_is_away_is_told_in_words_and_found_again_when_it_is_back(kind: str, docs: Path, tmp_path: Path) -> None:
    port, data_dir = free_port(), tmp_path / "data"
    settings = Settings.model_validate({"data_dir": data_dir, "store": f"{kind}://127.0.0.1:{port}"})
    parts = build(settings)
    with SERVERS[kind](tmp_path / "server", port):
        ingest(parts.folder, parts.embedder, [docs])
        parts.index.get()
    database = parts.open_store()
    with TestClient(create_app(parts, database), raise_server_exceptions=False) as client:
        answers = [client.get("/readyz"), client.post("/v1/ask", json={"question": "产假有多少天？"})]
        with SERVERS[kind](tmp_path / "server", port):
            back = [until(lambda: client.get("/readyz")), client.post("/v1/ask", json={"question": "产假有多少天？"})]
    with pytest.raises(IngestError, match=rf"连不上.*127\.0\.0\.1:{port}.*ASSISTANT_STORE.*原来的仍在使用"):
        ingest(parts.folder, parts.embedder, [docs])
    database.close()
    parts.close()

    assert [a.status_code for a in answers] == [503, 503]
    assert all("连不上" in a.json()["detail"] and "ASSISTANT_STORE" in a.json()["detail"] for a in answers)
    assert [a.status_code for a in back] == [200, 200]


def until(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """The first answer that is none of a client still connecting; the last of a few otherwise."""
    for _ in range(20):
        answer = ask()
        if answer.status_code == 200:
            break
    return answer


@pytest.mark.parametrize("kind", SERVERS)
def test_the_command_line_tells_of_a_server_that_is_away_in_one_line(kind: str, tmp_path: Path) -> None:
    environment = {**os.environ, "ASSISTANT_DATA_DIR": str(tmp_path), "ASSISTANT_STORE": f"{kind}://127.0.0.1:{free_port()}"}
    command = [sys.executable, "-m", "assistant", "ingest", "--json", str(ROOT / "knowledge_base" / "corpus" / "README.md")]

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 1
    assert "连不上" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_milvus_file_serves_one_process_at_a_time_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    with running_milvus(path):
        store = build_store(f"milvus:{path}")

        with pytest.raises(StoreUnavailable, match="只能有一个"):
            store.check()
        store.close()
    store.check()
    store.close()


@pytest.mark.parametrize(
    "address", ["", "chroma", "chroma:8000", "chroma://h:port", "milvus", "milvus:index", "milvus://", "redis://h", "Embedded"]
)
def test_an_address_that_is_none_is_refused_with_those_that_are(address: str) -> None:
    with pytest.raises(VectorStoreError, match="chroma://主机:8000"):
        build_store(address)


def test_a_password_in_a_malformed_address_is_not_shown() -> None:
    with pytest.raises(VectorStoreError) as caught:
        build_store("milvus://assistant:geheim@host:19530/db")

    assert "geheim" not in str(caught.value)


def test_only_an_owners_collections_that_no_generation_names_are_left_behind() -> None:
    names = ["wwda_a_g000001_x_words", "wwda_a_g000002_y_words", "wwda_b_g000001_x", "andere"]

    assert left_behind(names, "a", {"wwda_a_g000002_y", ""}) == ["wwda_a_g000001_x_words"]


def test_the_default_needs_no_milvus() -> None:
    code = "import sys; from assistant.wiring import build; from assistant.settings import Settings; build(Settings()); print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)

    assert not {"pymilvus", "milvus_lite", "faiss"} & set(done.stdout.split())
