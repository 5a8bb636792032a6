"""Every text is read once into typed objects; every phrase fills with the words in its braces and states no figure of its own."""

from __future__ import annotations

import string
from dataclasses import fields

import pytest
import yaml
from assistant_pieces import PHRASES, TEXTS

from assistant.texts.library import FOLDER
from assistant.texts.phrases import MissingKinds, Phrases

WRITTEN = {field.name: getattr(PHRASES, field.name) for field in fields(Phrases) if field.name != "missing_kinds"}
MISSING = {field.name: getattr(PHRASES.missing_kinds, field.name) for field in fields(MissingKinds)}


def words_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", WRITTEN)
def test_a_phrase_fills(key: str) -> None:
    filled = WRITTEN[key].format(**{name: f"某{name}" for name in words_in(WRITTEN[key])})

    assert filled.strip()
    assert "{" not in filled


@pytest.mark.parametrize("kind", MISSING)
def test_a_missing_thing_is_named_with_its_word(kind: str) -> None:
    filled = PHRASES.missing_kinds.say(kind, "某词")

    assert filled.strip()
    assert "{" not in filled
    assert ("某词" in filled) == bool(words_in(MISSING[kind]))


def test_a_file_without_a_phrase_is_refused() -> None:
    written = yaml.safe_load((FOLDER / "zh.yaml").read_text(encoding="utf-8"))
    del written["verify"]

    with pytest.raises(TypeError, match="verify"):
        Phrases.of(written)


def test_an_extract_and_a_fixed_phrase_carry_different_labels() -> None:
    assert PHRASES.label_extract != PHRASES.label_fixed


def test_no_phrase_states_a_figure_of_its_own() -> None:
    """Figures in an answer come from passages, or from the list of places to ask."""
    assert [key for key, text in WRITTEN.items() if any(character.isdigit() for character in text)] == []


def test_words_that_tell_the_time_by_the_wide_pattern_include_those_of_the_narrow_one() -> None:
    for said in ("今年", "现在", "目前", "如今", "眼下", "最新"):
        assert TEXTS.time.now.search(said)
        assert TEXTS.time.asks_today.search(said)
