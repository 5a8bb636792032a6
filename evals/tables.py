"""Tables as XLSX files. What a cell holds is text, whatever it begins with: a question may begin with an equals sign."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

_WIDTH = 14
_LONGEST = 32_000  # characters; Excel takes 32,767 in a cell


def write_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, widths: Mapping[str, int] | None = None) -> bytes:
    """An XLSX file with one sheet: a head line that stays in view, then the rows; numbers stay numbers.

    Args:
        title: the name of the sheet.
        columns: the head line.
        rows: as many cells as columns each.
        widths: width of a column in characters, where it is not the usual one.
    """
    import openpyxl  # a third of a second, and most requests do without
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, name in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = (widths or {}).get(name, _WIDTH)

    def cell(value: object, *, bold: bool = False) -> object:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        made = WriteOnlyCell(sheet, value if number else ILLEGAL_CHARACTERS_RE.sub("", str(value))[:_LONGEST])
        if not number:
            made.data_type = "s"
        made.alignment = Alignment(wrap_text=True, vertical="top")
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(name, bold=True) for name in columns])
    for row in rows:
        sheet.append([cell(value) for value in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
