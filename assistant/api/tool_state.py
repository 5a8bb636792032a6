"""The tools that the routes work with, read once, and the passages of the knowledge base in use."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.tools.deadlines import Deadline, load_deadlines
from assistant.tools.entitlements import Situation, load_situations
from assistant.tools.letters import Letter, load_letters
from assistant.tools.passages import FactPassages
from assistant.tools.toolbox import Toolbox
from knowledge_base.index.generation import Generation


@dataclass
class Tools:
    """Calculators, deadlines, letters and entitlements. Passages are looked up again when the knowledge base changes."""

    toolbox: Toolbox = field(default_factory=Toolbox.load)
    deadlines: Mapping[str, Deadline] = field(default_factory=load_deadlines)
    letters: Mapping[str, Letter] = field(default_factory=load_letters)
    situations: Mapping[str, Situation] = field(default_factory=load_situations)
    _passages: tuple[str, FactPassages] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def passages(self, generation: Generation) -> FactPassages:
        """Passages of a generation by their facts."""
        name = generation.manifest.generation
        with self._lock:
            if self._passages is None or self._passages[0] != name:
                self._passages = name, FactPassages(generation.catalogue)
            return self._passages[1]
