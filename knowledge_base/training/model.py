"""The encoder in torch: built from the base, saved, opened and run while training.

A model folder opens with ``sentence_transformers.SentenceTransformer(path)``: mean over pieces, then unit length.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from knowledge_base.training.base_weights import Base
from knowledge_base.training.spreading import Spread
from knowledge_base.training.vocabulary import Cut

PREFIX = {"query": "query: ", "passage": "passage: "}
"""What e5 models want before a text. Source: arXiv 2402.05672."""
LONGEST = {"query": 64, "passage": 128}
"""Pieces of a text that are read."""
_MODULES = ("Transformer", "Pooling", "Normalize")
_SPREAD = ("Dense", "Normalize")


def fast_precision() -> AbstractContextManager[object]:
    """Sixteen-bit products where the processor has a unit for them (AMX); elsewhere they take twice the time of plain ones."""
    cpu = Path("/proc/cpuinfo")
    has_unit = cpu.exists() and "amx_bf16" in cpu.read_text(encoding="utf-8")
    return torch.autocast("cpu", dtype=torch.bfloat16) if has_unit else nullcontext()


@dataclass(slots=True)
class Reader:
    """An encoder with its tokenizer."""

    bert: BertModel
    tokenizer: Tokenizer
    spread: Spread | None = None
    """A layer behind the mean over pieces; an encoder in training has none."""

    def pieces(self, texts: Sequence[str], kinds: Sequence[str]) -> list[list[int]]:
        """Piece ids of each text under its kind's prefix, cut to the kind's length, with the marks at both ends."""
        encoded = self.tokenizer.encode_batch_fast([PREFIX[k] + t for t, k in zip(texts, kinds, strict=True)])
        return [cut_ids(e.ids, LONGEST[k]) for e, k in zip(encoded, kinds, strict=True)]

    def vectors(self, pieces: Sequence[Sequence[int]]) -> torch.Tensor:
        """(n, d) unit rows in the order given; texts of like length are padded together."""
        parts = alike_in_length([len(p) for p in pieces])
        rows = torch.cat([self._pooled([pieces[i] for i in part]) for part in parts])
        back = torch.from_numpy(np.argsort(np.concatenate(parts), kind="stable"))
        ordered: torch.Tensor = rows[back]
        unit: torch.Tensor = ordered / torch.linalg.vector_norm(ordered, dim=-1, keepdim=True)
        return unit

    @torch.no_grad()
    def encode(self, texts: Sequence[str], kind: str, batch: int = 64) -> npt.NDArray[np.float32]:
        """(n, d) float32 unit rows, without gradients."""
        pieces = self.pieces(texts, [kind] * len(texts))
        order = np.argsort([len(p) for p in pieces], kind="stable")
        out = np.zeros((len(texts), self.bert.config.hidden_size), dtype=np.float32)
        training = self.bert.training
        self.bert.train(False)
        for at in range(0, len(order), batch):
            part = order[at : at + batch]
            out[part] = self.vectors([pieces[i] for i in part]).float().numpy()
        self.bert.train(training)
        return self.spread.apply(out) if self.spread and len(out) else out

    def _pooled(self, pieces: Sequence[Sequence[int]]) -> torch.Tensor:
        ids, mask = padded(pieces)
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        mean: torch.Tensor = ((hidden * weights).sum(1) / weights.sum(1)).float()
        return mean


def alike_in_length(lengths: Sequence[int], spread: float = 1.25) -> list[npt.NDArray[np.int64]]:
    """Places of texts in groups whose longest has at most ``spread`` times the pieces of the shortest, and two more."""
    order = np.argsort(lengths, kind="stable")
    groups: list[list[int]] = []
    for at in order:
        if not groups or lengths[at] > lengths[groups[-1][0]] * spread + 2:
            groups.append([])
        groups[-1].append(int(at))
    return [np.array(group, dtype=np.int64) for group in groups]


def cut_ids(ids: Sequence[int], longest: int) -> list[int]:
    """Ids with at most ``longest`` pieces, the closing mark kept."""
    return list(ids) if len(ids) <= longest else [*ids[: longest - 1], ids[-1]]


def padded(pieces: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """(n, longest) ids and the mask of those that are pieces."""
    longest = max(map(len, pieces))
    ids = torch.ones((len(pieces), longest), dtype=torch.long)  # 1 is <pad>
    mask = torch.zeros((len(pieces), longest), dtype=torch.long)
    for row, piece in enumerate(pieces):
        ids[row, : len(piece)] = torch.tensor(piece)
        mask[row, : len(piece)] = 1
    return ids, mask


def config_of(vocabulary: int, shape: Any, layers: int | None = None) -> BertConfig:
    """The sizes of a model like the base, without dropout; attention as plain matrix products, which trains faster on a CPU."""
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=layers or shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.inner,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=1e-12,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=1,
    )
    config._attn_implementation = "eager"
    return config


def from_base(base: Base, cut: Cut | None = None) -> Reader:
    """The base model, with all pieces or with those of a cut."""
    weights = {name: torch.from_numpy(np.ascontiguousarray(values)) for name, values in base.weights.items()}
    table = "embeddings.word_embeddings.weight"
    if cut is not None:
        weights[table] = weights[table][torch.tensor(list(cut.kept))]
    bert = BertModel(config_of(len(weights[table]), base.shape), add_pooling_layer=False)
    bert.load_state_dict(weights, strict=False)
    return Reader(bert.train(False), Tokenizer.from_str(json.dumps(cut.tokenizer if cut else base.tokenizer)))


def save_reader(reader: Reader, folder: Path, weights: Mapping[str, torch.Tensor] | None = None) -> None:
    """Write a sentence-transformers folder; ``weights`` stand in for the reader's own, an average for example."""
    folder.mkdir(parents=True, exist_ok=True)
    state = weights or reader.bert.state_dict()
    save_file({k: v.contiguous() for k, v in state.items()}, folder / "model.safetensors", metadata={"format": "pt"})
    reader.bert.config.architectures = ["BertModel"]
    reader.bert.config.save_pretrained(folder)
    reader.tokenizer.save(str(folder / "tokenizer.json"))
    special = {"bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 128, "mask_token": "<mask>", **special}
    write_json(folder / "tokenizer_config.json", settings)
    modules = (*_MODULES, *(_SPREAD if reader.spread else ()))
    paths = ["" if at == 0 else f"{at}_{name}" for at, name in enumerate(modules)]
    entries = [
        {"idx": at, "name": str(at), "path": path, "type": f"sentence_transformers.models.{name}"}
        for at, (name, path) in enumerate(zip(modules, paths, strict=True))
    ]
    write_json(folder / "modules.json", entries)
    write_json(folder / "sentence_bert_config.json", {"max_seq_length": 128, "do_lower_case": False})
    write_json(
        folder / "config_sentence_transformers.json", {"prompts": PREFIX, "default_prompt_name": None, "similarity_fn_name": "cosine"}
    )
    for path in paths[1:]:
        (folder / path).mkdir(exist_ok=True)
    if reader.spread:
        _save_spread(reader.spread, folder / "3_Dense")
    write_json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": reader.bert.config.hidden_size, "pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False},
    )


