"""A grid of weights in words: its points, and what they can be wrong on."""

from __future__ import annotations

import numpy as np

from lossviz.figures.palette import TEXT, component_colour
from lossviz.grid import Grid
from lossviz.sweep_result import SweepResult
from lossviz.sweep_words import pair_symbols, ratio_words


def target_colour(result: SweepResult, target: int) -> str:
    """Of a component, or of the whole label."""
    return component_colour(target) if target < len(result.schema.names) else TEXT


def pair_weights(grid: Grid, member: int) -> tuple[float, float]:
    """Their values."""
    first, second = grid.pair
    return grid.members[member][first], grid.members[member][second]


def ratio_of(grid: Grid, member: int) -> float:
    """α : β."""
    alpha, beta = pair_weights(grid, member)
    return alpha / beta


def point_words(grid: Grid, member: int) -> str:
    """``α 0.1, β 10``; where only the ratio matters ``α : β = 1:100``."""
    first, second = pair_symbols(grid)
    if grid.kind == "ratio":
        return f"{first} : {second} = {ratio_words(ratio_of(grid, member))}"
    alpha, beta = pair_weights(grid, member)
    return f"{first} {alpha:g}, {second} {beta:g}"


def known_points(result: SweepResult) -> list[int]:
    """The points of the grid that have at least one seed."""
    points = len(result.grid.points)
    known: list[int] = np.flatnonzero(result.finished[:points].any(axis=1)).tolist()
    return known


def points_words(result: SweepResult) -> str:
    """``49 points``, or how many of them have a seed: ``12 of 49 points``."""
    known, points = len(known_points(result)), len(result.grid.points)
    return f"{points} points" if known == points else f"{known} of {points} points"
