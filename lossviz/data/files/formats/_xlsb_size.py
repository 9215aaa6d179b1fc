"""The size of an XLSB workbook before it is opened: its cells say where they stand."""

from __future__ import annotations

from zipfile import ZipFile

from lossviz.data.files.compression import damaged, within_limit, zip_pieces
from lossviz.data.files.formats._sheet_size import Extent, check_extent
from lossviz.guards import MAX_BINARY

_ROW, _LAST_CELL = 0, 11
"""Record types: a row begins, and the cells of each kind."""
_SHEET = b"\x81\x01"
"""The record with which a sheet begins; other parts are no records at all."""


def check_xlsb(archive: ZipFile, name: str) -> None:
    """Refuse an XLSB workbook with a sheet that cannot be laid out.

    :raises LossVizError: with the part, and its corner.
    """
    for member in archive.infolist():
        if not member.filename.casefold().endswith(".bin"):
            continue
        pieces = within_limit(zip_pieces(archive, member, name), name, MAX_BINARY)
        where = f"The sheet in {member.filename!r}"
        part = b"".join(pieces)
        if part.startswith(_SHEET):
            check_extent(_extent(part, where, name), where, name)


def _extent(part: bytes, where: str, name: str) -> Extent:
    """The last row and column that a record names.

    A record is its type in one or two bytes, its size in one to four of seven bits, and its data;
    those of rows and cells begin with their number in four bytes.
    """
    at = rows = columns = row = 0
    try:
        while at < len(part):
            kind = part[at]
            at += 1
            if kind & 0x80:
                kind = (kind & 0x7F) | (part[at] & 0x7F) << 7
                at += 1
            size = shift = 0
            more = True
            while more and shift < 28:
                byte = part[at]
                at += 1
                size |= (byte & 0x7F) << shift
                shift += 7
                more = bool(byte & 0x80)
            if kind <= _LAST_CELL and size >= 4:
                number = int.from_bytes(part[at : at + 4], "little") + 1
                if kind == _ROW:
                    row = number
                else:
                    rows, columns = max(rows, row), max(columns, number)
            at += size
    except IndexError:
        raise damaged(name, f"{where[4:]} ends within a record") from None
    return Extent(rows, columns)
