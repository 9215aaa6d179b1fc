"""A sweep in words: its weights, and what they can make wrong."""

from __future__ import annotations

from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.words import between, listed, weight_symbol


def target_name(result: SweepResult, target: int) -> str:
    """A component's name, or the whole label; not escaped."""
    return result.schema.target_name(target)


def pair_symbols(grid: Grid) -> tuple[str, str]:
    """The two weights that move: mostly α and β."""
    first, second = grid.pair
    return weight_symbol(first), weight_symbol(second)


def ratio_words(ratio: float) -> str:
    """A ratio with a 1 on one side.

    >>> [ratio_words(ratio) for ratio in (0.01, 1.0, 2.2)]
    ['1:100', '1:1', '2.2:1']
    """
    return f"1:{1.0 / ratio:.4g}" if ratio < 1.0 else f"{ratio:.4g}:1"


def costs_words(low: float, high: float) -> str:
    """Ratios of costs from one to another: ``100:1 to 10:1``."""
    ends = dict.fromkeys(ratio_words(ratio) for ratio in (high, low))
    return " to ".join(ends)


def texts_words(result: SweepResult) -> str:
    """``n = 970``: held-out texts of a seed."""
    return f"n = {between(*result.held_out)}"


def sides_words(result: SweepResult) -> tuple[str, str]:
    """``3,880`` and ``970``: training and held-out texts of a finished seed."""
    rows = result.rows[list(result.complete)]
    train, held_out = zip(rows.min(axis=0).tolist(), rows.max(axis=0).tolist(), strict=True)
    return between(*train), between(*held_out)


def weights_words(grid: Grid) -> str:
    """``α and β``."""
    return listed(pair_symbols(grid))


def axis_symbol(grid: Grid, axis: int) -> str:
    """What is moved: ``α``, or ``α : β`` where it is their ratio."""
    symbols = pair_symbols(grid)
    return " : ".join(symbols) if grid.kind == "ratio" else symbols[axis]


def move_words(grid: Grid, axis: int) -> str:
    """``α from 0.1 to 10``."""
    if grid.kind == "ratio":
        ends = [ratio_words(ratio) for ratio in (grid.ratios[0], grid.ratios[-1])]
    else:
        ends = [f"{weight:g}" for weight in (grid.values[0], grid.values[-1])]
    return f"{axis_symbol(grid, axis)} from {ends[0]} to {ends[1]}"


def own_and_other(grid: Grid, axis: int) -> tuple[int, int]:
    """The component whose weight is moved, and the other one of the pair."""
    first, second = grid.pair
    return (first, second) if axis == 0 else (second, first)
