"""Loss surfaces: the loss over a plane, as a solid or from above."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor, log10
from textwrap import wrap
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from lossviz.figures.chart import Chart, axis, escaped, frame, packed, shortened, squeezed
from lossviz.figures.palette import CIVIDIS, PAPER, TEXT
from lossviz.objectives import OBJECTIVES
from lossviz.surface import LinearMix, Mix, Surface

View = Literal["3d", "contour"]
Corners = tuple[str, str, str, str] | tuple[()]
ENDS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Where a scale may end, times a power of ten."""
PLACES = ((-1, -1), (0, -1), (-1, 0), (0, 0))
"""Of the corners, in their order: row and column."""
LEVELS = 20
"""Steps between two lines of equal loss: so many from 0 to the end of the scale."""
CAMERA = {"eye": {"x": 1.24, "y": 1.32, "z": 0.9}, "center": {"x": 0.0, "y": 0.0, "z": -0.14}}
"""From the corner where the label is right: the loss rises away from whoever looks. A little to the
left, where the height's numbers are."""
LIGHT = {"ambient": 0.82, "diffuse": 0.35, "specular": 0.03, "roughness": 0.9, "fresnel": 0.02}
"""Mostly even, so that a colour means the same height on every slope."""


def surface_top(surfaces: Iterable[Surface], weights: Sequence[float]) -> float:
    """The end of the scale that surfaces side by side share: a round number, so that it stays
    where it is while weights move a little.
    """
    most = max((float(own.at(weights).max()) for own in surfaces), default=1.0)
    return round_up(most, ENDS)


def round_up(value: float, steps: Sequence[float] = (1.0, 2.0, 5.0)) -> float:
    """The next of … 0.5, 1, 2, 5, 10 …; 1 where nothing is above 0. The browser has the same rule.

    :param steps: what stands between two powers of ten.

    >>> [round_up(value) for value in (0.3, 1.0, 2.1, 60.0, 0.0)]
    [0.5, 1.0, 5.0, 100.0, 1.0]
    """
    if not value > 0.0:
        return 1.0
    unit = 10.0 ** floor(log10(value))
    return next((step * unit for step in steps if value <= step * unit), 10.0 * unit)


def loss_surface(
    surface: Surface,
    weights: Sequence[float],
    *,
    title: str,
    axes: tuple[str, str],
    corners: Corners = (),
    view: View,
    top: float,
) -> Chart:
    """The loss of a formulation over the plane, at these weights.

    :param axes: what x and y are.
    :param corners: the labels at (+x, +y), (+x, −y), (−x, +y), (−x, −y).
    :param top: of the height and the colours.
    """
    loss = surface.at(weights)
    draw = _solid if view == "3d" else _map
    own, layout = draw(surface, loss, axes, corners, top)
    x, y = np.meshgrid(surface.x, surface.y)
    return Chart(
        title,
        f"{title}. {_said(surface, loss, axes)}",
        (_shared(surface, loss) | own,),
        layout,
        (*axes, *surface.names, "loss"),
        tuple(column.ravel().astype(np.float32) for column in (x, y, *surface.grids, loss)),
    )


def live_chart(chart: Chart) -> dict[str, Any]:
    """What the browser needs of the chart, where the surface comes from :func:`live_surface`."""
    whole = chart.to_json()
    first, *others = whole["data"]
    bare = {key: own for key, own in first.items() if key not in ("x", "y", "z")}
    return whole | {"data": [bare, *others], "values": []}


def live_surface(surface: Surface) -> dict[str, Any]:
    """What the browser needs to work out the loss at any weights: every number once."""
    return {
        "x": packed(surface.x),
        "y": packed(surface.y),
        "grids": packed(np.asarray(surface.grids).reshape(len(surface.names), -1)),
        "mix": _mix(surface.mix),
    }


def _mix(mix: Mix) -> dict[str, Any]:
    if isinstance(mix, LinearMix):
        return {"terms": [[own.weight, own.factor] for own in mix.terms]}
    return {"wrong": mix.wrong, "temperature": mix.temperature}


def _unit(surface: Surface) -> str:
    return f"loss, {OBJECTIVES[surface.formulation].unit}"


