"""How short an answer she wants: 「讲快点」「三句话」. The words for it stand in ``texts/brevity.yaml``."""

from __future__ import annotations

import re

from assistant.texts.wording import load_texts
from knowledge_base.text.numerals import parse_chinese_number

_ENDS = " ，,。；;、:："


def read_brevity(text: str) -> tuple[str, int | None]:
    """The question without the words that ask for a short answer, and the most sentences that it wants; None for no wish.

    >>> read_brevity("产假多少天？三句话讲清楚")
    ('产假多少天？', 3)
    """
    words = load_texts("brevity")
    rest, most = text, None
    for match in re.finditer(words["sentences"], text):
        said = match.group(1)
        number = int(words["several"]) if said == "几" else int(said) if said.isdigit() else parse_chinese_number(said)
        most = max(1, number or 1)
        rest = rest.replace(match.group(), "")
    if re.search(words["short"], rest):
        most = most or int(words["short_sentences"])
        rest = re.sub(words["short"], "", rest)
    return (rest.strip(_ENDS) if most else text), most
