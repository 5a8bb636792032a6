"""The one composition root: settings in, working parts out."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from assistant.answering import Assistant
from assistant.composing.answer_model import build_answer_model
from assistant.composing.plain_words import Glossary
from assistant.composing.referrals import REFERRALS_FILE, ReferralDesk, joined, load_referrals
from assistant.desk.approved_desk import ApprovedDesk
from assistant.judging.verdict import EvidenceJudge, Thresholds
from assistant.reader import Reader
from assistant.running.transcription import Transcriber, build_transcriber
from assistant.settings import Settings
from assistant.storage.approved_sql import SqlApprovedStore
from assistant.storage.changes import ChangeLog, NoChangeLog, SqlChangeLog
from assistant.storage.conversations import SqlConversationStore
from assistant.storage.database import Database
from assistant.texts.library import Texts
from assistant.types import Referral
from knowledge_base import CORPUS
from knowledge_base.editorial.glossary import load_glossary
from knowledge_base.editorial.learning_paths import LearningPath, load_paths
from knowledge_base.embedder.embedding import Embedder, build_embedder
from knowledge_base.index.generation import Generation
from knowledge_base.index.generations import IndexFolder, LiveIndex
from knowledge_base.index.stores import build_store
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.query.own_words import load_own
from knowledge_base.reader import Reader as NeuralReader
from knowledge_base.search.reranking import Reranker, build_reranker
from knowledge_base.search.retrieval import Retriever

MEMORY = "readings.npz"
"""File of the data folder that keeps vectors of texts that were not shipped."""


@dataclass(frozen=True)
class Stores:
    """What a service keeps in its database."""

    conversations: SqlConversationStore
    approved: SqlApprovedStore
    changes: SqlChangeLog

    def close(self) -> None:
        """Close the database."""
        self.conversations.close()


def open_stores(settings: Settings) -> Stores:
    """The stores of a service; the data folder is made if need be.

    Raises:
        StoreError: the database cannot be reached, written or brought up to date.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.resolved_database_url)
    return Stores(SqlConversationStore(database, settings.retention_days), SqlApprovedStore(database), SqlChangeLog(database))


@dataclass
class Parts:
    """The parts of a running service."""

    settings: Settings
    texts: Texts
    folder: IndexFolder
    embedder: Embedder
    lexicon: Lexicon
    index: LiveIndex
    assistant: Assistant
    readers: Readers
    approved: ApprovedDesk
    referrals: tuple[Referral, ...]
    changes: ChangeLog
    transcriber: Transcriber | None = None

    def take_up_words(self) -> None:
        """Use the words and places to ask that are in the data folder now, without a restart.

        Raises:
            CorpusError: one of the files was damaged by hand; what was in force stays.
        """
        lexicon, referrals = load_words(self.settings.data_dir)
        self.lexicon, self.referrals = lexicon, referrals
        self.approved.use_lexicon(lexicon)
        self.readers.use_lexicon(lexicon)
        self.assistant.desk = ReferralDesk(referrals, self.texts.safety)

    def close(self) -> None:
        """Let go of the index and of the server that holds it."""
        self.index.close()
        self.folder.store.close()


class Readers:
    """The reader of the generation in use; a new one is made when the generation changes."""

    def __init__(
        self,
        index: LiveIndex,
        embedder: Embedder,
        lexicon: Lexicon,
        texts: Texts,
        paths: tuple[LearningPath, ...] = (),
        reranker: Reranker | None = None,
        neural: NeuralReader | None = None,
        memory: Path | None = None,
    ) -> None:
        """Take what readers are made of; ``memory`` is the file for vectors of texts that were not shipped."""
        self._index, self._embedder, self._lexicon, self._texts = index, embedder, lexicon, texts
        self._paths, self._reranker, self._neural, self._memory = paths, reranker, neural, memory
        self._lock = threading.Lock()
        self._reader: Reader | None = None

    def __call__(self) -> Reader:
        """The reader of the generation in use now."""
        generation = self._index.get()
        reader = self._reader
        if reader is None or reader.generation is not generation:
            with self._lock:
                reader = self._reader = self._read(generation)
        return reader

    def use_lexicon(self, lexicon: Lexicon) -> None:
        """Understand questions by another lexicon from now on."""
        with self._lock:
            self._lexicon, self._reader = lexicon, None

    def _read(self, generation: Generation) -> Reader:
        lexicon = self._lexicon.with_vocabulary(generation.vocabulary)
        retriever = Retriever(generation, self._embedder, lexicon, reranker=self._reranker)
        reader = Reader.of(generation, retriever, lexicon, self._texts, self._paths, self._neural)
        if self._neural is not None and reader.readings is not None and self._memory is not None:
            self._neural.known.remember(self._memory)
        return reader


def load_words(data_dir: Path) -> tuple[Lexicon, tuple[Referral, ...]]:
    """The shipped lexicon and places to ask, with the house's own of the data folder.

    Raises:
        CorpusError: one of the files is malformed.
    """
    own = data_dir / REFERRALS_FILE
    referrals = joined(load_referrals(CORPUS / REFERRALS_FILE), load_referrals(own) if own.exists() else ())
    return Lexicon.load(CORPUS / "lexicon.yaml").joined_by(load_own(data_dir)), referrals


def build(settings: Settings, stores: Stores | None = None) -> Parts:
    """Every part, from settings. Opens no index yet. Without stores no approved answer is given and no change is kept.

    Raises:
        EmbedderError: the embedder named in the settings cannot be built.
        RerankerError: the reranker named there cannot be built.
        VectorStoreError: the store named there is not known, or its package is not installed.
        SettingsError: the language model or the transcriber named there cannot be built.
        CorpusError: the lexicon, the referrals, the glossary or the learning paths are malformed.
    """
    texts = Texts.load()
    embedder = build_embedder(settings.embedder)
    lexicon, referrals = load_words(settings.data_dir)
    folder = IndexFolder(settings.data_dir, build_store(settings.store))
    index = LiveIndex(folder, embedder)
    paths, reranker = load_paths(CORPUS / "paths.yaml"), build_reranker(settings.reranker)
    neural, memory = NeuralReader.open(), settings.data_dir / MEMORY
    neural.known.recall(memory)
    readers = Readers(index, embedder, lexicon, texts, paths, reranker, neural, memory)
    approved = ApprovedDesk(lexicon, texts, stores.approved if stores else None, settings.region)
    assistant = Assistant(
        readers,
        texts,
        EvidenceJudge(Thresholds(**texts.thresholds)),
        ReferralDesk(referrals, texts.safety),
        approved,
        Glossary(texts.phrases, load_glossary(CORPUS / "glossary.yaml")),
        build_answer_model(
            settings.model,
            base_url=settings.model_base_url,
            api_key=settings.model_api_key,
            timeout=settings.model_timeout,
            max_tokens=settings.model_max_tokens,
            prompts=texts.prompts,
        ),
    )
    transcriber = build_transcriber(
        settings.transcription, base_url=settings.transcription_base_url, api_key=settings.transcription_api_key
    )
    changes = stores.changes if stores else NoChangeLog()
    return Parts(settings, texts, folder, embedder, lexicon, index, assistant, readers, approved, referrals, changes, transcriber)
