"""The cells of a file of any format, compressed or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lossviz.datasets.cells import Cells, Row
from lossviz.datasets.compression import Unpacked, unpack
from lossviz.datasets.delimited import read_delimited
from lossviz.datasets.formats import recognise


def read_contents(
    content: bytes,
    name: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Cells:
    """What the file holds, its format found by its content.

    :param encoding: of delimited text; other formats say it themselves.
    :param delimiter: of delimited text.
    :param sheet: of a workbook.
    :raises LossVizError: where it cannot be unpacked, or its format gives no cells.
    """
    unpacked = unpack(content, name)
    form = recognise(unpacked.content, unpacked.name)
    if form is None:
        cells = read_delimited(unpacked.content, name, encoding=encoding, delimiter=delimiter)
    else:
        cells = form.read(unpacked.content, name, sheet=sheet)
    return _unpacked_cells(unpacked, cells) if unpacked.compression else cells


def _unpacked_cells(unpacked: Unpacked, cells: Cells) -> Cells:
    """The same cells, and what they came in."""
    notes = [unpacked.note]

    def rows() -> Iterator[Row]:
        yield from cells.rows
        notes.extend(cells.notes)

    part = cells.format.part or unpacked.part
    form = replace(cells.format, compression=unpacked.compression, part=part)
    return replace(cells, rows=rows(), format=form, notes=notes)
