"""Merged cells of a sheet: where the value stands that each of them has."""

from __future__ import annotations

from typing import Any

from lossviz.data.assumptions import Assumption, assumed

Merged = dict[int, list[tuple[int, int]]]
"""Of each row, the columns of cells that are merged with another one, and where that stands: in the
same column it is the one above, else the one to the left."""
_MOST_MERGED = 1_000_000


def merged_cells(table: Any) -> Merged:
    """The cells that are merged with one above or to the left of them.

    What spans the whole width is a title.
    """
    merged: Merged = {}
    (first, left), count = table.start or (0, 0), 0
    for (top, west), (bottom, east) in table.merged_cell_ranges or ():
        begin, end = max(west - left, 0), min(east - left, table.width - 1)
        if end - begin + 1 >= table.width and top == bottom:
            continue
        for row in range(max(top - first, 0), min(bottom - first + 1, table.height)):
            for column in range(begin, end + 1):
                count += 1
                if count > _MOST_MERGED:
                    return merged
                if row > top - first:
                    merged.setdefault(row, []).append((column, column))
                elif column > begin:
                    merged.setdefault(row, []).append((column, begin))
    return merged


def merging(merged: Merged) -> Assumption:
    cells = sum(map(len, merged.values()))
    return assumed(
        "merged",
        f"{cells:,} merged cells have the value of the first cell that they are merged with",
        "only that one holds it in the file",
        "empty cells",
    )
