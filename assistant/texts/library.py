"""Every text of this folder, read once: ``Texts.load()`` parses the YAML files and the prompts into frozen dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.texts.card_words import CardWords
from assistant.texts.condition_words import ConditionWords, DisagreementWords
from assistant.texts.phrases import Phrases
from assistant.texts.question_words import ContrastWords, HeardWords, LengthWords, QuestionWords, SameQuestions, TimeWords
from assistant.texts.safety_rules import Safety
from assistant.texts.urgent_words import UrgentWords
from knowledge_base.text.yaml import parse_yaml

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class BriefTexts:
    """Fixed words of exported briefs (``briefs.yaml``); ``facts`` are the labels of a document's particulars."""

    title: str
    made: str
    label: str
    official: str
    sources: str
    no_font: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Prompts:
    """Prompts for a language model (``prompts/*.md``), their places to fill in braces."""

    answer: str
    question: str
    repair: str
    passage: str
    length: str
    """What is added where the user wants a short answer."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Everything the assistant says and every word list it reads by."""

    phrases: Phrases
    question: QuestionWords
    time: TimeWords
    heard: HeardWords
    contrasts: ContrastWords
    length: LengthWords
    same_questions: SameQuestions
    conditions: ConditionWords
    disagreements: DisagreementWords
    safety: Safety
    urgent: Mapping[str, UrgentWords]
    """Help by kind of danger."""
    cards: CardWords
    briefs: BriefTexts
    prompts: Prompts
    thresholds: Mapping[str, float]
    """How much evidence is enough (``evidence.yaml``); ``python -m evals calibrate`` chooses it."""
    readings: Mapping[str, Mapping[str, float]]
    """How likely a reading answers, and how likely it must be for what (``readings.yaml``)."""
    technologies: Mapping[str, tuple[str, ...]]

    @classmethod
    def load(cls) -> Texts:
        """The shipped texts; each file is read once."""
        phrases = Phrases.of(_read("zh"))
        time = TimeWords.of(_read("time_words"))
        written = _read("condition_words")
        conditions = ConditionWords.of(written, phrases)
        return cls(
            phrases=phrases,
            question=QuestionWords.of(_read("question_words"), time),
            time=time,
            heard=HeardWords.of(_read("premises")),
            contrasts=ContrastWords.of(_read("contrasts")),
            length=LengthWords.of(_read("brevity")),
            same_questions=SameQuestions.of(_read("same_questions")),
            conditions=conditions,
            disagreements=DisagreementWords.of(written, conditions),
            safety=Safety.of(_read("routing")),
            urgent={kind: UrgentWords.of(written) for kind, written in _read("urgent").items()},
            cards=CardWords.of(_read("cards")),
            briefs=BriefTexts(**_read("briefs")),
            prompts=Prompts(_prompt("answer"), _prompt("question"), _prompt("repair"), _prompt("passage"), phrases.prompt_length),
            thresholds=_read("evidence")["thresholds"],
            readings=_read("readings"),
            technologies={name: tuple(spellings) for name, spellings in _read("technologies").items()},
        )


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = parse_yaml((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


def _prompt(name: str) -> str:
    return (FOLDER / "prompts" / f"{name}.md").read_text(encoding="utf-8")
