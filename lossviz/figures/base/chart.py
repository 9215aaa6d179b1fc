"""A chart: what is drawn, what it says in words, and the table behind it."""

from __future__ import annotations

import html
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lossviz.arrays import Doubles, Floats, Integers
from lossviz.figures.base.palette import PAPER, TEXT

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Cell = str | int | float
Column = Floats | Integers | Sequence[str] | Sequence[Cell]
INKS = {TEXT: "#000000", PAPER: "#FFFFFF"}
"""What the names of theme colours mean outside a browser."""


@dataclass(frozen=True, eq=False)
class Places:
    """Where the members of a grid stand in a chart, so that the browser can mark any of them
    without drawing anew.

    :param x: ``(R, M)`` on the axis: a member is marked in ``R`` places; NaN where it is not.
    :param y: likewise.
    :param rows: the member behind each row of the table.
    :param cell: width and height of what is marked, in units of the axes; 0 for a point.
    """

    x: Doubles
    y: Doubles
    rows: tuple[int, ...]
    cell: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """What the browser needs."""
        members = self.x.shape[1]
        where = {"x": packed(self.x.ravel()), "y": packed(self.y.ravel())}
        return {**where, "members": members, "rows": list(self.rows), "cell": self.cell}


@dataclass(frozen=True, eq=False)
class Chart:
    """A plotly specification as plain values.

    Live pages make several of these a second for every visitor. The nine charts of four runs take
    5 ms from the results to JSON; through ``plotly.graph_objects.Figure``, which validates every
    value, 83 ms. The tests validate every kind of chart instead.

    :param title: states what the chart shows; it stands above it, as text.
    :param alt: the chart in words, with its numbers.
    :param columns: the names of the columns of the table behind the chart.
    :param values: each column's values, as an array where all are numbers.
    :param places: of the members of a grid, in charts that can be linked.
    :param marked: the member that is marked all the time.
    """

    title: str
    alt: str
    data: tuple[dict[str, Any], ...]
    layout: dict[str, Any]
    columns: tuple[str, ...]
    values: tuple[Column, ...]
    places: Places | None = None
    marked: int | None = None

    @property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """The table row by row, as a person reads it: six significant digits."""
        return tuple(zip(*(map(_cell, value) for value in self.values), strict=True))

    def to_json(self) -> dict[str, Any]:
        """What the browser needs. The table travels as columns, and an array only once: what
        occurred before in a trace is ``{"same": [number of the trace, key]}``.
        """
        places: dict[str, list[int | str]] = {}
        data = []
        for number, trace in enumerate(self.data):
            own = dict(trace)
            for key in ("x", "y"):
                if isinstance(own.get(key), dict):
                    place = places.setdefault(str(own[key]), [number, key])
                    if place != [number, key]:
                        own[key] = {"same": place}
            data.append(own)
        values = [_column(value) for value in self.values]
        linked = {} if self.places is None else {"places": self.places.to_json()}
        marked = {} if self.marked is None else {"marked": self.marked}
        return {
            "title": self.title,
            "alt": self.alt,
            "data": data,
            "layout": self.layout,
            "columns": self.columns,
            "values": [
                {"same": places[str(value)]} if str(value) in places else value for value in values
            ],
            **linked,
            **marked,
        }

    def figure(self) -> Figure:
        """The same as a plotly figure, for files and reports: black on white."""
        from plotly.graph_objects import Figure

        figure = Figure(_inked(list(self.data)), _inked(self.layout))
        title = {
            "text": escaped(self.title, 120),
            "font": {"size": 14},
            "x": 0,
            "xref": "container",
        }
        margin = {**self.layout["margin"], "t": self.layout["margin"]["t"] + 44, "pad": 0}
        # Streamlit, once imported, makes a placeholder the default template.
        figure.update_layout(template=_template(), title=title, margin=margin)
        return figure


