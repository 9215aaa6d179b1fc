"""Loss surfaces: the loss over a plane, as a solid or from above."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal

import numpy as np

from lossviz.arrays import Doubles
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.weights import Weights
from lossviz.figures.base.cells import COLOURS, colour_bar
from lossviz.figures.base.chart import Chart, escaped, packed, squeezed
from lossviz.figures.base.heights import (
    DEEPEST,
    Heights,
    Scale,
    edge,
    edge_of,
    ends,
    loss_of,
)
from lossviz.figures.base.layout import axis, frame, label
from lossviz.figures.base.palette import PAPER, TEXT
from lossviz.figures.surfaces.tracks import (
    flat_tracks,
    interpolated,
    number,
    solid_tracks,
    track_marks,
    track_names,
    track_words,
)
from lossviz.losses.objectives import OBJECTIVES

Traces = tuple[dict[str, Any], ...]
View = Literal["3d", "contour"]
Corners = tuple[str, str, str, str] | tuple[()]
PLACES = ((-1, -1), (0, -1), (-1, 0), (0, 0))
"""Of the corners, in their order: row and column."""
CAMERA = {"eye": {"x": 1.24, "y": 1.32, "z": 0.9}, "center": {"x": 0.0, "y": 0.0, "z": -0.14}}
"""From the corner where the label is right: the loss rises away from whoever looks. A little to the
left, where the height's numbers are."""
LIGHT = {"ambient": 0.82, "diffuse": 0.35, "specular": 0.03, "roughness": 0.9, "fresnel": 0.02}
"""Mostly even, so that a colour means the same height on every slope."""


def loss_surface(  # noqa: PLR0913
    surface: Surface,
    weights: Weights,
    *,
    title: str,
    axes: tuple[str, str],
    corners: Corners = (),
    view: View,
    top: float,
    scale: Scale = "linear",
    bottom: float | None = None,
) -> Chart:
    """The loss of a formulation over the plane, at these weights.

    :param axes: what x and y are.
    :param corners: the labels at (+x, +y), (+x, −y), (−x, +y), (−x, −y).
    :param top: of the height and the colours.
    :param bottom: likewise, on a logarithmic scale; by default as deep as one may be.
    """
    heights = Heights(scale, top / DEEPEST if bottom is None else bottom, top)
    drawing = _Drawing(surface, loss_of(surface, weights), axes, corners, heights)
    traces, layout = drawing.solid() if view == "3d" else drawing.map()
    x, y = np.meshgrid(surface.x, surface.y)
    return Chart(
        title,
        f"{title}. {drawing.words()}",
        traces,
        layout,
        (*axes, *surface.names, "loss"),
        tuple(column.ravel().astype(np.float32) for column in (x, y, *surface.grids, drawing.loss)),
    )


