"""Personal data in a text, found and masked: telephone numbers, identity numbers, bank cards, e-mail addresses, number plates.

Pure functions, offline and by rule: check digits decide where there are some, the shape of the number where there are none, and the
word in front of it (身份证, 卡号, 电话) where the shape alone says too little. Full-width and spaced digits, invisible characters
between them and mobile numbers in Chinese digits (幺三八…) are read too. Hotlines (110, 12351, 010-12351, 400-…), amounts, dates,
文号 and occupation codes are no personal data and stay.
"""

from __future__ import annotations

import datetime as dt
import itertools
import logging
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

MOBILE = "手机号"
LANDLINE = "电话号码"
IDENTITY = "身份证号"
BANK_CARD = "银行卡号"
EMAIL = "邮箱"
PLATE = "车牌号"

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64} ?@ ?[A-Za-z0-9-]{1,63}(?:[.。][A-Za-z0-9-]{1,63}){0,4}[.。][A-Za-z]{2,24}(?![A-Za-z0-9])"
)
# GA 36-2018: province, city, then five characters (at least three of them digits) or six of a new-energy vehicle.
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][ .·•]?"
    r"(?:[A-HJK][A-HJ-NP-Z0-9]\d{4}|\d{5}[A-HJK]|(?=(?:[A-Z]*\d){3})[A-HJ-NP-Z0-9]{5})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_WRITTEN_BEFORE = re.compile(r"\(?\+ ?(?:86)?[ -]?$|\($")  # of a telephone number: (+86 …, (028)…
_GROUP = re.compile(r"\d+")
_GAP = re.compile(r" {1,2}| ?[-./·•_] ?|\) ?-? ?")
_IDENTITY_END = re.compile(r" ?[-./·_]? ?[Xx](?![A-Za-z0-9])")
_REACH = 24  # characters before a number in which a word may say what it is
_MOST_GROUPS = 18  # an identity number with a blank after every digit

_MOBILE = re.compile(r"1[3-9]\d{9}")
_COUNTRY = re.compile(r"^(?:00)?86(?=\d)")
# 《电信网编号计划》 (2017): area codes 010, 02x and 03xx to 09xx; local numbers of people and offices begin with 2 to 8.
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})([2-8]\d{6,7})")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
# GB/T 2260: provinces, and 71, 81 to 83 for Taiwan, Hong Kong, Macao and their residence permits.
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")

_SAYS_IDENTITY = re.compile(r"(?:身份证|证件号)[^\d]{0,12}$")
_SAYS_ACCOUNT = re.compile(r"(?:卡号|银行卡|储蓄卡|借记卡|信用卡|工资卡|社保卡|[账帐][号户])[^\d]{0,12}$")
_SAYS_TELEPHONE = re.compile(r"(?:电话|座机|固话|传真|tel|phone)[^\d]{0,6}$", re.IGNORECASE)
_AMOUNT_AFTER = re.compile(r"(?:[.,]\d+)* ?(?:元|块|万|亿|[%‰]|人次|人(?!员)|余)")
_MONEY_BEFORE = re.compile(r"[¥$€] ?$")

_CHINESE_DIGITS = {ord(c): str(d) for d, c in enumerate("零一二三四五六七八九")} | {ord("〇"): "0", ord("○"): "0", ord("幺"): "1"}
_CHINESE_RUN = re.compile(r"[\d零〇○一二三四五六七八九幺]+[Xx]?")


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data in a text at [start:end), code points; ``key`` is the same for all ways of writing the same number."""

    start: int
    end: int
    kind: str
    key: str


def mask(text: str, public: str = "") -> str:
    """The text with its personal data replaced by what it was: 〔手机号〕. Idempotent.

    Args:
        text: what someone wrote, or what was answered.
        public: text whose numbers and addresses are known to everyone (cited passages, places to ask): they stay.
    """
    findings = find_personal(text)
    if not findings:
        return text
    known = {f.key for f in find_personal(public)} if public else set()
    pieces: list[str] = []
    end = 0
    for finding in findings:
        if finding.key not in known:
            pieces += (text[end : finding.start], f"〔{finding.kind}〕")
            end = finding.end
    return "".join((*pieces, text[end:]))


def find_personal(text: str) -> list[Finding]:
    """Personal data in a text, in order, without overlaps."""
    if not _may_hold(text):
        return []
    folded, places = _fold(text)
    found: list[Finding] = []

    def take(start: int, end: int, kind: str, key: str) -> None:
        if all(end <= f.start or f.end <= start for f in found):
            found.append(Finding(start, end, kind, key))

    for pattern, kind in ((_EMAIL, EMAIL), (_PLATE, PLATE)):
        for match in pattern.finditer(folded):
            take(*match.span(), kind, re.sub(r"[ ·•]", "", match.group()).replace("。", ".").upper())
    for numbers in _runs(folded):
        _take_numbers(folded, numbers, take)
    for match in _CHINESE_RUN.finditer(folded):
        digits = match.group().translate(_CHINESE_DIGITS).upper()
        number = _Number(digits, [len(digits)], before=folded[max(0, match.start() - _REACH) : match.start()])
        spelt = None if match.group().isascii() else _kind_of(number)
        if spelt in (MOBILE, IDENTITY):
            take(*match.span(), spelt, digits)
    return [Finding(places[f.start], places[f.end - 1] + 1, f.kind, f.key) for f in sorted(found, key=lambda f: f.start)]


class MaskingFormatter(logging.Formatter):
    """Log lines, tracebacks included, with personal data masked."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        return mask(super().format(record))


