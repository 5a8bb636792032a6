"""Cut the tokenizer to the pieces that our texts use; the pieces that stay keep their scores."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tokenizers import Tokenizer

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")


@dataclass(frozen=True, slots=True)
class Cut:
    """A tokenizer file with fewer pieces. ``kept[i]`` is the row of the base's word table that becomes row i."""

    tokenizer: Mapping[str, Any]
    kept: Sequence[int]


def count_pieces(tokenizer: Mapping[str, Any], texts: Iterable[str]) -> Counter[int]:
    """How often each piece of the base occurs in texts."""
    encoder = Tokenizer.from_str(json.dumps(tokenizer))
    counts: Counter[int] = Counter()
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == 4096:
            _count(encoder, batch, counts)
            batch = []
    _count(encoder, batch, counts)
    return counts


def cut_vocabulary(tokenizer: Mapping[str, Any], ours: Counter[int], others: Counter[int], least: int = 3) -> Cut:
    """The tokenizer with the special pieces, single Chinese characters, printable ASCII, pieces of ours, and frequent pieces of others.

    Args:
        ours: counts in texts that the reader will meet; every piece stays.
        others: counts in other texts; a piece stays when it occurs ``least`` times.
    """
    pieces: list[list[Any]] = tokenizer["model"]["vocab"]
    special = {entry["content"]: entry for entry in tokenizer["added_tokens"]}
    head = [pieces_index(pieces, name) for name in SPECIAL]
    stay = {at for at, (piece, _) in enumerate(pieces) if _always(piece)}
    stay |= {at for at, count in ours.items() if count}
    stay |= {at for at, count in others.items() if count >= least}
    kept = head + sorted(stay - set(head))
    cut = copy.deepcopy(dict(tokenizer))
    cut["model"]["vocab"] = [pieces[at] for at in kept]
    cut["model"]["unk_id"] = SPECIAL.index("<unk>")
    cut["added_tokens"] = [{**special[name], "id": SPECIAL.index(name)} for name in SPECIAL]
    for token in cut["post_processor"]["special_tokens"].values():
        token["ids"] = [SPECIAL.index(token["id"])]
    return Cut(cut, tuple(kept))


def pieces_index(pieces: Sequence[Sequence[Any]], name: str) -> int:
    """The row of a piece.

    Raises:
        ValueError: no piece has that name.
    """
    for at, (piece, _) in enumerate(pieces):
        if piece == name:
            return at
    raise ValueError(f"the tokenizer has no piece {name}")


def _always(piece: str) -> bool:
    if len(piece) != 1:
        return False
    code = ord(piece)
    return 0x20 <= code < 0x7F or 0x4E00 <= code <= 0x9FFF or 0x3000 <= code <= 0x303F or 0xFF00 <= code <= 0xFFEF or code == 0x2581


def _count(encoder: Tokenizer, batch: Sequence[str], counts: Counter[int]) -> None:
    for encoding in encoder.encode_batch_fast(list(batch), add_special_tokens=False):
        counts.update(encoding.ids)
