"""What is measured: the port :class:`Target` and its adapters, in this process and over HTTP."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

import httpx

from assistant.answering import Assistant
from assistant.settings import Settings
from assistant.types import Question
from assistant.understanding.turn import standalone
from assistant.wire.presenting import present_answer
from assistant.wire.schemas import AnswerOut
from assistant.wiring import Parts, build
from evals.errors import TargetError
from evals.samples import Sample
from evals.settings import EvalSettings
from knowledge_base.editorial.corpus_check import FOLDERS
from knowledge_base.publishing.ingest import ingest
from knowledge_base.search.retrieval import Filters

RANKED = 10
"""Passages of the retrieval that are looked at; the metrics are cut there."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Source ids of the first passages, best first; how many passages of the index hold a gold fact; the score of the first."""

    source_ids: tuple[tuple[str, ...], ...]
    relevant: int
    best_score: float


@dataclass(frozen=True, slots=True)
class Reply:
    """What a target gave for one sample. ``answer`` is None when it failed, and ``error`` says how.

    ``passages`` are the texts of the cited passages by id. ``ms`` are milliseconds from question to whole answer.
    """

    answer: AnswerOut | None
    passages: Mapping[str, str] = field(default_factory=dict)
    ms: float | None = None
    ranking: Ranking | None = None
    error: str = ""


class Target(Protocol):
    """Answers samples.

    ``reply`` may raise anything: the runner makes a row of it. Adapters are safe to call from several threads if they say so.
    """

    @property
    def name(self) -> str:
        """Name of the system in tables."""
        ...

    @property
    def threads(self) -> int:
        """How many samples may be asked at once."""
        ...

    def describe(self) -> Mapping[str, object]:
        """What a run's config says of it: generation, embedder, corpus, address."""
        ...

    def reply(self, sample: Sample) -> Reply:
        """The answer to a sample."""
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...


class ServiceTarget:
    """The parts of a service that runs in this process: its settings, and the knowledge base that it answers from.

    The parts belong to the service and stay open.
    """

    name = "正在运行的服务"
    threads = 1
    _kind = "service"

    def __init__(self, parts: Parts, assistant: Assistant | None = None) -> None:
        """Look at the index in use.

        Args:
            parts: what the service is made of.
            assistant: the assistant to ask; the parts' own when None.
        """
        self._parts = parts
        self._assistant = assistant or parts.assistant
        self._holders: dict[str, set[str]] = {}
        for passage in parts.index.get().catalogue.passages():
            for source_id in passage.source_ids:
                self._holders.setdefault(source_id, set()).add(passage.passage_id)

    @property
    def parts(self) -> Parts:
        """What the measured product is made of."""
        return self._parts

    def describe(self) -> Mapping[str, object]:
        """What the generation that answers was built from, not when, where or by whom, and the settings that answers hang on."""
        return describe_parts(self._parts, self._kind)

    def reply(self, sample: Sample) -> Reply:
        """Ask the assistant, then look at what retrieval gives for the same question."""
        question = question_of(sample)
        begun = time.perf_counter()
        answer = self._assistant.ask(question)
        ms = 1000 * (time.perf_counter() - begun)
        passages = {c.passage.passage_id: c.passage.text for c in answer.citations}
        return Reply(present_answer(answer), passages, ms, self._rank(sample, question))

    def _rank(self, sample: Sample, question: Question) -> Ranking:
        reader = self._assistant.reader()
        filters = Filters(question.as_of, question.region, question.kinds)
        found = reader.retriever.search(standalone(question, self._parts.lexicon), RANKED, filters).passages
        relevant = set().union(*(self._holders.get(i, set()) for i in sample.gold_facts)) if sample.gold_facts else set()
        return Ranking(tuple(f.passage.source_ids for f in found), len(relevant), found[0].score if found else 0.0)

    def close(self) -> None:
        """Leave the parts to the service."""


