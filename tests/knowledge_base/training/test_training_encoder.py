import math

import numpy as np
import pytest
import torch

from knowledge_base.training import encoder
from knowledge_base.training.batches import Mix, Sampler, Task
from knowledge_base.training.encoder import Recipe
from knowledge_base.training.labelled import Labelled
from knowledge_base.training.model import alike_in_length, load_reader, save_reader
from knowledge_base.training.spreading import Spread, fit_spread
from tests.knowledge_base.training.tiny import tiny_reader, two_groups

TASKS = {"danger": Task(("none", "violence"), (Labelled("他又打我", "violence", "a"), Labelled("产假多少天", "none", "b")))}
MIX = Mix(groups=2, near=0.5, pairs=0, others=0, labelled={"danger": 2})


def texts() -> list[tuple[str, str]]:
    out = []
    for group in two_groups():
        out += [("query", group.title), *(("query", w.text) for w in group.ways), *(("query", m.text) for m in group.misses)]
        out += [("passage", t) for t in group.targets]
    return out


def run_of(steps: int, folder) -> encoder.Run:
    recipe = Recipe(seed=3, steps=steps, warm_up=1, mix=MIX)
    reader = tiny_reader()
    vectors = encoder.base_vectors(reader, texts(), folder / "vectors.npz")
    sampler = Sampler(two_groups(), [], [], TASKS, np.array([[1], [0]]), MIX, recipe.seed)
    run = encoder.start(reader, {"danger": 2}, recipe)
    encoder.resume(run, folder)
    encoder.train(run, sampler, vectors, recipe, folder)
    return run


def test_the_loss_is_small_where_positives_are_near_and_negatives_far():
    vectors = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    positive = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=bool)
    negative = np.array([[0, 0, 1], [0, 0, 1], [1, 1, 0]], dtype=bool)

    loss = encoder.contrastive_loss(vectors, positive, negative, temperature=0.5)

    assert float(loss) == pytest.approx(math.log(1 + math.exp(-2.0)), abs=1e-5)


def test_the_teacher_has_nothing_to_say_to_a_reader_like_the_base():
    vectors = torch.nn.functional.normalize(torch.randn(4, 8, generator=torch.Generator().manual_seed(0)), dim=-1)

    same = encoder.teacher_loss(vectors, vectors, np.array([True, False, True, False]), 0.05)
    other = encoder.teacher_loss(vectors, vectors.flip(0), np.array([True, False, True, False]), 0.05)

    assert float(same) == pytest.approx(0.0, abs=1e-6)
    assert float(other) > 0.1


def test_the_rate_rises_then_falls():
    recipe = Recipe(steps=100, warm_up=10, rate=1.0, last_rate=0.1)

    rates = [encoder.rate_at(step, recipe) for step in (0, 9, 55, 100)]

    assert rates[0] == pytest.approx(0.1)
    assert rates[1] == pytest.approx(1.0)
    assert rates[2] == pytest.approx(0.55, abs=0.01)
    assert rates[3] == pytest.approx(0.1)


def test_a_run_that_stopped_ends_where_one_that_did_not_stop_ends(tmp_path):
    recipe = Recipe(seed=3, steps=4, warm_up=1, mix=MIX)
    whole = run_of(4, tmp_path / "whole")

    reader = tiny_reader()
    vectors = encoder.base_vectors(reader, texts(), tmp_path / "vectors.npz")
    first = encoder.start(reader, {"danger": 2}, recipe)
    sampler = Sampler(two_groups(), [], [], TASKS, np.array([[1], [0]]), MIX, recipe.seed)
    for _ in range(2):
        encoder._step(first, sampler, vectors, recipe)
        first.step += 1
    encoder.save_run(first, tmp_path / "parts")
    second = run_of(4, tmp_path / "parts")

    for name, value in whole.reader.bert.state_dict().items():
        torch.testing.assert_close(second.reader.bert.state_dict()[name], value, atol=1e-4, rtol=1e-3)


def test_averaging_takes_a_share_of_each():
    mixed = encoder.averaged({"w": torch.tensor([2.0])}, {"w": torch.tensor([0.0])}, share=0.25)

    assert mixed["w"].item() == 0.5


def test_texts_of_like_length_are_padded_together():
    groups = alike_in_length([5, 40, 6, 41, 7])

    assert [sorted(g.tolist()) for g in groups] == [[0, 2, 4], [1, 3]]


def test_a_saved_reader_reads_as_before_and_opens_as_sentence_transformer(tmp_path):
    sentence_transformers = pytest.importorskip("sentence_transformers")
    reader = tiny_reader()
    rng = np.random.default_rng(0)
    matrix = np.eye(24, dtype=np.float32) + rng.normal(0, 0.1, (24, 24)).astype(np.float32)
    reader.spread = Spread(matrix, np.full(24, 0.01, dtype=np.float32))
    save_reader(reader, tmp_path)

    before = reader.encode(["产假多少天", "厂头欠起两个月的钱"], "query")
    after = load_reader(tmp_path).encode(["产假多少天", "厂头欠起两个月的钱"], "query")
    theirs = sentence_transformers.SentenceTransformer(str(tmp_path), device="cpu").encode(["产假多少天"], prompt_name="query")

    np.testing.assert_allclose(after, before, atol=1e-5)
    np.testing.assert_allclose(theirs[0], before[0], atol=1e-4)


def test_the_spread_brings_ways_of_one_group_nearer():
    rng = np.random.default_rng(0)
    owners = np.repeat(np.arange(20), 10)
    centres = rng.normal(0, 1, (20, 16))
    voice = rng.normal(0, 1, 16)
    rows = centres[owners] + rng.normal(0, 3, (200, 1)) * voice
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    turned = fit_spread(rows, owners, power=0.5, floor=0.01).apply(rows)

    def right(vectors):
        likeness = vectors @ vectors.T
        np.fill_diagonal(likeness, -2)
        return float((owners[likeness.argmax(1)] == owners).mean())

    assert right(turned) > right(rows)
