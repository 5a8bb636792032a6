"""What a turn tells beside its question: danger, and what kind of turn it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from knowledge_base.reader.encoder import Floats, ReadsQuestions
from knowledge_base.reader.heads import Head

Level = Literal["none", "check", "alarm"]
NONE = "none"
IN_SCOPE, OUT_OF_SCOPE = "in_scope", "out_of_scope"
SELF, MAY_BE_SELF = "self", 0.2
"""From this probability on a danger is taken to be the user's own: who is in danger herself must not read of another."""
_MARKS = "？?。！!…~～ "
"""Marks at the end of a turn; the labelled turns have few, and a route must not hang on them."""
LAST = 2
"""Earlier turns of the user that are read with the new one."""


@dataclass(frozen=True, slots=True)
class Danger:
    """Danger that a turn tells of.

    ``level`` is what to do: alarm puts help above the answer, check asks kindly beside it. ``kind`` is violence, harassment,
    fraud, despair or labour even below the bar; ``who`` is self, kin, child or other; ``now`` says how far it has gone. ``probability``
    is that of any danger, from 0 to 1.
    """

    level: Level
    kind: str
    who: str
    now: str
    probability: float


@dataclass(frozen=True, slots=True)
class Notice:
    """What was noticed in a turn.

    ``route`` is in_scope, or the reason not to answer as asked: out_of_scope, courtesy, unlawful, personal (asks for a private
    person's data) or injection; a route other than in_scope has passed its bar. ``routes`` holds every probability.
    """

    danger: Danger
    route: str
    routes: Mapping[str, float]


def joined_turns(history: Sequence[str], text: str, last: int = LAST) -> str:
    """A turn behind the ``last`` turns before it, as the heads read them."""
    return "。".join([*history[-last:], text])


class Noticer:
    """Reads danger and route from the last turns; needs the heads danger, who, now and route."""

    def __init__(self, encoder: ReadsQuestions, heads: Mapping[str, Head]) -> None:
        self._encoder = encoder
        self._danger, self._who, self._now, self._route = (heads[name] for name in ("danger", "who", "now", "route"))

    def notice(self, text: str, history: Sequence[str] = ()) -> Notice:
        """What a turn tells.

        Args:
            history: earlier turns of the user, oldest first; the last two are read.
        """
        alone = self._encoder.question(text)
        joined = self._encoder.question(joined_turns(history, text)) if history else alone
        return Notice(self.danger(joined, alone), *self.route(self._encoder.question(text.rstrip(_MARKS) or text)))

    def danger(self, joined: Floats, alone: Floats) -> Danger:
        """The danger in a turn.

        Args:
            joined: (d,) vector of the turn behind the turns before it.
            alone: (d,) vector of the turn; the more dangerous of the two readings counts.
        """
        readings = [self._danger.by_class(row) for row in ((joined,) if joined is alone else (joined, alone))]
        at, worst = min(enumerate(readings), key=lambda reading: reading[1][NONE])
        probability = 1.0 - worst[NONE]
        bars = self._danger.thresholds
        level: Level = "alarm" if probability >= bars["alarm"] else "check" if probability >= bars["check"] else "none"
        kind = max((name for name in worst if name != NONE), key=lambda name: worst[name])
        row = (joined, alone)[at]
        who = self._who.by_class(row)
        of_whom = SELF if who[SELF] >= MAY_BE_SELF else max(who, key=lambda name: who[name])
        return Danger(level, kind, of_whom, _likeliest(self._now, row), probability)

    def route(self, alone: Floats) -> tuple[str, Mapping[str, float]]:
        """The route of a turn whose vector is (d,), and the probability of every route."""
        routes = self._route.by_class(alone)
        over = [name for name, bar in self._route.thresholds.items() if routes[name] >= bar]
        return max(over, key=lambda name: routes[name]) if over else IN_SCOPE, routes


def _likeliest(head: Head, row: Floats) -> str:
    return head.classes[int(np.argmax(head.probabilities(row[None])[0]))]
