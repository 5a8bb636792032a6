"""A language model's server that somebody else wrote: ``transformers serve`` over a model of random weights."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

_CHAT_TEMPLATE = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant:"
_LONGEST_PROMPT = 65_536  # tokens; a Chinese character is three bytes, and each byte a token


def write_random_model(folder: Path) -> None:
    """Save a two-layer Llama of random weights whose tokens are bytes."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    marks = ["<s>", "</s>", "<unk>"]
    vocabulary = {token: number for number, token in enumerate([*marks, *sorted(pre_tokenizers.ByteLevel.alphabet())])}
    bytes_only = Tokenizer(models.BPE(vocab=vocabulary, merges=[], unk_token="<unk>"))
    bytes_only.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bytes_only.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=bytes_only, bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="</s>")
    tokenizer.chat_template = _CHAT_TEMPLATE
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=_LONGEST_PROMPT,
        bos_token_id=0,
        eos_token_id=1,
        pad_token_id=1,
    )
    tokenizer.save_pretrained(folder)
    LlamaForCausalLM(config).save_pretrained(folder)


@contextmanager
def transformers_server(port: int, log: Path, patience: float = 200) -> Iterator[str]:
    """The address of a running server; the block's end stops it.

    Raises:
        RuntimeError: it did not answer in time; the message holds its log.
    """
    command = [str(Path(sys.executable).with_name("transformers")), "serve", "--port", str(port), "--device", "cpu"]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            until = time.monotonic() + patience
            while not _answers(url):
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"transformers serve did not start: {log.read_text(errors='replace')}")
                time.sleep(0.5)
            yield f"{url}/v1"
        finally:
            process.terminate()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=5).is_success
    except httpx.HTTPError:
        return False
