"""Texts to vectors: the port :class:`Embedder` and its adapters.

The built-in embedder is a small trained table beside this file, read with numpy. A sentence-transformers model is named by a
local folder or a model name; torch is imported only when such an embedder is built.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from knowledge_base.errors import EmbedderError
from knowledge_base.text.normalise import normalise, tokens

Vectors = npt.NDArray[np.float32]

BUILTIN = Path(__file__).parent
"""Folder of the embedder that is shipped; its README is the model card."""


class Embedder(Protocol):
    """Turns texts into vectors whose inner product tells how alike they are.

    Every adapter gives (n, dimension) float32 arrays with rows of unit length (a text without any known word gives a zero
    row), the same vectors for the same texts in any order or batch, and (0, dimension) for no texts.
    """

    @property
    def fingerprint(self) -> str:
        """Names model, weights and prompt. Two embedders with one fingerprint give the same vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to search with."""
        ...


class HashingEmbedder:
    """Character n-grams hashed into a fixed number of signed buckets.

    Deterministic on every machine, needs nothing but numpy. It knows no meaning: it forgives misspelt words and other word
    orders. For tests, and where no model file may be read.

    Source: Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009.
    """

    def __init__(self, dimension: int = 512) -> None:
        self._dimension = dimension

    @property
    def fingerprint(self) -> str:
        """Changes with the dimension and with the way of hashing."""
        return f"hashing-1:{self._dimension}"

    @property
    def dimension(self) -> int:
        """Number of buckets."""
        return self._dimension

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found; the same as those of queries."""
        vectors = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for token, count in Counter(tokens(text)).items():
                code = zlib.crc32(token.encode())
                # A pair of characters says more than one; sublinear counts keep repetition from ruling.
                weight = (1.0 if len(token) > 1 else 0.4) * (1 + np.log(count))
                row[(code >> 1) % self._dimension] += weight if code & 1 else -weight
        return _unit_rows(vectors)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to search with."""
        return self.embed_passages(texts)


class StaticEmbedder:
    """A static embedding in sentence-transformers' folder format, without sentence-transformers: a text is the mean of its tokens.

    The vectors are those of ``SentenceTransformer(folder)`` for normalised text (:func:`~knowledge_base.text.normalise.normalise`).
    """

    def __init__(self, folder: Path = BUILTIN) -> None:
        """Read the tokenizer and the table.

        Raises:
            EmbedderError: a file is missing or not of the format.
        """
        from tokenizers import Tokenizer

        try:
            # What tokenizers raises is a bare Exception, so its file is read here and checked first.
            definition = (folder / "tokenizer.json").read_text(encoding="utf-8")
            json.loads(definition)
            weights = (folder / "model.safetensors").read_bytes()
            tensors = _read_safetensors(weights)
            table = tensors["embedding.weight"] if "embedding.weight" in tensors else tensors["embeddings"]
            scale = tensors.get("weights")
        except (OSError, ValueError, KeyError) as exc:
            raise EmbedderError(f"内置向量模型 {folder} 读不了：{exc}。请重新安装，或把 ASSISTANT_EMBEDDER 设为 hashing") from exc
        self._tokenizer: Any = Tokenizer.from_str(definition)
        self._table: Vectors = table.astype(np.float32)
        if scale is not None:
            self._table *= scale.astype(np.float32)[:, None]
        digest = hashlib.sha256(weights)
        digest.update(definition.encode())
        self._digest = digest.hexdigest()[:12]

    @property
    def fingerprint(self) -> str:
        """Digest of the weights and the tokenizer."""
        return f"static-1:{self._digest}:{self.dimension}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._table.shape[1])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found; the same as those of queries."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        encoded = self._tokenizer.encode_batch_fast([normalise(t) for t in texts], add_special_tokens=False)
        for row, encoding in zip(vectors, encoded, strict=True):
            if encoding.ids:
                self._table[encoding.ids].sum(axis=0, out=row)
        return _unit_rows(vectors)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to search with."""
        return self.embed_passages(texts)


QUERY_PROMPTS: Mapping[str, str] = {
    r"bge-(?:small|base|large)-zh": "为这个句子生成表示以用于检索相关文章：",
    r"qwen3-embedding": "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:",
}
"""What a question is preceded by, for models whose folders may not say so, by a pattern of the model's name.

bge-m3 and models unknown here take none. Source: the model cards of BAAI/bge-small-zh-v1.5 and Qwen/Qwen3-Embedding-0.6B.
"""

MODELS_MISSING = "没有安装 sentence-transformers。请运行 .venv/bin/python -m pip install --no-deps -r requirements-dev.lock 后再试"


def query_prompt_of(name: str) -> str:
    """The query prompt of a model known by its name, its folder's or that of a folder above it (a hub's cache); else none."""
    for pattern, prompt in QUERY_PROMPTS.items():
        if re.search(pattern, name, re.IGNORECASE):
            return prompt
    return ""


