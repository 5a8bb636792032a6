"""A lattice of words over what was typed, and the cheapest path through it.

Source: Kernighan, Church and Gale, "A spelling correction program based on a noisy channel model", 1990; the search is Viterbi's
with a beam.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

HAN = re.compile(r"[\u3400-\u9fff]+")
LATIN_RUN = re.compile(r"[a-z]+(?:['’ ]+[a-z]+)*")
SIGNIFICANT = re.compile(r"[\u3400-\u9fffa-z]")
"""A character that words are made of; marks and digits are not."""

_BEAM = 6  # paths kept at each place; not tuned


@dataclass(frozen=True, slots=True)
class Edge:
    """A word that may be meant by text[start:end].

    ``cost`` is the cost of the slip in nats; the word's own cost is added to it. ``flat``, if given, replaces the word's own cost.
    ``beside`` are further words worth searching for if this edge is chosen.
    """

    start: int
    end: int
    word: str
    cost: float = 0.0
    flat: float | None = None
    slip: bool = True
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Path:
    cost: float
    word: str = ""
    edge: Edge | None = None
    before: _Path | None = None


def cheapest_path(text: str, edges: Iterable[Edge], cost_of: Callable[[Edge, str], float]) -> list[Edge]:
    """The cheapest path from end to end; ``cost_of`` gives an edge's cost after a word.

    Marks and digits cost nothing. Any of them except a space separates words: what follows does not depend on the word before.
    """
    starting: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        starting[edge.start].append(edge)
    states: list[dict[str, _Path]] = [{} for _ in range(len(text) + 1)]
    states[0][""] = _Path(0.0)
    for place, character in enumerate(text):
        paths = sorted(states[place].values(), key=lambda p: p.cost)[:_BEAM]
        if not paths:
            continue
        if not SIGNIFICANT.match(character):
            starting[place].append(Edge(place, place + 1, "" if character != " " else paths[0].word, flat=0.0, slip=False))
        for edge in starting.get(place, ()):
            cost, before = min(((p.cost + cost_of(edge, p.word), p) for p in paths), key=lambda c: c[0])
            after = states[edge.end]
            if edge.word not in after or cost < after[edge.word].cost:
                after[edge.word] = _Path(cost, edge.word, edge, before)
    path: _Path | None = min(states[-1].values(), key=lambda p: p.cost)
    found: list[Edge] = []
    while path is not None and path.edge is not None:
        found.append(path.edge)
        path = path.before
    return found[::-1]


def stretches(text: str, path: Sequence[Edge]) -> Iterator[list[Edge]]:
    """The edges of a path one by one, except that those over one run of Latin letters stay together: it was typed as one."""
    latin = [m.span() for m in LATIN_RUN.finditer(text)]
    stretch: list[Edge] = []
    until = 0
    for edge in path:
        if stretch and edge.start >= until:
            yield stretch
            stretch = []
        stretch.append(edge)
        until = max([until, edge.end, *(end for start, end in latin if start < edge.end and edge.start < end)])
    if stretch:
        yield stretch


def join_words(edges: Iterable[Edge]) -> str:
    """The words of a path as text, with spaces between Latin ones."""
    text = ""
    for word in (edge.word for edge in edges if edge.word and edge.end > edge.start and edge.flat != 0.0):
        text += f" {word}" if text and text[-1].isascii() and word[0].isascii() else word
    return text


def join_pieces(pieces: Sequence[tuple[str, bool]]) -> str:
    """The pieces as text. A space between a corrected piece (True) and Han characters is dropped."""
    kept = []
    for place, (piece, _) in enumerate(pieces):
        if piece == " " and 0 < place < len(pieces) - 1:
            (left, left_corrected), (right, right_corrected) = pieces[place - 1], pieces[place + 1]
            if (left_corrected or right_corrected) and HAN.match(left[-1:]) and HAN.match(right):
                continue
        kept.append(piece)
    return "".join(kept)
