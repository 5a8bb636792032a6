"""Models of the optional kinds made from nothing (two layers, random weights, one token a character), and servers of an index."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from index_servers import running_chroma, running_milvus
from tiny_models import VOCABULARY, make_cross_encoder, tiny_bert_config

from knowledge_base.index.milvus import MilvusConnection

MISSING = "the optional models are not installed"


@pytest.fixture(scope="session")
def bert_tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a BERT tokenizer over CHARACTERS."""
    pytest.importorskip("sentence_transformers", reason=MISSING)
    from transformers import BertTokenizer

    folder = tmp_path_factory.mktemp("tokenizer")
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY), encoding="utf-8")
    BertTokenizer(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_model(bert_tokenizer: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a saved BERT embedder with the prompts "query" and "document"."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertModel

    torch.manual_seed(20251128)
    base = tmp_path_factory.mktemp("bert") / "base"
    shutil.copytree(bert_tokenizer, base)
    BertModel(tiny_bert_config()).save_pretrained(base)
    transformer = Transformer(str(base))
    model = SentenceTransformer(
        modules=[transformer, Pooling(transformer.get_embedding_dimension())], device="cpu", prompts={"query": "查询：", "document": ""}
    )
    folder = tmp_path_factory.mktemp("models") / "tiny-zh"
    model.save_pretrained(str(folder), create_model_card=False)
    return folder


@pytest.fixture(scope="session")
def tiny_bge(bert_tokenizer: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a BERT embedder built like bge-small-zh-v1.5: the first token's vector, unit length, no prompts stored."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertModel

    torch.manual_seed(20251129)
    base = tmp_path_factory.mktemp("bge") / "base"
    shutil.copytree(bert_tokenizer, base)
    BertModel(tiny_bert_config()).save_pretrained(base)
    transformer = Transformer(str(base))
    modules = [transformer, Pooling(transformer.get_embedding_dimension(), pooling_mode="cls"), Normalize()]
    folder = tmp_path_factory.mktemp("models") / "bge-small-zh-v1.5"
    SentenceTransformer(modules=modules, device="cpu").save_pretrained(str(folder), create_model_card=False)
    return folder


@pytest.fixture(scope="session")
def tiny_qwen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a Qwen3 decoder built like Qwen3-Embedding: the last token's vector, unit length, no prompts stored."""
    pytest.importorskip("sentence_transformers", reason=MISSING)
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3Model

    torch.manual_seed(20251130)
    base = tmp_path_factory.mktemp("qwen")
    tokenizer = Tokenizer(models.WordLevel({token: i for i, token in enumerate(VOCABULARY)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    end = ("[SEP]", VOCABULARY.index("[SEP]"))  # what the last token's vector is read from
    tokenizer.post_processor = processors.TemplateProcessing(single="$A [SEP]", special_tokens=[end])
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", padding_side="left", model_max_length=256
    ).save_pretrained(base)
    config = Qwen3Config(
        vocab_size=len(VOCABULARY),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=16,
        intermediate_size=64,
        max_position_embeddings=256,
    )
    Qwen3Model(config).save_pretrained(base)
    transformer = Transformer(str(base))
    modules = [transformer, Pooling(transformer.get_embedding_dimension(), pooling_mode="lasttoken"), Normalize()]
    folder = tmp_path_factory.mktemp("models") / "Qwen3-Embedding-0.6B"
    SentenceTransformer(modules=modules, device="cpu").save_pretrained(str(folder), create_model_card=False)
    return folder


@pytest.fixture(scope="session")
def tiny_cross_encoder(bert_tokenizer: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a BERT cross-encoder with one output."""
    return make_cross_encoder(bert_tokenizer, tmp_path_factory.mktemp("cross") / "reranker", outputs=1)


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
