"""Plain words beside quoted ones: a line that explains a term where an answer first uses it. The quote itself stays as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.texts.wording import phrase
from assistant.types import Turn
from knowledge_base.editorial.glossary import GlossaryEntry

MOST_LINES = 2
"""Explanations in one answer."""

_ASKS_MEANING = re.compile(r"是(?:什么|啥|何|指)|什么意思|啥子?意思|叫(?:什么|啥)|(?:什么|啥子?)(?:是|叫)|干(?:什么|啥)的|概念")


@dataclass(frozen=True)
class Glossary:
    """Terms with their explanations."""

    entries: tuple[GlossaryEntry, ...] = ()

    def lines(self, said: str, question: str, history: Sequence[Turn] = ()) -> tuple[str, ...]:
        """Lines that explain terms of what is said, in the order of their use, at most :data:`MOST_LINES`.

        A term is left out when an earlier answer of the conversation explained it, or when the question asks what it means:
        then the answer is the explanation.
        """
        if not self.entries:
            return ()
        earlier = "\n".join(turn.content for turn in history if turn.role == "assistant")
        lines: list[str] = []
        for term in dict.fromkeys(self._terms.findall(said)):
            line = phrase("glossary_line", term=term, plain=self._plain[term])
            asked = term in question and _ASKS_MEANING.search(question)
            if not asked and line not in earlier:
                lines.append(line)
        return tuple(lines[:MOST_LINES])

    @cached_property
    def _terms(self) -> re.Pattern[str]:
        return re.compile("|".join(re.escape(e.term) for e in sorted(self.entries, key=lambda e: -len(e.term))))

    @cached_property
    def _plain(self) -> dict[str, str]:
        return {entry.term: entry.plain for entry in self.entries}
