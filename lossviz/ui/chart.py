"""Charts on a page: drawn in the browser, changed without being built anew.

A chart that changes while one looks at it is mounted once, empty; its content comes through
:func:`feed`, one element in the fragment that polls. So an update is one message for all charts,
and no widget of the page is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from lossviz.figures import Chart

# The code itself is a static file: what stands here travels with every message.
_CHART = """
export default function (component) {
  let end = null, gone = false;
  import(new URL("assets/app/chart.js", document.baseURI)).then((own) => {
    if (!gone) end = own.default(component);
  });
  return () => { gone = true; end?.(); };
}
"""
_FEED = """
export default function ({ data }) {
  import(new URL("assets/app/chart.js", document.baseURI)).then((own) => own.publish(data.charts));
}
"""


def draw(
    chart: Chart | None,
    *,
    key: str,
    height: int,
    on_click: Callable[[], None] | None = None,
) -> object | None:
    """Show a chart; without one, what is fed to this key.

    :param height: in pixels, kept from the start.
    :param on_click: makes data points with ``customdata`` clickable.
    :returns: the ``customdata`` of the point that was just clicked.
    """
    component = st.components.v2.component(
        "lossviz.chart", js=_CHART, html='<div class="lv-chart"></div>', isolate_styles=False
    )
    data = {
        "id": key,
        "chart": chart.to_json() if chart else None,
        "height": height,
        "clickable": on_click is not None,
    }
    if on_click is None:
        component(data=data, key=f"chart-{key}", height=height)
        return None
    result = component(data=data, key=f"chart-{key}", height=height, on_clicked_change=on_click)
    clicked: object | None = result.clicked
    return clicked


def feed(charts: Mapping[str, Chart]) -> None:
    """Give mounted charts what they show now. Those not named keep what they show."""
    component = st.components.v2.component("lossviz.feed", js=_FEED, isolate_styles=False)
    data = {"charts": {key: chart.to_json() for key, chart in charts.items()}}
    component(data=data, key="feed", height=1)
