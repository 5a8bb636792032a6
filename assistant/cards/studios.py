"""Cases like one's own: by sector, technology and region, each with the date of its figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.cards.fields import Shelf, field_of
from assistant.texts.card_words import StudioWords
from assistant.texts.phrases import Phrases
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


def asks_for_studios(text: str, words: StudioWords) -> bool:
    """Whether a question asks for studios or cases of some sort."""
    return bool(words.asks.search(text))


def studios_of(text: str, cases: Sequence[Shelf], words: StudioWords, phrases: Phrases, like: Document | None = None) -> Studios | None:
    """Cases that fit all of sector, technology and region that a question names; None where it names nothing or none fits.

    Args:
        text: the question in standard words.
        cases: every case.
        words: names of sectors and technologies, and the fields of a case.
        phrases: fixed phrases.
        like: the case that the question leans on; its sector counts where the question names none.
    """
    wish, leant_on = _Wish.read(text, cases, words), None
    if wish.is_empty and like is not None:
        wish, leant_on = _Wish(sectors=_sectors_in(like.case.get("sector", ""), words)), like
    matches = [(case, wish.met_by(case, words)) for case in cases if case.document is not leant_on]
    fitting = [(case, matched) for case, matched in matches if matched]
    if not fitting:
        return None
    fitting.sort(key=lambda f: (not f[0].document.region.startswith(_HOME), f[0].document.topic != _STUDIO, f[0].document.slug))
    shown = [
        Studio(case.document, matched, tuple(field_of(rule, case, phrases, most=_QUOTES) for rule in words.fields))
        for case, matched in fitting[:_LOOKED_AT]
    ]
    shown.sort(key=lambda s: (not s.document.region.startswith(_HOME), -sum(field.stated for field in s.fields)))
    shown = shown[:MOST_STUDIOS]
    sector, technology, place = ("、".join(names) for names in (wish.sectors, wish.technologies, wish.places))
    title = words.title.format(what="、".join(name for name in (place, sector, technology) if name))
    return Studios(title, words.note, sector, technology, place, len(fitting), tuple(shown))


@dataclass(frozen=True, slots=True)
class _Wish:
    """Sectors, technologies and places that a case must fit, one of each kind that is named."""

    sectors: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str, cases: Sequence[Shelf], words: StudioWords) -> _Wish:
        """What a question names; places are those of the cases."""
        places = dict.fromkeys(place for case in cases for place in _places(case.document.region) if place in text)
        return cls(_sectors_in(text, words), tuple(dict.fromkeys(words.technologies.findall(text))), tuple(places))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is named."""
        return not (self.sectors or self.technologies or self.places)

    def met_by(self, case: Shelf, words: StudioWords) -> tuple[str, ...]:
        """Words for which a case fits; none where it lacks one of the kinds that are named."""
        said = f"{case.document.case.get('sector', '')} {case.document.case.get('org', '')}"
        text = "\n".join(passage.text for passage in case.passages).lower()
        places = _places(case.document.region)
        fitting = (
            tuple(name for name in self.sectors if words.sectors[name].search(said)),
            tuple(name for name in self.technologies if name.lower() in text),
            tuple(name for name in self.places if name in places),
        )
        named = (self.sectors, self.technologies, self.places)
        lacks = any(asked and not fits for asked, fits in zip(named, fitting, strict=True))
        return () if lacks else tuple(name for fits in fitting for name in fits)


def _sectors_in(text: str, words: StudioWords) -> tuple[str, ...]:
    return tuple(name for name, said in words.sectors.items() if said.search(text))


def _places(region: str) -> tuple[str, ...]:
    """Names by which a question may call the places of a region: 四川 and 成都 for 四川省成都市."""
    return tuple(re.sub(r"(?:省|自治区|自治州|市|区|县|州)$", "", name) for name in _PLACE.findall(region) if len(name) > 2)
