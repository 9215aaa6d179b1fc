"""The size of a workbook before it is opened: a few bytes of it may stand for billions of cells.

The library that reads workbooks lays a sheet out as a full rectangle: two cells in opposite corners
of an Excel sheet are 17 billion cells of 32 bytes. So every part of the archive is unpacked once,
in pieces, and looked through for the corners; what is counted here is never less than what the
library would lay out.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from zipfile import ZipFile

from lossviz.data.files.compression import within_limit, zip_pieces
from lossviz.errors import LossVizError
from lossviz.guards import (
    MAX_AREA,
    MAX_CHARACTERS,
    MAX_COLUMNS,
    MAX_SHEET_ROWS,
    MAX_WORKBOOK,
)

# The last group: a cell that has a format and no value, as every program writes it.
_REFERENCE = re.compile(rb'r\s*=\s*["\']([A-Za-z]*)([0-9]+)["\']((?:\s+s="[0-9]+")?\s*/>)?')
# A prefix of the name is rare, and looked for where there may be one: it takes ten times as long.
_CELL, _ANY_CELL = re.compile(rb"<c[\s/>]"), re.compile(rb"[<:]c[\s/>]")
_ROW, _ANY_ROW = re.compile(rb"<row[\s/>]"), re.compile(rb"[<:]row[\s/>]")
_STRING, _ANY_STRING = re.compile(rb"<si[\s/>]"), re.compile(rb"[<:]si[\s/>]")
_SHARED = re.compile(rb"t\s*=\s*[\"']s[\"']")
_SHARED_NUMBER = re.compile(rb't="s"(?:\s+[rs]="\w+")*\s*><v>([0-9]{1,9})</v>')
_LONGEST_TAG = 4_096


class Extent(NamedTuple):
    """The last row and column with a value, 1-based."""

    rows: int
    columns: int


def check_xlsx(archive: ZipFile, name: str) -> None:
    """Refuse an XLSX workbook with a sheet that cannot be laid out.

    :raises LossVizError: with the part, and its corner.
    """
    used = 0
    strings = _SharedStrings()
    for member in archive.infolist():
        sheet = _XmlSheet()
        pieces = within_limit(zip_pieces(archive, member, name), name, MAX_WORKBOOK, used)
        for piece, new in _overlapping(pieces):
            used += new
            sheet.look_at(piece)
            strings.look_at(piece, name)
            if sheet.is_sheet:
                strings.uses += len(_SHARED.findall(piece))
        strings.end()
        if sheet.is_sheet:
            check_extent(sheet.extent(), f"The sheet in {member.filename}", name)
    if strings.uses * strings.longest > MAX_CHARACTERS:
        check_characters(_shared_size(archive, name, strings), name)


def check_extent(extent: Extent, where: str, name: str) -> None:
    """Refuse a sheet that is too large.

    :param where: the sheet, at the beginning of the sentence.
    """
    rows, columns = extent
    if columns > MAX_COLUMNS or rows > MAX_SHEET_ROWS or rows * columns > MAX_AREA:
        raise LossVizError(
            f"{where} of {name} reaches to row {rows:,} and column {columns:,}; at most "
            f"{MAX_COLUMNS:,} columns and {MAX_AREA:,} cells can be read, the empty ones in "
            "between included. Clear what is far from the table, or save the sheet as CSV."
        )


def check_characters(characters: int, name: str) -> None:
    """Refuse cells that are too long together: texts that are stored once, and used often."""
    if characters > MAX_CHARACTERS:
        raise LossVizError(
            f"{name} repeats long texts so often that its cells have {characters:,} characters; "
            f"at most {MAX_CHARACTERS:,} can be read. Keep fewer rows."
        )


def _overlapping(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Pieces that begin before a tag, and how many bytes of each are new."""
    kept = b""
    for piece in pieces:
        whole = kept + piece
        # A tag is looked at when it is complete; of a longer text the end is looked at again.
        cut = whole.rfind(b"<")
        end = cut if len(whole) - cut < _LONGEST_TAG and cut >= 0 else len(whole)
        yield whole[:end], len(piece)
        kept = whole[end:] if end < len(whole) else whole[-_LONGEST_TAG:]
    if kept:
        yield kept, 0


