"""Texts to vectors: the port :class:`Embedder` and its adapters.

The built-in embedder needs no model file and no torch. A sentence-transformers model is named by a local folder
or a model name; torch is imported only when such an embedder is built.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from knowledge_base.errors import EmbedderError
from knowledge_base.text import tokens

Vectors = npt.NDArray[np.float32]


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
    orders, and stands in until a trained embedder is named in the settings.

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


class SentenceTransformerEmbedder:
    """A sentence-transformers model, from a local folder first and never from a hub unless asked to.

    Query and passage prompts stored with the model ("query", "document") are used when it has them.
    """

    def __init__(self, name: str, *, offline: bool = True, query_prompt: str | None = None, device: str = "cpu") -> None:
        """Load the model.

        Raises:
            EmbedderError: sentence-transformers is not installed, or the model is not there.
        """
        folder = Path(name).expanduser()
        if offline:
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as exc:
            raise EmbedderError("没有安装 sentence-transformers。请运行 make models 后再试") from exc
        try:
            self._model: Any = SentenceTransformer(
                str(folder) if folder.is_dir() else name, device=device, local_files_only=offline, trust_remote_code=False
            )
        except (OSError, ValueError, RuntimeError) as exc:
            raise EmbedderError(
                f"向量模型 {name!r} 打不开：{exc}。请把模型下载到本地文件夹，并把 ASSISTANT_EMBEDDER 设为 sentence-transformers:文件夹路径"
            ) from exc
        self._name = folder.name if folder.is_dir() else name
        prompts: Mapping[str, str | None] = self._model.prompts or {}
        self._query_prompt = query_prompt if query_prompt is not None else prompts.get("query") or ""
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
    "builtin": lambda _: HashingEmbedder(),
    "sentence-transformers": SentenceTransformerEmbedder,
}


def build_embedder(setting: str) -> Embedder:
    """The embedder that a setting names: ``builtin``, or ``sentence-transformers:FOLDER_OR_NAME``.

    Raises:
        EmbedderError: no embedder is known by that name, or it cannot be built.
    """
    scheme, _, argument = setting.partition(":")
    if scheme not in EMBEDDERS:
        raise EmbedderError(
            f"不认识向量模型 {setting!r}。可以写 {'、'.join(EMBEDDERS)}，例如 sentence-transformers:/models/bge-small-zh-v1.5"
        )
    return EMBEDDERS[scheme](argument)
