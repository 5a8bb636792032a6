"""Write the encoder for the service: ONNX with weights in eight bits, and the tokenizer.

Inputs ``ids`` and ``mask`` (texts, pieces) int64; output ``vectors`` (texts, hidden) float32, the mean over pieces at unit length.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import BertModel

from knowledge_base.training.model import Reader, padded
from knowledge_base.training.spreading import Spread

OPSET = 17


class _Pooled(torch.nn.Module):
    """The encoder with its mean over pieces; attention masks are added to the scores as the encoder does in training."""

    def __init__(self, bert: BertModel, spread: Spread | None) -> None:
        super().__init__()
        self.bert = bert
        self.matrix = torch.nn.Parameter(torch.from_numpy(spread.matrix)) if spread else None
        self.bias = torch.nn.Parameter(torch.from_numpy(spread.bias)) if spread else None

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """(n, hidden) unit rows."""
        reach = (1.0 - mask[:, None, None, :].float()) * -1e4
        hidden = self.bert.embeddings(input_ids=ids)
        heads = self.bert.config.num_attention_heads
        for layer in self.bert.encoder.layer:
            hidden = _layer(layer, hidden, reach, heads)
        weights = mask.unsqueeze(-1).float()
        mean = (hidden * weights).sum(1) / weights.sum(1)
        unit: torch.Tensor = torch.nn.functional.normalize(mean, dim=-1)
        if self.matrix is not None and self.bias is not None:
            unit = torch.nn.functional.normalize(unit @ self.matrix + self.bias, dim=-1)
        return unit


def _layer(layer: Any, hidden: torch.Tensor, reach: torch.Tensor, heads: int) -> torch.Tensor:
    attention = layer.attention
    n, length, width = hidden.shape

    def split(rows: torch.Tensor) -> torch.Tensor:
        return rows.view(n, length, heads, width // heads).transpose(1, 2)

    query, key, value = (split(getattr(attention.self, name)(hidden)) for name in ("query", "key", "value"))
    scores = query @ key.transpose(-1, -2) / (width // heads) ** 0.5 + reach
    mixed = (scores.softmax(-1) @ value).transpose(1, 2).reshape(n, length, width)
    hidden = attention.output.LayerNorm(attention.output.dense(mixed) + hidden)
    inner = torch.nn.functional.gelu(layer.intermediate.dense(hidden))
    out: torch.Tensor = layer.output.LayerNorm(layer.output.dense(inner) + hidden)
    return out


def export_encoder(reader: Reader, folder: Path) -> Path:
    """Write ``encoder.onnx`` and ``tokenizer.json`` into a folder; returns the former's path."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / "encoder.float.onnx"
    ids, mask = padded([[0, 5, 6, 2], [0, 7, 2]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Pooled(reader.bert.train(False).float(), reader.spread),
            (ids, mask),
            str(whole),
            input_names=["ids", "mask"],
            output_names=["vectors"],
            dynamic_axes={"ids": {0: "texts", 1: "pieces"}, "mask": {0: "texts", 1: "pieces"}, "vectors": {0: "texts"}},
            opset_version=OPSET,
            dynamo=False,
        )
    target = folder / "encoder.onnx"
    prepared = folder / "encoder.prepared.onnx"
    onnx.save(onnx.shape_inference.infer_shapes(onnx.load(whole)), prepared)
    whole_nodes = [node.name for node in onnx.load(prepared).graph.node if node.op_type == "MatMul" and "matrix" in node.input]
    quantize_dynamic(
        prepared,
        target,
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"],
        nodes_to_exclude=whole_nodes,
    )
    for path in (whole, prepared):
        path.unlink()
    reader.tokenizer.save(str(folder / "tokenizer.json"))
    return target
