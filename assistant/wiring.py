"""The one composition root: settings in, working parts out."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from assistant.answering import Assistant, Reader
from assistant.composing.answer_model import build_answer_model
from assistant.composing.plain_words import Glossary
from assistant.composing.referrals import REFERRALS_FILE, ReferralDesk, joined, load_referrals
from assistant.desk.approved import ApprovedDesk, SqlApprovedStore
from assistant.running.transcription import Transcriber, build_transcriber
from assistant.settings import Settings
from assistant.storage.changes import ChangeLog, NoChangeLog, SqlChangeLog
from assistant.storage.conversations import SqlConversationStore
from assistant.storage.database import Database
from assistant.types import Referral
from knowledge_base import CORPUS
from knowledge_base.editorial.glossary import load_glossary
from knowledge_base.editorial.learning_paths import LearningPath, load_paths
from knowledge_base.embedder.embedding import Embedder, build_embedder
from knowledge_base.index.generations import Generation, IndexFolder, LiveIndex
from knowledge_base.index.stores import build_store
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.query.own_words import load_own
from knowledge_base.search.reranking import Reranker, build_reranker
from knowledge_base.search.retrieval import Retriever


@dataclass
class Parts:
    """The parts of a running service."""

    settings: Settings
    folder: IndexFolder
    embedder: Embedder
    lexicon: Lexicon
    index: LiveIndex
    assistant: Assistant
    readers: Readers
    approved: ApprovedDesk
    referrals: tuple[Referral, ...] = ()
    transcriber: Transcriber | None = None
    changes: ChangeLog = field(default_factory=NoChangeLog)

    def open_store(self) -> SqlConversationStore:
        """The store of conversations, its folder made if need be. From then on approved answers are given and changes kept too.

        Raises:
            StoreError: the database cannot be reached, written or brought up to date.
        """
        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        database = Database(self.settings.resolved_database_url)
        self.approved.use(SqlApprovedStore(database))
        self.changes = SqlChangeLog(database)
        return SqlConversationStore(database, self.settings.retention_days)

    def take_up_words(self) -> None:
        """Go by the words and places to ask that stand in the data folder now, without a restart.

        Raises:
            CorpusError: one of the files was damaged by hand; what was in force stays.
        """
        lexicon, referrals = load_words(self.settings.data_dir)
        self.lexicon, self.referrals = lexicon, referrals
        self.approved.use_lexicon(lexicon)
        self.readers.use_lexicon(lexicon)
        self.assistant.desk = ReferralDesk(referrals)

    def close(self) -> None:
        """Let go of the index and of the server that holds it."""
        self.index.close()
        self.folder.store.close()


class Readers:
    """The reader of the generation in use, made anew when it changes."""

    def __init__(
        self,
        index: LiveIndex,
        embedder: Embedder,
        lexicon: Lexicon,
        paths: tuple[LearningPath, ...] = (),
        reranker: Reranker | None = None,
    ) -> None:
        self._index, self._embedder, self._lexicon, self._paths, self._reranker = index, embedder, lexicon, paths, reranker
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
        return Reader.of(generation, retriever, lexicon, self._paths)


def load_words(data_dir: Path) -> tuple[Lexicon, tuple[Referral, ...]]:
    """The shipped lexicon and places to ask, with the house's own of the data folder.

    Raises:
        CorpusError: one of the files is malformed.
    """
    own = data_dir / REFERRALS_FILE
    referrals = joined(load_referrals(CORPUS / REFERRALS_FILE), load_referrals(own) if own.exists() else ())
    return Lexicon.load(CORPUS / "lexicon.yaml").joined_by(load_own(data_dir)), referrals


def build(settings: Settings) -> Parts:
    """Every part but the store, from settings. Opens no index yet.

    Raises:
        EmbedderError: the embedder named in the settings cannot be built.
        RerankerError: the reranker named there cannot be built.
        VectorStoreError: the store named there is not known, or its package is not installed.
        SettingsError: the language model or the transcriber named there cannot be built.
        CorpusError: the lexicon, the referrals, the glossary or the learning paths are malformed.
    """
    embedder = build_embedder(settings.embedder)
    lexicon, referrals = load_words(settings.data_dir)
    folder = IndexFolder(settings.data_dir, build_store(settings.store))
    index = LiveIndex(folder, embedder)
    readers = Readers(index, embedder, lexicon, load_paths(CORPUS / "paths.yaml"), build_reranker(settings.reranker))
    model = build_answer_model(
        settings.model,
        base_url=settings.model_base_url,
        api_key=settings.model_api_key,
        timeout=settings.model_timeout,
        max_tokens=settings.model_max_tokens,
    )
    approved = ApprovedDesk(lexicon, settings.region)
    glossary = Glossary(load_glossary(CORPUS / "glossary.yaml"))
    assistant = Assistant(readers, ReferralDesk(referrals), approved, model, glossary)
    transcriber = build_transcriber(
        settings.transcription, base_url=settings.transcription_base_url, api_key=settings.transcription_api_key
    )
    return Parts(settings, folder, embedder, lexicon, index, assistant, readers, approved, referrals, transcriber)
