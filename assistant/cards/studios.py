"""Cases like one's own: by sector, technology and region, each with the date of its figures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.cards.fields import Shelf, field_of, rules_of
from assistant.texts.wording import load_texts
from assistant.types import Studio, Studios
from knowledge_base.types import Document
from knowledge_base.validity import HOME_REGION

MOST_STUDIOS = 5
"""Cases on one card."""

_PLACE = re.compile(r"[\u4e00-\u9fff]{2,}?(?:省|自治区|自治州|市|区|县|州)")
_HOME = HOME_REGION.removesuffix("省")
_STUDIO = "创新工作室"  # the topic of a case that is a studio
_LOOKED_AT = 12  # cases of which the fullest are shown
_QUOTES = 2  # statements a field of a case shows


def asks_for_studios(text: str) -> bool:
    """Whether a question asks for studios or cases of some sort."""
    return bool(re.search(load_texts("cards")["studios"]["asks"], text))


def studios_of(text: str, cases: Sequence[Shelf], like: Document | None = None) -> Studios | None:
    """Cases that fit all of sector, technology and region that a question names; None where it names nothing or none fits.

    Args:
        text: the question in standard words.
        cases: every case.
        like: the case that the question leans on; its sector counts where the question names none.
    """
    words = load_texts("cards")["studios"]
    sectors = [name for name, said in words["sectors"].items() if re.search(said, text)]
    technologies = list(dict.fromkeys(re.findall(words["technologies"], text, re.IGNORECASE)))
    places = list(dict.fromkeys(place for case in cases for place in _places(case.document.region) if place in text))
    leant_on = like if not (sectors or technologies or places) else None
    if leant_on is not None:
        sectors = [name for name, said in words["sectors"].items() if re.search(said, leant_on.case.get("sector", ""))]
    if not (sectors or technologies or places):
        return None
    fitting = []
    for case in cases:
        matched = _matched(case, sectors, technologies, places)
        if matched and case.document is not leant_on:
            fitting.append((case, matched))
    if not fitting:
        return None
    fitting.sort(key=lambda f: (not f[0].document.region.startswith(_HOME), f[0].document.topic != _STUDIO, f[0].document.slug))
    rules = rules_of("studios")
    shown = [
        Studio(case.document, matched, tuple(field_of(rule, case, most=_QUOTES) for rule in rules))
        for case, matched in fitting[:_LOOKED_AT]
    ]
    shown.sort(key=lambda s: (not s.document.region.startswith(_HOME), -sum(field.stated for field in s.fields)))
    shown = shown[:MOST_STUDIOS]
    return Studios("、".join(sectors), "、".join(technologies), "、".join(places), len(fitting), tuple(shown))


def _matched(case: Shelf, sectors: Sequence[str], technologies: Sequence[str], places: Sequence[str]) -> tuple[str, ...]:
    """Words for which a case fits; none where it lacks one of the kinds that are asked for."""
    words = load_texts("cards")["studios"]["sectors"]
    said = f"{case.document.case.get('sector', '')} {case.document.case.get('org', '')}"
    text = "\n".join(passage.text for passage in case.passages).lower()
    by_sector = [name for name in sectors if re.search(words[name], said)]
    by_technology = [name for name in technologies if name.lower() in text]
    by_place = [name for name in places if name in _places(case.document.region)]
    for asked, fits in ((sectors, by_sector), (technologies, by_technology), (places, by_place)):
        if asked and not fits:
            return ()
    return (*by_sector, *by_technology, *by_place)


def _places(region: str) -> tuple[str, ...]:
    """Names by which a question may call the places of a region: 四川 and 成都 for 四川省成都市."""
    return tuple(re.sub(r"(?:省|自治区|自治州|市|区|县|州)$", "", name) for name in _PLACE.findall(region) if len(name) > 2)
