import json

import numpy as np
import pytest

from knowledge_base.reader.errors import ModelFilesError
from knowledge_base.reader.heads import Head, load_heads, save_heads
from knowledge_base.reader.judge import FEATURES, Candidate, Judge, judge_features
from knowledge_base.reader.notices import Noticer, joined_turns
from knowledge_base.reader.turns import TurnReader, pair_features

EMPTY = np.zeros((0, 4), dtype=np.float32)


class Words:
    """Vectors by first letter: a, b, c and all others."""

    def encode(self, texts, kind):
        rows = np.zeros((len(texts), 4), dtype=np.float32)
        for row, text in enumerate(texts):
            rows[row, "abc".find(text[0])] = 1.0  # -1 is the last
        return rows

    def question(self, text):
        return self.encode([text], "query")[0]


def head(classes: tuple[str, ...], rows: list[list[float]], **thresholds: float) -> Head:
    weights = np.array(rows, dtype=np.float32).T
    return Head(classes, (weights,), (np.zeros(len(classes), dtype=np.float32),), thresholds)


HEADS = {
    "danger": head(("none", "violence", "fraud"), [[0, 0, 4, 4], [8, 0, 0, 0], [0, 1, 0, 0]], alarm=0.9, check=0.6),
    "who": head(("self", "kin"), [[1, 0, 0, 0], [0, 1, 1, 1]]),
    "now": head(("now", "past"), [[1, 0, 0, 0], [0, 1, 1, 1]]),
    "route": head(("in_scope", "out_of_scope"), [[3, 3, 0, 3], [0, 0, 3, 0]], out_of_scope=0.9),
}


def test_saved_heads_are_read_as_they_were(tmp_path):
    two_layers = Head(
        ("no", "yes"),
        (np.ones((4, 3), dtype=np.float32), np.array([[1, 2], [0, 1], [1, 0]], dtype=np.float32)),
        (np.array([-1, 0, 1], dtype=np.float32), np.zeros(2, dtype=np.float32)),
        {"show": 0.4},
    )
    save_heads({"judge": two_layers}, tmp_path)
    rows = np.array([[0.1, 0.2, 0.3, 0.4]], dtype=np.float32)

    read = load_heads(tmp_path)["judge"]

    assert read.classes == ("no", "yes")
    assert read.thresholds == {"show": 0.4}
    np.testing.assert_allclose(read.probabilities(rows), two_layers.probabilities(rows))


def test_a_card_of_another_run_is_refused(tmp_path):
    save_heads(HEADS, tmp_path)
    card = json.loads((tmp_path / "heads.json").read_text(encoding="utf-8"))
    card["judge"] = {"classes": ["no", "yes"], "layers": 1}
    (tmp_path / "heads.json").write_text(json.dumps(card), encoding="utf-8")

    with pytest.raises(ModelFilesError, match="different runs"):
        load_heads(tmp_path)


def test_missing_files_say_what_to_do(tmp_path):
    with pytest.raises(ModelFilesError, match="train the reader"):
        load_heads(tmp_path)


@pytest.mark.parametrize(("text", "level"), [("a", "alarm"), ("b", "check"), ("c", "none")])
def test_danger_is_graded_by_its_probability(text, level):
    assert Noticer(Words(), HEADS).notice(text).danger.level == level


def test_an_alarm_tells_kind_who_and_how_far():
    danger = Noticer(Words(), HEADS).notice("a").danger

    assert (danger.kind, danger.who, danger.now) == ("violence", "self", "now")


def test_danger_of_an_earlier_turn_does_not_end_with_a_harmless_word():
    noticer = Noticer(Words(), HEADS)

    assert noticer.notice("c").danger.level == "none"
    assert noticer.notice("c", history=["a"]).danger.level == "alarm"


def test_a_route_must_pass_its_bar():
    noticer = Noticer(Words(), HEADS)

    assert noticer.notice("c").route == "out_of_scope"
    assert noticer.notice("a").route == "in_scope"


def test_only_the_last_turns_are_joined():
    assert joined_turns(["一", "二", "三"], "四") == "二。三。四"


def test_a_turn_reader_names_the_likeliest_reading():
    inputs = len(pair_features(*np.zeros((3, 4), dtype=np.float32)))
    weights = np.zeros((inputs, 2), dtype=np.float32)
    weights[-3, 1] = 1.0  # the likeness of both turns, times ten
    reader = TurnReader(Words(), {"turn": Head(("new", "elliptic"), (weights,), (np.array([5, 0], dtype=np.float32),))})

    same, other = reader.read("a1", "a2"), reader.read("a1", "b")

    assert (same.reading, same.joins) == ("elliptic", True)
    assert (other.reading, other.joins) == ("new", False)
    assert sum(same.readings.values()) == pytest.approx(1.0)


def test_the_judge_sees_lead_and_near_misses():
    question = np.array([1, 0, 0, 0], dtype=np.float32)
    asked = Candidate(np.array([[1, 0, 0, 0]], dtype=np.float32), np.array([[0.8, 0.6, 0, 0]], dtype=np.float32), EMPTY)
    missed = Candidate(np.array([[0.6, 0.8, 0, 0]], dtype=np.float32), EMPTY, np.array([[1, 0, 0, 0]], dtype=np.float32))

    rows = judge_features(question, [asked, missed])

    first, second = (dict(zip(FEATURES, row, strict=True)) for row in rows.tolist())
    assert first["lead over the next candidate"] == pytest.approx(0.3)
    assert second["likest near miss"] == 1.0
    assert second["distance to the best candidate"] == pytest.approx(0.3)


def test_without_candidates_nothing_is_judged():
    judge = Judge({"judge": head(("no", "yes"), [[0] * len(FEATURES)] * 2, show=0.5)})

    assert judge.probabilities(np.zeros(4, dtype=np.float32), []).shape == (0,)


def test_the_route_does_not_hang_on_the_last_marks():
    noticer = Noticer(Ends(), HEADS)

    assert noticer.notice("c").route == noticer.notice("c？").route == "out_of_scope"


class Ends(Words):
    """Vectors by last letter."""

    def encode(self, texts, kind):
        return super().encode([text[-1] for text in texts], kind)


@pytest.mark.parametrize(("of_self", "who"), [(0.25, "self"), (0.1, "kin")])
def test_who_may_be_in_danger_herself_is_taken_to_be(of_self, who):
    odds = float(np.log(of_self / (1 - of_self)))
    noticer = Noticer(Words(), HEADS | {"who": head(("self", "kin"), [[odds] * 4, [0] * 4])})

    assert noticer.notice("a").danger.who == who
