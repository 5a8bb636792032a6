"""A sentence-transformers model made from nothing (two layers, random weights, one token a character), and servers of an index."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from index_servers import running_chroma, running_milvus

from knowledge_base.milvus import MilvusConnection

CHARACTERS = "产假补贴多少天女职工直播怎么学人工智能训练师第七条失业保险金领取证书报名abcdefghijklmnopqrstuvwxyz0123456789：: "


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a saved model with the prompts "query" and "document"."""
    pytest.importorskip("sentence_transformers", reason="the optional models are not installed: run make models")
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    torch.manual_seed(20251128)
    base = tmp_path_factory.mktemp("bert")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(CHARACTERS)]
    (base / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizer(vocab_file=str(base / "vocab.txt")).save_pretrained(base)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    BertModel(config).save_pretrained(base)
    transformer = Transformer(str(base))
    model = SentenceTransformer(
        modules=[transformer, Pooling(transformer.get_embedding_dimension())], device="cpu", prompts={"query": "查询：", "document": ""}
    )
    folder = tmp_path_factory.mktemp("models") / "tiny-zh"
    model.save_pretrained(str(folder), create_model_card=False)
    return folder


@pytest.fixture(scope="session")
def chroma_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Chroma server that the contract tests share."""
    with running_chroma(tmp_path_factory.mktemp("chroma-server")) as address:
        yield address


@pytest.fixture(scope="session")
def milvus_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Milvus server that the contract tests share."""
    with running_milvus(tmp_path_factory.mktemp("milvus-server")) as address:
        yield address


@pytest.fixture(scope="session")
def milvus_lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusConnection]:
    """Milvus Lite in this process."""
    connection = MilvusConnection.to_file(tmp_path_factory.mktemp("milvus-lite") / "index.db")
    yield connection
    connection.close()
