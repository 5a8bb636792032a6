"""Everything that reads one generation of the knowledge base, made once and kept while the generation is in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assistant.cards import CardMaker
from assistant.composing.extract import Extractor
from assistant.composing.figures import Figures
from assistant.judging.finding import Finder
from assistant.judging.readings import Bars, ReadingJudge, ReadingWeights, vector_of
from assistant.texts.library import Texts
from assistant.tools.deadlines import load_deadlines
from assistant.tools.passages import FactPassages
from assistant.tools.toolbox import Toolbox
from assistant.understanding.comparison import provinces_of
from assistant.understanding.needs import QuestionParser
from assistant.understanding.turn import TurnParser, Understanding
from knowledge_base.editorial.learning_paths import LearningPath
from knowledge_base.index.generation import Generation
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.reader import Notice
from knowledge_base.reader import Reader as NeuralReader
from knowledge_base.reader.encoder import Floats
from knowledge_base.reader.readings import ReadingIndex, readings_of
from knowledge_base.search.retrieval import Retriever


@dataclass(frozen=True)
class Reader:
    """What reads one generation: its retriever and its parser of questions."""

    generation: Generation
    retriever: Retriever
    questions: QuestionParser
    texts: Texts
    paths: tuple[LearningPath, ...] = ()
    neural: NeuralReader | None = None
    """The small neural model; without one no danger is noticed but by rule."""

    @classmethod
    def of(
        cls,
        generation: Generation,
        retriever: Retriever,
        lexicon: Lexicon,
        texts: Texts,
        paths: tuple[LearningPath, ...] = (),
        neural: NeuralReader | None = None,
    ) -> Reader:
        """A reader of a generation, with the learning paths through its documents."""
        frequency = generation.lexical.document_frequency
        questions = QuestionParser(lexicon, frequency, generation.manifest.passages, texts.question)
        return cls(generation, retriever, questions, texts, paths, neural)

    def notice(self, understanding: Understanding) -> Notice | None:
        """What a turn tells beside its question, read with the turns that it leans on; None without a neural model."""
        if self.neural is None:
            return None
        earlier = [turn.content for turn in understanding.history if turn.role == "user"]
        return self.neural.noticer.notice(understanding.asked.text, earlier)

    def likeness(self, understanding: Understanding, texts: Sequence[str]) -> Floats:
        """(n,) likeness of texts to what a turn asks, -1 to 1; 0 without a neural model."""
        if self.neural is None:
            return np.zeros(len(texts), dtype=np.float32)
        return self.neural.known.encode(texts, "passage") @ vector_of(understanding, self.neural.encoder)

    @property
    def lexicon(self) -> Lexicon:
        """How it understands a question: the lexicon with the words of its knowledge base."""
        return self.retriever.lexicon

    @cached_property
    def turns(self) -> TurnParser:
        """What understands a question."""
        neural = self.neural
        joins = None if neural is None else lambda before, turn: neural.turns.read(before, turn).joins
        return TurnParser(self.lexicon, self.questions, self.texts, joins)

    @cached_property
    def finder(self) -> Finder:
        """What finds candidates for a question."""
        return Finder(self.retriever.search, self.generation.catalogue)

    @cached_property
    def readings(self) -> ReadingJudge | None:
        """What judges which reading of a question its documents answer; None without a neural model."""
        if self.neural is None:
            return None
        catalogue = self.generation.catalogue
        documents = (entry.document for entry in catalogue.entries.values())
        index = ReadingIndex((r for d in documents for r in readings_of(d, catalogue.passages_of(d.doc_id))), self.neural.known)
        fitted = self.texts.readings
        weights, bars = ReadingWeights(**fitted["weights"]), Bars(**fitted["bars"])
        return ReadingJudge(index, self.neural.encoder, self.finder, weights, bars)

    @cached_property
    def extractor(self) -> Extractor:
        """What quotes candidates."""
        return Extractor(self.texts.phrases, self.texts.safety.not_quotable)

    @cached_property
    def figures(self) -> Figures:
        """What works out answers with the user's own numbers."""
        return Figures(Toolbox.load(), load_deadlines(), FactPassages(self.generation.catalogue), self.texts.phrases)

    @cached_property
    def cards(self) -> CardMaker:
        """What makes cards from the generation."""
        return CardMaker(self.generation.catalogue, self.texts, self.paths)

    @cached_property
    def provinces(self) -> tuple[str, ...]:
        """Provinces that its documents are of."""
        return provinces_of(entry.document for entry in self.generation.catalogue.entries.values())
