"""Lines above a delimited table: comments, titles and settings that some tool wrote there."""

from __future__ import annotations

import io
from dataclasses import dataclass

from lossviz.data.assumptions import Assumption, assumed
from lossviz.data.files.header import has_header
from lossviz.data.files.layout import Layout, find_layout
from lossviz.data.files.rows import read_quoted

_MOST = 25
_LOOKED_AT = 120


@dataclass(frozen=True, slots=True)
class Above:
    """So many lines, and the layout of the table below them."""

    lines: int
    layout: Layout | None
    assumptions: tuple[Assumption, ...]


def lines_above(start: str, layout: Layout | None, delimiter: str | None) -> Above:
    """The fewest lines without which what follows is a table with a header.

    :param start: the beginning of the file.
    :param layout: found for all of it, where one was found.
    """
    lines = list(io.StringIO(start, newline=""))
    for above in range(1, min(_MOST, len(lines) - 2) + 1):
        if not lines[above].strip():
            continue
        sample = "".join(lines[above : above + _LOOKED_AT])
        below = find_layout(sample, delimiter)
        if below is None or below.width < 2 or not below.consistent:
            continue
        rows = list(read_quoted(io.StringIO(sample, newline=""), below.delimiter))
        if len(rows[0]) == below.width and has_header(rows):
            return Above(above, below, (_left_out(lines[:above], above),))
    return Above(0, layout, ())


def _left_out(lines: list[str], above: int) -> Assumption:
    shown = "; ".join(repr(" ".join(line.split())[:60]) for line in lines[:4] if line.strip())
    what = f"{above} line(s) above the header, which is line {above + 1}, are left out"
    return assumed("lines", what, f"they are no rows of the table: {shown}", "as rows")