def packed(values: npt.ArrayLike, kind: str = "f4") -> dict[str, str]:
    """Numbers in the form that plotly.js reads without parsing: typed arrays in base64.

    >>> packed([1, 2])
    {'dtype': 'f4', 'bdata': 'AACAPwAAAEA='}
    """
    array = np.ascontiguousarray(values, dtype=f"<{kind}")
    numbers = {"dtype": kind, "bdata": b64encode(array.tobytes()).decode("ascii")}
    return numbers if array.ndim == 1 else numbers | {"shape": ", ".join(map(str, array.shape))}


def escaped(text: str, longest: int = 60) -> str:
    """Text from outside for a label: plotly would render tags and links in it. Quotation marks it
    shows as they are."""
    return html.escape(shortened(text, longest), quote=False)


def squeezed(label: str, longest: int) -> str:
    """A whole label for a tick, escaped: its first part and its last stay recognisable.

    >>> squeezed("enthusiasm|positive", 12)
    'enthu…sitive'
    """
    line = " ".join(label.split())
    if len(line) > longest:
        line = f"{line[: (longest - 1) // 2]}…{line[-(longest // 2) :]}"
    return html.escape(line, quote=False)


def shortened(text: str, longest: int) -> str:
    """On one line, and no longer than this.

    >>> shortened("enthusiasm", 6)
    'enthu…'
    """
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def frame(**layout: Any) -> dict[str, Any]:
    """A layout that all charts share, with what is its own."""
    shared: dict[str, Any] = {
        "margin": {"l": 48, "r": 12, "t": 8, "b": 38},
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "uirevision": "kept",
        "font": {"size": 12},
    }
    return shared | layout


def axis(title: str, **value: Any) -> dict[str, Any]:
    """An axis with its title."""
    return {
        "title": {"text": title, "standoff": 6, "font": {"size": 12}},
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
    } | value


def note(text: str) -> dict[str, Any]:
    """A sentence in the middle of an empty chart."""
    return {
        "text": text,
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.5,
        "showarrow": False,
        "font": {"size": 13},
        "bgcolor": PAPER,
    }


def between_rows(rows: int) -> list[dict[str, Any]]:
    """Faint lines between the rows of a dot plot, whose rows are 0, 1, 2 …"""
    return [
        {
            "type": "line",
            "layer": "below",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": row + 0.5,
            "y1": row + 0.5,
            "line": {"color": TEXT, "width": 1},
            "opacity": 0.15,
        }
        for row in range(rows - 1)
    ]


def by_row(rows: Iterable[Sequence[Cell]], columns: Sequence[str]) -> tuple[Column, ...]:
    """A small table's columns from its rows.

    >>> by_row([("A", 1), ("B", 2)], ("run", "n"))
    (('A', 'B'), (1, 2))
    """
    return tuple(zip(*rows, strict=True)) or tuple(() for _ in columns)


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value
    if isinstance(value, int | np.integer):
        return int(value)
    if not isfinite(value):
        return "not a number" if isnan(value) else "infinite"
    return float(f"{value:.6g}")


def _column(values: Column) -> Any:
    if isinstance(values, np.ndarray):
        return packed(values, "f4" if values.dtype.kind == "f" else "i4")
    return [_cell(cell) for cell in values]


def _template() -> Any:
    from plotly.graph_objects import layout

    lines = {"gridcolor": "#D5DAE0", "linecolor": "#D5DAE0", "zerolinecolor": "#D5DAE0"}
    return layout.Template(
        layout={
            "paper_bgcolor": "#FFFFFF",
            "plot_bgcolor": "#FFFFFF",
            "font": {"color": "#000000", "family": "sans-serif"},
            "xaxis": lines,
            "yaxis": lines,
            "scene": {"xaxis": lines, "yaxis": lines, "zaxis": lines},
        }
    )


def _inked(value: Any, coloured: bool = False) -> Any:
    """The specification with the theme's colours in it, wherever a colour is meant."""
    if isinstance(value, dict):
        return {key: _inked(item, key.endswith("color")) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_inked(item, coloured) for item in value]
    return INKS.get(value, value) if coloured and isinstance(value, str) else value
