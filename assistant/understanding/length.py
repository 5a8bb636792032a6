"""How short an answer should be: 「讲快点」「三句话」. The words for it are in ``texts/brevity.yaml``."""

from __future__ import annotations

from assistant.texts.question_words import LengthWords
from knowledge_base.text.numerals import parse_chinese_number

_ENDS = " ，,。；;、:："


def read_length(text: str, words: LengthWords) -> tuple[str, int | None]:
    """The question without the words that ask for a short answer, and the most sentences wanted; None where no length is asked for.

    「产假多少天？三句话讲清楚」 gives 「产假多少天？」 and 3.
    """
    rest, most = text, None
    for match in words.sentences.finditer(text):
        said = match.group(1)
        number = words.several if said == "几" else int(said) if said.isdigit() else parse_chinese_number(said)
        most = max(1, number or 1)
        rest = rest.replace(match.group(), "")
    if words.short.search(rest):
        most = most or words.short_sentences
        rest = words.short.sub("", rest)
    return (rest.strip(_ENDS) if most else text), most
