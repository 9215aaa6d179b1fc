"""Elements: what a report is made of, as plain values; the template turns them into HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from lossviz.figures import Chart
from lossviz.figures.base.exhibit import Exhibit, S

MOST_ROWS = 300
"""Of a table behind a chart; the chart's own download has all of them."""


@dataclass(frozen=True)
class Words:
    """A sentence, or some."""

    text: str
    tone: Literal["plain", "lead", "note", "warning"] = "plain"
    kind: ClassVar[str] = "words"


@dataclass(frozen=True)
class Points:
    """Sentences, one below the other; a word before each says what it is about."""

    items: tuple[tuple[str, str], ...]
    kind: ClassVar[str] = "points"


@dataclass(frozen=True)
class Heading:
    """Of what follows, within a section."""

    text: str
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True)
class TextTable:
    """Rows of texts; columns of numbers stand on the right.

    :param more: rows that are not shown.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    more: int = 0
    kind: ClassVar[str] = "table"

    @classmethod
    def of(cls, caption: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> TextTable:
        """A table of texts and numbers."""
        numeric = tuple(
            bool(rows) and all(not isinstance(row[j], str) for row in rows)
            for j in range(len(columns))
        )
        shown = tuple(tuple(map(written, row)) for row in rows[:MOST_ROWS])
        return cls(caption, tuple(columns), shown, numeric, max(len(rows) - MOST_ROWS, 0))


@dataclass(frozen=True)
class Plot:
    """A chart, and the table behind it.

    :param chart: what the browser needs.
    :param link: names the charts that mark in each other what is pointed at.
    """

    chart: Mapping[str, Any]
    title: str
    alt: str
    height: int
    table: TextTable
    link: str = ""

    @classmethod
    def of(cls, chart: Chart, height: int, link: str = "") -> Plot:
        """A chart as tall as this, in pixels."""
        table = TextTable.of(chart.title, chart.columns, chart.rows)
        link = link if chart.places else ""
        return cls(chart.to_json(), chart.title, chart.alt, height, table, link)


ALONE = 600
"""The width of a chart with room for many rows."""


@dataclass(frozen=True)
class Plots:
    """Charts side by side, where there is room.

    :param least: the width in pixels that each of them needs.
    """

    plots: tuple[Plot, ...]
    least: int = 330
    kind: ClassVar[str] = "plots"

    @classmethod
    def of(cls, exhibit: Exhibit[S], shown: S, link: str = "") -> Plots:
        """The charts of an exhibit that have something to show; one by itself takes the width of
        the page."""
        height, views = exhibit.height(shown), list(exhibit.views(shown))
        charts = [exhibit.make(shown, view) for view in views]
        plots = tuple(
            Plot.of(chart, height, link) for chart in charts if any(map(len, chart.values))
        )
        return cls(plots, ALONE) if views == [""] else cls(plots)


@dataclass(frozen=True)
class Relief:
    """Surfaces side by side, that can be turned and mixed.

    :param message: what the browser draws: weights, sliders and charts without numbers.
    :param grids: the numbers.
    :param alt: of each surface.
    """

    message: Mapping[str, Any]
    grids: Sequence[Mapping[str, Any]]
    alt: tuple[str, ...]
    table: TextTable
    kind: ClassVar[str] = "relief"


@dataclass(frozen=True)
class Code:
    """A text to copy.

    :param label: what it is, for those who do not see it.
    """

    label: str
    text: str
    kind: ClassVar[str] = "code"


Element = Words | Points | Heading | TextTable | Plots | Relief | Code


@dataclass(frozen=True)
class Section:
    """A part of the report.

    :param id: of its place in the file.
    :param title: states what it shows.
    """

    id: str
    title: str
    elements: tuple[Element, ...]


def written(value: object) -> str:
    """A cell as a person reads it.

    >>> written(1240), written(0.123456), written("A")
    ('1,240', '0.1235', 'A')
    """
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"


def unbroken(text: str) -> str:
    """For a cell of a narrow table: a line ends before ``n``, and nowhere else."""
    return text.replace(" ", "\N{NO-BREAK SPACE}").replace(",\N{NO-BREAK SPACE}n", ", n")
