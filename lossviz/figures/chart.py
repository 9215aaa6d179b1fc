"""A chart: what is drawn, what it says in words, and the table behind it."""

from __future__ import annotations

import html
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lossviz.figures.palette import TEXT

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Cell = str | int | float


@dataclass(frozen=True)
class Chart:
    """A plotly specification as plain values.

    Live pages make several of these a second for every visitor; building and validating a
    ``plotly.graph_objects.Figure`` instead takes about 40 times as long (see
    ``tests/benchmarks``). The tests validate every kind of chart once.

    :param title: states what the chart shows; it stands above it, as text.
    :param alt: the chart in words, with its numbers.
    :param columns: of the table behind the chart.
    """

    title: str
    alt: str
    data: tuple[dict[str, Any], ...]
    layout: dict[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def to_json(self) -> dict[str, Any]:
        """What the browser needs."""
        return {
            "title": self.title,
            "alt": self.alt,
            "data": list(self.data),
            "layout": self.layout,
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
        }

    def figure(self) -> Figure:
        """The same as a plotly figure, for files and reports. Black stands for the text colour."""
        from plotly.graph_objects import Figure, layout

        figure = Figure(_inked(list(self.data)), _inked(self.layout))
        # Streamlit, once imported, makes a placeholder the default template.
        figure.update_layout(
            template=layout.Template(), title={"text": escaped(self.title)}, showlegend=True
        )
        return figure


def packed(values: npt.ArrayLike) -> dict[str, str]:
    """Numbers in the form that plotly.js reads without parsing: 32-bit floats in base64."""
    array = np.ascontiguousarray(values, dtype="<f4")
    return {"dtype": "f4", "bdata": b64encode(array.tobytes()).decode("ascii")}


def escaped(text: str, longest: int = 60) -> str:
    """Text from outside for a label: plotly would render tags and links in it."""
    short = text if len(text) <= longest else text[: longest - 1] + "…"
    return html.escape(short.replace("\n", " "))


def frame(**layout: Any) -> dict[str, Any]:
    """A layout that all charts share, with what is its own."""
    shared: dict[str, Any] = {
        "margin": {"l": 48, "r": 12, "t": 8, "b": 38},
        "showlegend": False,
        "hovermode": "closest",
        "uirevision": "kept",
        "font": {"size": 12},
    }
    return shared | layout


def axis(title: str, **own: Any) -> dict[str, Any]:
    """An axis with its title."""
    return {
        "title": {"text": title, "standoff": 6},
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
    } | own


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
    }


def _inked(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: "#000000" if own == TEXT and key in ("color", "outlinecolor") else _inked(own)
            for key, own in value.items()
        }
    if isinstance(value, list):
        return [_inked(own) for own in value]
    return value
