"""The scale of height and colour that surfaces side by side share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from textwrap import wrap
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from lossviz.arrays import Doubles, Floats
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.weights import Weights
from lossviz.figures.base.chart import shortened

Scale = Literal["linear", "log"]
ENDS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Where a scale may end, times a power of ten."""
TICKS = (ENDS, (1.0, 2.0, 5.0), (1.0,))
"""Where a logarithmic scale may have its numbers, times a power of ten: the most that fit."""
MOST_TICKS = 8
LEVELS = 20
"""Steps between two lines of equal loss: so many on the whole scale."""
DEEPEST = 1e4
"""A logarithmic scale ends this many times below its top, however small the loss becomes."""
NOTHING = 1e-300
"""Below it numbers lose their digits, and none is round."""


@dataclass(frozen=True, slots=True)
class Heights:
    """How high a loss is drawn. The browser has the same rules.

    :param bottom: of a logarithmic scale: what is lower is drawn there. A linear one begins at 0.
    :param top: where the scale ends.

    >>> Heights("log", 0.1, 10.0).ticks()["ticktext"]
    ['0.1', '0.2', '0.5', '1', '2', '5', '10']
    """

    scale: Scale
    bottom: float
    top: float

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest height."""
        if self.scale == "linear":
            return 0.0, self.top
        return log10(self.bottom), log10(self.top)

    def of(self, loss: npt.ArrayLike) -> Doubles:
        """Of each loss; ``nan``, a hole, where it is not finite."""
        heights = np.asarray(loss, np.float64)
        finite = np.isfinite(heights)
        if self.scale == "log":
            heights = np.log10(np.maximum(np.where(finite, heights, 1.0), self.bottom))
        return np.where(finite, heights, np.nan)

    def levels(self) -> dict[str, float]:
        """Lines of equal loss, for plotly."""
        low, high = self.ends
        step = (high - low) / LEVELS
        return {"start": low + step, "end": high, "size": step}

    def ticks(self) -> dict[str, Any]:
        """Where a logarithmic scale has its numbers, which are losses; a linear one's are plotly's
        own."""
        if self.scale == "linear":
            return {}
        losses = next(
            (fitting for steps in TICKS if 1 < len(fitting := self._between(steps)) <= MOST_TICKS),
            self._between(TICKS[-1]),
        )
        texts = [np.format_float_positional(loss, precision=12, trim="-") for loss in losses]
        return {"tickvals": [log10(loss) for loss in losses], "ticktext": texts}

    def _between(self, steps: Sequence[float]) -> list[float]:
        first, last = floor(log10(self.bottom)), ceil(log10(self.top))
        every = [float(f"{step}e{power}") for power in range(first, last + 1) for step in steps]
        slack = 1 + 1e-9
        return [loss for loss in every if self.bottom / slack <= loss <= self.top * slack]


def surface_top(surfaces: Iterable[Surface], weights: Weights) -> float:
    """The end of the scale that surfaces side by side share: a round number, so that it stays
    where it is while weights move a little.
    """
    most = [float(losses.max()) for losses in _finite(surfaces, weights) if losses.size]
    return round_up(max(most, default=1.0), ENDS)


def surface_bottom(surfaces: Sequence[Surface], weights: Weights) -> float:
    """The beginning of the logarithmic scale that they share: a round number likewise."""
    top = surface_top(surfaces, weights)
    above = [losses[losses > 0.0] for losses in _finite(surfaces, weights)]
    least = min((float(losses.min()) for losses in above if losses.size), default=0.0)
    return min(max(round_down(least), top / DEEPEST), top / 2)


def _finite(surfaces: Iterable[Surface], weights: Weights) -> list[Doubles]:
    losses = [loss_of(surface, weights) for surface in surfaces]
    return [loss[np.isfinite(loss)] for loss in losses]


def loss_of(surface: Surface, weights: Weights) -> Doubles:
    """The loss ``(Y, X)``; far away it may not be finite."""
    with np.errstate(invalid="ignore", over="ignore"):
        return surface.at(weights)


def round_up(value: float, steps: Sequence[float] = (1.0, 2.0, 5.0)) -> float:
    """The next of … 0.5, 1, 2, 5, 10 …; 1 where nothing is above 0. The browser has the same rule.

    :param steps: what stands between two powers of ten.

    >>> [round_up(value) for value in (0.3, 1.0, 2.1, 60.0, 0.0)]
    [0.5, 1.0, 5.0, 100.0, 1.0]
    """
    if not value > NOTHING:
        return 1.0
    unit = 10.0 ** floor(log10(value))
    return next((step * unit for step in steps if value <= step * unit), 10.0 * unit)


def round_down(value: float, steps: Sequence[float] = ENDS) -> float:
    """The one before; 0 where nothing is above 0.

    >>> [round_down(value) for value in (0.21, 1.0, 2.9, 79.0, 0.0)]
    [0.2, 1.0, 2.0, 60.0, 0.0]
    """
    if not value > 0.0:
        return 0.0
    unit = 10.0 ** floor(log10(value))
    return max((step * unit for step in steps if step * unit <= value), default=unit)


def edge(title: str, **settings: Any) -> dict[str, Any]:
    """One of the three, with its title."""
    return {
        "title": {"text": title, "font": {"size": 11}},
        "tickfont": {"size": 12},
        "showspikes": False,
        "zeroline": False,
    } | settings


def edge_of(name: str, line: Floats) -> dict[str, Any]:
    """One at the floor: its name in lines as short as the edge of a small scene, and ticks that
    keep away from its ends, where three edges meet.
    """
    low, high = ends(line)
    step = round_up((high - low) / 8)
    ticks = step * np.arange(np.ceil(low / step), np.floor(high / step) + 1)
    margin = (high - low) / 10
    inner = ticks[(ticks > low + margin) & (ticks < high - margin)]
    title = "<br>".join(wrap(_drawn(name, 40), 18))
    return edge(title, range=[low, high], tickvals=inner.tolist())


def ends(line: Floats) -> list[float]:
    """Of an axis that is as long as the surface."""
    return [float(line[0]), float(line[-1])]


def _drawn(name: str, longest: int) -> str:
    """A name in a scene. It is drawn letter by letter, not as HTML: what escaping makes of a sign
    would be seen, but a few tags are obeyed.
    """
    return shortened(name, longest).translate({ord("<"): "‹", ord(">"): "›"})
