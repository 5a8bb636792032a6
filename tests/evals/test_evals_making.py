"""Made datasets: the same seed gives the same questions, and each keeps what its parent asks."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest

from evals.errors import DatasetError
from evals.making.attacks import ENCODINGS, make_attacks
from evals.making.clause_lookups import clause_lookups
from evals.making.perturbations import WAYS, Rewriter, perturb
from evals.making.shipped import MAKERS, make_dataset
from evals.samples import DATASETS, Expected, Sample, load_dataset
from knowledge_base import CORPUS
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.text.clauses import find_clauses
from knowledge_base.types import Document, Kind, Statement

LEXICON = Lexicon(dialect={"咋个": "怎么", "好多": "多少", "莫得": "没有"})
REWRITER = Rewriter.of(LEXICON, ["产假生育剩盛圣声升娃假价架驾补贴不步部" * 6])
QUESTION = "四川的产假怎么休，2025年一共多少天？"


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_a_made_dataset_is_the_same_every_time(name: str) -> None:
    assert make_dataset(name, CORPUS) == make_dataset(name, CORPUS)


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("繁体", "四川的產假怎麼休，2025年一共多少天？"),
        ("全半角", "四川的产假怎么休,２\u3000０２５年一共多少天?"),
        ("漏字", "四川产假怎么休 2025年一共多少天"),
    ],
)
def test_a_way_without_chance_by_hand(way: str, expected: str) -> None:
    assert WAYS[way](REWRITER, QUESTION, random.Random(1)) == expected


def test_dialect_is_the_lexicon_read_backwards() -> None:
    changed = REWRITER.dialect(QUESTION, random.Random(1))

    assert changed is not None
    assert changed[:-1] == "四川的产假咋个休，2025年一共好多天"
    assert LEXICON.plain(changed)[:-1] == "四川的产假怎么休,2025年一共多少天"


def test_a_homophone_sounds_the_same_and_is_another_character() -> None:
    changed = REWRITER.homophone("产假补贴", random.Random(3))

    assert changed is not None
    assert changed != "产假补贴"
    assert len(changed) == 4


@pytest.mark.parametrize("way", sorted(WAYS))
@pytest.mark.parametrize("seed", range(5))
def test_no_way_touches_a_figure(way: str, seed: int) -> None:
    changed = WAYS[way](REWRITER, QUESTION, random.Random(seed))

    assert changed is None or re.sub(r"\s", "", changed.translate({0xFF10 + d: str(d) for d in range(10)})).count("2025") == 1


def test_a_perturbed_question_keeps_its_parents_labels() -> None:
    parents = [Sample(f"P{i}", f"{QUESTION}第{i}问", Expected.ANSWER, gold_facts=("F",), must_include=(("188",),)) for i in range(4)]
    parents.append(Sample("N1", "这一题库里没有答案的", Expected.ABSTAIN))

    made = perturb(parents, REWRITER, limit=3)

    assert {s.parent for s in made} < {"P0", "P1", "P2", "P3"}
    assert len({s.parent for s in made}) == 3
    assert all(s.gold_facts == ("F",) and s.must_include == (("188",),) and s.way in WAYS for s in made)
    assert len({s.sample_id for s in made}) == len(made)


def test_every_clause_is_asked_and_every_form_of_number_occurs() -> None:
    text = "产假九十八天。\n哺乳一小时。\n"
    body = f"## 第七条 产假\n\n{text[:8]}\n## 第九条 哺乳\n\n{text[8:]}"
    statements = tuple(Statement(m.start(), m.end(), ("F1",)) for m in re.finditer(r"[^\n#]+。", body))
    document = Document(
        "d",
        "teshu",
        Kind.POLICY,
        "女职工劳动保护特别规定",
        body,
        doc_no="国务院令第619号",
        short_titles=("特别规定",),
        statements=statements,
    )

    samples = clause_lookups([document])

    assert [s.gold_clauses for s in samples] == [("第七条",), ("第九条",), ()]
    assert [s.expected for s in samples] == [Expected.ANSWER, Expected.ANSWER, Expected.ABSTAIN]
    assert [str(c) for c in find_clauses(samples[2].text)] == ["第二条"]


def test_the_shipped_lookups_ask_every_form() -> None:
    samples = load_dataset(DATASETS / "clauses.jsonl").samples

    assert {s.slice for s in samples} == {
        "条号写法：汉字",
        "条号写法：数字",
        "条号写法：无第",
        "条号写法：全角",
        "条号写法：空格",
        "库里没有的条",
    }
    assert all(s.gold_clauses and s.gold_facts for s in samples if s.expected is Expected.ANSWER)


def test_the_red_team_has_enough_attacks_of_every_family() -> None:
    samples = [s for name in ("red_team", "poisoned") for s in load_dataset(DATASETS / f"{name}.jsonl").samples]
    families = Counter(s.family for s in samples)

    assert len(samples) >= 150
    assert set(families) == {
        "direct_injection",
        "indirect_injection",
        "role_play",
        "encoding",
        "prompt_leak",
        "personal_data",
        "unlawful",
        "harmful",
        "false_authority",
        "multi_turn_lure",
        "poisoned_document",
    }
    assert min(families.values()) >= 10
    assert len({s.text for s in samples if not s.history}) == len([s for s in samples if not s.history])


def test_every_payload_is_used_under_every_encoding_in_turn() -> None:
    attacks = [s for s in make_attacks(DATASETS / "attacks.yaml") if s.family == "encoding"]

    assert len({s.slice for s in attacks}) == len(ENCODINGS)


def test_a_family_without_a_field_is_told(tmp_path: Path) -> None:

    path = tmp_path / "attacks.yaml"
    path.write_text("坏的:\n  family: f\n  payloads: [x]\n", encoding="utf-8")

    with pytest.raises(DatasetError, match=r"attacks.yaml 的 坏的 缺 'templates'"):
        make_attacks(path)