class InProcessTarget(ServiceTarget):
    """The product in this process, over an index that it builds itself from the shipped corpus.

    ``adjust`` may give another assistant made from the parts; the sabotage tests use it.
    """

    name = "本系统"
    _kind = "in-process"

    def __init__(
        self,
        data_dir: Path,
        *,
        corpus: Sequence[Path] = (),
        extra: Sequence[Path] = (),
        adjust: Callable[[Parts], Assistant] | None = None,
        settings: Settings | None = None,
    ) -> None:
        """Build the parts and bring the index up to date.

        Args:
            data_dir: folder for the index; kept, so that a second run starts at once.
            corpus: files or folders to ingest in place of the shipped corpus.
            extra: files or folders to ingest beside it.
            adjust: makes the assistant that is asked; the parts' own when None.
            settings: settings other than those of the environment.
        """
        parts = build((settings or Settings()).model_copy(update={"data_dir": data_dir}))
        ingest(parts.folder, parts.embedder, corpus)
        if extra:
            ingest(parts.folder, parts.embedder, extra)
        super().__init__(parts, adjust(parts) if adjust else None)

    def close(self) -> None:
        """Close the index."""
        self._parts.close()


class HttpTarget:
    """A running service. Safe to call from several threads."""

    threads = 4

    def __init__(self, url: str, *, api_key: str = "", timeout: float = 60.0) -> None:
        """Connect.

        Raises:
            TargetError: nothing answers at the address, or it is not ready.
        """
        self.name = url.rstrip("/")
        headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(base_url=self.name, headers=headers, timeout=timeout)
        self._texts: dict[str, str] = {}
        try:
            self._client.get("/readyz").raise_for_status()
        except httpx.HTTPError as exc:
            raise TargetError(f"{self.name} 没有就绪：{exc}。请先运行 make run，或改 --url") from exc

    def describe(self) -> Mapping[str, object]:
        """The address."""
        return {"kind": "http", "url": self.name}

    def reply(self, sample: Sample) -> Reply:
        """Post the question, then read the cited passages."""
        body: dict[str, object] = {"question": sample.text}
        if sample.history:
            body["history"] = [{"role": t.role, "content": t.content} for t in sample.history]
        if sample.as_of:
            body["as_of"] = sample.as_of.isoformat()
        if sample.region:
            body["region"] = sample.region
        begun = time.perf_counter()
        response = self._client.post("/v1/ask", json=body)
        response.raise_for_status()
        ms = 1000 * (time.perf_counter() - begun)
        answer = AnswerOut.model_validate_json(response.content)
        return Reply(answer, {c.passage_id: text for c in answer.citations if (text := self._text(c.passage_id))}, ms)

    def _text(self, passage_id: str) -> str | None:
        if passage_id not in self._texts:
            with suppress(httpx.HTTPError, ValueError, LookupError, TypeError):
                response = self._client.get(f"/v1/passages/{passage_id}").raise_for_status()
                self._texts[passage_id] = str(response.json()["text"])
        return self._texts.get(passage_id)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def describe_parts(parts: Parts, kind: str) -> dict[str, object]:
    """What the generation of parts was built from, and the settings that answers depend on."""
    manifest = asdict(parts.index.get().manifest)
    held = {k: v for k, v in manifest.items() if k not in ("built", "collection", "author")}
    return {"kind": kind, **held, "model": parts.settings.model, "region": parts.settings.region}


def connect(url: str) -> HttpTarget:
    """The running service at an address, with the key that the environment has for it.

    Raises:
        TargetError: nothing answers at the address, or it is not ready.
    """
    return HttpTarget(url, api_key=EvalSettings().api_key)


def question_of(sample: Sample) -> Question:
    """The question that a sample asks."""
    question = Question(sample.text, sample.history, as_of=sample.as_of)
    return Question(sample.text, sample.history, as_of=sample.as_of, region=sample.region) if sample.region else question


def copy_corpus(source: Path, to: Path) -> Path:
    """Copy the documents of a corpus folder (not its lists) to a new folder; that folder."""
    for name in FOLDERS:
        shutil.copytree(source / name, to / name)
    return to
