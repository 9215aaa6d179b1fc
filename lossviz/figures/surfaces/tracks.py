"""Tracks on a surface: where trainings went, with their beginnings, their moves and their ends."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lossviz.arrays import Doubles, Floats, Integers
from lossviz.experiments.surfaces.surface import Surface, Track
from lossviz.figures.base.chart import escaped, packed
from lossviz.figures.base.heights import Heights
from lossviz.figures.base.layout import label
from lossviz.figures.base.palette import DASHES, GLYPHS, PAPER, SYMBOLS, TEXT

LIFT = 1 / 120
"""Of the height: how far above a solid the ground of its tracks is drawn, and they above that, so
that none swallows the next."""
INK = {"size": 13, "color": TEXT, "shadow": "auto"}
MOST_MOVED = 12
"""Marks of moved weights on one track, the last of them: in a scene each is drawn anew at every
turn of the camera."""
NEAR_EDGE = 0.88
"""Share of the width from which on a letter stands at the left of its mark."""


def interpolated(surface: Surface, values: Doubles, x: npt.ArrayLike, y: npt.ArrayLike) -> Doubles:
    """Values of a grid at points of its plane, bilinear; outside of it, those at its border. Around
    a hole, what is finite counts. The browser does the same.

    :param values: ``(Y, X)``.
    :param x: ``(P,)``.
    :param y: ``(P,)``.
    """
    column, right = _cell(surface.x, x)
    row, upper = _cell(surface.y, y)
    total, shares = np.zeros(len(column)), np.zeros(len(column))
    for i, up in ((row, 1 - upper), (row + 1, upper)):
        for j, across in ((column, 1 - right), (column + 1, right)):
            finite = np.isfinite(values[i, j])
            share = np.where(finite, up * across, 0.0)
            total += share * np.where(finite, values[i, j], 0.0)
            shares += share
    return np.where(shares > 0.0, total / np.where(shares > 0.0, shares, 1.0), np.nan)


def _cell(line: Floats, at: npt.ArrayLike) -> tuple[Integers, Doubles]:
    """The cell each place is in, and the share of it that lies to the left."""
    edges = line.astype(np.float64)
    places = np.clip(np.asarray(at, np.float64), edges[0], edges[-1])
    cell = np.clip(np.searchsorted(edges, places, "right") - 1, 0, len(edges) - 2)
    return cell, (places - edges[cell]) / (edges[cell + 1] - edges[cell])


def flat_tracks(surface: Surface, loss: Doubles) -> list[dict[str, Any]]:
    """What lies on a surface that is seen from above."""
    return [trace for track in surface.tracks for trace in _flat(surface, track, loss)]


def solid_tracks(surface: Surface, loss: Doubles, heights: Heights) -> list[dict[str, Any]]:
    """What lies on a solid: close enough points for the line to follow it."""
    return [trace for track in surface.tracks for trace in _solid(surface, track, loss, heights)]


def _flat(surface: Surface, track: Track, loss: Doubles) -> list[dict[str, Any]]:
    every = list(range(len(track.x)))
    marked = _marked(track)
    end = every[-1]
    shapes = {0: "circle", end: SYMBOLS.get(track.name, "circle")}
    line = {"color": TEXT, "width": 2, "dash": DASHES.get(track.name, "solid")}
    way = _points(surface, track, loss, track.x, track.y, every)
    marks = _points(surface, track, loss, track.x[marked], track.y[marked], marked)
    lines = [_halo(way, 5), way | {"mode": "lines", "line": line}] if end else []
    return [
        *lines,
        marks
        | {
            "mode": "markers",
            "marker": {
                "symbol": [shapes.get(k, "triangle-down") for k in marked],
                "size": [{0: 8, end: 13}.get(k, 10) if k else (13, 8)[end > 0] for k in marked],
                "color": [PAPER if end and k == 0 else TEXT for k in marked],
                "opacity": 1,
                "line": {
                    "color": [TEXT if end and k == 0 else PAPER for k in marked],
                    "width": 1.5,
                },
            },
            "cliponaxis": False,
        },
    ]


def _solid(surface: Surface, track: Track, loss: Doubles, heights: Heights) -> list[dict[str, Any]]:
    x, y, of = _followed(surface, track)
    low, high = heights.ends
    z, lift = heights.of(interpolated(surface, loss, x, y)), LIFT * (high - low)
    way = _points(surface, track, loss, x, y, of) | {"type": "scatter3d", "z": packed(z + 2 * lift)}
    if len(track.x) == 1:
        return [way | {"mode": "markers", "marker": {"size": 5, "color": TEXT}}]
    halo = _halo(way, 9) | {"z": packed(z + lift)}
    # Dashes would be of any length: a scene measures them before it turns.
    return [halo, way | {"mode": "lines", "line": {"color": TEXT, "width": 4}}]


def _halo(way: dict[str, Any], width: float) -> dict[str, Any]:
    """What sets a line off from the ground below it."""
    ground = {key: part for key, part in way.items() if key != "hovertemplate"}
    line = {"color": PAPER, "width": width}
    return ground | {"mode": "lines", "line": line, "hoverinfo": "skip"}


def _points(
    surface: Surface,
    track: Track,
    loss: Doubles,
    x: Floats,
    y: Floats,
    of: list[int],
) -> dict[str, Any]:
    """Points, and what each says: step and loss of the one of the training that is nearest.

    :param of: for each, which of the training's that is.
    """
    losses = interpolated(surface, loss, track.x, track.y)
    return {
        "type": "scatter",
        "x": packed(x),
        "y": packed(y),
        "customdata": [[track.steps[k], number(losses[k]), k] for k in of],
        "hovertemplate": (
            f"{escaped(track.name, 12)}, step %{{customdata[0]:,}} · loss %{{customdata[1]}}"
            "<extra></extra>"
        ),
        "name": escaped(track.name, 12),
    }


def _marked(track: Track) -> list[int]:
    """The start, where weights were moved, and the end."""
    end = len(track.x) - 1
    between = [k for k in track.moved if 0 < k < end]
    return sorted({0, *between[-MOST_MOVED:], end})


def _followed(surface: Surface, track: Track) -> tuple[Floats, Floats, list[int]]:
    """A track with points at most half a cell apart, and which of its own each is next to."""
    cells = [(line[-1] - line[0]) / (len(line) - 1) for line in (surface.x, surface.y)]
    apart = np.maximum(np.abs(np.diff(track.x)) / cells[0], np.abs(np.diff(track.y)) / cells[1])
    counts = np.clip(np.ceil(2 * apart), 1, 2 * len(surface.x)).astype(int)
    at = np.concatenate([k + np.arange(n) / n for k, n in enumerate(counts)] + [[len(counts)]])
    places = np.arange(len(track.x))
    x, y = (np.interp(at, places, line).astype(np.float32) for line in (track.x, track.y))
    return x, y, np.rint(at).astype(int).tolist()


def track_names(surface: Surface) -> list[dict[str, Any]]:
    """The letter beside each end, on a surface that is seen from above."""
    low, high = float(surface.x[0]), float(surface.x[-1])
    named = []
    for track in surface.tracks:
        left = (float(track.x[-1]) - low) / (high - low) > NEAR_EDGE
        shift = {"xanchor": "right" if left else "left", "xshift": -10 if left else 10}
        named.append(_name(track, -1, escaped(track.name, 12)) | {"bgcolor": PAPER} | shift)
    return named


def track_marks(surface: Surface) -> list[dict[str, Any]]:
    """The marks on a solid, without their heights. A mark in the scene itself would be half hidden
    by the slope before it.
    """
    marks = []
    for track in surface.tracks:
        end = len(track.x) - 1
        for k in _marked(track)[:-1]:
            marks.append(
                _name(track, k, "▾" if k else "○")
                | ({"yanchor": "bottom", "yshift": -5, "font": INK | {"size": 18}} if k else {})
            )
        glyph = GLYPHS[SYMBOLS.get(track.name, "circle")]
        marks.append(
            _name(track, end, f"{glyph} {escaped(track.name, 12)}")
            | {"xanchor": "left", "xshift": -9, "bgcolor": PAPER}
        )
    return marks


def _name(track: Track, k: int, text: str) -> dict[str, Any]:
    return label(text, float(track.x[k]), float(track.y[k]), borderpad=1, font=INK)


def track_words(surface: Surface, loss: Doubles) -> str:
    """Where each track ends. The browser words it in the same way."""
    sentences = []
    for track in surface.tracks:
        end = number(float(interpolated(surface, loss, track.x[-1:], track.y[-1:])[0]))
        moved = f"; weights were moved {len(track.moved)}×" if track.moved else ""
        sentences.append(
            f" Run {track.name} is at loss {end} after step {track.steps[-1]:,}{moved}."
        )
    return "".join(sentences)


def number(value: float) -> str:
    """Three significant digits, without an exponent.

    >>> [number(value) for value in (1234.5, 0.69314, -6.0, 1e-9, float("nan"))]
    ['1230', '0.693', '-6', '0', 'not finite']
    """
    if not np.isfinite(value):
        return "not finite"
    return "0" if abs(value) < 1e-4 else f"{float(f'{value:.3g}'):.12g}"
