"""Passages read beside the question: the port :class:`Reranker` and its adapter on sentence-transformers' cross-encoders.

Off unless set: a cross-encoder reads the question with each passage anew, which takes a CPU tens of milliseconds a pair.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from knowledge_base.embedder.embedding import MODELS_MISSING
from knowledge_base.errors import RerankerError


class Reranker(Protocol):
    """Tells how well passages answer a question."""

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """One score a text, 0 to 1, higher is better, the same in any order or batch; nothing for no texts."""
        ...


class CrossEncoderReranker:
    """A cross-encoder from a local folder, such as ``bge-reranker-base`` or ``bge-reranker-v2-m3``; it must have one output."""

    def __init__(self, folder: str, *, device: str = "cpu") -> None:
        """Load the model; nothing is fetched.

        Raises:
            RerankerError: sentence-transformers is not installed, or the folder holds no such model.
        """
        path = Path(folder).expanduser()
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        if not path.is_dir():
            raise RerankerError(f"重排模型的文件夹 {folder!r} 不存在。请先下载模型，再把 ASSISTANT_RERANKER 设为它的文件夹路径，或留空不用")
        try:
            from safetensors import SafetensorError
            from sentence_transformers import CrossEncoder
            from torch import nn
        except ImportError as exc:
            raise RerankerError(MODELS_MISSING) from exc
        try:
            self._model: Any = CrossEncoder(str(path), device=device, local_files_only=True, activation_fn=nn.Sigmoid())
        except (OSError, ValueError, RuntimeError, SafetensorError) as exc:
            raise RerankerError(f"重排模型 {folder!r} 打不开：{exc}。请重新下载到 ASSISTANT_RERANKER 指的文件夹，或留空不用") from exc
        if self._model.num_labels != 1:
            raise RerankerError(
                f"重排模型 {folder!r} 有 {self._model.num_labels} 个输出，要只有 1 个的。请换一个模型，或把 ASSISTANT_RERANKER 留空"
            )

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """Scores of the question with each text."""
        if not texts:
            return []
        return [float(s) for s in self._model.predict([(query, text) for text in texts], show_progress_bar=False)]


def build_reranker(setting: str) -> Reranker | None:
    """The reranker of a local folder; None for an empty setting.

    Raises:
        RerankerError: it cannot be built.
    """
    return CrossEncoderReranker(setting) if setting else None
