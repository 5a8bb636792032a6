"""Proof of all the tools at once, for ``assistant corpus check``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.tools.deadlines import deadline_faults, load_deadlines
from assistant.tools.entitlements import load_situations, situation_faults
from assistant.tools.letters import letter_faults, load_letters
from assistant.tools.proofs import rule_faults
from assistant.tools.rules import load_rules
from knowledge_base.types import Source


def every_fault(sources: Mapping[str, Source]) -> Iterator[str]:
    """What calculators, deadlines, letters and entitlements say that their facts do not carry."""
    for rule in load_rules().values():
        yield from rule_faults(rule, sources)
    for deadline in load_deadlines().values():
        yield from deadline_faults(deadline, sources)
    for letter in load_letters().values():
        yield from letter_faults(letter, sources)
    for situation in load_situations().values():
        yield from situation_faults(situation, sources)
