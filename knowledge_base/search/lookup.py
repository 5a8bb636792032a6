"""Exact look-up: questions that name an instrument by title, short title or 文号, and perhaps a clause."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge_base.text.clauses import ClauseNumber, locate_clauses
from knowledge_base.text.normalise import normalise
from knowledge_base.text.numerals import fold_numbers, parse_chinese_number
from knowledge_base.types import Document

_PUNCTUATION = re.compile(r"[\s《》〈〉<>“”\"'()（）\[\]〔〕【】·,，、:：]")
_MIN_NAME = 3
_SHORT_NAME = 2  # 消法: a name only at the start of a question or before a clause, because it also stands inside words (取消法定)
_COUNTED = 2  # 一条, 两条: mostly things that are counted, wherever they stand
_ABOUT_CONTENT = re.compile(r"\s*(?:讲|说|是|写|咋|怎|啥|规定|内容|原文|第?[一二三四五六七八九十\d]+[款项]|[?？。]?$)")
_CLAUSE_NEXT = re.compile(r"第?\d+条")
_CHINESE_YEAR = re.compile(r"[一二][〇零九][〇零一二三四五六七八九]{2}(?![年百千])")
_CHINESE_NUMBER = re.compile(r"[〇零一二三四五六七八九十百千]+(?=号)")
_MAY_BE_NUMBERED = re.compile("[号號]")
_NUMBER = re.compile(r"((?:19|20)\d\d)年?第?0*(\d{1,4})号")
_ORDER = re.compile(r"令第?0*(\d{1,4})号|第?0*(\d{1,4})号令")


@dataclass(frozen=True, slots=True)
class NamedClauses:
    """What a question names outright: documents (best first) and clauses; either may be empty. ``numbered`` are those named by 文号."""

    doc_ids: tuple[str, ...] = ()
    clauses: tuple[ClauseNumber, ...] = ()
    numbered: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.doc_ids)


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A 文号 by its parts: 川办发〔2026〕5号 is (川办发, 2026, 5), 国务院令第619号 is (国务院, "", 619)."""

    issuer: str
    year: str
    number: str


class TitleIndex:
    """Finds the instruments that a text names."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._names: dict[str, list[str]] = {}
        self._numbers: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for document in documents:
            names = {document.title, *document.short_titles, document.doc_no}
            names |= {n.removeprefix("中华人民共和国") for n in names}
            for name in names:
                folded = _fold(name)
                if len(folded) >= _SHORT_NAME:
                    self._names.setdefault(folded, []).append(document.doc_id)
            for number in {n for name in (document.doc_no, *document.short_titles) for n in _numbers(name)}:
                for issuer in {_fold(i) for i in (number.issuer, *number.issuer.split(" ")) if i}:
                    self._numbers.setdefault((number.year, number.number), []).append((issuer, document.doc_id))
        self._long: dict[str, list[str]] = {}
        """Names by their first characters, the longest first."""
        for name in sorted(self._names, key=lambda n: (-len(n), n)):
            if len(name) >= _MIN_NAME:
                self._long.setdefault(name[:_MIN_NAME], []).append(name)

    def find(self, text: str) -> NamedClauses:
        """Documents that the text names, by number first, then the longest name first, and the clauses the text names."""
        if not self._names:
            return NamedClauses()
        found = sorted(self._named(_fold(text)), key=lambda n: -len(n))
        numbered = tuple(self._numbered(text))
        doc_ids = dict.fromkeys((*numbered, *(doc_id for name in found for doc_id in self._names[name])))
        return NamedClauses(tuple(doc_ids), tuple(_clauses_asked(text, found)), frozenset(numbered))

    def _named(self, folded: str) -> Iterator[str]:
        """Names that stand in a folded text, of several that begin at one place the longest."""
        place = 0
        while place < len(folded):
            beginning = self._long.get(folded[place : place + _MIN_NAME], ())
            name = next((n for n in beginning if folded.startswith(n, place)), None) or self._short_name(folded, place)
            if name:
                yield name
            place += len(name) if name else 1

    def _short_name(self, folded: str, place: int) -> str | None:
        name = folded[place : place + _SHORT_NAME]
        if name in self._names and (place == 0 or _CLAUSE_NEXT.match(folded, place + _SHORT_NAME)):
            return name
        return None

    def _numbered(self, text: str) -> Iterator[str]:
        """Documents whose number the text gives; an order without its issuer (619号令) where only one has the number."""
        for named in _numbers(text):
            held = self._numbers.get((named.year, named.number), [])
            before = _fold(named.issuer)
            by_issuer = [(issuer, doc_id) for issuer, doc_id in held if before.endswith(issuer)]
            longest = max((len(issuer) for issuer, _ in by_issuer), default=0)
            yield from (doc_id for issuer, doc_id in by_issuer if len(issuer) == longest)
            if not by_issuer and not named.year and not before and len({doc_id for _, doc_id in held}) == 1:
                yield held[0][1]


def _clauses_asked(text: str, names: Sequence[str]) -> Iterator[ClauseNumber]:
    """Clauses that a question names, each once.

    A number before 条 without 第 names one at the start, behind an instrument's name or number, behind another clause, or where the
    question goes on about its content; else it may count things (三条红线, 发一条视频).
    """
    named: dict[ClauseNumber, None] = {}
    before = 0
    for located in locate_clauses(text):
        leads = _fold(text[: located.start])
        follows = not leads or leads.endswith(("号", *names)) or not _fold(text[before : located.start]).strip("和及与")
        if not located.bare or follows or (located.clause.number > _COUNTED and _ABOUT_CONTENT.match(text, located.end)):
            named[located.clause] = None
        before = located.end
    yield from named


def _numbers(text: str) -> Iterator[DocumentNumber]:
    """Document numbers that a text gives, however written. ``issuer`` is all that stands before them."""
    if not _MAY_BE_NUMBERED.search(text):
        return
    folded = _CHINESE_YEAR.sub(lambda m: str(parse_chinese_number(m.group())), normalise(text))
    folded = _CHINESE_NUMBER.sub(lambda m: str(parse_chinese_number(m.group())), folded)
    folded = re.sub(r"(?<=[\d年第号令])\s+|\s+(?=[\d年第号令])", "", re.sub(r"[\[\]()〔〕【】]", "", folded))
    for match in _NUMBER.finditer(folded):
        yield DocumentNumber(folded[: match.start()], match.group(1), match.group(2))
    for match in _ORDER.finditer(folded):
        yield DocumentNumber(folded[: match.start()], "", match.group(1) or match.group(2))


def _fold(text: str) -> str:
    return _PUNCTUATION.sub("", normalise(fold_numbers(text)))
