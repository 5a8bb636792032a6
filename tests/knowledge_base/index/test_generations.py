"""Generations: what killed processes leave, readers of one generation, and the switch to the next."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge_base.embedder.embedding import Embedder, StaticEmbedder
from knowledge_base.errors import IndexUnavailable
from knowledge_base.index.generations import KEPT_GENERATIONS, Generation, IndexFolder, LiveIndex, Manifest
from knowledge_base.publishing.ingest import ingest
from knowledge_base.search.retrieval import Retriever

ROOT = Path(__file__).parents[3]
Open = Callable[[Path], Generation]


def write_rules(docs: Path, days: int, count: int = 3) -> None:
    docs.mkdir(exist_ok=True)
    for n in range(1, count + 1):
        (docs / f"规定{n}.md").write_text(
            f"# 规定{n}\n\n第一条 为了保护女职工，制定规定{n}。\n\n第二条 女职工享受{days}天产假。\n\n第三条 自2025年1月1日起施行。\n",
            encoding="utf-8",
        )


@pytest.fixture
def index(tmp_path: Path) -> IndexFolder:
    """An index of three rules that grant 98 days."""
    write_rules(tmp_path / "docs", 98)
    folder = IndexFolder(tmp_path / "data")
    ingest(folder, StaticEmbedder(), [tmp_path / "docs"])
    return folder


def ingest_again(index: IndexFolder, days: int) -> str:
    docs = index.path.parents[1] / "docs"
    write_rules(docs, days)
    return ingest(index, StaticEmbedder(), [docs]).generation


def days_granted(generation: Generation) -> set[str]:
    found = Retriever(generation, StaticEmbedder()).retrieve("女职工享受多少天产假", 3)
    return {p.passage.text.removeprefix("第二条 女职工享受").removesuffix("天产假。") for p in found}


def test_before_the_first_ingest_there_is_nothing_to_open(tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path)

    assert folder.current() is None
    assert folder.generations() == []
    with pytest.raises(IndexUnavailable, match="请先运行 assistant ingest"):
        folder.open(StaticEmbedder())


def test_a_pointer_to_a_generation_that_is_gone_names_the_command(index: IndexFolder) -> None:
    shutil.rmtree(index.path / "g000001")

    with pytest.raises(IndexUnavailable, match=r"g000001.*assistant ingest --rebuild"):
        index.open(StaticEmbedder())


@pytest.mark.parametrize("written", ["", "{}", "[]", "不是 JSON", '{"generation": "g000001"}'])
def test_a_manifest_that_cannot_be_read_names_the_command(index: IndexFolder, written: str) -> None:
    (index.path / "g000001" / "manifest.json").write_text(written, encoding="utf-8")

    with pytest.raises(IndexUnavailable, match="assistant ingest --rebuild"):
        index.open(StaticEmbedder())


def test_a_manifest_tells_what_the_generation_holds(index: IndexFolder) -> None:
    manifest = index.manifest("g000001")

    assert (manifest.documents, manifest.passages, manifest.embedder) == (3, 9, StaticEmbedder().fingerprint)
    assert json.loads((index.path / "g000001" / "manifest.json").read_text(encoding="utf-8"))["generation"] == "g000001"


def test_an_older_tokeniser_is_refused_with_the_command(index: IndexFolder) -> None:
    path = index.path / "g000001" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "tokeniser": "uni-bigram-0"}), encoding="utf-8")

    with pytest.raises(IndexUnavailable, match="assistant ingest --rebuild"):
        index.open(StaticEmbedder())


def test_the_next_ingest_sweeps_what_killed_ones_left(index: IndexFolder) -> None:
    for left in ("building-4711", "building-4712-abc/vectors"):
        (index.path / left).mkdir(parents=True)
    shutil.copytree(index.path / "g000001", index.path / "g000002")
    (index.path / "g000002" / "served").unlink()  # killed between the rename and the switch
    (index.path / "g000000" / "vectors").mkdir(parents=True)  # killed while it was being removed

    name = ingest_again(index, 128)

    assert sorted(p.name for p in index.path.iterdir() if p.is_dir()) == ["g000001", name]
    assert index.current() == name == "g000003"


def test_the_generation_before_outlives_the_switch(index: IndexFolder, opened: Open) -> None:
    before = opened(index.path.parent)

    ingest_again(index, 128)

    assert days_granted(before) == {"98"}
    assert days_granted(opened(index.path.parent)) == {"128"}


def test_a_live_index_reopens_after_a_switch(index: IndexFolder) -> None:
    live = LiveIndex(index, StaticEmbedder())
    first = live.get()
    assert live.get() is first

    ingest_again(index, 128)

    second = live.get()
    assert second is not first
    assert (days_granted(second), days_granted(first)) == ({"128"}, {"98"})
    live.close()


def test_a_live_index_closes_the_generation_before_the_last(index: IndexFolder) -> None:
    class Opened:
        """What a generation is to a live index: a manifest and a way to close it."""

        def __init__(self, manifest: Manifest) -> None:
            self.manifest, self.open = manifest, True

        def close(self) -> None:
            self.open = False

    def opener(_: Embedder) -> Generation:
        return Opened(index.manifest(index.current() or ""))  # type: ignore[return-value]

    live = LiveIndex(index, StaticEmbedder(), opener)
    seen = [live.get()]
    for days in (128, 158):
        ingest_again(index, days)
        seen.append(live.get())

    assert [o.open for o in seen] == [False, True, True]  # type: ignore[attr-defined]
    live.close()
    assert not any(o.open for o in seen)  # type: ignore[attr-defined]


def test_threads_that_ask_during_a_switch_get_one_of_the_two(index: IndexFolder) -> None:
    live = LiveIndex(index, StaticEmbedder())
    live.get()
    seen: list[set[str]] = []
    faults: list[Exception] = []
    done = threading.Event()

    def ask() -> None:
        try:
            while not done.is_set():
                seen.append(days_granted(live.get()))
        except Exception as exc:  # noqa: BLE001 - whatever a reader meets is a fault
            faults.append(exc)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for days in (128, 98):
        ingest_again(index, days)
        live.get()
    done.set()
    for thread in threads:
        thread.join()
    live.close()

    assert faults == []
    assert {"98"} in seen
    assert all(s in ({"98"}, {"128"}) for s in seen)


READER = """
import sys
from pathlib import Path
from knowledge_base.embedder.embedding import StaticEmbedder
from knowledge_base.index.generations import IndexFolder
from knowledge_base.search.retrieval import Retriever

