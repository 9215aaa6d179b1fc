"""The rows of a delimited text: the csv module's readings of it, and which of them is right."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from lossviz.data.files.cells import Row
from lossviz.data.files.lines import MOST_CHARACTERS, MOST_LINES, Lines, TakenLines, beginning

QUOTE = '"'
ESCAPED = '\\"'
_ENOUGH = 5
_LOOKED_AT = 50
_MANY = 1_000
_CLEAN = 0.95
# A quote without a partner holds the rest of the file in one cell until it is repaired.
csv.field_size_limit(max(csv.field_size_limit(), 2**30))


@dataclass(frozen=True, slots=True)
class Rows:
    """Every row of the file, header included, as the chosen reading has it; blank lines are not.

    ``cells`` is read once. ``notes`` says in words what was unusual about the quotes, and grows
    by the end of ``cells``.
    """

    cells: Iterator[Row]
    notes: list[str]


class _Record(NamedTuple):
    """A row read with quotes, and the lines of the file that it takes."""

    cells: Row
    lines: list[str]


def read_plain(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    """One row per line; a quote is a character like any other."""
    reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return filter(_filled, reader)


def read_quoted(lines: Iterable[str], delimiter: str, *, spaced: bool = False) -> Iterator[Row]:
    """Rows in which quotes hold delimiters and line ends.

    :param spaced: a space after the delimiter is not part of the cell: ``a, "b, c"``.
    """
    return filter(_filled, csv.reader(lines, delimiter=delimiter, skipinitialspace=spaced))


def common_width(rows: Iterable[Row]) -> tuple[int, int]:
    """The commonest number of cells, and how many rows have it. (0, 0) without rows."""
    widths = Counter(map(len, rows))
    return max(widths.items(), key=lambda width: (width[1], width[0]), default=(0, 0))


def read_rows(lines: Lines, delimiter: str, width: int) -> Rows:
    """The rows of these lines, after comparing the readings with quotes and without.

    Quotes around cells are undone. A file whose quotes are part of the texts (a dialogue in tab
    separated lines) is read as it stands, and so is a single quote that is opened and would
    swallow the rows below it. What kind of file it is, its beginning tells.

    :param width: the number of cells expected in a row.
    """
    quotes, apart, close, escaped = lines.count(
        QUOTE, f"{delimiter} {QUOTE}", delimiter + QUOTE, ESCAPED
    )
    if not quotes:
        return Rows(read_plain(lines, delimiter), [])
    spaced = apart > close
    notes: list[str] = []
    source: Callable[[], Iterator[str]] = lines.__iter__
    sample = beginning(lines)
    plain = list(read_plain(sample, delimiter))
    records = list(_records(sample, delimiter, spaced))
    if escaped:
        other = list(_records(map(_undo, sample), delimiter, spaced))
        if _fitting(other, width) > _fitting(records, width):
            records = other
            source = partial(map, _undo, lines)
            notes.append("Quotes inside texts are written with a backslash here, and were undone.")
    whole = _WholeRows(records, plain, width)
    # A cell that rightly takes several lines begins with a quote that its first line does not end.
    cells = [
        record
        for record in records
        if len(record.lines) > 1 and not whole.swallowed(*record, delimiter)
    ]
    broken = {tuple(row) for cell in cells for row in read_plain(cell.lines, delimiter)}
    good = [row for row in plain if whole.has(row)]
    if len(good) >= 0.9 * len(plain) and _stray(row for row in good if tuple(row) not in broken):
        notes[:] = ["Quotes are part of the texts here, and were kept."]
        return Rows(read_plain(lines, delimiter), notes)
    return Rows(_repaired(source(), delimiter, spaced, whole, notes), notes)


def _undo(line: str) -> str:
    return line.replace(ESCAPED, QUOTE * 2)


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


def _records(lines: Iterable[str], delimiter: str, spaced: bool) -> Iterator[_Record]:
    """Rows read with quotes, and the lines that each one takes.

    Lines that are put back into ``lines``, a :class:`TakenLines`, are read anew.
    """
    taken = lines if isinstance(lines, TakenLines) else TakenLines(iter(lines))
    reader = csv.reader(taken, delimiter=delimiter, skipinitialspace=spaced)
    while not taken.over:
        for row in reader:  # which ends where a cell takes too many lines, and then goes on
            record = _Record(row, taken.start_anew())
            if _filled(row):
                yield record


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
        rows = [record.cells for record in fitting if len(record.lines) == 1]
        self._learn(rows if len(rows) >= _ENOUGH else [record.cells for record in fitting], least=1)

    def _learn(self, rows: Iterable[Row], least: int) -> None:
        columns = [Counter(column) for column in zip(*rows, strict=True)]
        fewest = min(
            enumerate(columns), key=lambda column: (len(column[1]), -column[0]), default=None
        )
        self.column, values = fewest or (0, Counter())
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
        if len(lines) >= MOST_LINES or sum(map(len, lines)) > MOST_CHARACTERS:
            return True
        step = max(len(lines) // _LOOKED_AT, 1)
        looked_at = [*lines[:-1:step], lines[-1]]
        whole = [self._is_whole(line, delimiter) for line in looked_at]
        return (misfit and whole[-1]) or (sum(whole) > 1 and sum(whole) >= 0.8 * len(whole))

    def has(self, row: Row) -> bool:
        """Has the row the width, and a known label?"""
        return len(row) == self.width and row[self.column] in self.known

    def _is_whole(self, line: str, delimiter: str) -> bool:
        return any(
            self.has(row) for read in (read_plain, read_quoted) for row in read([line], delimiter)
        )


def _repaired(
    lines: Iterator[str], delimiter: str, spaced: bool, whole: _WholeRows, notes: list[str]
) -> Iterator[Row]:
    """The rows, with those undone that a quote without a partner has swallowed.

    Where such quotes are everywhere, they are read as letters from there on: each one costs
    reading what it swallows twice.
    """
    taken = TakenLines(lines)
    repaired = rows = 0
    for record in _records(taken, delimiter, spaced):
        rows += 1
        if not whole.swallowed(record.cells, record.lines, delimiter):
            yield record.cells
            continue
        repaired += 1
        taken.put_back(record.lines[1:])
        yield from read_plain(record.lines[:1], delimiter)
        if repaired > _MANY and repaired > rows / 10:
            yield from read_plain(taken.rest(), delimiter)
            break
    if repaired:
        notes.append(
            f"{repaired:,} quote(s) without a partner would have swallowed the rows below; "
            "they were kept as part of the text."
        )
