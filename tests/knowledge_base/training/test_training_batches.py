import numpy as np

from knowledge_base.training.batches import NOWHERE, Mix, Sampler, Task, positives_and_negatives, shared_facts
from knowledge_base.training.labelled import Labelled
from knowledge_base.training.sources import Group, Pair, Way
from tests.knowledge_base.training.tiny import two_groups

TASKS = {"danger": Task(("none", "violence"), (Labelled("他又打我", "violence", "a"), Labelled("产假多少天", "none", "b")))}


def sampler(seed: int = 1) -> Sampler:
    mix = Mix(groups=2, near=0.5, pairs=1, others=1, labelled={"danger": 4})
    return Sampler(two_groups(), [Pair("问", "答")], ["他问"], TASKS, np.array([[1], [0]]), mix, seed)


def test_texts_of_one_group_belong_together_and_others_do_not():
    positive, negative = positives_and_negatives(np.array([0, 0, 1, NOWHERE]), np.zeros((2, 2), dtype=bool))

    assert positive.tolist() == [[False, True, False, False], [True, False, False, False], [False] * 4, [False] * 4]
    assert negative[0].tolist() == [False, False, True, True]
    assert not negative.diagonal().any()


def test_groups_that_may_both_be_right_are_neither():
    apart = np.array([[False, True], [True, False]])

    positive, negative = positives_and_negatives(np.array([0, 1]), apart)

    assert not positive.any()
    assert not negative.any()


def test_groups_with_half_of_their_facts_in_common_may_both_be_right():
    def group(key: str, *facts: str) -> Group:
        return Group(key, "", key, frozenset(facts), ("t",), (Way("w", "", "x"),))

    apart = shared_facts([group("a", "F1", "F2"), group("b", "F2", "F3"), group("c", "F3", "F4", "F5", "F6")])

    assert apart[0, 1]
    assert apart[1, 2]
    assert not apart[0, 2]


def test_the_same_seed_draws_the_same_batches():
    first, second = sampler(), sampler()

    assert [first.draw().texts for _ in range(3)] == [second.draw().texts for _ in range(3)]


def test_a_near_miss_stands_under_the_group_where_it_belongs():
    drawn = [sampler(seed).draw() for seed in range(6)]

    owners = {int(b.groups[b.texts.index("产假的钱")]) for b in drawn if "产假的钱" in b.texts}
    assert owners == {1}


def test_texts_of_other_fields_are_marked():
    batch = sampler().draw()

    assert {t for t, g in zip(batch.texts, batch.general, strict=True) if g} == {"问", "答", "他问"}
    assert len(batch.labelled["danger"][0]) == 4
