"""Personal data is masked however it is typed; figures of law and public numbers never are."""

from __future__ import annotations

import datetime as dt
import itertools
import logging

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from assistant.understanding.privacy import BANK_CARD, EMAIL, IDENTITY, LANDLINE, MOBILE, PLATE, MaskingFormatter, find_personal, mask

DIGITS = "0123456789"
FULL_WIDTH = str.maketrans(DIGITS, "０１２３４５６７８９")
# Around a number stands Chinese text without digits of its own.
PROSE = st.text(st.sampled_from("我的是在四川女职工问下，。：；？！（）《》、「」 \n补贴怎么领啊"), max_size=12)

mobiles = st.builds(lambda second, rest: f"1{second}{rest}", st.sampled_from("3456789"), st.text(DIGITS, min_size=9, max_size=9))


@st.composite
def identities(draw: st.DrawFn) -> str:
    born = draw(st.dates(dt.date(1930, 1, 1), dt.date(2020, 12, 31)))
    county = draw(st.sampled_from(["510104", "110101", "513429", "650102", "820000"]))
    front = f"{county}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return front + ric.calc_check_digit(f"{front}0")


@st.composite
def cards(draw: st.DrawFn) -> str:
    front = draw(st.sampled_from(["622202", "621700", "6228", "436742", "5187"]))
    front += draw(st.text(DIGITS, min_size=15 - len(front), max_size=18 - len(front)))
    return front + luhn.calc_check_digit(front)


def grouped(number: str, sizes: tuple[int, ...], separator: str) -> str:
    pieces, place = [], 0
    for size in sizes:
        pieces.append(number[place : place + size])
        place += size
    return separator.join(p for p in (*pieces, number[place:]) if p)


separators = st.sampled_from([" ", "-", "－", "—", ".", "·", "\u00a0", "\u3000", "\u200b", "  "])


@given(PROSE, mobiles, PROSE, st.sampled_from([(), (3, 4), (4, 4), (3, 3), (1,) * 10]), separators, st.booleans())
def test_a_mobile_number_is_masked_however_it_is_grouped_and_whatever_its_width(
    before: str, number: str, after: str, sizes: tuple[int, ...], separator: str, wide: bool
) -> None:
    pieces = grouped(number, sizes, " ").split(" ")
    assume(len(sizes) in (0, 10) or not all(p[-1] == "0" and p[0] != "0" for p in pieces))  # 1500 2000 300 are amounts
    assume(not after.startswith(("元", "人", "块", "万")))
    typed = grouped(number, sizes, separator)
    typed = typed.translate(FULL_WIDTH) if wide else typed

    assert mask(f"{before}{typed}{after}") == f"{before}〔{MOBILE}〕{after}"


@given(PROSE, identities(), PROSE, st.sampled_from([(), (6, 8), (6, 4, 4), (3, 3, 4, 4), (1,) * 17]), separators)
def test_an_identity_number_is_masked_however_it_is_grouped(
    before: str, number: str, after: str, sizes: tuple[int, ...], separator: str
) -> None:
    masked = mask(f"{before}{grouped(number, sizes, separator)}{after}")

    assert not set(DIGITS) & set(masked)
    assert f"〔{IDENTITY}〕" in masked or f"〔{BANK_CARD}〕" in masked


@given(PROSE, cards(), PROSE, st.sampled_from([(), (4, 4, 4, 4), (6,)]), separators)
@example("", "62220213000000003", "", (6,), " ")  # the second group looks like a mobile number
def test_a_bank_card_is_masked_however_it_is_grouped(before: str, number: str, after: str, sizes: tuple[int, ...], separator: str) -> None:
    masked = mask(f"{before}{grouped(number, sizes, separator)}{after}")

    assert not set(DIGITS) & set(masked)


@given(st.text(max_size=300))
def test_masking_twice_is_masking_once_and_findings_do_not_overlap(text: str) -> None:
    findings = find_personal(text)

    assert all(a.end <= b.start for a, b in itertools.pairwise(findings))
    assert all(0 <= f.start < f.end <= len(text) for f in findings)
    assert mask(mask(text)) == mask(text)


@given(st.text(max_size=200))
def test_a_text_without_digits_and_at_signs_stays(text: str) -> None:
    assume(not any(c.isdecimal() or c in "@＠零〇○一二三四五六七八九幺" for c in text))

    assert mask(text) == text


dates = st.dates(dt.date(1949, 1, 1), dt.date(2035, 12, 31))
law = st.one_of(
    st.builds(lambda y, n: f"川人社发〔{y}〕{n}号", st.integers(1978, 2035), st.integers(1, 999)),
    st.builds(lambda n: f"国务院令第{n}号", st.integers(1, 999)),
    st.builds(lambda n: f"{n}元", st.integers(1, 10**12)),
    st.builds(lambda n: f"¥{n:,}.00", st.integers(1, 10**12)),
    st.builds(lambda n: f"{n:,}元", st.integers(1, 10**12)),
    st.builds(lambda n: f"{n}万人次", st.integers(1, 10**11)),
    dates.map(lambda d: d.isoformat()),
    dates.map(lambda d: f"{d.year}年{d.month}月{d.day}日"),
    dates.map(lambda d: d.strftime("%Y%m%d")),
    dates.map(lambda d: d.strftime("%Y.%m.%d—%Y.%m.%d")),
    st.builds(lambda a, b, c, d: f"{a}-{b:02d}-{c:02d}-{d:02d}", st.integers(1, 8), *[st.integers(1, 20)] * 3),
    st.builds(lambda n: f"第{n}条第{n}款", st.integers(1, 1260)),
    st.sampled_from(
        ["110", "120", "12333", "12338", "12345", "12348", "12351", "12377", "96110", "010-12351", "028-12333", "400-812-3456"]
    ),
    st.sampled_from(["8:00-18:00", "3.5%", "98天+60天", "GB 45438-2025", "1500 2000 3000", "2023-2024-2025-2026", "2021－2025"]),
)


