"""Workbooks: the first sheet with a table in it, or the one that is chosen."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, NamedTuple, TypeVar

import python_calamine as calamine

from lossviz.data.assumptions import Denied
from lossviz.data.files.cells import EXPECTED, Cells, Row, TableFormat
from lossviz.data.files.compression import open_zip
from lossviz.data.files.formats._base import REPLACEMENT, Format, bounded
from lossviz.data.files.formats._merged import Merged, merged_cells, merging
from lossviz.data.files.formats._ods_size import check_ods
from lossviz.data.files.formats._sheet_size import check_xlsx
from lossviz.data.files.formats._xlsb_size import check_xlsb
from lossviz.errors import LossVizError

_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_EXACT = 1e15
_MAX_SHEETS = 20
T = TypeVar("T")
_OTHERS = {"word/document.xml": "a Word document", "ppt/presentation.xml": "a presentation"}


class Workbook(Format):
    """XLSX, XLSB, ODS and old XLS, through python-calamine.

    Before the library opens one, its size is looked at, since it lays sheets out as a whole.
    Formulas are read as the values that were saved with them, and errors such as #N/A as missing.
    """

    id = "workbook"
    order = 0
    title = "Excel and OpenDocument workbooks"
    formats = ("xlsx", "xls", "xlsb", "ods")

    def recognises(self, content: bytes, name: str) -> bool:
        """Is it a zip archive, or an OLE file? Other archives are unpacked by now."""
        return content.startswith((_ZIP, _OLD))

    def read(
        self, content: bytes, name: str, *, sheet: str | None = None, without: Denied = ()
    ) -> Cells:
        """The filled rows of a sheet, from the first with two cells on."""
        kind = _checked_kind(content, name)
        book = _guarded(lambda: calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)), name)
        chosen = _chosen(book, name, sheet) if sheet else _first_table(book, name)
        form = TableFormat("", "", False, kind, part=chosen.sheet)
        notes = [f"Read from the sheet {chosen.sheet!r} of the workbook ({kind.upper()})."]
        if chosen.others and not sheet:
            notes.append(
                f"There are other sheets: {_listing(chosen.others)}; choose one to read it."
            )
        if chosen.above:
            notes.append(f"{chosen.above:,} row(s) above the table left out: a title has one cell.")
        merged = {} if "merged" in without else merged_cells(chosen.table)
        rows = bounded(_rows(chosen.table, chosen.above, name, merged), name)
        assumptions = (merging(merged),) if merged else ()
        return Cells(None, rows, int(chosen.table.width), form, notes, assumptions)

    def only_column(self, content: bytes, name: str, sheet: str | None = None) -> Cells | None:
        """The cells of the first sheet with something in it, where no sheet has a table."""
        kind = _checked_kind(content, name)
        book = _guarded(lambda: calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)), name)
        for title in [sheet] if sheet in book.sheet_names else book.sheet_names[:_MAX_SHEETS]:
            table = _guarded(partial(book.get_sheet_by_name, title), name)
            if _rows_above(table, name) is not None:
                return None
            rows = [[next(filter(None, row))] for row in _filled(table, name)]
            if rows:
                form = TableFormat("", "", False, kind, part=title)
                return Cells(None, iter(rows), 1, form, ())
        return None


class _Found(NamedTuple):
    """A sheet that holds a table.

    :param above: its filled rows above the table: titles, with one cell each.
    :param others: the workbook's other sheets.
    """

    sheet: str
    table: Any
    above: int
    others: Sequence[str]


def _checked_kind(content: bytes, name: str) -> str:
    """The format, once it is known that the library can open the file.

    :raises LossVizError: for one that it cannot, or that is none of the workbooks.
    """
    if content.startswith(_OLD):
        if _PROTECTED in content:
            raise LossVizError(f"{name} is protected with a password. Save it without one.")
        return "xls"
    archive = open_zip(content, name)
    parts = {part.casefold() for part in archive.namelist()}
    if others := [what for part, what in _OTHERS.items() if part in parts]:
        raise LossVizError(f"{name} is {others[0]}, not a table. {EXPECTED}")
    # The library tries one format after the other, so each is checked where it might find it.
    check_xlsx(archive, name)
    binary, open_document = "xl/workbook.bin" in parts, "content.xml" in parts
    if binary:
        check_xlsb(archive, name)
    if open_document:
        check_ods(archive, name)
    return "xlsb" if binary else "ods" if open_document else "xlsx"


def _chosen(book: Any, name: str, sheet: str) -> _Found:
    if sheet not in book.sheet_names:
        raise LossVizError(
            f"{name} has no sheet {sheet!r}. Its sheets are: {_listing(book.sheet_names)}."
        )
    table = _guarded(lambda: book.get_sheet_by_name(sheet), name)
    above = _rows_above(table, name)
    if above is None:
        raise LossVizError(
            f"The sheet {sheet!r} of {name} has no two rows with two cells. {EXPECTED} Its sheets "
            f"are: {_listing(book.sheet_names)}."
        )
    return _Found(sheet, table, above, [name for name in book.sheet_names if name != sheet])


def _first_table(book: Any, name: str) -> _Found:
    sheets = list(book.sheet_names)
    hidden = [data.visible != calamine.SheetVisibleEnum.Visible for data in book.sheets_metadata]
    order = sorted(range(len(sheets)), key=lambda number: hidden[number])
    for number in order[:_MAX_SHEETS]:
        sheet = sheets[number]
        if book.sheets_metadata[number].typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        table = _guarded(partial(book.get_sheet_by_index, number), name)
        above = _rows_above(table, name)
        if above is not None:
            return _Found(sheet, table, above, sheets[:number] + sheets[number + 1 :])
    raise LossVizError(
        f"{name} has no sheet with two rows of two cells"
        + (f" among the first {_MAX_SHEETS}" if len(sheets) > _MAX_SHEETS else "")
        + f". {EXPECTED} Its sheets are: {_listing(sheets)}."
    )


def _rows_above(table: Any, name: str) -> int | None:
    """How many filled rows stand above the first with two cells; None without two of these."""
    above = wide = 0
    for row in _filled(table, name):
        wide += sum(map(bool, row)) > 1
        above += not wide
        if wide > 1:
            return above
    return None


def _rows(table: Any, above: int, name: str, merged: Merged) -> Iterator[Row]:
    return islice(_filled(table, name, merged), above, None)


def _filled(table: Any, name: str, merged: Merged | None = None) -> Iterator[Row]:
    """Every row with a cell in it, from the first column with one on; cells that are merged with
    one above them have its text."""
    rows = _guarded(table.iter_rows, name)
    number, above = -1, list[str]()
    while (row := _guarded(lambda: next(rows, None), name)) is not None:
        number += 1
        cells = [value if type(value) is str else _text(value) for value in row]
        for column, source in (merged or {}).get(number, ()):
            cells[column] = cells[source] if source < column else above[column]
        above = cells
        if any(cells):
            yield [cell.replace("\x00", REPLACEMENT) if "\x00" in cell else cell for cell in cells]


def _text(value: object) -> str:
    """The cell as a table of texts has it.

    >>> _text(3.0), _text(0.5), _text(True), _text(dt.date(2024, 1, 2))
    ('3', '0.5', 'TRUE', '2024-01-02')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return "" if value is None else str(value)


def _guarded(action: Callable[[], T], name: str) -> T:
    """What ``action`` gives; whatever the library makes of a damaged workbook is one sentence."""
    try:
        return action()
    except calamine.PasswordError:
        raise LossVizError(f"{name} is protected with a password. Save it without one.") from None
    except Exception as error:
        raise _damaged(error, name) from None
    except BaseException as error:
        # What Rust raises where it gave up is not an Exception, and has no name to import.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(error, name) from None


def _damaged(error: BaseException, name: str) -> LossVizError:
    return LossVizError(
        f"{name} is a damaged workbook, or one of a kind that cannot be read: "
        f"{str(error)[:120]!r}. Save it again as XLSX, or save the sheet as CSV."
    )


def _listing(names: Sequence[str], limit: int = 10) -> str:
    more = f" and {len(names) - limit:,} more" if len(names) > limit else ""
    return (", ".join(repr(name[:60]) for name in names[:limit]) or "none") + more
