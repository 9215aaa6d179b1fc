"""The rows of a delimited text: the csv module's readings of it, and which of them is right."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lossviz.datasets.cells import Row

QUOTE = '"'
_ENOUGH = 5
_CLEAN = 0.95
# A quote without a partner holds the rest of the file in one cell until it is repaired.
csv.field_size_limit(max(csv.field_size_limit(), 2**30))


@dataclass(frozen=True, slots=True)
class Rows:
    """Every row of the file, header included, as the chosen reading has it; blank lines are not.

    ``notes`` says in words what was unusual about the quotes.
    """

    cells: list[Row]
    notes: tuple[str, ...] = ()


class _Record(NamedTuple):
    """A row read with quotes, and the lines of the file ``[begin, end)`` that it takes."""

    cells: Row
    begin: int
    end: int


def split_lines(text: str) -> list[str]:
    """The lines of a text with their ends, at the characters where the csv module ends rows."""
    return list(io.StringIO(text, newline=""))


def read_plain(lines: Iterable[str], delimiter: str) -> list[Row]:
    """One row per line; a quote is a character like any other."""
    return [
        row
        for row in csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        if _filled(row)
    ]


def read_quoted(lines: Iterable[str], delimiter: str, *, spaced: bool = False) -> list[Row]:
    """Rows in which quotes hold delimiters and line ends.

    :param spaced: a space after the delimiter is not part of the cell: ``a, "b, c"``.
    """
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=spaced)
    return [row for row in reader if _filled(row)]


def common_width(rows: Iterable[Row]) -> tuple[int, int]:
    """The commonest number of cells, and how many rows have it. (0, 0) without rows."""
    widths = Counter(map(len, rows))
    return max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))


def read_rows(text: str, delimiter: str, width: int) -> Rows:
    """The rows of ``text``, after comparing the readings with quotes and without.

    Quotes around cells are undone. A file whose quotes are part of the texts (a dialogue in tab
    separated lines) is read as it stands, and so is a single quote that is opened and would
    swallow the rows below it.

    :param width: the number of cells expected in a row.
    """
    lines = split_lines(text)
    plain = read_plain(lines, delimiter)
    if QUOTE not in text:
        return Rows(plain)
    spaced = text.count(f"{delimiter} {QUOTE}") > text.count(delimiter + QUOTE)
    notes: tuple[str, ...] = ()
    records = list(_records(lines, 0, delimiter, spaced))
    if '\\"' in text:
        escaped = split_lines(text.replace('\\"', '""'))
        other = list(_records(escaped, 0, delimiter, spaced))
        if _fitting(other, width) > _fitting(records, width):
            lines, records = escaped, other
            notes = ("Quotes inside texts are written with a backslash here, and were undone.",)
    whole = _WholeRows(records, plain, width)
    good = [row for row in plain if whole.has(row)]
    if len(good) >= 0.9 * len(plain) and _stray(good):
        return Rows(plain, ("Quotes are part of the texts here, and were kept.",))
    rows, repaired = _repair(lines, delimiter, spaced, whole)
    if repaired:
        notes += (
            f"{repaired:,} quote(s) without a partner would have swallowed the rows below; "
            "they were kept as part of the text.",
        )
    return Rows(rows, notes)


def _fitting(records: Iterable[_Record], width: int) -> int:
    return sum(len(record.cells) == width for record in records)


def _filled(row: Row) -> bool:
    """Is this more than a blank line?"""
    return len(row) > 1 or bool(row and row[0].strip())


def _stray(rows: Iterable[Row]) -> bool:
    """Do more cells start with a quote that does not wrap them than are properly wrapped?"""
    wrapped = stray = 0
    for row in rows:
        for cell in row:
            if cell.startswith(QUOTE):
                inner = cell[1:-1].replace(QUOTE * 2, "")
                proper = len(cell) > 1 and cell.endswith(QUOTE) and QUOTE not in inner
                wrapped += proper
                stray += not proper
    return stray > wrapped


def _records(lines: Sequence[str], start: int, delimiter: str, spaced: bool) -> Iterator[_Record]:
    rest = map(lines.__getitem__, range(start, len(lines)))
    reader = csv.reader(rest, delimiter=delimiter, skipinitialspace=spaced)
    begin = start
    for row in reader:
        end = start + reader.line_num
        if _filled(row):
            yield _Record(row, begin, end)
        begin = end


class _WholeRows:
    """What a line looks like that is a whole row: its width, and the values of its label.

    The label stands in the column with the fewest values. Where nearly every line is such a row,
    the values are those of the lines, from their second time on; else those of the rows that
    take a line each, or of all rows.
    """

    def __init__(self, records: Sequence[_Record], plain: Sequence[Row], width: int) -> None:
        self.width = width
        self._learn((row for row in plain if len(row) == width), least=2)
        if sum(map(self.has, plain)) >= _CLEAN * len(plain):
            return
        fitting = [record for record in records if len(record.cells) == width]
        rows = [record.cells for record in fitting if record.end - record.begin == 1]
        self._learn(rows if len(rows) >= _ENOUGH else [record.cells for record in fitting], least=1)

    def _learn(self, rows: Iterable[Row], least: int) -> None:
        columns = [Counter(column) for column in zip(*rows, strict=True)]
        counts = min(enumerate(columns), key=lambda own: (len(own[1]), -own[0]), default=None)
        self.column, values = counts or (0, Counter())
        # What follows a comma in a text begins with a space, and what a quote ends has one.
        self.known = {v for v, n in values.items() if n >= least and v.strip() == v != ""}
        self.known = {v for v in self.known if QUOTE not in v}

    def swallowed(self, cells: Row, lines: Sequence[str], delimiter: str) -> bool:
        """Are these lines, which one quoted cell holds together, rows of their own?

        :param cells: the row as read with the quotes; where it has the wrong width anyway, it
            is enough that the last line is a row.
        """
        misfit = len(cells) != self.width
        if len(lines) == 1 and not misfit:
            return False
        whole = [self._is_whole(line, delimiter) for line in lines]
        return (misfit and whole[-1]) or (sum(whole) > 1 and sum(whole) >= 0.8 * len(whole))

    def has(self, row: Row) -> bool:
        """Has the row the width, and a known label?"""
        return len(row) == self.width and row[self.column] in self.known

    def _is_whole(self, line: str, delimiter: str) -> bool:
        return any(
            self.has(row) for read in (read_plain, read_quoted) for row in read([line], delimiter)
        )


def _repair(
    lines: Sequence[str], delimiter: str, spaced: bool, whole: _WholeRows
) -> tuple[list[Row], int]:
    """The rows, with those undone that a quote without a partner has swallowed."""
    rows: list[Row] = []
    repaired = 0
    records = _records(lines, 0, delimiter, spaced)
    while (record := next(records, None)) is not None:
        own = lines[record.begin : record.end]
        if whole.swallowed(record.cells, own, delimiter):
            rows += read_plain(own[:1], delimiter)
            records = _records(lines, record.begin + 1, delimiter, spaced)
            repaired += 1
        else:
            rows.append(record.cells)
    return rows, repaired
