"""A page to be tested: its address says how many panels, and seen from where."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from lossviz.experiments.surfaces.surface import Surface
from lossviz.figures.base.palette import TEXT, component_colour
from lossviz.ui.parts.surface_explorer import WeightSlider, surface_explorer
from tests.support.surfaces import CORNERS, grouped, holed, linear, single, tempered, tracked

STYLES = Path(__file__).resolve().parents[2] / "assets" / "lossviz.css"
SLIDERS = (
    WeightSlider(0, "α · emotion", component_colour(0)),
    WeightSlider(1, "β · tone", component_colour(1)),
    WeightSlider(2, "γ · whole label", TEXT),
)


def surfaces(coupling: float) -> list[tuple[str, Surface]]:
    return [
        ("A marginals", linear(coupling)),
        ("B expected cost", tempered(coupling)),
        ("C hybrid", linear(coupling, joint=1.0)),
        ("D expected cost, τ = 0.3", tempered(coupling, 0.3)),
        ("E expected cost, two groups", grouped(coupling)),
    ]


def dressed(panels: list[tuple[str, Surface]]) -> list[tuple[str, Surface]]:
    """What the address asks for besides: tracks, and a corner without a finite loss."""
    own = [name for _, name in zip(panels, ("A", "ABC", "AB", "A", "A"), strict=False)]
    if "tracks" in st.query_params:
        panels = [(title, tracked(each, k)) for (title, each), k in zip(panels, own, strict=True)]
        panels[0] = (panels[0][0], single(panels[0][1]))
    if "holes" in st.query_params:
        panels = [(title, holed(each)) for title, each in panels]
    return panels


def released(_: tuple[float, ...]) -> None:
    st.session_state.releases += 1


def main() -> None:
    st.set_page_config(layout="wide")
    st.html(STYLES)
    st.session_state.setdefault("weights", [1.0, 1.0, 1.0])
    st.session_state.setdefault("releases", 0)
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    with st.container(horizontal=True):
        st.button("Rerun")
        if st.button("Preset"):
            st.session_state.weights = [5.0, 0.5, 1.0]
        coupling = 1.5 if st.toggle("Other grids") else 0.0
        away = st.toggle("Away")
        log = st.toggle("Logarithmic", value="log" in st.query_params)
    if away:
        st.text("Nothing here")
        return
    panels = dressed(surfaces(coupling)[: int(st.query_params.get("panels", "2"))])
    weights = surface_explorer(
        panels,
        st.session_state.weights,
        SLIDERS,
        axes=("u: log odds of A against B", "v: log odds of C against D"),
        corners=CORNERS,
        view="contour" if "contour" in st.query_params else "3d",
        key="test",
        scale="log" if log else "linear",
        on_release=released,
    )
    loss = [own.at(weights)[::10, ::10].tolist() for _, own in panels] if weights else []
    said = {"weights": weights, "loss": loss}
    counts = {name: st.session_state[name] for name in ("runs", "releases")}
    st.html(f'<p id="said" hidden>{json.dumps(said | counts)}</p>')


if __name__ == "__main__":
    main()
