"""The layout of a delimited text: its delimiter, and how many cells a row has."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lossviz.data.files.cells import Row
from lossviz.data.files.rows import common_width, read_plain, read_quoted
from lossviz.errors import LossVizError

DELIMITER_NAMES = {
    "\t": "tab",
    ",": "comma",
    ";": "semicolon",
    "|": "vertical bar",
    ":": "colon",
    " ": "space",
}
_USUAL = ("\t", ",", ";", "|", ":")
_UNUSUAL = ("^", "~", "\x1f", "\x1e", "\x01", "¦", "§", "#", "&", "=", "!", "*", "$", "@", "/")
_PUNCTUATION = (",", ";", ":", "!")
START = 1 << 18
_CONSISTENT = 0.9


@dataclass(frozen=True, slots=True)
class Layout:
    """The delimiter, and the number of cells expected in a row."""

    delimiter: str
    width: int
    consistent: bool = True
    """Whether nearly all rows have as many, the first one included."""

    @property
    def name(self) -> str:
        """The delimiter as one says it."""
        return DELIMITER_NAMES.get(self.delimiter, repr(self.delimiter))


class _Candidate:
    """What a sample looks like with one delimiter, in the better of two readings."""

    def __init__(self, delimiter: str, lines: Sequence[str], complete: bool) -> None:
        self.delimiter = delimiter
        text = "".join(lines)
        spaced = text.count(f'{delimiter} "') > text.count(f'{delimiter}"')
        quoted = list(read_quoted(lines, delimiter, spaced=spaced))
        if not complete and len(quoted) > 1:
            quoted.pop()  # the sample may end inside a quoted cell
        readings = [quoted, list(read_plain(lines, delimiter))] if '"' in text else [quoted]
        shares = [_share(rows) for rows in readings]
        self.share = max(shares)
        self.rows = readings[shares.index(self.share)]
        self.width = common_width(self.rows)[0]
        # "well, yes": punctuation is followed by a space, delimiters are not.
        count = text.count(delimiter)
        followed = text.count(delimiter + " ") / max(count, 1)
        self.prose = delimiter in _PUNCTUATION and not spaced and followed > 0.8

    @property
    def consistent(self) -> bool:
        """Do nearly all rows have the same cells, the first one included?"""
        first = len(self.rows[0]) if self.rows else 0
        # R writes a header that lacks the name of the index column.
        fits = first >= self.width or (first == self.width - 1 and first > 1)
        return self.width > 1 and self.share >= _CONSISTENT and fits

    @property
    def ragged(self) -> bool:
        """Has the first row several cells, and nearly every row as many or at least two alike?"""
        first = len(self.rows[0]) if self.rows else 0
        least = 2 if self.share >= 0.5 and self.width > 1 else first
        enough = sum(len(row) >= least for row in self.rows)
        return first > 1 and enough >= _CONSISTENT * len(self.rows)

    @cached_property
    def text_cells(self) -> list[str]:
        """The cells of the column that holds most of the characters."""
        rows: list[Row] = [row for row in self.rows if len(row) == self.width]
        columns = [[row[k] for row in rows] for k in range(self.width)]
        return max(columns, key=lambda cells: sum(map(len, cells)), default=[])

    def inside_text(self, delimiter: str) -> bool:
        """Is ``delimiter`` in nearly every cell of the text column? Then it cuts there."""
        hits = sum(delimiter in cell for cell in self.text_cells)
        return hits >= _CONSISTENT * len(self.text_cells)


def _share(rows: Sequence[Row]) -> float:
    """How many rows have the commonest number of cells; the header of R lacks that of the index."""
    width, count = common_width(rows)
    lacking = len(rows) > 2 and len(rows[0]) == width - 1 > 1
    numbered = lacking and all(row and row[0].strip('"').isdigit() for row in rows[1:])
    return (count + numbered) / max(len(rows), 1)


def find_layout(start: str, delimiter: str | None = None) -> Layout | None:
    """The delimiter that gives nearly all rows the same number of cells; None without one.

    Where several do (``some text,A|C`` without a header), the right one is not found again in
    the long cells, only in the short ones; a comma that stands before a space is punctuation.

    :param start: the beginning of the text, at least :data:`START` characters if there are more.
    :param delimiter: one character, or a name such as ``tab``; found from the data if None.
    :raises LossVizError: when ``delimiter`` cannot be one.
    """
    lines, complete = _sample(start)
    if delimiter is not None:
        character = parse_delimiter(delimiter)
        chosen = _Candidate(character, lines, complete)
        width = len(chosen.rows[0]) if chosen.ragged and not chosen.consistent else chosen.width
        return Layout(character, width, chosen.consistent)
    present = [_Candidate(c, lines, complete) for c in (*_USUAL, *_UNUSUAL) if _often(c, lines)]
    consistent = [c for c in present if c.consistent]
    if consistent:
        best = _best(consistent)
        return Layout(best.delimiter, best.width)
    ragged = [c for c in present if c.ragged and c.delimiter in _USUAL]
    if ragged:
        best = max(ragged, key=lambda c: c.share)
        return Layout(best.delimiter, len(best.rows[0]), consistent=False)
    return None


def excel_delimiter(start: str) -> str | None:
    """The delimiter that a first line ``sep=;`` names, which Excel writes; None without one."""
    named = re.match(r"\"?sep=(.)\"?\r?(\n|$)", start, re.IGNORECASE)
    return named[1] if named else None


def parse_delimiter(delimiter: str) -> str:
    r"""A delimiter as a person gives it: one character, ``\t``, or its name.

    >>> parse_delimiter("tab"), parse_delimiter(";")
    ('\t', ';')
    """
    named = {name: character for character, name in DELIMITER_NAMES.items()}
    character = named.get(delimiter.strip().lower(), {"\\t": "\t"}.get(delimiter, delimiter))
    if len(character) != 1 or character in '"\r\n\0':
        raise LossVizError(
            f"{delimiter!r} cannot be a delimiter. Expected one character, such as , ; | or tab."
        )
    return character


def _sample(start: str) -> tuple[list[str], bool]:
    """The first lines, and whether they are the whole file."""
    lines = list(io.StringIO(start[:START], newline=""))
    if len(start) < START:
        return lines, True
    return lines[: max(len(lines) - 1, 1)], False


def _often(delimiter: str, lines: Sequence[str]) -> bool:
    """Could the character be in every row? Most lines may be line breaks in texts."""
    return 10 * sum(delimiter in line for line in lines) >= len(lines)


def _best(consistent: Sequence[_Candidate]) -> _Candidate:
    def rank(candidate: _Candidate) -> tuple[bool, int, bool]:
        rivals = [c for c in consistent if c is not candidate]
        cut = sum(
            candidate.inside_text(rival.delimiter) and not rival.inside_text(candidate.delimiter)
            for rival in rivals
        )
        return candidate.prose, cut, candidate.share < 0.98

    return min(consistent, key=rank)
