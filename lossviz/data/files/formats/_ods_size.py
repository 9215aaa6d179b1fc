"""The size of an ODS workbook before it is opened: repeated rows and cells take no bytes."""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat
from zipfile import ZipFile

from lossviz.data.files.compression import damaged, within_limit, zip_pieces
from lossviz.data.files.formats._sheet_size import Extent, check_characters, check_extent
from lossviz.errors import LossVizError
from lossviz.guards import MAX_TAGS, MAX_WORKBOOK

_TAGS = 200
"""Bytes of a cell that are tags, about."""
_CELLS = ("table:table-cell", "table:covered-table-cell")
_FILLED = ("office:value-type", "office:value", "table:formula", "office:string-value")


def check_ods(archive: ZipFile, name: str) -> None:
    """Refuse an ODS workbook with a sheet that cannot be laid out.

    :raises LossVizError: with the sheet, and its size.
    """
    used = tags = 0
    for member in archive.infolist():
        sheets = _Sheets(name) if member.filename == "content.xml" else None
        pieces = within_limit(zip_pieces(archive, member, name), name, MAX_WORKBOOK, used)
        for piece in pieces:
            used += len(piece)
            tags += piece.count(b"<")
            if tags > MAX_TAGS:
                raise LossVizError(
                    f"{name} is an ODS workbook with more than {MAX_TAGS:,} XML tags, some "
                    f"{MAX_TAGS // 4:,} cells, the most that can be read. Save the sheet as CSV."
                )
            if sheets:
                sheets.look_at(piece)
        if sheets:
            sheets.end()


class _Sheets:
    """The sizes of the sheets, from the XML piece by piece.

    Empty cells at the end of a row, and empty rows at the end of a sheet, are not counted: every
    program writes some that reach to the end of the grid.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.sheet = ""
        self.rows = self.empty_rows = self.columns = self.characters = 0
        self.repeats = 0
        self.column = self.last_filled = self.row_characters = 0
        self.cell_begins = self.cell_repeats = self.spaces = 0
        # Whatever encoding the XML says it has; one that is not known would be no XML error.
        self.parser = expat.ParserCreate("UTF-8")
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = self._doctype

    def look_at(self, piece: bytes) -> None:
        """Take the next piece of the XML in."""
        try:
            self.parser.Parse(piece, False)
        except expat.ExpatError as error:
            raise damaged(self.name, f"its XML is not right ({error})") from None

    def end(self) -> None:
        """The XML ends here."""
        try:
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise damaged(self.name, f"its XML is not right ({error})") from None
        self._end_row()

    def _doctype(self, *_: object) -> None:
        raise damaged(self.name, "its XML declares a document type, which no workbook does")

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _CELLS:
            self._end_cell()
            repeats = _repeats(attributes.get("table:number-columns-repeated"))
            self.column += repeats
            if any(name in attributes for name in _FILLED):
                self.last_filled = self.column
                self.cell_begins = self.parser.CurrentByteIndex
                self.cell_repeats = repeats
        elif tag == "table:table-row":
            self._end_row()
            self.repeats = _repeats(attributes.get("table:number-rows-repeated"))
        elif tag == "text:s":
            self.spaces += _repeats(attributes.get("text:c"))
        elif tag == "table:table":
            self._end_row()
            self.sheet = attributes.get("table:name", "")[:80]
            self.rows = self.empty_rows = self.columns = 0

    def _end_cell(self) -> None:
        if self.cell_repeats:
            size = self.parser.CurrentByteIndex - self.cell_begins - _TAGS
            self.row_characters += (max(0, size) + self.spaces) * self.cell_repeats
        self.cell_repeats = self.spaces = 0

    def _end_row(self) -> None:
        """Rows that repeat are as many rows; empty ones count when another follows."""
        self._end_cell()
        if self.last_filled:
            self.rows += self.empty_rows + self.repeats
            self.empty_rows = 0
            self.columns = max(self.columns, self.last_filled)
            self.characters += self.row_characters * self.repeats
            check_extent(Extent(self.rows, self.columns), f"The sheet {self.sheet!r}", self.name)
            check_characters(self.characters, self.name)
        else:
            self.empty_rows += self.repeats
        self.column = self.last_filled = self.row_characters = self.repeats = 0


def _repeats(number: str | None) -> int:
    """How often a cell or row stands there; whoever reads it refuses what is no number."""
    try:
        return max(1, int(number or 1))
    except ValueError:
        return 1
