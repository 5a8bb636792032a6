import numpy as np
import pytest

from knowledge_base.training.fitting import bar_for_false_alarms, bar_for_recall, calibration_error, fit_linear, fit_network
from knowledge_base.training.likeness import Library, Probe
from knowledge_base.training.measures import Asked, auc, ranks, success
from tests.knowledge_base.training.tiny import two_groups


class Letters:
    """Vectors that count characters."""

    def encode(self, texts, kind):
        rows = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            for character in text:
                rows[row, ord(character) % 64] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


def test_a_linear_head_tells_two_clouds_apart_also_on_left_out_blocks():
    rng = np.random.default_rng(0)
    rows = np.concatenate([rng.normal(-1, 0.3, (40, 4)), rng.normal(1, 0.3, (40, 4))]).astype(np.float32)

    fitted = fit_linear(rows, ["a"] * 40 + ["b"] * 40, [str(at % 8) for at in range(80)], ("a", "b"))

    assert (fitted.left_out[:, 1] > 0.5).tolist() == [False] * 40 + [True] * 40
    assert fitted.head.probabilities(rows[:1]).sum() == pytest.approx(1.0)


@pytest.mark.parametrize("classes", [("a", "b"), ("a", "b", "c")])
def test_a_small_network_tells_clouds_of_any_scale_apart_also_on_left_out_blocks(classes):
    rng = np.random.default_rng(0)
    rows = np.concatenate([rng.normal(at * 10, 1.0, (400, 4)) * [1, 100, 1, 0.01] for at in range(len(classes))]).astype(np.float32)
    labels = [name for name in classes for _ in range(400)]

    fitted = fit_network(rows, labels, [str(at % 12) for at in range(len(rows))], classes)

    assert [classes[int(said)] for said in fitted.left_out.argmax(1)] == labels
    assert [classes[int(said)] for said in fitted.head.probabilities(rows).argmax(1)] == labels
    assert fitted.head.probabilities(rows[:1]).sum() == pytest.approx(1.0)


def test_a_class_without_rows_is_never_said():
    rows = np.concatenate([np.full((400, 2), -1.0), np.full((400, 2), 1.0)]).astype(np.float32)

    fitted = fit_network(rows, ["a"] * 400 + ["c"] * 400, [str(at % 8) for at in range(800)], ("a", "b", "c"))

    assert fitted.head.probabilities(rows)[:, 1].max() < 1e-6
    assert [("a", "b", "c")[int(said)] for said in fitted.head.probabilities(rows).argmax(1)] == ["a"] * 400 + ["c"] * 400


def test_bars_keep_to_the_part_they_are_given():
    scores = np.arange(100, dtype=np.float32) / 100
    positive = np.arange(100) >= 50

    assert (scores[~positive] >= bar_for_false_alarms(scores, positive, 0.1)).mean() == pytest.approx(0.1)
    assert (scores[positive] >= bar_for_recall(scores, positive, 0.9)).mean() == pytest.approx(0.9)


def test_calibration_error_of_a_coin_said_to_be_sure():
    assert calibration_error(np.array([0.95] * 10, dtype=np.float32), np.array([True, False] * 5)) == pytest.approx(0.45)


def test_auc_counts_ties_half():
    assert auc([1.0, 0.5], [0.5, 0.0]) == pytest.approx(0.875)


def test_the_rank_is_that_of_the_best_right_group():
    scores = np.array([[0.9, 0.5, 0.7]], dtype=np.float32)

    found = ranks(scores, [Asked("x", frozenset({1, 2}))])

    assert found.tolist() == [2]
    assert success(found) == {"top1": 0.0, "top3": 1.0, "top5": 1.0, "n": 1}


def test_a_writer_never_meets_her_own_words():
    groups = two_groups()
    encoder = Letters()
    library = Library.of(encoder, groups, width=64)
    probe = Probe("工资条怎办", 0, "w", frozenset({0}))

    likeness = library.likeness(encoder.encode([probe.text], "query"), [probe])

    title = float(encoder.encode([probe.text], "query")[0] @ encoder.encode([groups[0].title], "query")[0])
    assert likeness[0, 0, 0] == pytest.approx(title)
    assert likeness[0, 1, 0] < 1
