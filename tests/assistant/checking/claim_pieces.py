"""Claims written by hand, for the checks of one kind of fault each."""

from __future__ import annotations

from assistant_pieces import CONDITIONS

from assistant.checking.claim import Claim
from assistant.checking.prepared import prepare


def a_claim(statement: str, *passages: str, particulars: str = "", names: tuple[str, ...] = ()) -> Claim:
    """The statement and what it cites, prepared."""
    return Claim(prepare(statement), tuple(prepare(p) for p in passages), CONDITIONS, prepare(particulars), names)