def _solid(
    surface: Surface,
    loss: npt.NDArray[np.float64],
    axes: tuple[str, str],
    corners: Corners,
    top: float,
) -> tuple[dict[str, Any], dict[str, Any]]:
    lines = {"show": True, "highlight": False, "color": "#D5DAE0", "width": 1}
    trace = {
        "type": "surface",
        "cmin": 0.0,
        "cmax": top,
        # The axis beside it has the numbers.
        "showscale": False,
        # Lines that follow the pointer take as long to draw as the surface.
        "contours": {
            "x": {"highlight": False},
            "y": {"highlight": False},
            "z": lines | _levels(top),
        },
        "lighting": LIGHT,
    }
    scene = {
        "xaxis": _edge(_lines(_drawn(axes[0], 40)), **_inside(surface.x)),
        "yaxis": _edge(_lines(_drawn(axes[1], 40)), **_inside(surface.y)),
        # Where the loss is nearly 0, the floor's grid would shine through.
        "zaxis": _edge(_unit(surface), range=[-top / 50, top], nticks=5),
        "aspectmode": "manual",
        "aspectratio": {"x": 1.0, "y": 1.0, "z": 0.8},
        "camera": CAMERA,
        "dragmode": "turntable",
        "annotations": [
            own | {"z": float(loss[i, j]), "yanchor": "bottom", "yshift": 4}
            for own, (i, j) in zip(_names(surface, corners), PLACES, strict=False)
        ],
    }
    return trace, frame(scene=scene, margin={"l": 0, "r": 0, "t": 0, "b": 0})


def _map(
    surface: Surface,
    _: npt.NDArray[np.float64],
    axes: tuple[str, str],
    corners: Corners,
    top: float,
) -> tuple[dict[str, Any], dict[str, Any]]:
    trace = {
        "type": "contour",
        "zmin": 0.0,
        "zmax": top,
        # Bands: an even transition is a picture of its own, and takes about twice as long.
        "contours": {"coloring": "fill", **_levels(top)},
        "line": {"width": 0.7, "color": "rgba(255,255,255,0.5)"},
        "colorbar": {
            "title": {"text": _unit(surface), "side": "right", "font": {"size": 11}},
            "thickness": 8,
            "len": 1.0,
            "outlinewidth": 0,
            "tickfont": {"size": 10},
            "nticks": 6,
        },
    }
    layout = frame(
        xaxis=axis(escaped(axes[0], 40), showgrid=False, range=_ends(surface.x)),
        yaxis=axis(escaped(axes[1], 40), showgrid=False, range=_ends(surface.y)),
        annotations=[
            own
            | {
                "xanchor": "right" if j else "left",
                "yanchor": "top" if i else "bottom",
                "xshift": -4 if j else 4,
                "yshift": -4 if i else 4,
            }
            for own, (i, j) in zip(_names(surface, corners), PLACES, strict=False)
        ],
    )
    return trace, layout


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


def _levels(top: float) -> dict[str, float]:
    return {"start": top / LEVELS, "end": top, "size": top / LEVELS}


def _shared(surface: Surface, loss: npt.NDArray[np.float64]) -> dict[str, Any]:
    return {
        "x": packed(surface.x),
        "y": packed(surface.y),
        "z": packed(loss),
        "colorscale": [list(stop) for stop in CIVIDIS],
        "hovertemplate": "(%{x:.1f}, %{y:.1f})<br>%{z:.3~g}<extra></extra>",
    }


def _edge(title: str, **own: Any) -> dict[str, Any]:
    return {
        "title": {"text": title, "font": {"size": 11}},
        "tickfont": {"size": 12},
        "showspikes": False,
        "zeroline": False,
    } | own


def _drawn(text: str, longest: int) -> str:
    """A name in a scene. It is drawn letter by letter, not as HTML: what escaping makes of a sign
    would be seen, but a few tags are obeyed.
    """
    return shortened(text, longest).translate({ord("<"): "‹", ord(">"): "›"})


def _lines(title: str) -> str:
    """In lines as short as the edge of a small scene."""
    return "<br>".join(wrap(title, 18))


def _inside(values: npt.NDArray[np.float32]) -> dict[str, Any]:
    """An edge's range, and ticks that keep away from its ends, where three edges meet."""
    low, high = _ends(values)
    step = round_up((high - low) / 8)
    ticks = step * np.arange(np.ceil(low / step), np.floor(high / step) + 1)
    margin = (high - low) / 10
    inner = ticks[(ticks > low + margin) & (ticks < high - margin)]
    return {"range": [low, high], "tickvals": inner.tolist()}


def _ends(values: npt.NDArray[np.float32]) -> list[float]:
    return [float(values[0]), float(values[-1])]


def _said(surface: Surface, loss: npt.NDArray[np.float64], axes: tuple[str, str]) -> str:
    """The browser words it in the same way."""
    i, j = np.unravel_index(int(loss.argmin()), loss.shape)
    return (
        f"The loss goes from {_number(loss.min())} to {_number(loss.max())}; it is smallest "
        f"at {_number(surface.x[j])} of “{axes[0]}” and {_number(surface.y[i])} of “{axes[1]}”."
    )


def _number(value: float) -> str:
    """Three significant digits, without an exponent.

    >>> [_number(value) for value in (1234.5, 0.69314, -6.0, 1e-9)]
    ['1230', '0.693', '-6', '0']
    """
    return "0" if abs(value) < 1e-4 else f"{float(f'{value:.3g}'):.12g}"
