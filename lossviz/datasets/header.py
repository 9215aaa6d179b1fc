"""The header: is the first row one, and what are the columns called?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

from lossviz.datasets.rows import Row

_SAMPLE = 2_000
_LONGEST_NAME = 100
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?%?")
_NAMES = frozenset(
    "text texts tweet sentence review comment message content body utterance question document "
    "title description headline post id index label labels class category target sentiment emotion "
    "polarity topic intent scenario source rating score stars date split v1 v2".split()
)


def is_number(cell: str) -> bool:
    """Is the cell a number, as tables write them?

    >>> is_number("-1"), is_number("3,5"), is_number("A")
    (True, True, False)
    """
    return bool(_NUMBER.fullmatch(cell.strip()))


def has_header(rows: Sequence[Row]) -> bool:
    """Is the first row a header: short names that do not repeat, unlike the cells below?

    Every column votes; see :func:`_vote`.

    :param rows: all rows of equal width, the first one included.
    """
    first, below = rows[0], rows[1 : _SAMPLE + 1]
    names = [cell.strip() for cell in first]
    filled = [name for name in names if name]
    if not filled or max(map(len, filled)) > _LONGEST_NAME or any("\n" in n for n in filled):
        return False
    if len({name.casefold() for name in filled}) < len(filled) and not below:
        return False
    votes = sum(
        _vote(name, [row[k].strip() for row in below if k < len(row)])
        for k, name in enumerate(names)
    )
    repeats = len(filled) - len({name.casefold() for name in filled})
    return votes - repeats > 0


def _vote(name: str, below: Sequence[str]) -> int:
    """Positive where ``name`` looks like the name of the column, negative where like a cell."""
    cells = [cell for cell in below if cell]
    known = 2 if name.casefold() in _NAMES else 0
    if not cells or not name:
        return known
    counts = Counter(cells)
    if name in counts and len(counts) <= max(2, len(cells) / 2):
        return -3
    if is_number(name):
        return -3
    if all(map(is_number, cells)):
        return 2 + known
    if len(counts) <= max(1, len(cells) / 3):
        # A value that the other rows never have: the rarer the single values, the surer.
        return known + (2 if min(counts.values()) > 1 else 1)
    length = median(map(len, cells))
    if len(name) < length / 3:
        return known + 1
    if len(name) <= length / 2:
        return known
    return known - (2 if len(name.split()) > 2 else 1)


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Names for the columns: what the header says, made complete and unique.

    >>> column_names(["text", "", "label", "label"])
    ('text', 'column 2', 'label', 'label (2)')
    """
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        base = " ".join(cell.split()) or f"column {number}"
        name, copy = base, 1
        while name in names:
            copy += 1
            name = f"{base} ({copy})"
        names.append(name)
    return tuple(names)
