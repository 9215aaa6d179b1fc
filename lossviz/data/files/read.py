"""The cells of a file of any format, compressed or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lossviz.data.assumptions import Denied
from lossviz.data.files.above import Above, lines_above
from lossviz.data.files.cells import EXPECTED, Cells, Row, TableFormat
from lossviz.data.files.compression import Unpacked, unpack
from lossviz.data.files.encoding import Decoded, decode, nul_error
from lossviz.data.files.exports import unfolded
from lossviz.data.files.formats import recognise
from lossviz.data.files.heads import headed_rows, heads_of
from lossviz.data.files.layout import START, Layout, excel_delimiter, find_layout
from lossviz.data.files.lines import Lines
from lossviz.data.files.mysql import MYSQL, in_one_line, is_mysql, mysql_rows
from lossviz.data.files.rows import read_rows
from lossviz.errors import LossVizError
from lossviz.guards import MAX_LINE


def read_delimited(
    content: bytes,
    name: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    without: Denied = (),
) -> Cells:
    """The cells of a delimited text; whatever is not chosen is found from the data.

    :param encoding: a Python codec name.
    :param delimiter: one character, or ``tab``.
    :raises LossVizError: when no row has two cells.
    """
    decoded = decode(content, name, encoding)
    start = decoded.open().read(START)
    check_start(start, name)
    check_lines(decoded, name)
    named = excel_delimiter(start)
    body = in_one_line(start.partition("\n")[2] if named else start)
    chosen = named if delimiter is None else delimiter
    layout = find_layout(body, chosen)
    above = Above(0, layout, ())
    if "lines" not in without and not named and (layout is None or not layout.consistent):
        above = lines_above(body, layout, chosen)
    layout = above.layout
    between = None if layout is None else layout.delimiter
    heads = None if chosen or "heads" in without else heads_of(body, between)
    if heads is not None:
        lined = TableFormat(decoded.encoding, " ", True, "csv")
        return Cells(
            ("label", "text"), headed_rows(Lines(decoded)), 2, lined, [decoded.note], (heads,)
        )
    if layout is None or layout.width < 2:
        raise _one_column(body, name, layout)
    lines = Lines(decoded, skip=above.lines + (named is not None))
    read = read_rows(lines, layout.delimiter, layout.width)
    cells, assumptions = read.cells, above.assumptions
    if "null" not in without and is_mysql(start, layout.delimiter):
        cells, assumptions = mysql_rows(lines, layout.delimiter, cells), (*assumptions, MYSQL)
    as_chosen = ", as chosen." if delimiter else "."
    read.notes[:0] = [decoded.note, f"Cells are separated by {layout.name}s{as_chosen}"]
    form = "tsv" if layout.delimiter == "\t" else "csv"
    return Cells(
        None,
        cells,
        layout.width,
        TableFormat(decoded.encoding, layout.delimiter, False, form),
        read.notes,
        assumptions,
    )


_YAML = re.compile(r"\s*(#.*|---|- .*|[\w\"'-]+:( .*)?)?")
_YAML_ITEM = re.compile(r"(?m)^\s*- [\w\"']+: ")


def check_start(start: str, name: str) -> None:
    """Refuse web pages and YAML by how they begin."""
    lines = start.splitlines()[:50]
    if len(_YAML_ITEM.findall(start)) > 1 and all(map(_YAML.fullmatch, lines)):
        raise LossVizError(f"{name} is YAML, not a table. {EXPECTED} Save it as CSV or as JSON.")
    if start[:4096].lstrip()[:15].lower().startswith(("<!doctype", "<html", "<?xml")):
        raise LossVizError(
            f"{name} is a web page or XML, not a table. {EXPECTED} Download the file itself."
        )


def check_lines(decoded: Decoded, name: str) -> None:
    """Refuse NUL characters, and lines longer than a million characters."""
    end = "\n" if b"\n" in decoded.content else "\r"  # line ends of old Macs
    line, length = 1, 0
    for block in decoded.blocks():
        if "\x00" in block:
            raise nul_error(name, line + block.count(end, 0, block.index("\x00")))
        first, last = block.find(end), block.rfind(end)
        if length + (len(block) if first < 0 else first) > MAX_LINE:
            raise LossVizError(
                f"Line {line:,} of {name} has more than {MAX_LINE:,} characters. {EXPECTED} "
                "Check that each text has a line of its own."
            )
        line += block.count(end)
        length = length + len(block) if last < 0 else len(block) - last - 1


def _one_column(start: str, name: str, layout: Layout | None) -> LossVizError:
    first = start.strip("\n\r").split("\n", 1)[0].strip()[:80]
    where = f"when split at {layout.name}s" if layout else "whatever the delimiter"
    advice = (
        "If there are more columns, choose the delimiter, put texts that contain it in quotes, and "
        "remove lines above the table."
    )
    if start.count('"') % 2:
        advice += " One quote has no partner: close it, or write it twice."
    return LossVizError(
        f"{name} has only one column, {where}; its first line is {first!r}. {EXPECTED} {advice}"
    )


def read_contents(
    content: bytes,
    name: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    without: Denied = (),
) -> Cells:
    """What the file holds, its format found by its content.

    :param encoding: of delimited text; other formats say it themselves.
    :param delimiter: of delimited text.
    :param sheet: of a workbook.
    :param without: what is not to be taken for granted.
    :raises LossVizError: where it cannot be unpacked, or its format gives no cells.
    """
    unpacked = unpack(content, name)
    form = recognise(unpacked.content, unpacked.name)
    if form is None:
        cells = read_delimited(
            unpacked.content, name, encoding=encoding, delimiter=delimiter, without=without
        )
    else:
        cells = form.read(unpacked.content, name, sheet=sheet, without=without)
    cells = unfolded(cells, name, without)
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
