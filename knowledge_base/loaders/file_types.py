"""The type of a file, by its first bytes rather than its name."""

from __future__ import annotations

import io
import zipfile

from knowledge_base.errors import LoadError

MAX_UNPACKED_BYTES = 300 * 1024 * 1024
"""Most bytes that a DOCX, XLSX or PPTX may unpack to; a larger one is treated as a zip bomb."""

_OFFICE_PARTS = (("word/document.xml", ".docx"), ("xl/workbook.xml", ".xlsx"), ("ppt/presentation.xml", ".pptx"))
_LEGACY_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_REFUSED = (
    (b"{\\rtf", "这是 RTF 文件，请用 Word 或 WPS 另存为 docx 后再导入"),
    (b"\x89PNG", "这是一张图片，没有文字可读，请先识别成文字（OCR）再导入"),
    (b"\xff\xd8\xff", "这是一张图片，没有文字可读，请先识别成文字（OCR）再导入"),
    (b"GIF8", "这是一张图片，没有文字可读，请先识别成文字（OCR）再导入"),
    (b"Rar!", "这是压缩包，请解压后导入里面的文件"),
    (b"7z\xbc\xaf\x27\x1c", "这是压缩包，请解压后导入里面的文件"),
    (b"\x1f\x8b", "这是压缩包，请解压后导入里面的文件"),
    (b"MZ", "这是程序文件，不是文档"),
    (b"\x7fELF", "这是程序文件，不是文档"),
)


def detect_suffix(data: bytes) -> str | None:
    """The suffix that fits the content (".pdf", ".docx", ".xlsx", ".pptx", ".html"); None if it can only be text.

    Raises:
        LoadError: the content cannot be read: legacy or encrypted Office, an archive, a picture, a zip bomb.
    """
    if b"%PDF-" in data[:1024]:
        return ".pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _detect_office(data)
    if data.startswith(_LEGACY_OFFICE):
        if _ENCRYPTED_PART in data:
            raise LoadError("文件加了打开密码，读不出内容。请去掉密码、另存后再导入")
        raise LoadError("这是旧版 Office 或 WPS 文件（doc、xls、ppt、wps），请另存为 docx、xlsx 或 pptx 后再导入")
    for magic, reason in _REFUSED:
        if data.startswith(magic) and (len(magic) > 2 or b"\0" in data[:64]):
            raise LoadError(reason)
    opening = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if opening.startswith((b"<!doctype html", b"<html")) or (opening.startswith(b"<?xml") and b"<html" in opening):
        return ".html"
    return None


def _detect_office(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as exc:
        raise LoadError("文件已损坏（压缩结构不完整），请重新下载或另存一份再导入") from exc
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED_BYTES:
        raise LoadError(f"文件解压后有 {unpacked // 2**20} MB，超过 {MAX_UNPACKED_BYTES // 2**20} MB 的上限，请拆成几个小文件再导入")
    names = {part.filename for part in parts}
    for part, suffix in _OFFICE_PARTS:
        if part in names:
            return suffix
    raise LoadError("这是压缩包或不认识的 Office 文件，请解压，或另存为 docx、xlsx、pptx 后再导入")
