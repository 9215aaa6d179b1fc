"""Loss surfaces side by side, and their weights: dragged and mixed in the browser.

The grids travel in an element of their own: what stays the same from one run of the page to the
next is not sent again, and they are the large part.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any
from zlib import crc32

import streamlit as st

from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.weights import Weights
from lossviz.figures import Corners, Scale, View
from lossviz.figures.surfaces.explorer import WeightSlider, explorer, grids_of
from lossviz.ui.parts.chart import module, mounted
from lossviz.ui.parts.follow import bind
from lossviz.ui.parts.weights import released

__all__ = ["VIEWS", "WeightSlider", "surface_explorer"]

Panels = Sequence[tuple[str, Surface]]
"""Title and surface of each."""
VIEWS: dict[View, str] = {"3d": "3D", "contour": "from above"}
"""From where surfaces are seen."""

_grids = st.components.v2.component(
    "lossviz.grids",
    js=f"""
export default function ({{ data }}) {{
  const {{ id, version, grids }} = JSON.parse(new TextDecoder().decode(data));
  import({module("surface.js")}).then((code) => code.publish(id, version, grids));
}}
""",
    isolate_styles=False,
)
_surfaces = st.components.v2.component(
    "lossviz.surfaces",
    js=mounted("surface.js"),
    html='<div class="lv-surfaces"></div>',
    isolate_styles=False,
)


def surface_explorer(  # noqa: PLR0913
    panels: Panels,
    weights: Weights,
    sliders: Sequence[WeightSlider],
    *,
    axes: tuple[str, str],
    corners: Corners,
    view: View,
    key: str,
    scale: Scale = "linear",
    height: int = 360,
    on_release: Callable[[Weights], None] | None = None,
    follow: Callable[[], Panels] | None = None,
) -> Weights | None:
    """Show surfaces at these weights; from then on the browser's sliders move them.

    What the user moved stays, until the page gives other weights than in its last run.

    :param panels: title and surface of each.
    :param weights: ``(K + 1,)``: the components', then the whole label's.
    :param sliders: of the weights that act on these surfaces.
    :param scale: of the height and the colours.
    :param height: of a panel, in pixels; kept from the start.
    :param on_release: called with all weights before the page runs again because a slider was let
        go of.
    :param follow: the same panels, which show something else by and by: the browser is told, and
        no script runs for it.
    :returns: all weights as they were last let go of; None before.
    """
    name = f"surfaces-{key}"
    seen = released(st.session_state.get(name), len(weights))

    def said_of(panels: Panels, version: int) -> dict[str, Any]:
        return explorer(
            panels,
            weights,
            sliders,
            axes=axes,
            corners=corners,
            view=view,
            scale=scale,
            key=key,
            version=version,
            height=height,
            seen=seen[0] if seen else 0,
        )

    grids, version = _numbers(panels)
    message = f'{{"id":{json.dumps(key)},"version":{version},"grids":{grids}}}'
    _grids(data=message.encode(), key=f"grids-{key}", height=1)
    data = said_of(panels, version)
    if follow is not None:
        data["follows"] = _follow(key, follow, said_of)

    def let_go() -> None:
        now = released(st.session_state.get(name), len(weights))
        if now and on_release:
            on_release(now[1])

    # As bytes: Streamlit would look into every value.
    result = _surfaces(
        data=json.dumps(data, separators=(",", ":"), allow_nan=False).encode(),
        key=name,
        on_released_change=let_go,
    )
    now = released(result, len(weights))
    return now[1] if now else None


def _numbers(panels: Panels) -> tuple[str, int]:
    """The grids as JSON, and by what the browser tells them from others."""
    grids = json.dumps(grids_of(panels), separators=(",", ":"))
    return grids, crc32(grids.encode())


def _follow(
    key: str, panels: Callable[[], Panels], said_of: Callable[[Panels, int], dict[str, Any]]
) -> str:
    """Have the browser told what the panels show, each time once.

    :returns: the topic that it listens for.
    """
    topic = f"surfaces/{key}"
    latest: tuple[Panels, dict[str, Any]] | None = None

    def look() -> dict[str, Any]:
        nonlocal latest
        now = tuple(panels())
        if latest is None or not all(
            before.grids is surface.grids
            for (_, before), (_, surface) in zip(latest[0], now, strict=True)
        ):
            grids, version = _numbers(now)
            latest = now, {"grids": json.loads(grids), **said_of(now, version), "follows": topic}
        return latest[1]

    bind(topic, look)
    return topic
