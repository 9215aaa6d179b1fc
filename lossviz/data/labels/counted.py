"""The different labels of a column, as they are read before they are separated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from lossviz.data.labels.items import joiner_of, list_of
from lossviz.data.labels.reading import unknown
from lossviz.data.labels.spelling import fold_of, tidy


class CountedLabels(NamedTuple):
    """The different labels of a column.

    :param labels: how often each occurs; the items of lists joined.
    :param empty: the number of cells without one.
    :param lists: the number of cells that are lists, as some tool writes them.
    :param joiner: what their items are joined by.
    :param fold: the same for all spellings that are not told apart.
    """

    labels: Counter[str]
    empty: int
    lists: int
    joiner: str
    fold: Callable[[str], str]


def count_labels(cells: Sequence[str], exact: Sequence[str] = ()) -> CountedLabels:
    """The different labels of a column, as they are read before they are separated."""
    raw = Counter(cells)
    inside = {} if "lists" in exact else {cell: list_of(cell) for cell in raw if cell}
    lists = {cell: items for cell, items in inside.items() if items is not None}
    joiner = joiner_of([*lists.values(), *([cell] for cell in raw if cell not in lists)])
    several = any(len(items) > 1 for items in lists.values())
    labels: Counter[str] = Counter()
    empty = 0
    for cell, count in raw.items():
        items = lists.get(cell)
        label = _tidy_lines(cell) if items is None else joiner.join(items)
        if items is None and unknown(cell, exact):
            label = ""
        labels[label] += count
    empty = labels.pop("", 0)
    return CountedLabels(
        labels, empty, sum(raw[cell] for cell in lists) if several else 0, joiner, fold_of(exact)
    )


def _tidy_lines(cell: str) -> str:
    """A cell in its usual spelling; lines stay lines, since they may part tags."""
    if "\n" not in cell:
        return tidy(cell)
    return "\n".join(filter(None, map(tidy, cell.splitlines())))
