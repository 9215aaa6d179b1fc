"""A grid of weights in words: its points, and what they can be wrong on."""

from __future__ import annotations

import numpy as np

from lossviz.figures.palette import TEXT, component_colour
from lossviz.grid import Grid
from lossviz.snippets import weight_symbol
from lossviz.sweep_result import SweepResult


def target_name(result: SweepResult, target: int) -> str:
    """A component's name, or the whole label; not escaped."""
    names = result.schema.names
    return names[target] if target < len(names) else "the whole label"


def target_colour(result: SweepResult, target: int) -> str:
    """Of a component, or of the whole label."""
    return component_colour(target) if target < len(result.schema.names) else TEXT


def pair_symbols(grid: Grid) -> tuple[str, str]:
    """The two weights that move: mostly α and β."""
    first, second = grid.pair
    return weight_symbol(first), weight_symbol(second)


def pair_weights(grid: Grid, member: int) -> tuple[float, float]:
    """Their values."""
    first, second = grid.pair
    return grid.members[member][first], grid.members[member][second]


def ratio_of(grid: Grid, member: int) -> float:
    """α : β."""
    alpha, beta = pair_weights(grid, member)
    return alpha / beta


def ratio_words(ratio: float) -> str:
    """A ratio with a 1 on one side.

    >>> [ratio_words(own) for own in (0.01, 1.0, 2.2)]
    ['1:100', '1:1', '2.2:1']
    """
    return f"1:{1.0 / ratio:.4g}" if ratio < 1.0 else f"{ratio:.4g}:1"


def point_words(grid: Grid, member: int) -> str:
    """``α 0.1, β 10``; where only the ratio matters ``α : β = 1:100``."""
    first, second = pair_symbols(grid)
    if grid.kind == "ratio":
        return f"{first} : {second} = {ratio_words(ratio_of(grid, member))}"
    alpha, beta = pair_weights(grid, member)
    return f"{first} {alpha:g}, {second} {beta:g}"


def texts_words(result: SweepResult) -> str:
    """``n = 970``: held-out texts of a seed."""
    low, high = result.held_out
    return f"n = {high:,}" if low == high else f"n = {low:,} to {high:,}"


def known_points(result: SweepResult) -> list[int]:
    """The points of the grid that have at least one seed."""
    points = len(result.grid.points)
    known: list[int] = np.flatnonzero(result.finished[:points].any(axis=1)).tolist()
    return known


def points_words(result: SweepResult) -> str:
    """``49 points``, or how many of them have a seed: ``12 of 49 points``."""
    known, points = len(known_points(result)), len(result.grid.points)
    return f"{points} points" if known == points else f"{known} of {points} points"
