"""What someone is entitled to: only what applies, each by clause, nothing left out for what is not known."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from assistant.errors import NotFound, ToolInputRefused
from assistant.tools.entitlements import MOST_QUESTIONS, Situation, entitled_to, find_situation, load_situations, situation_faults
from knowledge_base import CORPUS
from knowledge_base.editorial.corpus_check import load_sources
from knowledge_base.types import Source

SITUATIONS = load_situations()


@pytest.fixture(scope="module")
def sources() -> Mapping[str, Source]:
    return load_sources(CORPUS / "sources.jsonl")


def texts(name: str, **answers: str) -> str:
    return "\n".join(item.wording.text for item in entitled_to(SITUATIONS[name], answers))


@pytest.mark.parametrize("situation", SITUATIONS.values(), ids=lambda situation: situation.name)
def test_every_right_is_proven_and_leads_to_what_exists(situation: Situation, sources: Mapping[str, Source]) -> None:
    assert list(situation_faults(situation, sources)) == []
    assert len(situation.questions) <= MOST_QUESTIONS


def test_only_what_applies_is_told() -> None:
    pregnant = texts("birth", stage="pregnant", contract="yes", insured="yes", place="sichuan", date="2026-12-20")
    lost = texts("birth", stage="lost", contract="yes", insured="yes", place="sichuan")

    assert "产检" in pregnant
    assert "延长生育假90日" in pregnant
    assert "流产休15天" not in pregnant
    assert "流产休15天" in lost
    assert "产检" not in lost


def test_a_place_and_a_day_decide() -> None:
    assert "延长生育假90日" not in texts("birth", stage="born", contract="yes", place="elsewhere", date="2026-03-01")
    assert "延长生育假90日" not in texts("birth", stage="born", contract="yes", place="sichuan", date="2025-01-01")


def test_what_is_not_known_leaves_nothing_out() -> None:
    everything = {item.wording.text for item in SITUATIONS["dismissed"].items}

    assert {item.wording.text for item in entitled_to(SITUATIONS["dismissed"], {})} == everything
    assert {item.wording.text for item in entitled_to(SITUATIONS["dismissed"], {"reason": "unsure"})} == everything


@pytest.mark.parametrize(("answers", "said"), [({"mood": "bad"}, "mood"), ({"stage": "tired"}, "只能回答"), ({"date": "gestern"}, "日期")])
def test_a_wrong_answer_is_refused(answers: dict[str, str], said: str) -> None:
    with pytest.raises(ToolInputRefused, match=said):
        entitled_to(SITUATIONS["birth"], answers)


def test_an_unknown_situation_is_not_found() -> None:
    with pytest.raises(NotFound):
        find_situation(SITUATIONS, "lottery")
