"""Where a table begins and ends in a sheet: titles, headers of several rows, totals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from lossviz.data.assumptions import Assumption, Denied, assumed
from lossviz.data.files.cells import Row
from lossviz.data.files.header import HEADER_NAMES, has_header, is_number, mask

MOST_ABOVE = 30
_MOST_HEADERS = 3
_TYPICAL = 60
_ENOUGH = 6
_MOST_BELOW = 10
_COMMENT = re.compile(r"\s*(#|//|%%)")
_TOTAL = re.compile(
    r"\(?(total|sum|summe|gesamt|subtotal|count|anzahl|average|mean|mittelwert|n ?=|rows?:"
    r"|\d+ (rows|zeilen)|exported|generated|source|note|end of|grand total|итого|всего)\b.*",
    re.IGNORECASE,
)
QUALTRICS = "ImportId"
_KINDS_OF_ANSWER = ("response", "open-ended response", "antwort", "réponse", "respuesta")


@dataclass(frozen=True, slots=True)
class Top:
    """The rows before the first one of the body.

    :param above: rows above the header.
    :param headers: rows of the header; 0 where there is none.
    :param names: of the columns; empty ones where there is no header.
    """

    above: int
    headers: int
    names: Row
    assumptions: tuple[Assumption, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows are no body."""
        return self.above + self.headers


def find_top(head: Sequence[Row], width: int, header: bool | None, without: Denied = ()) -> Top:
    """What stands above the body.

    :param head: the first rows.
    :param width: the number of cells expected in a row.
    :param header: whether there is a header, where that is known.
    """
    above = 0 if "lines" in without else _above(head, width, header)
    rest = list(head[above:])
    assumptions = [_left_out(head[:above])] if above else []
    first = _padded(rest[0], width)
    more = 0 if "headers" in without or header is False else _more_headers(rest)
    if not (has_header([first, *rest[1 + more :]]) if header is None else header):
        return Top(above, 0, [""] * width, tuple(assumptions))
    rows = [_padded(row, width) for row in rest[: 1 + more]]
    if more:
        assumptions.append(_second_headers(rows, above))
    return Top(above, 1 + more, _names(rows), tuple(assumptions))


def _padded(row: Row, width: int) -> Row:
    return list(row) + [""] * (width - len(row))


