"""How often each value and each whole label occurs, and how often it would by chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import islice, takewhile
from math import prod

import numpy as np

from lossviz.arrays import Doubles
from lossviz.schema import Codes, LabelSchema


@dataclass(frozen=True, slots=True)
class ComponentProfile:
    """How often each value of a component occurs; ``counts`` is aligned with ``values``."""

    name: str
    values: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def majority_accuracy(self) -> float:
        """How often it is right to guess the commonest value."""
        return max(self.counts) / sum(self.counts)


def component_profiles(schema: LabelSchema, codes: Codes) -> tuple[ComponentProfile, ...]:
    """One for each component, in order.

    :param codes: ``(N, K)``.
    """
    return tuple(
        ComponentProfile(
            component.name,
            component.values,
            tuple(np.bincount(codes[:, k], minlength=len(component.values)).tolist()),
        )
        for k, component in enumerate(schema.components)
    )


MOST_MISSING = 200
MOST_COUNTED = 10_000
SURPRISING = 5.0
"""An absence is worth a word where so many texts would be expected: by chance alone it happens
once in 150 times (Poisson)."""


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A combination of the components' values.

    :param parts: one value for each component.
    :param found: its texts; 0 where it never occurs.
    :param expected: its texts if the components were independent: N times the product of the
        values' shares.
    """

    label: str
    parts: tuple[str, ...]
    found: int
    expected: float

    @property
    def surprising(self) -> bool:
        """Whether it never occurs though chance would have brought some."""
        return self.found == 0 and self.expected >= SURPRISING


@dataclass(frozen=True, slots=True)
class ClassTable:
    """Every whole label that occurs, the commonest first, and what never occurs.

    :param missing: combinations that never occur, those that are missed most first: at most 200.
    :param absent: how many there are.
    :param surprising: how many of them chance would have brought at least five times; counted up
        to 10,000.
    """

    present: tuple[ClassRow, ...]
    missing: tuple[ClassRow, ...]
    absent: int
    surprising: int

    @property
    def rows(self) -> tuple[ClassRow, ...]:
        """All of it."""
        return (*self.present, *self.missing)


def class_table(
    schema: LabelSchema, components: Sequence[ComponentProfile], counts: Sequence[int]
) -> ClassTable:
    """The table of these counts, one for each class of the schema."""
    shares = [np.array(component.counts) / sum(component.counts) for component in components]
    texts = sum(counts)

    def row(codes: tuple[int, ...], number: int) -> ClassRow:
        parts = schema.decode(codes)
        expected = texts * prod(share[code] for share, code in zip(shares, codes, strict=True))
        return ClassRow(schema.format(parts), parts, number, float(expected))

    pairs = zip(schema.classes, counts, strict=True)
    present = [row(codes, count) for codes, count in pairs if count]
    seen = {codes for codes, count in zip(schema.classes, counts, strict=True) if count}
    unseen = (row(codes, 0) for codes in _likeliest(shares) if codes not in seen)
    missing = list(islice(unseen, MOST_MISSING))
    surprising = sum(class_row.surprising for class_row in missing)
    if surprising == MOST_MISSING:
        more = takewhile(lambda class_row: class_row.surprising, unseen)
        surprising += sum(1 for _ in islice(more, MOST_COUNTED - MOST_MISSING))
    return ClassTable(
        tuple(sorted(present, key=lambda class_row: -class_row.found)),
        tuple(missing),
        schema.possible - len(seen),
        surprising,
    )


def _likeliest(shares: Sequence[Doubles]) -> Iterator[tuple[int, ...]]:
    """Every combination, the likeliest under independence first.

    There may be more combinations than atoms, so they are made one after the other: behind one
    come those in which one component has its next rarer value.
    """
    orders = [np.argsort(-share, kind="stable").tolist() for share in shares]
    ranked = [share[order] for share, order in zip(shares, orders, strict=True)]
    start = (0,) * len(shares)
    heap = [(-prod(share[0] for share in ranked), start)]
    known = {start}
    while heap:
        _, ranks = heappop(heap)
        yield tuple(order[rank] for order, rank in zip(orders, ranks, strict=True))
        for k, order in enumerate(orders):
            if ranks[k] + 1 == len(order):
                continue
            after = (*ranks[:k], ranks[k] + 1, *ranks[k + 1 :])
            if after not in known:
                known.add(after)
                pairs = zip(ranked, after, strict=True)
                heappush(heap, (-float(prod(share[rank] for share, rank in pairs)), after))
