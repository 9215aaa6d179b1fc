"""Charts on a page: drawn in the browser, changed without being built anew.

A chart that changes while one looks at it is mounted once, empty; its content comes over the
page's channel. So an update is one message for all charts, and no widget of the page is touched.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import plotly
import streamlit as st

from lossviz.figures import Chart
from lossviz.ui.root import ROOT

# The code itself is a static file: what stands here travels with every message. The version in
# its address makes browsers load a changed file.
_FILES = [file.read_bytes() for file in sorted((ROOT / "assets").glob("*.js"))]
_VERSION = sha256(b"".join([*_FILES, plotly.__version__.encode()])).hexdigest()[:10]


def module(name: str) -> str:
    """The address of a file of code, as JavaScript."""
    return f'new URL("assets/app/{name}?v={_VERSION}", document.baseURI)'


def mounted(name: str) -> str:
    """The code of a component that a module's default function draws.

    Streamlit calls it anew for every change of the data, and what the last call returned once the
    element is gone.
    """
    return f"""
export default function (component) {{
  let end = null, gone = false;
  import({module(name)}).then((code) => {{
    if (!gone) end = code.default(component);
  }});
  return () => {{ gone = true; end?.(); }};
}}
"""


_chart = st.components.v2.component(
    "lossviz.chart",
    js=mounted("chart.js"),
    html='<div class="lv-chart"></div>',
    isolate_styles=False,
)


def draw(
    chart: Chart | None,
    *,
    key: str,
    height: int,
    on_click: Callable[[], None] | None = None,
    link: str | None = None,
) -> object | None:
    """Show a chart; without one, what comes over the channel under this key.

    :param height: of everything, in pixels; kept from the start.
    :param on_click: makes data points with ``customdata`` clickable.
    :param link: names a group of charts of the same grid: what is pointed at in one of them is
        marked in all.
    :returns: the ``customdata`` of the point that was just clicked.
    """
    data = {
        "id": key,
        "chart": chart.to_json() if chart else None,
        "height": height,
        "clickable": on_click is not None,
        "link": link,
    }
    if on_click is None:
        _chart(data=data, key=f"chart-{key}", height=height)
        return None
    result = _chart(data=data, key=f"chart-{key}", height=height, on_clicked_change=on_click)
    clicked: object | None = result.clicked
    return clicked


def answered_here() -> None:
    """Makes a chart clickable: a click is answered where the chart is drawn."""
