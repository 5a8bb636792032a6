"""Pieces of random models: a vocabulary of single characters, a configuration, a cross-encoder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

CHARACTERS = (
    "产假补贴多少天女职工直播怎么学人工智能训练师第七条失业保险金领取证书报名为这个句子生成表示以用于检索相关文章查询"
    "abcdefghijklmnopqrstuvwxyz0123456789：: "
)
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(CHARACTERS)]


def tiny_bert_config(**more: Any) -> Any:
    """A BERT of two small layers over VOCABULARY."""
    from transformers import BertConfig

    return BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
        **more,
    )


def make_cross_encoder(tokenizer: Path, folder: Path, outputs: int) -> Path:
    """A random cross-encoder, saved as the hub's are."""
    import torch
    from transformers import BertForSequenceClassification

    torch.manual_seed(20251201)
    shutil.copytree(tokenizer, folder)
    BertForSequenceClassification(tiny_bert_config(num_labels=outputs)).save_pretrained(folder)
    return folder
