"""What encoding a file is in, told from its bytes."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from knowledge_base.errors import LoadError
from knowledge_base.loaders import decode

REGULATION = (
    "女职工劳动保护特别规定\n\n第七条 女职工生育享受98天产假，其中产前可以休假15天；难产的，增加产假15天；"
    "生育多胞胎的，每多生育1个婴儿，增加产假15天。\n女职工怀孕未满4个月流产的，享受15天产假；怀孕满4个月流产的，享受42天产假。\n"
)
TRADITIONAL = (
    "中華人民共和國工會法\n\n第六條 維護職工合法權益、竭誠服務職工群眾是工會的基本職責。工會在維護全國人民總體利益的同時，"
    "代表和維護職工的合法權益。\n第七條 工會動員和組織職工積極參加經濟建設，努力完成生產任務和工作任務。\n"
)

# Level 1 of GB 2312: the 3,755 characters in ordinary use.
_LEVEL_1 = [bytes([high, low]).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF)]
chinese_text = st.text(st.sampled_from([*_LEVEL_1, *"，。、；：？！“”（）《》　0123456789 \nAI%-"]), min_size=200, max_size=600).filter(
    lambda text: sum("\u4e00" <= c <= "\u9fff" for c in text) > 100
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_regulation_reads_the_same_in_every_encoding(encoding: str) -> None:
    assert decode(REGULATION.encode(encoding)) == REGULATION


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_byte_order_mark_decides_and_is_not_part_of_the_text(mark: bytes) -> None:
    encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"

    assert decode(mark + REGULATION.encode(encoding)) == REGULATION


@pytest.mark.parametrize("encoding", ["big5", "cp950", "utf-8", "utf-16-le", "utf-16-be"])
def test_traditional_text_reads_as_it_was_written(encoding: str) -> None:
    assert decode(TRADITIONAL.encode(encoding)) == TRADITIONAL


def test_traditional_text_in_gbk_is_not_taken_for_big5() -> None:
    assert decode(TRADITIONAL.encode("gbk")) == TRADITIONAL


@pytest.mark.parametrize("text", ["部门", "部门,姓名,电话\n女职工委员会,张某,028-00000000\n", "产假98天", "赵钱孙李，周吴郑王", "工会"])
def test_a_few_characters_of_gbk_are_enough(text: str) -> None:
    assert decode(text.encode("gbk")) == text


@pytest.mark.parametrize("text", ["社會主義現代化", "（二）春節，放假三天", "負責建立保護制度", "工會"])
def test_a_few_characters_of_big5_are_enough(text: str) -> None:
    assert decode(text.encode("big5")) == text


def test_characters_outside_gbk_survive_in_gb18030() -> None:
    text = "职工姓名：𠮷野、㐂、䶮。女职工委员会负责登记，按照规定办理。\n"

    assert decode(text.encode("gb18030")) == text


@given(chinese_text)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@example(REGULATION * 2)
@example("的" * 200)
def test_chinese_text_of_some_length_decodes_to_itself(text: str) -> None:
    for encoding in ("utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be"):
        assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("declared", ["gbk", "gb2312", "iso-8859-1", "no-such-charset", "", None])
def test_a_declared_charset_is_not_believed_against_strict_utf8(declared: str | None) -> None:
    assert decode(REGULATION.encode(), declared) == REGULATION


@pytest.mark.parametrize("declared", ["iso-8859-1", "utf-8", "windows-1252", "big5", "hex", "no-such-charset"])
def test_a_wrong_declaration_does_not_spoil_gbk(declared: str) -> None:
    assert decode(REGULATION.encode("gbk"), declared) == REGULATION


def test_a_page_declared_gb2312_may_hold_more_than_gb2312() -> None:
    text = "职工朱镕、李喆，工会主席。请按照规定办理。"

    assert decode(text.encode("gb18030"), "gb2312") == text


def test_a_declared_charset_is_used_where_the_text_is_not_chinese() -> None:
    assert decode("Привет, это текст".encode("koi8-r"), "koi8-r") == "Привет, это текст"


def test_accented_latin_text_is_not_taken_for_chinese() -> None:
    text = "Müller für schön, le café était très bon"

    assert decode(text.encode("latin-1")) == text


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_become_line_feeds(line_end: str) -> None:
    assert decode(REGULATION.replace("\n", line_end).encode()) == REGULATION


def test_no_bytes_give_no_text() -> None:
    assert decode(b"") == ""


@pytest.mark.parametrize("misread_as", ["latin-1", "cp1252"])
def test_utf8_that_was_read_as_western_text_is_repaired(misread_as: str) -> None:
    text = "工会法规定，职工依法参加工会。"
    garbled = "".join(bytes([b]).decode(misread_as) if _decodes(b, misread_as) else chr(b) for b in text.encode())

    assert decode(garbled.encode()) == text


def test_utf8_that_was_read_as_gbk_is_repaired_where_nothing_was_lost() -> None:
    text = "女职工生育享受九十八天产假"
    garbled = text.encode().decode("gb18030", "ignore")
    assert garbled.encode("gb18030") != text.encode()  # an odd count of bytes loses the last one
    text += "，工会说明"
    garbled = text.encode().decode("gb18030")

    assert decode(garbled.encode()) == text


def test_garbled_text_that_cannot_be_repaired_is_refused_with_the_reason() -> None:
    garbled = "女职工劳动保护特别规定，工会".encode().decode("latin-1")

    with pytest.raises(LoadError, match=r"乱码.*UTF-8"):
        decode(("说明：" + garbled).encode())


def test_text_full_of_replacement_characters_is_refused() -> None:
    with pytest.raises(LoadError, match="文字已经丢失"):
        decode(("女职工\ufffd\ufffd生育\ufffd\ufffd" * 5).encode())


def test_two_encodings_in_one_file_are_refused_with_the_line() -> None:
    data = "第一行是 UTF-8 的文字\n".encode() + "第二行是用记事本存的文字\n".encode("gbk")

    with pytest.raises(LoadError, match=r"混了 UTF-8 和 GBK.*第 2 行.*转成 UTF-8"):
        decode(data)


def test_two_encodings_are_noticed_even_where_all_bytes_are_valid_gb18030() -> None:
    data = "女职工劳动保护\n".encode("gbk") + "女职工生育享受产假\n".encode()[:-1] + b" \n"
    data = data if _decodes_all(data, "gb18030") else "女职工劳动保护\n".encode("gbk") + "女职工生育享受产假期\n".encode()

    assert _decodes_all(data, "gb18030")
    with pytest.raises(LoadError, match="混了 UTF-8 和 GBK"):
        decode(data)


def test_a_cut_off_utf8_file_is_refused_with_the_line() -> None:
    with pytest.raises(LoadError, match=r"UTF-8 编码，但第 4 行有损坏"):
        decode(REGULATION.encode()[:-2])


@pytest.mark.parametrize("data", [REGULATION.encode() + b"\0\0" + REGULATION.encode(), b"\x7fELF\x02\x01\x01\0\0\0\0\0", b"a\0"])
def test_nul_bytes_are_refused_with_advice(data: bytes) -> None:
    with pytest.raises(LoadError, match=r"NUL.*另存为 UTF-8"):
        decode(data)


def test_control_characters_are_refused_as_binary() -> None:
    with pytest.raises(LoadError, match="控制字符"):
        decode(bytes(range(1, 9)) * 40)


def _decodes(byte: int, encoding: str) -> bool:
    return _decodes_all(bytes([byte]), encoding)


def _decodes_all(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