def _may_hold(text: str) -> bool:
    """A cheap no: text without @ and with fewer than three digits of any kind holds nothing that is looked for."""
    digits = 0
    for c in text:
        if c in "@＠":
            return True
        digits += c.isdecimal() or c in "零〇○一二三四五六七八九幺"
        if digits > 2:
            return True
    return False


class _Folding(dict[int, str]):
    """A character as it is compared: "" for an invisible one, ASCII for a full-width letter, any digit, a kind of dash or of space."""

    def __missing__(self, code: int) -> str:
        c = chr(code)
        category = unicodedata.category(c)
        if category == "Cf":
            folded = ""
        elif category == "Nd":
            folded = str(unicodedata.digit(c))
        elif category == "Pd":
            folded = "-"
        elif category == "Zs":
            folded = " "
        elif 0xFF01 <= code <= 0xFF5E:
            folded = chr(code - 0xFEE0)
        else:
            folded = "¥" if c == "￥" else c
        self[code] = folded
        return folded


_FOLDED = _Folding()


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """The text as it is searched, and for each of its characters the place in the text."""
    folded = text.translate(_FOLDED)
    if len(folded) == len(text):
        return folded, range(len(text))
    kept = [(seen, place) for place, c in enumerate(text) if (seen := _FOLDED[ord(c)])]
    return "".join(c for c, _ in kept), [place for _, place in kept]


def _runs(folded: str) -> list[list[re.Match[str]]]:
    """Groups of digits, those together that only one separator parts."""
    runs: list[list[re.Match[str]]] = []
    for group in _GROUP.finditer(folded):
        if runs and _GAP.fullmatch(folded, runs[-1][-1].end(), group.start()):
            runs[-1].append(group)
        else:
            runs.append([group])
    return runs


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as it was written, at [start:end) of a folded text.

    Attributes:
        digits: its digits; an identity number may end in X.
        sizes: how many digits each of its groups has.
        gaps: the different separators between the groups.
        before: the characters before it, at most :data:`_REACH`.
    """

    digits: str
    sizes: Sequence[int]
    gaps: str = ""
    before: str = ""
    start: int = 0
    end: int = 0

    @classmethod
    def read(cls, folded: str, groups: Sequence[re.Match[str]]) -> _Number | None:
        """The number of some groups that follow each other; None for an amount, and for one too short or too long."""
        start, end = groups[0].start(), groups[-1].end()
        digits = "".join(group.group() for group in groups)
        if len(digits) == 17 and (last := _IDENTITY_END.match(folded, end)):
            digits, end = f"{digits}X", last.end()
        if not 7 <= len(digits) <= 21 or _AMOUNT_AFTER.match(folded, end) or _MONEY_BEFORE.search(folded, max(0, start - 2), start):
            return None
        gaps = "".join({folded[one.end() : other.start()].strip() or " " for one, other in itertools.pairwise(groups)})
        return cls(digits, [len(group.group()) for group in groups], gaps, folded[max(0, start - _REACH) : start], start, end)

    @property
    def whole(self) -> bool:
        """Whether it is written in one piece."""
        return len(self.sizes) == 1

    @property
    def even(self) -> bool:
        """Whether its groups are parted alike, and are single digits or all but the last of three and more."""
        return len(self.gaps) <= 1 and (set(self.sizes) == {1} or min(self.sizes[:-1], default=3) >= 3)

    @property
    def home(self) -> str:
        """Its digits without the country's code, 86."""
        return _COUNTRY.sub("", self.digits)


