"""What a regulation says about itself: its issuer, its number, its date and when it takes effect.

Read from the dated lines between the title and the first clause (「2012年4月28日 中华人民共和国国务院令第619号公布」) and from the clause
on its entry into force. Fields that are not stated are "".
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

NATIONAL = "全国"

_HEAD = 4_000  # characters searched for a history if no clause ends it
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_FIRST_CLAUSE = re.compile(r"第[零〇一二两三四五六七八九十百千]+条[\s　]")
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_DECISION = re.compile(r"通过|公布|发布|颁布|印发|修订|修正|批准")
_MADE_PUBLIC = re.compile(r"公布|发布|颁布|印发|修订|修正|人民代表大会")
_IN_FORCE = re.compile(r"[\s　]*起?(?:施行|实施|生效)")
_ORDER = re.compile(r"(?:中华人民共和国)?([\u4e00-\u9fff]{2,20}令)[\s　]*第?(\d+)号")
_DOCUMENT_NUMBER = re.compile(r"(?m)^[ 　#]*([\u4e00-\u9fff]{2,12}[〔\[（(]\d{4}[〕\]）)]第?\d{1,4}号)[ 　]*$")
_CONGRESS = re.compile(r"((?:[\u4e00-\u9fff]{2,9}?(?:省|市|自治区|自治州|县))?)第[一二三四五六七八九十]+届(全国)?人民代表大会(常务委员会)?")
_MEETING = re.compile(r"(?:经)?([\u4e00-\u9fff]{2,18}?)第\d+次(?:[\u4e00-\u9fff]{0,4})会议")
_AMENDING_DECISION = re.compile(r"《(国务院)关于修改")
_BARE_ISSUER = re.compile(r"^[\s　]*([\u4e00-\u9fff]{2,18}?(?:院|部|委员会|总局|总工会|人民政府))[\s　]*(?:发布|公布|颁布|印发)")
_COMES_INTO_FORCE = re.compile(
    r"自[\s　]*(?:(\d{4})年(\d{1,2})月(\d{1,2})日|(公布|发布|颁布|印发)之日)[\s　]*起[\s　]*(?:施行|实施|执行|生效)"
)
_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
_PROVINCE = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:省|自治区)")
_NATIONAL_ISSUER = re.compile(r"全国人民代表大会(?:常务委员会)?|国务院|政务院|中华全国总工会|[\u4e00-\u9fff]{2,12}部")
_CIVIL_CODE = "中华人民共和国民法典"
_BOOK = re.compile(r"总则|附则|[\u4e00-\u9fff]{2,6}编")
_CLAUSES_ABOUT_FORCE = 3  # the last clauses, one of which says when the regulation takes effect


@dataclass(frozen=True, slots=True)
class RegulationFacts:
    """The stated facts; "" for those not stated. Dates are ISO 8601."""

    issuer: str = ""
    doc_no: str = ""
    issued: str = ""
    effective: str = ""
    region: str = ""


def read_facts(text: str) -> RegulationFacts:
    """The facts in the history lines and the last clauses of a regulation."""
    head = _head(text)
    issuer = doc_no = issued = effective = ""
    made_public = False
    for date, entry in _dated_entries(head):
        if _IN_FORCE.match(entry):
            effective = date
        elif _DECISION.search(entry):
            issued = date
            made_public = bool(_MADE_PUBLIC.search(entry))
            issuer = _issuer(entry) or issuer
            if order := _ORDER.search(entry):
                doc_no = f"{order.group(1)}第{order.group(2)}号"
    if not doc_no and (number := _DOCUMENT_NUMBER.search(head)):
        doc_no = number.group(1)
    if not effective:
        effective = _stated_force(text, issued if made_public else "")
    return RegulationFacts(issuer, doc_no, issued, effective, _region(issuer))


def civil_code_title(headings: list[str]) -> str:
    """中华人民共和国民法典（总则） for a file with one book of the civil code; "" for other files."""
    if len(headings) > 1 and headings[0] == _CIVIL_CODE and _BOOK.fullmatch(headings[1]):
        return f"{_CIVIL_CODE}（{headings[1]}）"
    return ""


def _head(text: str) -> str:
    text = _COMMENT.sub("", text[: 2 * _HEAD])
    clause = _FIRST_CLAUSE.search(text)
    return text[: min(clause.start() if clause else _HEAD, _HEAD)]


def _dated_entries(head: str) -> list[tuple[str, str]]:
    """Pairs of a date and the text after it up to the next date, in order; impossible dates are skipped."""
    dates = list(_DATE.finditer(head))
    ends = [*(d.start() for d in dates[1:]), len(head)]
    return [(date, head[d.end() : end][:300]) for d, end in zip(dates, ends, strict=False) if (date := _iso(*d.groups()))]


def _issuer(entry: str) -> str:
    if congress := _CONGRESS.search(entry):
        place, national, standing = congress.groups()
        return f"{'全国' if national else place}人民代表大会{standing or ''}" if national or place else ""
    if order := _ORDER.search(entry):
        return order.group(1).removesuffix("令")
    for pattern in (_AMENDING_DECISION, _BARE_ISSUER, _MEETING):
        if match := pattern.search(entry):
            return match.group(1).removeprefix("经")
    return ""


def _region(issuer: str) -> str:
    if province := _PROVINCE.match(issuer):
        return province.group()
    if issuer.startswith(_MUNICIPALITIES):
        return issuer[:3]
    return NATIONAL if _NATIONAL_ISSUER.fullmatch(issuer) else ""


def _stated_force(text: str, made_public: str) -> str:
    from knowledge_base.splitting import split_sections

    clauses = [s for s in split_sections(text) if s.clause]
    for section in reversed(clauses[-_CLAUSES_ABOUT_FORCE:]):
        if stated := _COMES_INTO_FORCE.search(text, section.start, section.end):
            year, month, day, publication = stated.groups()
            return made_public if publication else _iso(year, month, day)
    return ""


def _iso(year: str, month: str, day: str) -> str:
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
