"""Every fixed phrase fills with the words that the code gives it, and the code asks for no phrase that is not there."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

from assistant.texts import wording
from assistant.texts.wording import load_texts, phrase

PHRASES = {key: text for key, text in load_texts().items() if isinstance(text, str)}
MISSING_KINDS: dict[str, str] = load_texts()["missing_kinds"]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def calls_of_phrase() -> list[ast.Call]:
    files = Path(wording.__file__).parents[1].rglob("*.py")
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    return [n for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "phrase"]


@pytest.mark.parametrize("key", PHRASES)
def test_a_phrase_fills(key: str) -> None:
    filled = phrase(key, **{name: f"某{name}" for name in fields(PHRASES[key])})

    assert filled.strip()
    assert "{" not in filled


@pytest.mark.parametrize("key", MISSING_KINDS)
def test_a_word_for_what_is_missing_fills(key: str) -> None:
    filled = MISSING_KINDS[key].format(**{name: f"某{name}" for name in fields(MISSING_KINDS[key])})

    assert filled.strip()
    assert "{" not in filled


def test_every_phrase_that_the_code_names_is_there_and_gets_the_words_it_asks_for() -> None:
    given = {
        str(call.args[0].value): {keyword.arg for keyword in call.keywords}
        for call in calls_of_phrase()
        if isinstance(call.args[0], ast.Constant)
    }

    assert given
    assert set(given) <= set(PHRASES)
    assert {key: words for key, words in given.items() if not fields(PHRASES[key]) <= words} == {}


def test_an_extract_and_a_fixed_phrase_carry_different_labels() -> None:
    assert phrase("label_extract") != phrase("label_fixed")


def test_no_phrase_states_a_figure_of_its_own() -> None:
    """Figures in an answer come from passages, or from the list of places to ask."""
    assert [key for key, text in PHRASES.items() if any(character.isdigit() for character in text)] == []