def _take_numbers(folded: str, groups: Sequence[re.Match[str]], take: Callable[[int, int, str, str], None]) -> None:
    """Personal numbers of a run of groups: first those in one piece that are sure, then those of several pieces, the longest first."""
    used: set[int] = set()
    for turn, size in enumerate((1, *range(min(len(groups), _MOST_GROUPS), 0, -1))):
        for first in range(len(groups) - size + 1):
            chosen = range(first, first + size)
            number = None if used.intersection(chosen) else _Number.read(folded, groups[first : first + size])
            kind = _kind_of(number) if number else None
            if number and kind and (turn or kind not in _TELEPHONES):  # 0102000000 and 13000000003 may be the end of a bank card
                take(_start_of(number, folded), number.end, kind, number.home if kind in _TELEPHONES else number.digits)
                used.update(chosen)


def _start_of(number: _Number, folded: str) -> int:
    """Where a number begins with what is written before it: (+86 …, (028)…."""
    before = _WRITTEN_BEFORE.search(folded, max(0, number.start - 6), number.start)
    if not before:
        return number.start
    return before.start() + (folded[before.start()] == "(" and ")" not in folded[number.start : number.end])


def _kind_of(number: _Number) -> str | None:
    """What a number is; None for one that is nobody's."""
    return next((kind for kind, fits in _KINDS if fits(number)), None)


def _is_identity(number: _Number) -> bool:
    """Whether it is an identity number by its form, or is called one."""
    called_so = number.whole and _SAYS_IDENTITY.search(number.before) is not None
    if len(number.digits) == 18:
        return called_so or _has_form_of_identity(number.digits)
    old = len(number.digits) == 15 and number.digits.isdecimal() and number.whole
    return old and (called_so or _has_form_of_old_identity(number.digits))


def _is_bank_card(number: _Number) -> bool:
    """Whether it is the number of a bank card by its first and its check digit, or is called an account."""
    digits = number.digits
    if not digits.isdecimal():
        return False
    if number.whole and len(digits) >= 12 and _SAYS_ACCOUNT.search(number.before):
        return True
    of_card = 16 <= len(digits) <= 19 and digits[0] in "34569" and (number.whole or number.even)
    return of_card and not _are_round(digits, number.sizes) and luhn.is_valid(digits)


def _is_mobile(number: _Number) -> bool:
    """Whether it is a mobile number, grouped as people write one."""
    if not _MOBILE.fullmatch(number.home):
        return False
    return number.whole or _reads_as_mobile(number.digits, number.sizes, number.gaps)


def _is_landline(number: _Number) -> bool:
    """Whether it is the number of a telephone with its area code, or without one where it is called a telephone."""
    if _LANDLINE.fullmatch(number.digits):
        return number.whole or min(number.sizes) >= 3
    if number.home != number.digits and _LANDLINE.fullmatch(f"0{number.home}"):
        return number.before.endswith(("+", "00"))
    called_so = _SAYS_TELEPHONE.search(number.before[-16:])
    return bool(called_so and _LOCAL.fullmatch(number.digits)) and min(number.sizes) >= 3 and not _is_date(number.digits)


_KINDS = ((IDENTITY, _is_identity), (BANK_CARD, _is_bank_card), (MOBILE, _is_mobile), (LANDLINE, _is_landline))
"""The kinds of number and how each is recognised; the first that fits counts."""

_TELEPHONES = (MOBILE, LANDLINE)


def _reads_as_mobile(digits: str, sizes: Sequence[int], gaps: str) -> bool:
    """Whether eleven digits are grouped as people write a telephone number, not as a row of amounts or a date."""
    if digits.startswith(("86", "0086")):
        return True
    if set(sizes) == {1}:
        return True
    return len(gaps) == 1 and (min(sizes) >= 3 or sizes[0] == 3) and not _are_round(digits, sizes)


def _are_round(digits: str, sizes: Sequence[int]) -> bool:
    """Whether all of several groups are figures that end in 0, or years: a row of amounts."""
    place, groups = 0, []
    for size in sizes:
        groups.append(digits[place : place + size])
        place += size
    return len(groups) > 1 and max(sizes) <= 5 and all((g[-1] == "0" and g[0] != "0") or re.fullmatch(r"(?:19|20)\d\d", g) for g in groups)


def _has_form_of_identity(number: str) -> bool:
    """Whether eighteen characters are an identity number: province, birthday and check digit (GB 11643-1999) are right.

    The county is not looked up: counties come and go, and a number with a right check digit and birthday is one.
    """
    try:
        born = ric.get_birth_date(number)
        return bool(_PROVINCE.match(number)) and 1880 <= born.year <= 2100 and ric.calc_check_digit(number) == number[-1].upper()
    except (ValidationError, ValueError):
        return False


def _has_form_of_old_identity(number: str) -> bool:
    """Whether fifteen digits are an identity number of before 1999: province and birthday are right, there is no check digit."""
    return bool(_PROVINCE.match(number)) and _is_date(f"19{number[6:12]}")


def _is_date(digits: str) -> bool:
    if len(digits) != 8:
        return False
    try:
        dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