def _save_spread(spread: Spread, folder: Path) -> None:
    weights = {"linear.weight": torch.from_numpy(spread.matrix.T.copy()), "linear.bias": torch.from_numpy(spread.bias.copy())}
    save_file(weights, folder / "model.safetensors")
    width = len(spread.bias)
    activation = "torch.nn.modules.linear.Identity"
    write_json(folder / "config.json", {"in_features": width, "out_features": width, "bias": True, "activation_function": activation})


def _load_spread(folder: Path) -> Spread | None:
    if not (folder / "model.safetensors").exists():
        return None
    weights = load_file(folder / "model.safetensors")
    return Spread(weights["linear.weight"].numpy().T.copy(), weights["linear.bias"].numpy())


def load_reader(folder: Path) -> Reader:
    """The reader in a folder that ``save_reader`` wrote."""
    config = BertConfig.from_pretrained(folder, attn_implementation="eager")
    bert = BertModel(config, add_pooling_layer=False)
    bert.load_state_dict(load_file(folder / "model.safetensors"), strict=False)
    return Reader(bert.train(False), Tokenizer.from_file(str(folder / "tokenizer.json")), _load_spread(folder / "3_Dense"))


def write_json(path: Path, value: Any) -> None:
    """Write a value as JSON with sorted keys."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
