"""Exhibits on a page: where they stand, and what they show now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from lossviz.compute.lab import Lab
from lossviz.figures import AT_FIRST, Chart, Look, ShownRuns
from lossviz.figures.base.exhibit import Exhibit, S
from lossviz.ui.parts.chart import draw

LEAST_WIDTH = 280
"""Of each chart of several side by side, in pixels."""


def runs_of(lab: Lab, look: Look = AT_FIRST) -> ShownRuns:
    """The runs of a lab, as its charts show them."""
    return ShownRuns(lab.dataset.schema, lab.runs, lab.answers, look)


def lay_out(
    exhibits: Iterable[Exhibit[S]], shown: S, layouts: Mapping[str, Callable[[], object]]
) -> None:
    """Room for the charts of a page, in order; what they show comes over the channel.

    :param layouts: of the exhibits that have a layout of their own here, by id.
    """
    for exhibit in exhibits:
        if exhibit.id in layouts:
            layouts[exhibit.id]()
        else:
            mount(exhibit, shown)
            st.caption(exhibit.note)


def mount(
    exhibit: Exhibit[S], shown: S, *, on_click: Callable[[], None] | None = None
) -> dict[str, object]:
    """Room for all charts of one exhibit; see :func:`lossviz.ui.parts.chart.draw`.

    :returns: what was just clicked in which of them.
    """
    return _side_by_side(exhibit, shown, {}, "", on_click)


def boxes(exhibit: Exhibit[S], shown: S) -> None:
    """Room for all charts of one exhibit, each in a box, in a grid that is there already."""
    for view in exhibit.views(shown):
        with st.container(border=True):
            draw(None, key=exhibit.key(view), height=exhibit.height(shown))


def hang(
    exhibit: Exhibit[S], shown: S, key: str, *, on_click: Callable[[], None] | None = None
) -> dict[str, object]:
    """All charts of one exhibit, as they are; otherwise likewise.

    :param key: before their own keys: a page may show several things of the kind.
    """
    charts = {view: exhibit.make(shown, view) for view in exhibit.views(shown)}
    return _side_by_side(exhibit, shown, charts, f"{key}-", on_click)


def _side_by_side(
    exhibit: Exhibit[S],
    shown: S,
    charts: Mapping[str, Chart],
    key: str,
    on_click: Callable[[], None] | None,
) -> dict[str, object]:
    views, height = list(exhibit.views(shown)), exhibit.height(shown)
    single = views == [""]
    columns = max(2, len(views))
    clicked = {}
    with st.container() if single else st.grid(columns, min_column_width=LEAST_WIDTH, gap="small"):
        for view in views:
            clicked[view] = draw(
                charts.get(view), key=key + exhibit.key(view), height=height, on_click=on_click
            )
    return {view: what for view, what in clicked.items() if what is not None}
