"""Which characters look alike: 已 and 己, 职 and 识, 技 and 枝.

The pairs stand in ``lookalikes.txt``, a line a character. They were found by drawing the 6,763 characters of GB 2312 and comparing the
drawings, whole, by their right halves and by their lower ones: ``python -m knowledge_base.query.lookalikes FONT`` makes the file anew.
"""

from __future__ import annotations

import argparse
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

PATH = Path(__file__).with_name("lookalikes.txt")

ALIKE = 0.55
"""Least likeness (cosine of two centred, blurred drawings) of characters that are taken for each other."""

_PART = 0.72  # a half alone is worth less than the whole
_MOST = 12
_SIDE = 48


@lru_cache(maxsize=1)
def lookalikes() -> dict[str, frozenset[str]]:
    """Characters that each character may be mistaken for; symmetric."""
    found: dict[str, set[str]] = {}
    for line in PATH.read_text(encoding="utf-8").splitlines():
        for other in line[1:]:
            found.setdefault(line[0], set()).add(other)
            found.setdefault(other, set()).add(line[0])
    return {character: frozenset(others) for character, others in found.items()}


def compare(drawings: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Likeness of drawings, (n, side, side) to (n, n), -1 to 1; 0 of a drawing with itself."""
    half = drawings.shape[1] // 2
    whole = _cosines(drawings)
    parts = np.maximum(_cosines(drawings[:, :, half:]), _cosines(drawings[:, half:, :]))
    alike: npt.NDArray[np.float32] = np.maximum(whole, _PART * parts)
    np.fill_diagonal(alike, 0)
    return alike


def _cosines(drawings: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    rows = drawings.reshape(len(drawings), -1)
    rows = rows - rows.mean(axis=0)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    cosines: npt.NDArray[np.float32] = rows @ rows.T
    return cosines


def draw(characters: str, font: Path) -> npt.NDArray[np.float32]:
    """Blurred drawings of characters, (n, side, side), 0 to 255."""
    from PIL import Image, ImageDraw, ImageFilter, ImageFont

    face = ImageFont.truetype(str(font), _SIDE - 8)
    drawings = []
    for character in characters:
        image = Image.new("L", (_SIDE, _SIDE))
        ImageDraw.Draw(image).text((_SIDE // 2, _SIDE // 2), character, font=face, fill=255, anchor="mm")
        drawings.append(np.asarray(image.filter(ImageFilter.GaussianBlur(1.6)), dtype=np.float32))
    return np.stack(drawings)


def _gb2312() -> str:
    """The characters of GB 2312, in its order."""
    codes = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return "".join(code.decode("gb2312", errors="ignore") for code in codes)


def main() -> None:
    """Make the file anew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("font", type=Path, help="a font that has the characters, for example NotoSansCJK-Regular.ttc")
    characters = _gb2312()
    alike = compare(draw(characters, parser.parse_args().font))
    lines = []
    for place, character in enumerate(characters):
        nearest = [n for n in np.argsort(-alike[place], kind="stable")[:_MOST] if alike[place, n] >= ALIKE]
        if nearest:
            lines.append(character + "".join(characters[n] for n in nearest))
    PATH.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
