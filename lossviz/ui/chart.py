"""Charts on a page: drawn in the browser, changed without being built anew.

A chart that changes while one looks at it is mounted once, empty; its content comes through
:func:`feed`, one element in the fragment that polls. So an update is one message for all charts,
and no widget of the page is touched.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from zlib import crc32

import plotly
import streamlit as st

from lossviz.figures import Chart
from lossviz.ui.server import ROOT

RESEND_SECONDS = 3.0
"""A browser that is busy drawing keeps only the last of several messages; so every chart is sent
again for a while. One that it has already is recognised by its version and costs it nothing."""

# The code itself is a static file: what stands here travels with every message. The version in
# its address makes browsers load a changed file.
_VERSION = sha256((ROOT / "assets" / "chart.js").read_bytes() + plotly.__version__.encode())
_MODULE = f'new URL("assets/app/chart.js?v={_VERSION.hexdigest()[:10]}", document.baseURI)'
# Streamlit calls the function anew for every change of the data, and what the last call returned
# once the element is gone.
_chart = st.components.v2.component(
    "lossviz.chart",
    js=f"""
export default function (component) {{
  let end = null, gone = false;
  import({_MODULE}).then((own) => {{
    if (!gone) end = own.default(component);
  }});
  return () => {{ gone = true; end?.(); }};
}}
""",
    html='<div class="lv-chart"></div>',
    isolate_styles=False,
)
_feed = st.components.v2.component(
    "lossviz.feed",
    js=f"""
export default function ({{ data }}) {{
  import({_MODULE}).then((own) => own.publish(JSON.parse(new TextDecoder().decode(data))));
}}
""",
    isolate_styles=False,
)


def draw(
    chart: Chart | None,
    *,
    key: str,
    height: int,
    on_click: Callable[[], None] | None = None,
) -> object | None:
    """Show a chart; without one, what is fed to this key.

    :param height: of everything, in pixels; kept from the start.
    :param on_click: makes data points with ``customdata`` clickable.
    :returns: the ``customdata`` of the point that was just clicked.
    """
    data = {
        "id": key,
        "chart": chart.to_json() if chart else None,
        "height": height,
        "clickable": on_click is not None,
    }
    if on_click is None:
        _chart(data=data, key=f"chart-{key}", height=height)
        return None
    result = _chart(data=data, key=f"chart-{key}", height=height, on_clicked_change=on_click)
    clicked: object | None = result.clicked
    return clicked


def feed(charts: Mapping[str, Chart], *, key: str = "feed") -> None:
    """Give mounted charts what they show now. Those not named keep what they show."""
    now = time.monotonic()
    recent: dict[str, tuple[float, str]] = st.session_state.setdefault(f"lossviz-{key}", {})
    for name, chart in charts.items():
        text = json.dumps(chart.to_json(), separators=(",", ":"), allow_nan=False)
        recent.pop(name, None)
        recent[name] = (now, f"{json.dumps(name)}:[{crc32(text.encode())},{text}]")
    for name in [name for name, (sent, _) in recent.items() if now - sent > RESEND_SECONDS]:
        del recent[name]
    body = "{" + ",".join(text for _, text in recent.values()) + "}"
    _feed(data=body.encode(), key=key, height=1)
