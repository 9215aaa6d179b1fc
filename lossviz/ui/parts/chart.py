"""Charts on a page: drawn in the browser, changed without being built anew.

A chart that changes while one looks at it is mounted once, empty; its content comes through
:func:`feed`, one element in the fragment that polls. So an update is one message for all charts,
and no widget of the page is touched.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from zlib import crc32

import plotly
import streamlit as st

from lossviz.figures import Chart
from lossviz.ui.server import ROOT

RESEND = (0.0, 0.5, 1.5, 3.0)
"""Seconds after which a chart is sent, unless a newer one took its place. A browser that is busy
drawing sees only the last of several messages, so one sending is not enough; what has arrived
already is recognised by its version."""

STALL_MS = 12_000
"""Longer than any pause between two updates, also with sixty sessions."""

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
_feed = st.components.v2.component(
    "lossviz.feed",
    js=f"""
export default function ({{ data, setTriggerValue }}) {{
  const {{ charts, busy }} = JSON.parse(new TextDecoder().decode(data));
  import({module("chart.js")}).then((code) => code.publish(charts));
  clearTimeout(window.lossvizStalled);
  window.lossvizStalled = busy && setTimeout(() => setTriggerValue("stalled", true), {STALL_MS});
  return () => clearTimeout(window.lossvizStalled);
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
    link: str | None = None,
) -> object | None:
    """Show a chart; without one, what is fed to this key.

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


def feed(charts: Mapping[str, Chart], *, busy: bool = False, key: str = "feed") -> bool:
    """Give mounted charts what they show now. Those not named keep what they show.

    :param busy: whether more is to come soon.
    :returns: whether it did not come: on a crowded server a page can lose its timer. Then the
        page has to be run as a whole.
    """
    outbox: Outbox = st.session_state.setdefault(f"lossviz-{key}", Outbox())
    now = time.monotonic()
    outbox.put(charts, now)
    # The last message of a page that comes to rest takes the place of those before it, so it has
    # to hold them; nothing is sent after it.
    due = outbox.due(now) if busy else outbox.unsure()
    message = f'{{"busy":{json.dumps(busy)},"charts":{due}}}'
    result = _feed(data=message.encode(), key=key, height=1, on_stalled_change=_nothing)
    return bool(result.stalled)


def _nothing() -> None:
    """What stalled is answered by whoever feeds."""


def answered_here() -> None:
    """Makes a chart clickable: a click is answered where the chart is drawn."""


@dataclass
class Outbox:
    """The charts that a browser may still have to be told."""

    _waiting: dict[str, tuple[str, list[float]]] = field(default_factory=dict)

    def put(self, charts: Mapping[str, Chart], now: float) -> None:
        """Take in new charts; each takes the place of an older one of its name.

        :param now: in seconds, on a clock that only goes forward.
        """
        for name, chart in charts.items():
            text = json.dumps(chart.to_json(), separators=(",", ":"), allow_nan=False)
            entry = f"{json.dumps(name)}:[{crc32(text.encode())},{text}]"
            self._waiting[name] = entry, [now + delay for delay in RESEND]

    def due(self, now: float) -> str:
        """What to send now: ``{id: [version, chart], …}`` as JSON."""
        due = [entry for entry, times in self._waiting.values() if times[0] <= now]
        later = (
            (name, entry, [time for time in times if time > now])
            for name, (entry, times) in self._waiting.items()
        )
        self._waiting = {name: (entry, times) for name, entry, times in later if times}
        return f"{{{','.join(due)}}}"

    def unsure(self) -> str:
        """Everything that may not have arrived, likewise."""
        return f"{{{','.join(entry for entry, _ in self._waiting.values())}}}"
