"""Labels in the plane of two errors, each where it covers nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lossviz.arrays import Doubles
from lossviz.figures.sweep.error_plane import Side, plane_label

PLOT = np.array([260.0, 200.0])
"""Pixels of the smallest plot that a label is placed for."""
LETTER, LINE, AWAY = 6.0, 15.0, 7.0
"""Width and height of a letter, and its distance from the point, in pixels."""
SHIFTS = {"left": AWAY, "center": 0, "right": -AWAY, "bottom": AWAY, "middle": 0, "top": -AWAY}
"""By anchor: from a point to its label, in pixels."""
MARK = 6.0
"""From the middle of a mark to its edge."""
CORNERS: tuple[Side, ...] = (
    ("right", "top"),
    ("left", "bottom"),
    ("right", "bottom"),
    ("left", "top"),
)
FIRST_SIDES: tuple[Side, ...] = (("right", "middle"), *CORNERS)
LAST_SIDES: tuple[Side, ...] = (("center", "top"), *CORNERS)


ENDS = (FIRST_SIDES, LAST_SIDES)
Wanted = tuple[str, Doubles, tuple[Side, ...]]
"""A text, its point in %, and where it may stand, the best place first."""


def labels(
    wanted: Sequence[Wanted], window: Doubles, marks: Sequence[Doubles]
) -> list[dict[str, Any]]:
    """One that would cover another, or leave the window, is left out.

    :param marks: other places that are to be seen.
    """
    points = [point for _, point, _ in wanted]
    boxes = [_around(_pixels(mark, window)) for mark in [*points, *marks]]
    placed = []
    for text, point, sides in wanted:
        for side in sides:
            box = _box(_pixels(point, window), text, side)
            if (box[0] >= 0).all() and (box[1] <= PLOT).all() and not _meets(box, boxes):
                boxes.append(box)
                shift = (SHIFTS[side[0]], SHIFTS[side[1]])
                placed.append(plane_label(text, point, side, shift))
                break
    return placed


def _pixels(point: Doubles, window: Doubles) -> Doubles:
    return np.asarray(PLOT * (point - window[0]) / (window[1] - window[0]))


def _around(place: Doubles) -> Doubles:
    """The box of a mark."""
    return np.array([place - MARK, place + MARK])


def _box(place: Doubles, text: str, side: Side) -> Doubles:
    """Its lower left and upper right corner, in pixels."""
    lines = text.split("<br>")
    size = np.array([LETTER * max(map(len, lines)), LINE * len(lines)])
    low = {"left": AWAY, "center": -size[0] / 2, "right": -AWAY - size[0]}[side[0]]
    bottom = {"bottom": AWAY, "middle": -size[1] / 2, "top": -AWAY - size[1]}[side[1]]
    corner = place + np.array([low, bottom])
    return np.array([corner, corner + size])


def _meets(box: Doubles, others: list[Doubles]) -> bool:
    return any(bool((box[0] < other[1]).all() and (box[1] > other[0]).all()) for other in others)
