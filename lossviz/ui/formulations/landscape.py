"""The loss over a model's outputs: surfaces side by side, and what they are surfaces of."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from lossviz.compute.tasks import output_surfaces
from lossviz.figures import View
from lossviz.figures.surfaces.explorer import sliders_of
from lossviz.losses.objectives import OBJECTIVES
from lossviz.schema import LabelSchema
from lossviz.sharing.looks import TEXTBOOK
from lossviz.ui.parts.ask import ask
from lossviz.ui.parts.surface_explorer import surface_explorer
from lossviz.ui.state.explorer import MOST_PANELS, Explorer, first_parts
from lossviz.ui.state.session import Session

COUPLINGS = (-4.0, -3.0, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
HEIGHT, SLIDERS = 380, 92
HOW_TO_READ = (
    "One text, whose true label is chosen above; every point is an answer that a model could give "
    "to it, by its log odds u and v for each part. Low is what the loss wants. The coupling t says "
    "how the parts hang together (2t is the log odds ratio); where the parts have separate logits, "
    "it has no place. Nothing is trained here."
)


def landscape(
    session: Session, *, key: str, formulations: tuple[str, ...], view: View, height: int = HEIGHT
) -> None:
    """The surfaces of these formulations, with α, β and γ to drag; nothing is trained."""
    explorer = session.explorer
    planes = explorer.planes(session.data.dataset, formulations)
    surfaces = ask(output_surfaces, planes)
    if surfaces is None:
        st.skeleton(height=height + SLIDERS)
        return
    schema, true = planes[0].schema, planes[0].true
    label = schema.format(schema.decode(true))
    surface_explorer(
        [(_title(each.formulation, label, explorer.look.coupling), each) for each in surfaces],
        explorer.look.weights,
        sliders_of((OBJECTIVES[name] for name in formulations), schema.names),
        axes=(_axis("u", schema, 0), _axis("v", schema, 1)),
        corners=_corners(schema),
        view=view,
        key=key,
        height=height,
        on_release=lambda weights: explorer.change(weights=weights),
    )


def _title(name: str, label: str, coupling: float) -> str:
    blind = coupling and OBJECTIVES[name].head == "factorised"
    return f"{name}: loss where {label} is true" + (" (knows no coupling)" if blind else "")


def _axis(axis: str, schema: LabelSchema, k: int) -> str:
    first, second = schema.components[k].values
    return f"{axis}: log odds, {first} to {second}"


def _corners(schema: LabelSchema) -> tuple[str, str, str, str]:
    (a, b), (c, d) = (component.values for component in schema.components)
    first, second, third, fourth = map(schema.format, ((a, c), (a, d), (b, c), (b, d)))
    return first, second, third, fourth


def how_to_read() -> None:
    """What a point of the surfaces is."""
    st.caption(HOW_TO_READ)


def landscape_controls(session: Session) -> None:
    """Which labels, which is true, the coupling, what stands beside, and from where one looks."""
    explorer, dataset = session.explorer, session.data.dataset
    with st.container(horizontal=True, vertical_alignment="bottom", key="landscape-controls"):
        _labels(session)
        _true_label(explorer, explorer.schema(dataset))
        _coupling(explorer)
        _beside(explorer)
        _view(explorer)


def _labels(session: Session) -> None:
    explorer, dataset = session.explorer, session.data.dataset
    if first_parts(dataset.schema) is None:
        return

    def choose() -> None:
        of_data = st.session_state["explorer-labels"] == "your data"
        explorer.change(parts=None if of_data else TEXTBOOK, true=(0, 0))

    st.session_state["explorer-labels"] = (
        "your data" if explorer.parts(dataset) else "AC, AD, BC, BD"
    )
    st.selectbox(
        "Labels",
        ["AC, AD, BC, BD", "your data"],
        key="explorer-labels",
        on_change=choose,
        width=150,
        help="Two parts with two values each. Of a larger label: the two parts and the values with "
        "the most combinations; what never occurs together has no probability.",
    )


def _true_label(explorer: Explorer, schema: LabelSchema) -> None:
    def choose() -> None:
        explorer.change(true=st.session_state["explorer-true"])

    st.session_state["explorer-true"] = explorer.true(schema)
    st.selectbox(
        "True label",
        schema.classes,
        format_func=lambda codes: schema.format(schema.decode(codes)),
        key="explorer-true",
        on_change=choose,
        width=190,
    )


def _coupling(explorer: Explorer) -> None:
    def choose() -> None:
        explorer.change(coupling=st.session_state["explorer-coupling"])

    st.session_state["explorer-coupling"] = explorer.look.coupling
    st.select_slider(
        "Coupling t",
        COUPLINGS,
        format_func=lambda value: f"{value:g}",
        key="explorer-coupling",
        on_change=choose,
        width=150,
        help="How the parts hang together: z(AC) + z(BD) − z(AD) − z(BC) = 2t. At 0 they are "
        "independent.",
    )


def _beside(explorer: Explorer) -> None:
    def choose() -> None:
        explorer.change(beside=tuple(st.session_state["explorer-beside"]))

    others = [name for name in OBJECTIVES if name != explorer.look.formulation]
    st.session_state["explorer-beside"] = [text for text in explorer.look.beside if text in others]
    st.multiselect(
        "Beside it, on the same scale",
        others,
        key="explorer-beside",
        on_change=choose,
        max_selections=MOST_PANELS - 1,
        placeholder="Choose up to three",
        width="stretch",
    )


def _view(explorer: Explorer) -> None:
    def choose() -> None:
        explorer.change(view=st.session_state["explorer-view"])

    st.session_state["explorer-view"] = explorer.look.view
    st.segmented_control(
        "Seen",
        get_args(View),
        format_func={"3d": "3D", "contour": "from above"}.__getitem__,
        key="explorer-view",
        required=True,
        on_change=choose,
    )
