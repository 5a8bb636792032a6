"""A learning path for an occupation and a goal: documents in order, each with the editors' reason and the document's own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from assistant.cards.fields import Shelf, statements_of
from assistant.texts.card_words import PathWords
from assistant.texts.phrases import Phrases
from assistant.types import CardField, Citation, PathCard, PathStep
from knowledge_base.editorial.learning_paths import LearningPath
from knowledge_base.editorial.learning_time import stated_time
from knowledge_base.text.similarity import long_tokens

MOST_OTHERS = 4
"""Other paths offered beside the one shown."""

_LEAST_SHARED = 0.15  # of the reason's character pairs, for a statement to speak to it


def asks_for_path(text: str, words: PathWords) -> bool:
    """Whether a question asks what to learn or where to begin."""
    return bool(words.asks.search(text))


def asks_outright(text: str, words: PathWords) -> bool:
    """Whether what to learn, or where to begin, is the question itself."""
    return bool(words.outright.search(text))


def choose_path(text: str, paths: Sequence[LearningPath], words: PathWords) -> tuple[LearningPath, tuple[LearningPath, ...]] | None:
    """The path that fits a question best, and others of its occupation; None where the question names neither an occupation nor a goal."""
    scored = [(_fit(text, path, words), path) for path in paths]
    told_occupation = any(fit[0] for fit, _ in scored)
    candidates = [(fit, path) for fit, path in scored if (fit[0] if told_occupation else fit[1] and fit[1] > 0)]
    if not candidates:
        return None
    _, best = max(candidates, key=lambda c: (c[0][1], c[0][0], c[0][2]))
    others = tuple(path for path in paths if path.occupation == best.occupation and path is not best)
    return best, others[:MOST_OTHERS]


def fits_whole(text: str, path: LearningPath, words: PathWords) -> bool:
    """Whether a question names both the occupation and the goal of a path."""
    occupation, goal, _ = _fit(text, path, words)
    return occupation > 0 and goal > 0


def path_card(
    path: LearningPath,
    others: tuple[LearningPath, ...],
    open_shelf: Callable[[str], Shelf | None],
    words: PathWords,
    phrases: Phrases,
) -> PathCard | None:
    """A path with the documents that the knowledge base holds; None where it holds none of them."""
    steps = []
    for step in path.steps:
        shelf = open_shelf(step.document)
        if shelf is None:
            continue
        quotes = [quote for passage in shelf.passages for quote in statements_of(passage, shelf.document, shelf.status)]
        time = stated_time(shelf.document)
        taking = tuple(quote for quote in quotes if time and quote.quote == time)[:1]
        steps.append(
            PathStep(
                shelf.document,
                step.reason,
                CardField("time", words.time, taking, unstated=phrases.card_not_stated),
                _spoken_to(step.reason, quotes),
            )
        )
    title = words.title.format(occupation=path.occupation, goal=path.goal, level=path.level)
    return PathCard(title, path, tuple(steps), others) if steps else None


def _fit(text: str, path: LearningPath, words: PathWords) -> tuple[int, int, int]:
    """How many words of a question name the occupation, the goal and the level of a path."""
    return (
        _told(words.occupations, path.occupation, text),
        _told(words.goals, path.goal, text),
        _told(words.levels, path.level, text),
    )


def _told(words: Mapping[str, re.Pattern[str]], name: str, text: str) -> int:
    """How many words of a question name an occupation, goal or level."""
    return len({m.group() for m in words[name].finditer(text)}) if name in words else int(name in text)


def _spoken_to(reason: str, quotes: Sequence[Citation]) -> Citation | None:
    """The statement that speaks most to a reason; None where none does."""
    wanted = long_tokens(reason)
    if not wanted or not quotes:
        return None
    shared, place = max((len(wanted & long_tokens(quote.quote)), -number) for number, quote in enumerate(quotes))
    return quotes[-place] if shared >= _LEAST_SHARED * len(wanted) else None