class SentenceTransformerEmbedder:
    """A sentence-transformers model, from a local folder first and never from a hub unless asked to.

    Prompts stored with the model ("query", "document") are used when it has them, else those of :data:`QUERY_PROMPTS`.
    """

    def __init__(self, name: str, *, offline: bool = True, query_prompt: str | None = None, device: str = "cpu") -> None:
        """Load the model.

        Raises:
            EmbedderError: sentence-transformers is not installed, or the model is not there or not whole.
        """
        folder = Path(name).expanduser()
        if offline:
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        try:
            from safetensors import SafetensorError
            from sentence_transformers import SentenceTransformer
        except ImportError as exc:
            raise EmbedderError(MODELS_MISSING) from exc
        try:
            self._model: Any = SentenceTransformer(
                str(folder) if folder.is_dir() else name, device=device, local_files_only=offline, trust_remote_code=False
            )
        except (OSError, ValueError, RuntimeError, SafetensorError) as exc:
            raise EmbedderError(
                f"向量模型 {name!r} 打不开：{exc}。请把模型下载到本地文件夹，并把 ASSISTANT_EMBEDDER 设为 sentence-transformers:文件夹路径"
            ) from exc
        self._name = folder.name if folder.is_dir() else name
        prompts: Mapping[str, str | None] = self._model.prompts or {}
        self._query_prompt = query_prompt if query_prompt is not None else prompts.get("query") or query_prompt_of(name)
        self._passage_prompt = prompts.get("document") or ""
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise EmbedderError(f"向量模型 {name!r} 没有固定的维度，不能用来建索引")
        self._dimension = int(dimension)
        self._weights = _weights_digest(folder) if folder.is_dir() else ""

    @property
    def fingerprint(self) -> str:
        """Name, digest of the local weights, dimension and prompts."""
        prompts = hashlib.sha256(f"{self._query_prompt}\0{self._passage_prompt}".encode()).hexdigest()[:8]
        return f"sentence-transformers:{self._name}:{self._weights}:{self._dimension}:{prompts}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found."""
        return self._embed(texts, self._passage_prompt)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to search with, under the model's query prompt."""
        return self._embed(texts, self._query_prompt)

    def _embed(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self._dimension), dtype=np.float32)
        encoded = self._model.encode(list(texts), prompt=prompt or None, convert_to_numpy=True, show_progress_bar=False)
        return _unit_rows(np.asarray(encoded, dtype=np.float32))


def _unit_rows(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
    return unit


_SAFETENSORS_TYPES: Mapping[str, str] = {"I8": "<i1", "F16": "<f2", "F32": "<f4", "I32": "<i4", "I64": "<i8"}


def _read_safetensors(data: bytes) -> dict[str, npt.NDArray[Any]]:
    """Arrays by name of a safetensors file.

    Source: https://huggingface.co/docs/safetensors: length of the header (8 bytes, little-endian), the header as JSON, the data.

    Raises:
        ValueError: the bytes are no safetensors file, or are cut short.
        KeyError: it holds a type of number that no table of ours is stored in.
    """
    start = 8 + int.from_bytes(data[:8], "little")
    if not 8 < start <= len(data):
        raise ValueError("safetensors 文件不完整")
    arrays = {}
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            arrays[name] = np.frombuffer(data[start + begin : start + end], _SAFETENSORS_TYPES[entry["dtype"]]).reshape(entry["shape"])
    return arrays


def _weights_digest(folder: Path) -> str:
    """Short digest of the weight files' names, sizes and first and last mebibyte: cheap, and changes when they do."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in {".safetensors", ".bin", ".json"}):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder)}:{size}:".encode())
        with path.open("rb") as file:
            digest.update(file.read(1 << 20))
            if size > 1 << 20:
                file.seek(-(1 << 20), os.SEEK_END)
                digest.update(file.read())
    return digest.hexdigest()[:12]


EMBEDDERS: Mapping[str, Callable[[str], Embedder]] = {
    "builtin": lambda _: StaticEmbedder(),
    "hashing": lambda _: HashingEmbedder(),
    "sentence-transformers": SentenceTransformerEmbedder,
}


def build_embedder(setting: str) -> Embedder:
    """The embedder that a setting names: ``builtin``, ``hashing``, or ``sentence-transformers:FOLDER_OR_NAME``.

    Raises:
        EmbedderError: no embedder is known by that name, or it cannot be built.
    """
    scheme, _, argument = setting.partition(":")
    if scheme not in EMBEDDERS:
        raise EmbedderError(
            f"不认识向量模型 {setting!r}。可以写 {'、'.join(EMBEDDERS)}，例如 sentence-transformers:/models/bge-small-zh-v1.5"
        )
    return EMBEDDERS[scheme](argument)
