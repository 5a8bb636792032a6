"""Every text of this folder, read once: ``Texts.load()`` parses the YAML files and the prompts into frozen dataclasses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.texts.card_words import CardWords
from assistant.texts.phrases import Phrases
from assistant.texts.question_words import ContrastWords, HeardWords, LengthWords, QuestionWords, SameQuestions, TimeWords
from assistant.texts.safety_rules import Safety
from knowledge_base.text.yaml import parse_yaml

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Bound:
    """Words before or after a figure that say which values it takes in: ``up_to``, ``below``, ``from`` or ``above``."""

    kind: str
    before: re.Pattern[str]
    after: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class DisagreementWords:
    """Words by which two rules in force are compared (part of ``condition_words.yaml``)."""

    adds: re.Pattern[str]
    bounds: tuple[Bound, ...]
    bounded: re.Pattern[str]
    """A figure with the words that bound it."""

    @classmethod
    def of(cls, written: dict[str, Any]) -> DisagreementWords:
        """The words of a file."""
        sides: Mapping[str, Mapping[str, str]] = written["takes_in"]
        before, after = ("|".join(side[key] for side in sides.values()) for key in ("before", "after"))
        return cls(
            re.compile(written["adds"]),
            tuple(Bound(kind, re.compile(f"(?:{side['before']})$"), re.compile(side["after"])) for kind, side in sides.items()),
            re.compile(
                rf"(?:{before})?\d+(?:\.\d+)?[\u4e00-\u9fff%]{{0,2}}?(?:{after})|(?:{before})\d+(?:\.\d+)?(?:周岁|[\u4e00-\u9fff%])"
            ),
        )


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
    disagreements: DisagreementWords
    safety: Safety
    cards: CardWords
    briefs: BriefTexts
    prompts: Prompts
    thresholds: Mapping[str, float]
    """How much evidence is enough (``evidence.yaml``); ``python -m evals calibrate`` chooses it."""
    technologies: Mapping[str, tuple[str, ...]]

    @classmethod
    def load(cls) -> Texts:
        """The shipped texts; each file is read once."""
        phrases = Phrases.of(_read("zh"))
        time = TimeWords.of(_read("time_words"))
        return cls(
            phrases=phrases,
            question=QuestionWords.of(_read("question_words"), time),
            time=time,
            heard=HeardWords.of(_read("premises")),
            contrasts=ContrastWords.of(_read("contrasts")),
            length=LengthWords.of(_read("brevity")),
            same_questions=SameQuestions.of(_read("same_questions")),
            disagreements=DisagreementWords.of(_read("condition_words")),
            safety=Safety.of(_read("routing")),
            cards=CardWords.of(_read("cards")),
            briefs=BriefTexts(**_read("briefs")),
            prompts=Prompts(_prompt("answer"), _prompt("question"), _prompt("repair"), _prompt("passage"), phrases.prompt_length),
            thresholds=_read("evidence")["thresholds"],
            technologies={name: tuple(spellings) for name, spellings in _read("technologies").items()},
        )


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = parse_yaml((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


def _prompt(name: str) -> str:
    return (FOLDER / "prompts" / f"{name}.md").read_text(encoding="utf-8")
