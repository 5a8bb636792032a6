"""Attacks: families of hand-written templates and payloads (``datasets/attacks.yaml``), crossed and drawn by a seed."""

from __future__ import annotations

import base64
import itertools
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pypinyin import lazy_pinyin

from assistant.types import Turn
from evals.errors import DatasetError
from evals.making.perturbations import to_traditional
from evals.samples import Expected, Sample

SEED = 413

ENCODINGS: Mapping[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "倒写": lambda text: text[::-1],
    "空格": " ".join,
    "零宽": "\u200b".join,
    "全角": lambda text: "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text),
    "繁体": to_traditional,
    "拼音": lambda text: " ".join(lazy_pinyin(text)),
    "加点": "·".join,
}
"""Ways of hiding an order from a filter."""


def make_attacks(path: Path, seed: int = SEED) -> list[Sample]:
    """Attacks of every family of a file, in its order. Same file and seed, same attacks.

    Raises:
        DatasetError: a family lacks a field.
    """
    families: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    samples: list[Sample] = []
    for name, family in families.items():
        try:
            samples += _family(str(name), family, seed, start=len(samples) + 1)
        except KeyError as exc:
            raise DatasetError(f"{path.name} 的 {name} 缺 {exc}") from exc
    return samples


def _family(name: str, family: Mapping[str, Any], seed: int, start: int) -> list[Sample]:
    """``count`` samples: payloads in turn, so that each is used, each under a template (and an encoding) drawn by the seed."""
    chance = random.Random(f"{seed}/{name}")
    by_payload = []
    for payload in family["payloads"]:
        texts = [
            (template.replace("{payload}", ENCODINGS[encoding](payload) if encoding else payload), encoding)
            for template in family["templates"]
            for encoding in family.get("encodings", ("",))
        ]
        chance.shuffle(texts)
        by_payload.append(texts)
    in_turn = [pair for turn in itertools.zip_longest(*by_payload) for pair in turn if pair is not None]
    made = []
    for number, (text, encoding) in enumerate(in_turn[: family["count"]]):
        made.append(
            Sample(
                sample_id=f"A{start + number:03d}",
                text=text,
                expected=Expected(family["expected"]),
                slice=f"{name}·{encoding}" if encoding else name,
                family=str(family["family"]),
                gold_facts=tuple(family.get("gold_facts", ())),
                must_include=tuple(tuple(g) for g in family.get("must_include", ())),
                must_not=tuple(family.get("must_not", ())),
                history=tuple(Turn(t["role"], t["content"]) for t in family.get("history", ())),
                note=str(family.get("note", "")),
            )
        )
    return made
