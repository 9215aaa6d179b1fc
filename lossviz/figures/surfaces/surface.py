"""Loss surfaces: the loss over a plane, as a solid or from above."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any, Literal

import numpy as np

from lossviz.arrays import Doubles
from lossviz.experiments.surfaces.surface import Surface
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
from lossviz.figures.base.layout import axis, frame
from lossviz.figures.base.palette import CIVIDIS, PAPER, TEXT
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
    weights: Sequence[float],
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
    loss = loss_of(surface, weights)
    heights = Heights(scale, top / DEEPEST if bottom is None else bottom, top)
    draw = _solid if view == "3d" else _map
    traces, layout = draw(surface, loss, axes, corners, heights)
    x, y = np.meshgrid(surface.x, surface.y)
    return Chart(
        title,
        f"{title}. {_said(surface, loss, axes)}",
        traces,
        layout,
        (*axes, *surface.names, "loss"),
        tuple(column.ravel().astype(np.float32) for column in (x, y, *surface.grids, loss)),
    )


def _unit(surface: Surface) -> str:
    return f"loss, {OBJECTIVES[surface.formulation].unit}"


def _solid(
    surface: Surface,
    loss: Doubles,
    axes: tuple[str, str],
    corners: Corners,
    heights: Heights,
) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    low, high = heights.ends
    lines = {"show": True, "highlight": False, "color": "#D5DAE0", "width": 1}
    trace = _shared(surface, loss, heights, loss.T) | {
        "type": "surface",
        "cmin": low,
        "cmax": high,
        # The axis beside it has the numbers.
        "showscale": False,
        # Lines that follow the pointer take as long to draw as the surface.
        "contours": {
            "x": {"highlight": False},
            "y": {"highlight": False},
            "z": lines | heights.levels(),
        },
        "lighting": LIGHT,
    }
    names = [name | {"yanchor": "bottom", "yshift": 4} for name in _names(surface, corners)]
    scene = {
        "xaxis": edge_of(axes[0], surface.x),
        "yaxis": edge_of(axes[1], surface.y),
        # Where the loss is nearly 0, the floor's grid would shine through.
        "zaxis": edge(
            _unit(surface),
            range=[low - (high - low) / 50, high],
            nticks=5,
            **heights.ticks(),
        ),
        "aspectmode": "manual",
        "aspectratio": {"x": 1.0, "y": 1.0, "z": 0.8},
        "camera": CAMERA,
        "dragmode": "turntable",
        "annotations": [
            mark | {"z": _height(surface, loss, heights, mark)}
            for mark in (*names, *track_marks(surface))
        ],
    }
    traces = (trace, *solid_tracks(surface, loss, heights))
    return traces, frame(scene=scene, margin={"l": 0, "r": 0, "t": 0, "b": 0})


def _height(surface: Surface, loss: Doubles, heights: Heights, place: dict[str, Any]) -> float:
    """Of the surface at such a place; over a hole, at the top."""
    own = float(heights.of(interpolated(surface, loss, [place["x"]], [place["y"]]))[0])
    return own if np.isfinite(own) else heights.ends[1]


def _map(
    surface: Surface,
    loss: Doubles,
    axes: tuple[str, str],
    corners: Corners,
    heights: Heights,
) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    low, high = heights.ends
    trace = _shared(surface, loss, heights, loss) | {
        "type": "contour",
        "zmin": low,
        "zmax": high,
        # Bands: an even transition is a picture of its own, and takes about twice as long.
        "contours": {"coloring": "fill", **heights.levels()},
        "line": {"width": 0.7, "color": "rgba(255,255,255,0.5)"},
        "colorbar": _colorbar(surface, heights),
    }
    layout = frame(
        xaxis=axis(escaped(axes[0], 40), showgrid=False, range=ends(surface.x)),
        yaxis=axis(escaped(axes[1], 40), showgrid=False, range=ends(surface.y)),
        annotations=[
            *(
                name
                | {
                    "xanchor": "right" if j else "left",
                    "yanchor": "top" if i else "bottom",
                    "xshift": -4 if j else 4,
                    "yshift": -4 if i else 4,
                }
                for name, (i, j) in zip(_names(surface, corners), PLACES, strict=False)
            ),
            *track_names(surface),
        ],
    )
    return (trace, *flat_tracks(surface, loss)), layout


def _colorbar(surface: Surface, heights: Heights) -> dict[str, Any]:
    title = _unit(surface) + (", log scale" if heights.scale == "log" else "")
    return {
        "title": {"text": title, "side": "right", "font": {"size": 11}},
        "thickness": 8,
        "len": 1.0,
        "outlinewidth": 0,
        "tickfont": {"size": 10},
        "nticks": 6,
        **heights.ticks(),
    }


def _names(surface: Surface, corners: Corners) -> list[dict[str, Any]]:
    """The corners' names, each where its corner is."""
    return [
        {
            "text": squeezed(name, 16),
            "x": float(surface.x[j]),
            "y": float(surface.y[i]),
            "showarrow": False,
            "bgcolor": PAPER,
            "borderpad": 2,
            "font": {"size": 12, "color": TEXT},
        }
        for name, (i, j) in zip(corners, PLACES, strict=bool(corners))
    ]


def _shared(surface: Surface, loss: Doubles, heights: Heights, doubles: Doubles) -> dict[str, Any]:
    """:param said: what a point says on a logarithmic scale; a solid wants it column by column."""
    log = {"customdata": _real(doubles)} if heights.scale == "log" else {}
    value = "customdata" if log else "z"
    return {
        "x": packed(surface.x),
        "y": packed(surface.y),
        "z": packed(heights.of(loss)),
        "colorscale": [list(stop) for stop in CIVIDIS],
        "hovertemplate": f"(%{{x:.1f}}, %{{y:.1f}})<br>%{{{value}:.3~g}}<extra></extra>",
        **log,
    }


def _real(loss: Doubles) -> list[list[float | None]]:
    rows = loss.astype(np.float32).tolist()
    return [[value if isfinite(value) else None for value in row] for row in rows]


def _said(surface: Surface, loss: Doubles, axes: tuple[str, str]) -> str:
    """The browser words it in the same way."""
    finite = np.isfinite(loss)
    if not finite.any():
        return "The loss is finite nowhere."
    i, j = np.unravel_index(int(np.where(finite, loss, np.inf).argmin()), loss.shape)
    return (
        f"The loss goes from {number(loss[i, j])} to {number(loss[finite].max())}; it is smallest "
        f"at {number(surface.x[j])} of “{axes[0]}” and {number(surface.y[i])} of “{axes[1]}”."
        f"{track_words(surface, loss)}"
    )