class _XmlSheet:
    """The corner of a sheet of an XLSX workbook, from its XML piece by piece.

    Whatever looks like a cell's reference is taken for one, wherever it stands.
    """

    def __init__(self) -> None:
        self.is_sheet = False
        self.columns: set[bytes] = set()
        self.row = self.last_row = self.rows = 0
        self.widest = self.open = 0

    def look_at(self, piece: bytes) -> None:
        """Take the next piece of the XML in."""
        self.is_sheet = self.is_sheet or b"sheetData" in piece
        if not self.is_sheet:
            return
        references = _REFERENCE.findall(piece)
        filled = {(letters, row) for letters, row, empty in references if letters and not empty}
        self.columns |= {letters for letters, _ in filled}
        self.row = _largest(self.row, {row for _, row in filled})
        self.last_row = _largest(self.last_row, {row for word, row, _ in references if not word})
        prefixed = b":c" in piece or b":row" in piece
        cell, row = (_ANY_CELL, _ANY_ROW) if prefixed else (_CELL, _ROW)
        self.rows += len(row.findall(piece))
        if len(cell.findall(piece)) > sum(1 for letters, _, _ in references if letters):
            by_row = [len(cell.findall(cells)) for cells in row.split(piece)]
            by_row[0] += self.open
            self.open = by_row[-1]
            self.widest = max(self.widest, *by_row)
        else:
            self.open = 0

    def extent(self) -> Extent:
        """The corner, or one that lies farther out where cells do not say where they are."""
        column = max(map(_column, self.columns), default=0)
        if not self.widest:
            return Extent(self.row, column)
        return Extent(max(self.row, self.last_row + self.rows), column + self.widest)


def _largest(least: int, numbers: set[bytes]) -> int:
    return max(least, max((int(number[:12]) for number in numbers), default=0))


def _column(letters: bytes) -> int:
    """The number of a column, 1-based.

    >>> _column(b"A"), _column(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters[:8].upper():
        number = 26 * number + letter - 64
    return number


class _SharedStrings:
    """How long the texts are that cells share, and how many cells share one."""

    def __init__(self) -> None:
        self.sizes = array("q")
        self.uses = 0
        self.begun = False
        self.open = 0

    @property
    def longest(self) -> int:
        """Bytes of the longest text, with its tags."""
        return max(self.sizes, default=0)

    def look_at(self, piece: bytes, name: str) -> None:
        """Take the next piece of any part in."""
        string = _ANY_STRING if b":si" in piece else _STRING
        first, *others = map(len, string.split(piece))
        self.open += first
        if others and self.begun:
            self.sizes.append(self.open)
        if others:
            self.begun = True
            self.sizes.extend(others[:-1])
            self.open = others[-1]
        if len(self.sizes) > MAX_AREA:
            raise LossVizError(
                f"{name} has more than {MAX_AREA:,} different texts, the most that can be read. "
                "Keep fewer rows."
            )

    def end(self) -> None:
        """The part ends here."""
        if self.begun:
            self.sizes.append(self.open)
        self.begun = False
        self.open = 0


def _shared_size(archive: ZipFile, name: str, strings: _SharedStrings) -> int:
    """Bytes of all cells that share a text, counted once for each of them."""
    size = counted = 0
    for member in archive.infolist():
        for piece, _ in _overlapping(zip_pieces(archive, member, name)):
            numbers = [int(digits) for digits in _SHARED_NUMBER.findall(piece)]
            counted += len(numbers)
            size += sum(strings.sizes[number] for number in numbers if number < len(strings.sizes))
    # Those written in another way are taken for the longest.
    return size + max(0, strings.uses - counted) * strings.longest
