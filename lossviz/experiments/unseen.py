"""Unseen labels: held-out texts whose whole label no training text has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lossviz.experiments.words import between
from lossviz.schema import Codes, LabelSchema

MOSTLY = 0.5
"""Of the held-out texts: with more of them errors are about new combinations."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """How many there are on one side of a split.

    :param texts: whose whole label no training text has.
    :param labels: different whole labels of theirs.
    :param n: all held-out texts.
    """

    texts: int
    labels: int
    n: int

    @classmethod
    def among(cls, codes: Codes, occurring: LabelSchema) -> Unseen:
        """Of held-out rows.

        :param codes: their labels ``(N, K)``.
        :param occurring: the labels that a training row has.
        """
        unseen = codes[occurring.class_index(codes) < 0]
        return cls(len(unseen), len(np.unique(unseen, axis=0)), len(codes))

    @property
    def mostly(self) -> bool:
        """Whether errors are about new combinations."""
        return self.texts > MOSTLY * self.n


def unseen_words(sides: Iterable[Unseen | None]) -> str:
    """What to know of errors on such texts; nothing where there are none, or it is not known.

    :param sides: of every split that was trained on.

    >>> unseen_words([Unseen(3, 2, 303)])[:75]
    '3 of 303 held-out texts have a whole label that no training text has (2 com'
    """
    known = [side for side in sides if side is not None]
    if not any(side.texts for side in known):
        return ""
    texts, labels, n = (
        between(min(numbers), max(numbers))
        for numbers in zip(*((side.texts, side.labels, side.n) for side in known), strict=True)
    )
    if all(side.texts == side.n for side in known):
        texts = "all" if len(known) > 1 else "All"
    verb = "has" if texts == "1" else "have"
    where = "" if len(known) == 1 else f"In each of {len(known)} splits "
    have = (
        f"{where}{texts} of {n} held-out texts {verb} a whole label that "
        f"no training text has ({labels} combination{'' if labels == '1' else 's'}): there it can "
        "only be put together, not learned."
    )
    if not all(side.mostly for side in known):
        return have
    return (
        f"These errors are about new combinations. {have} Intervals are over texts, not over the "
        "combinations that may turn up."
    )
