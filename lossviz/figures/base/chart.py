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
        return tuple(zip(*(map(_cell, column) for column in self.values), strict=True))

    def to_json(self) -> dict[str, Any]:
        """What the browser needs. The table travels as columns, and an array only once: what
        occurred before in a trace is ``{"same": [number of the trace, key]}``.
        """
        places: dict[str, list[int | str]] = {}
        data = []
        for number, trace in enumerate(self.data):
            sent = dict(trace)
            for key in ("x", "y"):
                if isinstance(trace.get(key), dict):
                    place = places.setdefault(str(trace[key]), [number, key])
                    if place != [number, key]:
                        sent[key] = {"same": place}
            data.append(sent)
        columns = [_column(column) for column in self.values]
        linked = {} if self.places is None else {"places": self.places.to_json()}
        marked = {} if self.marked is None else {"marked": self.marked}
        return {
            "title": self.title,
            "alt": self.alt,
            "data": data,
            "layout": self.layout,
            "columns": self.columns,
            "values": [
                {"same": places[str(column)]} if str(column) in places else column
                for column in columns
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


def by_row(rows: Iterable[Sequence[Cell]], columns: Sequence[str]) -> tuple[Column, ...]:
    """A small table's columns from its rows.

    >>> by_row([("A", 1), ("B", 2)], ("run", "n"))
    (('A', 'B'), (1, 2))
    """
    return tuple(zip(*rows, strict=True)) or tuple(() for _ in columns)


def _cell(cell: Any) -> Cell:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int | np.integer):
        return int(cell)
    if not isfinite(cell):
        return "not a number" if isnan(cell) else "infinite"
    return float(f"{cell:.6g}")


def _column(column: Column) -> Any:
    if isinstance(column, np.ndarray):
        return packed(column, "f4" if column.dtype.kind == "f" else "i4")
    return [_cell(cell) for cell in column]


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


def _inked(part: Any, coloured: bool = False) -> Any:
    """A part of the specification with the theme's colours in it, wherever a colour is meant."""
    if isinstance(part, dict):
        return {key: _inked(inner, key.endswith("color")) for key, inner in part.items()}
    if isinstance(part, list | tuple):
        return [_inked(inner, coloured) for inner in part]
    return INKS.get(part, part) if coloured and isinstance(part, str) else part