sys.stdin.readline()
for _ in range(5):
    generation = IndexFolder(Path(sys.argv[1])).open(StaticEmbedder())
    found = Retriever(generation, StaticEmbedder()).retrieve("产假有多少天", 3)
    assert found[0].passage.clause == "第七条", found
    generation.close()
print("读完了")
"""


def test_several_processes_may_open_one_generation_at_once(small_data_dir: Path) -> None:
    command = [sys.executable, "-c", READER, str(small_data_dir)]
    readers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        for _ in range(3)
    ]
    for reader in readers:
        assert reader.stdin is not None
        reader.stdin.write("\n")
        reader.stdin.flush()

    outcomes = [reader.communicate(timeout=120) for reader in readers]

    assert [(out.strip(), err[-500:]) for out, err in outcomes] == [("读完了", "")] * 3


KILLS = 10


@pytest.mark.slow
def test_a_killed_ingest_leaves_an_index_that_answers(tmp_path: Path) -> None:
    """SIGKILL at ten seeded points of a real ingest; whichever generation is in use afterwards is whole."""
    docs, data_dir = tmp_path / "docs", tmp_path / "data"
    index = IndexFolder(data_dir)
    environment = {**os.environ, "ASSISTANT_DATA_DIR": str(data_dir), "ASSISTANT_EMBEDDER": "builtin"}
    command = [sys.executable, "-m", "assistant", "ingest", str(docs), "--json"]
    write_rules(docs, 100, 60)
    ingest(index, StaticEmbedder(), [docs])
    begun = time.monotonic()
    ingest(index, StaticEmbedder(), [docs], rebuild=True)
    window = time.monotonic() - begun

    chance = random.Random(20251128)
    granted, interrupted = 100, 0
    for _ in range(KILLS):
        before, left = index.current(), set(index.path.glob("building-*"))
        write_rules(docs, granted + 1, 60)
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while process.poll() is None and set(index.path.glob("building-*")) <= left:
            time.sleep(0.002)
        time.sleep(chance.random() * window)
        process.send_signal(signal.SIGKILL)
        _, err = process.communicate(timeout=60)
        assert process.returncode in (0, -signal.SIGKILL), err

        interrupted += bool(list(index.path.glob("building-*")))
        generation = index.open(StaticEmbedder())
        granted += generation.manifest.generation != before
        assert days_granted(generation) == {str(granted)}, (before, generation.manifest)
        assert generation.manifest.passages == 180
        generation.close()

    assert interrupted, "every kill came too late to say anything"
    write_rules(docs, 300, 60)
    assert ingest(index, StaticEmbedder(), [docs]).added == 60
    generation = index.open(StaticEmbedder())
    assert days_granted(generation) == {"300"}
    generation.close()
    assert len([p for p in index.path.iterdir() if p.is_dir()]) == KEPT_GENERATIONS
