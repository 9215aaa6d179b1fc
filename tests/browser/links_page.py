"""A page to be tested: a map and a front of one sweep, and another chart by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import streamlit as st

from lossviz.experiments.sweep.grid import Grid
from lossviz.figures.sweep.front import front
from lossviz.figures.sweep.sweep_lines import errors_by_ratio
from lossviz.figures.sweep.sweep_map import error_map
from lossviz.ui.parts.chart import draw
from tests.support.sweep_results import result, trade

STYLES = Path(__file__).resolve().parents[2] / "assets" / "lossviz.css"
RATIO = Grid(2, kind="ratio")


def main() -> None:
    st.set_page_config(layout="wide")
    st.html(STYLES)
    st.session_state.setdefault("point", None)
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    noise = 0.03 if st.toggle("Other errors") else 0.004
    own, ratios = result(trade(noise=noise)), result(trade(RATIO), grid=RATIO)
    linked = {"map": error_map(own, 0), "front": front(own)}
    left, right = st.columns(2)
    for column, (key, chart) in zip((left, right), linked.items(), strict=True):
        with column:
            marked = replace(chart, marked=st.session_state.point)
            cell = draw(marked, key=key, height=420, on_click=lambda: None, link="sweep")
            if cell:
                st.session_state.point = cell[0]
    with left:
        draw(errors_by_ratio(ratios), key="lines", height=300, link="ratios")
    with right:
        draw(front(ratios), key="alone", height=300, on_click=lambda: None)
    st.html('<div style="height: 900px"></div>')
    with st.container(key="point"):
        st.text("The point")
    said = {"point": st.session_state.point, "runs": st.session_state["runs"]}
    st.html(f'<p id="said" hidden>{json.dumps(said)}</p>')


if __name__ == "__main__":
    main()