def _count(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _typical(rows: Sequence[Row]) -> float:
    """How many cells of a row are filled, mostly."""
    return median(map(_count, rows[-_TYPICAL:])) if rows else 0


def _above(head: Sequence[Row], width: int, header: bool | None) -> int:
    """The rows above the header that are a title, a comment or a remark of one cell or two."""
    typical = _typical(head[1 : 1 + 2 * _TYPICAL])
    above = 0
    while above < min(MOST_ABOVE, len(head) - 2) and _is_aside(head, above, typical, width):
        above += 1
    if not above:
        return 0
    rest = list(head[above:])
    comments = all(row[0].startswith("# ") for row in head[:above])
    named = header or has_header([_padded(rest[0], width), *rest[1:]])
    return above if named or comments else 0


def _is_aside(head: Sequence[Row], place: int, typical: float, width: int) -> bool:
    row, below = head[place], head[place + 1]
    if _is_comment(row, typical):
        return True
    filled = _count(row)
    # Two rows that complete each other are a header of two rows.
    completes = any(cell.strip() and not other.strip() for cell, other in zip(row, below))  # noqa: B905
    if completes and filled > 1 and _count(below) < typical:
        return False
    return filled <= 1 < typical or filled < typical / 2 or len(row) < width


def _is_comment(row: Row, typical: float) -> bool:
    first = next((cell for cell in row if cell.strip()), "#")
    return _COMMENT.match(first) is not None and _count(row) < typical


def _more_headers(rows: Sequence[Row]) -> int:
    """How many rows below the first are headers, too."""
    more = 0
    while more < _MOST_HEADERS - 1 and more + 2 < len(rows):
        if not _is_header(rows, more + 1):
            break
        more += 1
    # The names of pandas' index stand in a row of their own, below headers of several rows.
    if more and more + 1 < len(rows) and _count(rows[more + 1]) == 1 < _typical(rows[more + 2 :]):
        more += not rows[more + 1][-1].strip()
    return more


def _is_header(rows: Sequence[Row], place: int) -> bool:
    """Is this row unlike all those below it, in every column whose cells repeat?"""
    row, below = rows[place], rows[place + 1 : place + 501]
    if any(QUALTRICS in cell for cell in (*row, *(rows[place + 1] if below else []))):
        return True
    odd = 0
    for k, cell in enumerate(row):
        counts = Counter(other[k].strip().casefold() for other in below if k < len(other))
        counts.pop("", None)
        repeats = counts.total() >= _ENOUGH and 2 <= len(counts) <= counts.total() / 3
        numbers = counts.total() >= _ENOUGH and all(map(is_number, counts))
        marks = counts.total() >= _ENOUGH and len(counts) == 1
        if not repeats and not numbers and not marks:
            continue
        value = cell.strip().casefold()
        if (repeats and value in counts) or (numbers and is_number(value)):
            return False
        if marks and value in counts:  # as surveys write the answer over its column, too
            continue
        alike = mask(cell.strip()) in {mask(other[k].strip()) for other in below if k < len(other)}
        odd += bool(value) and (not alike or value in HEADER_NAMES)
    if _is_ruler(row):
        return True
    named = any(cell.strip().casefold() in HEADER_NAMES for cell in row)
    completes = any(
        not upper.strip() and cell.strip() and not is_number(cell)
        for upper, cell in zip(rows[0], row, strict=False)
    )
    return odd >= 2 or (odd == 1 and (named or completes) and _is_group(rows[0]))


def _is_ruler(row: Row) -> bool:
    """Does it only part the header from the body, as in Markdown?"""
    filled = [cell.strip() for cell in row if cell.strip()]
    return len(filled) > 1 and all(re.fullmatch(r":?[-=+]{2,}:?", cell) for cell in filled)


def _is_group(row: Row) -> bool:
    """Has it names that repeat or are missing, as a row over other names has?"""
    names = [cell.strip() for cell in row]
    return len(set(filter(None, names))) < len(names)


def _names(rows: Sequence[Row]) -> Row:
    """The names of the columns from the rows of the header: of codes with the wording below them
    the codes; of groups over names the names, with the group where they repeat."""
    rows = [rows[0], *(row for row in rows[1:] if not _is_ruler(row))]
    if len(rows) == 1 or not _is_group(rows[0]):
        return list(rows[0])
    below = _names(rows[1:])
    lower = [
        next((row[k].strip() for row in (below, *rows[1:]) if _names_something(row[k])), upper)
        for k, upper in enumerate(map(str.strip, rows[0]))
    ]
    twice = {name for name, count in Counter(lower).items() if count > 1}
    group, names = "", []
    for upper, name in zip(rows[0], lower, strict=True):
        group = upper.strip() or group
        names.append(f"{group} {name}".strip() if name in twice and group != name else name)
    return names


def _names_something(cell: str) -> bool:
    """Surveys write below a question what kind of an answer it asks for."""
    return bool(cell.strip()) and cell.strip().casefold() not in _KINDS_OF_ANSWER


def _second_headers(rows: Sequence[Row], above: int) -> Assumption:
    numbers = [str(above + k) for k in range(2, len(rows) + 1)]
    which = f"row {numbers[0]}" if len(numbers) == 1 else f"rows {' and '.join(numbers)}"
    tool = any(QUALTRICS in cell for row in rows for cell in row)
    whose = "this is Qualtrics' export: " if tool else ""
    also = "is a header, too" if len(numbers) == 1 else "are headers, too"
    example = next((cell for cell in rows[1] if cell.strip()), "")
    evidence = f"nothing below is like it ({' '.join(example.split())[:60]!r})"
    return assumed("headers", f"{whose}{which} {also}", evidence, "as rows of the table")


def _left_out(rows: Sequence[Row]) -> Assumption:
    shown = "; ".join(repr(" ".join(" ".join(row).split())[:60]) for row in rows[:4])
    return assumed(
        "lines",
        f"{len(rows)} row(s) above the header are left out",
        f"they are no rows of the table: {shown}",
        "as rows",
    )


def rows_below(rows: Sequence[Row]) -> int:
    """How many of the last rows are totals or remarks, and not rows of the table.

    :param rows: the last ones, of all columns.
    """
    below = 0
    while below < min(_MOST_BELOW, len(rows) - _ENOUGH) and _is_total(rows, len(rows) - 1 - below):
        below += 1
    return below


def _is_total(rows: Sequence[Row], place: int) -> bool:
    filled = [(k, cell.strip()) for k, cell in enumerate(rows[place]) if cell.strip()]
    if not filled:
        return False
    if _COMMENT.match(filled[0][1]) and len(filled) == 1:
        return True
    body = rows[: max(place, 1)]
    numeric = {
        k for k, _ in filled if all(is_number(row[k]) for row in body[-20:] if row[k].strip())
    }
    others = [cell for k, cell in filled[1:] if k not in numeric]
    return _TOTAL.fullmatch(filled[0][1]) is not None and all(map(is_number, others))
