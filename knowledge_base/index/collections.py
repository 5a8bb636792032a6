"""Names of the collections that generations keep on a shared server: who owns them, and which ones nobody needs any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable

_OWNED = "wwda_{owner}_"


def collection_name(owner: str, generation: str, suffix: str) -> str:
    """Name of a generation's collections: letters, digits and underscores, which every server accepts."""
    return f"{_OWNED.format(owner=owner)}{generation}_{suffix}"


def stale_collections(names: Iterable[str], owner: str, keep: Collection[str]) -> list[str]:
    """An owner's collections that start with none of the names to keep. Other owners' collections are never listed."""
    owned = _OWNED.format(owner=owner)
    return [n for n in names if n.startswith(owned) and not any(k and n.startswith(k) for k in keep)]