@given(st.lists(st.tuples(PROSE, law), min_size=1, max_size=4), st.sampled_from(["，", "；", "\n", "、"]))
def test_figures_of_law_and_hotlines_are_never_masked(pieces: list[tuple[str, str]], between: str) -> None:
    text = between.join(f"{prose}，{figure}" for prose, figure in pieces)

    assert mask(text) == text


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        ("+86 138 0013 8000", f"〔{MOBILE}〕"),
        ("(+86)138-0013-8000", f"〔{MOBILE}〕"),
        ("8613800138000", f"〔{MOBILE}〕"),
        ("打幺三八零零一三八零零零给我", f"打〔{MOBILE}〕给我"),
        ("① 13800138000；2.13900139000", f"① 〔{MOBILE}〕；2.〔{MOBILE}〕"),
        ("张三13800138000 510104199001011230", f"张三〔{MOBILE}〕 〔{IDENTITY}〕"),
        ("028-86612345转801", f"〔{LANDLINE}〕转801"),
        ("（028）86612345", f"〔{LANDLINE}〕"),
        ("0816 234 5678", f"〔{LANDLINE}〕"),
        ("家里电话86612345", f"家里电话〔{LANDLINE}〕"),
        ("51010419900307302x", f"〔{IDENTITY}〕" if ric.calc_check_digit("510104199003073020") == "X" else "51010419900307302x"),
        ("老身份证510104900101123", f"老身份证〔{IDENTITY}〕"),
        ("身份证号是510104199001011239", f"身份证号是〔{IDENTITY}〕"),
        ("工资卡：6222021001116245670", f"工资卡：〔{BANK_CARD}〕"),
        ("ａ.b＠ｑｑ．ｃｏｍ和13800138000@139.com", f"〔{EMAIL}〕和〔{EMAIL}〕"),
        ("车牌川A12345、川AD12345", f"车牌〔{PLATE}〕、〔{PLATE}〕"),
    ],
)
def test_a_way_of_typing_it_is_known(typed: str, masked: str) -> None:
    assert mask(typed) == masked


@pytest.mark.parametrize(
    "text",
    [
        "510104199001011239",  # the check digit is wrong and nothing says that it is an identity number
        "网信算备110108823483901230031号",
        "统一社会信用代码91510000MA62ABCD1X",
        "川公网安备51010402000123号",
        "云ERP2025、京ICP备20250001号、增值电信业务许可证川B2-20210001",
        "电话是20251128起开通的",
    ],
)
def test_a_number_that_is_nobodys_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("510104199001011230", IDENTITY),  # weighted, its digits add up to 166, which leaves 1 of 11: check digit 0
        ("510104199001011239", None),
        ("身份证510104199001011239", IDENTITY),  # it is called one
        ("910104199001011230", None),  # no province begins with 91
        ("510104900101123", IDENTITY),  # before 1999: province and birthday, no check digit
        ("510104901301123", None),  # no month 13
        ("6222021001116245", None),
        ("6222021001116248", BANK_CARD),  # every second one doubled, its digits add up to 32 without the check digit 8
        ("1222021001116249", None),  # cards begin with 3, 4, 5, 6 or 9
        ("账号123456789012", BANK_CARD),
        ("123456789012", None),
        ("13800138000", MOBILE),
        ("1380 0138 000", MOBILE),
        ("138 0-0138 000", None),  # two kinds of separator
        ("1380 2000 300", None),  # three round figures
        ("12800138000", None),  # no network begins with 12
        ("02886612345", LANDLINE),
        ("028 8661 2345", LANDLINE),
        ("02812345678", None),  # local numbers begin with 2 to 8
        ("+862886612345", LANDLINE),
        ("862886612345", None),  # 86 without its plus may be anything
        ("电话 8661 2345", LANDLINE),
        ("8661 2345", None),
        ("电话20251128", None),  # a date
    ],
)
def test_each_kind_of_number_is_known_by_its_own_rule(typed: str, kind: str | None) -> None:
    assert [finding.kind for finding in find_personal(typed)] == ([kind] if kind else [])


def test_what_is_public_stays_in_whatever_way_it_is_written() -> None:
    passage = "举报邮箱jubao@12377.cn，办公电话028-86610000"

    assert mask("JUBAO@12377.cn和（028）8661 0000，我的13800138000", passage) == "JUBAO@12377.cn和（028）8661 0000，我的〔手机号〕"


def test_log_lines_and_their_tracebacks_are_masked() -> None:
    formatter = MaskingFormatter("%(levelname)s %(message)s")
    try:
        raise ValueError("13800138000")
    except ValueError as exc:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "from %s", ("13900139000",), (type(exc), exc, exc.__traceback__))

    line = formatter.format(record)

    assert line.startswith(f"ERROR from 〔{MOBILE}〕")
    assert line.endswith(f"ValueError: 〔{MOBILE}〕")


def test_a_long_text_costs_little() -> None:
    import time

    text = "a" * 2000 + "1" * 2000 + "1 " * 2000 + "四川产假一共158天，" * 500
    mask(text)
    begun = time.perf_counter()
    mask(text)

    assert time.perf_counter() - begun < 2
