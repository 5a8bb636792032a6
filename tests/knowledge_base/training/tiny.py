"""A tiny random model and tiny data, for the wiring."""

from __future__ import annotations

import json

import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from knowledge_base.training.model import Reader
from knowledge_base.training.sources import Group, Miss, Way

LETTERS = "厂头说不要我了还欠起两个月的钱产假多少天工资条怎办四川二胎呢他又打躲在厕所query:passge。，？"


def tokenizer_file() -> dict[str, object]:
    """A tokenizer of single characters in the base's form."""
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    pieces = [[name, 0.0] for name in special] + [[c, -3.0] for c in dict.fromkeys("▁" + LETTERS)] + [["产假", -2.0], ["<mask>", 0.0]]
    template = [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]
    template.append({"SpecialToken": {"id": "</s>", "type_id": 0}})
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    added = [{"id": at, "content": name, **flags} for at, name in enumerate(special)]
    added.append({"id": len(pieces) - 1, "content": "<mask>", **flags})
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": None,
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": template,
            "pair": template,
            "special_tokens": {
                "<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]},
                "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]},
            },
        },
        "decoder": None,
        "model": {"type": "Unigram", "unk_id": 3, "vocab": pieces},
    }


def tiny_reader() -> Reader:
    """Two layers of 24 with random weights, the same every time."""
    torch.manual_seed(0)
    written = tokenizer_file()
    tokenizer = Tokenizer.from_str(json.dumps(written))
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=48,
        max_position_embeddings=160,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=1,
    )
    config._attn_implementation = "eager"
    return Reader(BertModel(config, add_pooling_layer=False).train(False), tokenizer)


def two_groups() -> list[Group]:
    """A need about pay and one about leave; a near miss of the first belongs to the second."""
    pay = [("厂头欠起两个月的钱", "story"), ("工资条怎办", "terse"), ("钱还不还", "dialect")]
    leave = [("产假多少天", "terse"), ("四川产假", "official"), ("二胎呢", "dialect")]
    return [
        Group(
            "欠钱",
            "工资",
            "欠钱怎办",
            frozenset({"F1"}),
            ("欠钱。还。",),
            tuple(Way(t, v, "w") for t, v in pay),
            (Miss("产假的钱", "产假", "w"),),
        ),
        Group("产假", "假", "产假多少天", frozenset({"F2"}), ("产假。天。",), tuple(Way(t, v, "w") for t, v in leave)),
    ]