@dataclass(frozen=True, eq=False)
class _Drawing:
    """A surface, its loss ``(Y, X)`` at some weights, and how high it is drawn."""

    surface: Surface
    loss: Doubles
    axes: tuple[str, str]
    corners: Corners
    heights: Heights

    def solid(self) -> tuple[Traces, dict[str, Any]]:
        """In three dimensions."""
        low, high = self.heights.ends
        lines = {"show": True, "highlight": False, "color": "#D5DAE0", "width": 1}
        trace = self._colours(self.loss.T) | {
            "type": "surface",
            "cmin": low,
            "cmax": high,
            # The axis beside it has the numbers.
            "showscale": False,
            # Lines that follow the pointer take as long to draw as the surface.
            "contours": {
                "x": {"highlight": False},
                "y": {"highlight": False},
                "z": lines | self.heights.levels(),
            },
            "lighting": LIGHT,
        }
        traces = (trace, *solid_tracks(self.surface, self.loss, self.heights))
        return traces, frame(scene=self._scene(), margin={"l": 0, "r": 0, "t": 0, "b": 0})

    def _scene(self) -> dict[str, Any]:
        low, high = self.heights.ends
        # Where the loss is nearly 0, the floor's grid would shine through.
        floor = low - (high - low) / 50
        marks = [name | {"yanchor": "bottom", "yshift": 4} for name in self._names()]
        return {
            "xaxis": edge_of(self.axes[0], self.surface.x),
            "yaxis": edge_of(self.axes[1], self.surface.y),
            "zaxis": edge(self._unit(), range=[floor, high], nticks=5, **self.heights.ticks()),
            "aspectmode": "manual",
            "aspectratio": {"x": 1.0, "y": 1.0, "z": 0.8},
            "camera": CAMERA,
            "dragmode": "turntable",
            "annotations": [
                mark | {"z": self._height(mark)} for mark in (*marks, *track_marks(self.surface))
            ],
        }

    def _height(self, mark: dict[str, Any]) -> float:
        """Of the surface under a mark; over a hole, at the top."""
        loss = interpolated(self.surface, self.loss, [mark["x"]], [mark["y"]])
        height = float(self.heights.of(loss)[0])
        return height if np.isfinite(height) else self.heights.ends[1]

    def map(self) -> tuple[Traces, dict[str, Any]]:
        """From above."""
        low, high = self.heights.ends
        unit = self._unit() + (", log scale" if self.heights.scale == "log" else "")
        title = {"text": unit, "side": "right", "font": {"size": 11}}
        trace = self._colours(self.loss) | {
            "type": "contour",
            "zmin": low,
            "zmax": high,
            # Bands: an even transition is a picture of its own, and takes about twice as long.
            "contours": {"coloring": "fill", **self.heights.levels()},
            "line": {"width": 0.7, "color": "rgba(255,255,255,0.5)"},
            "colorbar": colour_bar(title=title, nticks=6, **self.heights.ticks()),
        }
        names = [
            name
            | {
                "xanchor": "right" if j else "left",
                "yanchor": "top" if i else "bottom",
                "xshift": -4 if j else 4,
                "yshift": -4 if i else 4,
            }
            for name, (i, j) in zip(self._names(), PLACES, strict=False)
        ]
        x, y = (
            axis(escaped(name, 40), showgrid=False, range=ends(line))
            for name, line in zip(self.axes, (self.surface.x, self.surface.y), strict=True)
        )
        layout = frame(xaxis=x, yaxis=y, annotations=[*names, *track_names(self.surface)])
        return (trace, *flat_tracks(self.surface, self.loss)), layout

    def _unit(self) -> str:
        return f"loss, {OBJECTIVES[self.surface.formulation].unit}"

    def _names(self) -> list[dict[str, Any]]:
        """The corners' names, each where its corner is."""
        x, y, font = self.surface.x, self.surface.y, {"size": 12, "color": TEXT}
        return [
            label(squeezed(name, 16), float(x[j]), float(y[i]), bgcolor=PAPER, borderpad=2)
            | {"font": font}
            for name, (i, j) in zip(self.corners, PLACES, strict=bool(self.corners))
        ]

    def _colours(self, loss: Doubles) -> dict[str, Any]:
        """What a solid and a map have in common.

        :param loss: what a point says on a logarithmic scale; a solid wants it column by column.
        """
        log = {"customdata": _real(loss)} if self.heights.scale == "log" else {}
        value = "customdata" if log else "z"
        return {
            "x": packed(self.surface.x),
            "y": packed(self.surface.y),
            "z": packed(self.heights.of(self.loss)),
            "colorscale": COLOURS,
            "hovertemplate": f"(%{{x:.1f}}, %{{y:.1f}})<br>%{{{value}:.3~g}}<extra></extra>",
            **log,
        }

    def words(self) -> str:
        """Where the loss is least and greatest. The browser words it in the same way."""
        surface, loss = self.surface, self.loss
        finite = np.isfinite(loss)
        if not finite.any():
            return "The loss is finite nowhere."
        i, j = np.unravel_index(int(np.where(finite, loss, np.inf).argmin()), loss.shape)
        x, y = number(surface.x[j]), number(surface.y[i])
        return (
            f"The loss goes from {number(loss[i, j])} to {number(loss[finite].max())}; it is "
            f"smallest at {x} of “{self.axes[0]}” and {y} of “{self.axes[1]}”."
            f"{track_words(surface, loss)}"
        )


def _real(loss: Doubles) -> list[list[float | None]]:
    rows = loss.astype(np.float32).tolist()
    return [[each if isfinite(each) else None for each in row] for row in rows]
