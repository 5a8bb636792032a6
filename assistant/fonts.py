"""A font with Chinese characters, for files that must bring their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
)
_FONT_FILES = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "NotoSansSC-Regular.ttf",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSansCN-Regular.otf",
    "NotoSerifCJK-Regular.ttc",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "STHeiti Light.ttc",
    "Hiragino Sans GB.ttc",
)
"""Fonts with Chinese characters that Linux and macOS come with, the best first."""

_PROBE = "女职工第条〔〕"


@dataclass(frozen=True, slots=True)
class Font:
    """A font file and the face in it."""

    path: Path
    face: int = 0


def find_chinese_font(folders: Sequence[str] = _FONT_FOLDERS) -> Font | None:
    """A font of this machine that has Chinese characters; None when there is none."""
    return _find_font(tuple(folders))


@cache
def _find_font(folders: tuple[str, ...]) -> Font | None:
    found = {path.name: path for folder in folders for path in Path(folder).expanduser().rglob("*.[ot]t[cf]")}
    for name in _FONT_FILES:
        if name in found and (font := _face_of(found[name])):
            return font
    return None


def _face_of(path: Path) -> Font | None:
    """The simplified Chinese face of a file, else its first with Chinese characters."""
    from fontTools.ttLib import TTCollection, TTFont

    if path.suffix.lower() != ".ttc":
        with TTFont(path, lazy=True) as face:
            return Font(path) if _writes_chinese(face) else None
    with TTCollection(path, lazy=True) as collection:
        faces = list(collection.fonts)
        able = [number for number, face in enumerate(faces) if _writes_chinese(face)]
        simplified = [number for number in able if " SC" in str(faces[number]["name"].getDebugName(4))]
    return Font(path, (simplified or able)[0]) if able else None


def _writes_chinese(face: Any) -> bool:
    characters = face.getBestCmap() or {}
    return all(ord(character) in characters for character in _PROBE)
