"""Everything that reads one generation of the knowledge base, made once and kept while the generation is in use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from assistant.cards import CardMaker
from assistant.composing.extract import Extractor
from assistant.composing.figures import Figures
from assistant.judging.finding import Finder
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
from knowledge_base.reader import Danger
from knowledge_base.reader import Reader as NeuralReader
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

    def danger(self, understanding: Understanding) -> Danger | None:
        """The danger that a turn tells of, read with the turns before it; None without a neural model."""
        if self.neural is None:
            return None
        earlier = [turn.content for turn in understanding.asked.history if turn.role == "user"]
        return self.neural.noticer.notice(understanding.asked.text, earlier).danger

    @property
    def lexicon(self) -> Lexicon:
        """How it understands a question: the lexicon with the words of its knowledge base."""
        return self.retriever.lexicon

    @cached_property
    def turns(self) -> TurnParser:
        """What understands a question."""
        return TurnParser(self.lexicon, self.questions, self.texts)

    @cached_property
    def finder(self) -> Finder:
        """What finds candidates for a question."""
        return Finder(self.retriever.search, self.generation.catalogue)

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
