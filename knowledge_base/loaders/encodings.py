"""Bytes to text: the encoding of a file, chosen by what the decoded Chinese looks like.

Valid UTF-8 wins over every declaration. GBK and Big5 share most of their byte range, so the reading with more everyday Chinese
wins. Byte statistics (charset-normalizer) are wrong on short GBK; they only decide texts that are not Chinese.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache

from knowledge_base.errors import LoadError

_ADVICE = "请用记事本或 WPS 打开，看到正常文字后另存为 UTF-8 编码，再导入"

_BOMS = (  # UTF-32 before UTF-16: both begin with FF FE
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)

# The most frequent characters of general text, and of everyday words in labour rules. Not tuned.
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去"
    "法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点"
    "正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿"
    "原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德"
    "资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交"
    "规万取拉格望觉术领共确传师观清今切院让识候带导争运劳职省县单障护益织组申请补贴培训技养医疗险育假哺乳孕费标准支付按照章节项款办依"
    "责违服号局委级证岗网络播店铺商"
    "這個們來爲國說時會對於過發後裏種經麼學現當沒動還進樣開從實軍無與長機關點業將兩間問並應戰頭體見產話內給門兒東聲員論處義幾認條氣題"
    "爾別變總電數報結務場計資許統區隊決馬書則聽卻達強難權設記類據邊張該規萬覺術領確傳師觀讓識帶導爭運勞職縣單護織組請補貼訓養醫療險費"
    "標準節項辦責違號級證崗網絡鋪"
    "，。、；：？！“”‘’（）《》〈〉【】「」『』…—　０１２３４５６７８９％"
)

_PLAUSIBLE = 0.4  # Real Chinese scores 0.7 or more; GBK read as Big5 and the reverse score below 0.3 (measured on statutes).
_DECLARED_BONUS = 0.2  # A declaration decides between two readings of about equal score.
_SAMPLE = 20_000  # characters that are examined

_CHINESE_IN_UTF8 = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}){5,}")
_CHARACTER_IN_UTF8 = re.compile(rb"[\xe3-\xe9\xef][\x80-\xbf]{2}")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_HAN_RUN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]{2,}")
_ACCENTED_RUN = re.compile(r"[\xa1-\xff]{3,}")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_GB = ("gb18030",)
_BIG5 = ("cp950", "big5hkscs")
_GB_NAMES = frozenset({"gb2312", "gbk", "gb18030", "cp936", "euc_cn", "hz"})


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of a file's bytes, without byte order mark and with line feeds as line ends; b"" gives "".

    UTF-8 that was once read as Latin-1 or GBK and saved again is repaired if that loses nothing.

    Raises:
        LoadError: binary content, two encodings in one file, broken bytes, or text that is garbled beyond repair.
    """
    text = _decode_marked(data)
    if text is None:
        text = _decode_unmarked(data, declared)
    _refuse_binary(text)
    text = _repair(text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode_marked(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as exc:
                line = data.count(b"\n", 0, len(mark) + exc.start) + 1
                raise LoadError(
                    f"文件开头标明是 {encoding.upper()}，但第 {line} 行起有读不懂的字节，可能不完整或混了编码。{_ADVICE}"
                ) from exc
    return None


def _decode_unmarked(data: bytes, declared: str | None) -> str:
    if (text := _strict(data, "utf-8")) is not None and "\0" not in text:
        return text
    if (text := _decode_utf16(data)) is not None:
        return text
    if b"\0" in data:
        raise LoadError(f"第 {data.index(0) + 1} 个字节是空字节（NUL），这不是纯文本，或文件已损坏。{_ADVICE}")
    if _CHINESE_IN_UTF8.search(data) or any(_is_chinese_utf8(line) for line in data.split(b"\n")):
        raise LoadError(_why_not_utf8(data))
    return _decode_legacy(data, declared)


def _decode_utf16(data: bytes) -> str | None:
    """The text if the bytes are UTF-16 without a mark; the byte order that gives everyday text wins."""
    if len(data) % 2 or len(data) < 4:
        return None
    readings = [text for encoding in ("utf-16-le", "utf-16-be") if (text := _strict(data, encoding)) is not None]
    best = max(readings, key=lambda text: _utf16_score(text) + _plausibility(text), default=None)
    if best is None or _utf16_score(best) < 0.8:  # 1.0 for Chinese; below 0.5 in the wrong byte order
        return None
    if b"\0" in data:
        return best
    # ASCII and Latin-1 of even length also decode to Han characters, but to rare ones.
    if _plausibility(best) < _PLAUSIBLE:
        return None
    return best if _plausibility(best) > max(_reading(data, e, bonus=False)[1] for e in (_GB, _BIG5)) else None


def _utf16_score(text: str) -> float:
    """Share of characters in the blocks of Chinese text; a low byte of 00 marks ASCII in the wrong byte order."""
    sample = text[:_SAMPLE]
    good = sum(1 for c in sample if c in "\n\r\t" or " " <= c <= "~" or c in _COMMON or ("\u3001" <= c <= "\u9fff" and ord(c) & 0xFF))
    return good / len(sample) if "\0" not in sample else 0.0


def _decode_legacy(data: bytes, declared: str | None) -> str:
    """The text of bytes in a legacy encoding: GB18030, Big5, or the declared or guessed one if neither gives Chinese."""
    name = _codec_name(declared)
    gb, gb_score = _reading(data, _GB, bonus=name in _GB_NAMES)
    big5, big5_score = _reading(data, _BIG5, bonus=name.startswith("big5") or name == "cp950")
    if max(gb_score, big5_score) >= _PLAUSIBLE:
        text = gb if gb_score >= big5_score else big5
    elif name and name not in _GB_NAMES and (other := _strict(data, name)) is not None:
        text = other
    elif gb is not None and _is_solid_han(gb):  # rare characters throughout: names, ancient texts
        text = gb
    else:
        text = _guess(data)
    if text is None:
        raise LoadError(f"认不出文件的编码（不是 UTF-8、UTF-16、GB18030 或 Big5，可能有损坏的字节）。{_ADVICE}")
    return text


def _reading(data: bytes, encodings: tuple[str, ...], *, bonus: bool) -> tuple[str | None, float]:
    for encoding in encodings:
        if (text := _strict(data, encoding)) is not None:
            return text, _plausibility(text) + (_DECLARED_BONUS if bonus else 0.0)
    return None, -1.0


def _plausibility(text: str) -> float:
    """How much the non-ASCII characters look like everyday Chinese: 1 if all are common, 0.5 if all are in use, below 0 for no text."""
    sample = "".join(_NON_ASCII.findall(text))[:_SAMPLE]
    return sum(map(_weight, sample)) / len(sample) if sample else 0.0


@lru_cache(maxsize=30_000)
def _weight(character: str) -> float:
    if character in _COMMON:
        return 1.0
    if unicodedata.category(character) in ("Co", "Cn", "Cc", "Cs"):
        return -1.0
    for encoding, first, last in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):  # level 1 of each standard: characters in ordinary use
        lead = character.encode(encoding, "ignore")[:1]
        if lead and first <= lead[0] <= last and _HAN.match(character):
            return 0.5
    return 0.0


def _is_solid_han(text: str) -> bool:
    """Whether the non-ASCII characters are runs of Han; accented Latin letters read as GBK give single ones inside words."""
    sample = text[:_SAMPLE]
    beyond = sum(map(len, _NON_ASCII.findall(sample)))
    return beyond > 0 and sum(map(len, _HAN_RUN.findall(sample))) >= 0.8 * beyond


def _guess(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    western = _strict(data, "cp1252")
    if western is not None and not _ACCENTED_RUN.search(western):
        return western
    best = from_bytes(data).best()
    return None if best is None else _strict(data, best.encoding)


def _why_not_utf8(data: bytes) -> str:
    for number, line in enumerate(data.split(b"\n"), 1):
        if _strict(line, "utf-8") is not None:
            continue
        beyond_ascii = sum(byte > 0x7F for byte in line)
        if beyond_ascii >= 4 and _CHINESE_IN_UTF8.search(line) is None and _strict(line, "gb18030") is not None:
            return (
                f"同一个文件里混了 UTF-8 和 GBK 两种编码（第 {number} 行是 GBK，别处是 UTF-8），读出来会有乱码。"
                "请把各部分分别转成 UTF-8 编码，合并后再导入"
            )
        return f"文件是 UTF-8 编码，但第 {number} 行有损坏的字节，可能没有下载完整，或混进了别的编码。{_ADVICE}"
    raise AssertionError("called for bytes that are UTF-8")


def _refuse_binary(text: str) -> None:
    if "\0" in text:
        raise LoadError(f"文件里有空字符（NUL，第 {text.index(chr(0)) + 1} 个字符），这不是纯文本，或文件已损坏。{_ADVICE}")
    sample = text[:_SAMPLE]
    if len(_CONTROL.findall(sample)) > 0.02 * len(sample):
        raise LoadError(f"文件里有大量控制字符，是程序或压缩数据而不是文字。{_ADVICE}")
    if text.count("\ufffd") > max(2, len(text) // 200):
        raise LoadError("文件里有大量“\ufffd”：转码时文字已经丢失，无法恢复。请找到原文件，转成 UTF-8 编码后再导入")


def _repair(text: str) -> str:
    """Repair Chinese that was decoded wrongly once; other text is unchanged."""
    if text.isascii():
        return text
    for misread in (_as_western_bytes, _as_gb_bytes):
        data = misread(text)
        if data is None:
            continue
        repaired = _strict(data, "utf-8")
        if (
            repaired is not None
            and len(_HAN.findall(repaired[:_SAMPLE])) >= 2
            and _plausibility(repaired) > max(_PLAUSIBLE, _plausibility(text))
        ):
            return repaired.removeprefix("\ufeff")
    sample = text[:_SAMPLE]
    if (garbled := _GARBLED.findall(sample)) and sum(map(len, garbled)) > 0.2 * sum(map(len, _NON_ASCII.findall(sample))):
        raise LoadError(
            f"文字是乱码（“{garbled[0][:12]}”这样的字）：UTF-8 文件曾被当作西文打开再保存，已不能完整还原。"
            "请找到原文件，转成 UTF-8 编码后再导入"
        )
    return text


_WESTERN_BYTES = {bytes([b]).decode("cp1252"): b for b in range(0x80, 0xA0) if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_CONTINUATION = "[\x80-\xbf" + "".join(map(re.escape, _WESTERN_BYTES)) + "]"
_GARBLED = re.compile(rf"(?:[ãäåæçèéï]{_CONTINUATION}{{2}}){{3,}}")


def _as_western_bytes(text: str) -> bytes | None:
    """The bytes that decode to the text in Latin-1 or Windows-1252; None if there are none."""
    values = [_WESTERN_BYTES.get(c, ord(c)) for c in text] if _GARBLED.search(text) else []
    return bytes(values) if values and max(values) < 0x100 else None


def _as_gb_bytes(text: str) -> bytes | None:
    try:
        return text.encode("gb18030")
    except UnicodeEncodeError:
        return None


def _is_chinese_utf8(line: bytes) -> bool:
    """Whether a line is UTF-8 with at least four Chinese characters; GBK is almost never that by chance."""
    return not line.isascii() and len(_CHARACTER_IN_UTF8.findall(line)) >= 4 and _strict(line, "utf-8") is not None


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _codec_name(declared: str | None) -> str:
    """Python's name for a declared charset; "" for none or for one that is no text encoding."""
    try:
        return codecs.lookup((declared or "").strip()).name.replace("-", "_") if declared else ""
    except LookupError:
        return ""
