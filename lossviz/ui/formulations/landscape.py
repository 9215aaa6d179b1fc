"""The loss over a model's outputs: surfaces side by side, and what they are surfaces of."""

from __future__ import annotations

import streamlit as st

from lossviz.compute.tasks import engine
from lossviz.data import Dataset
from lossviz.figures import View
from lossviz.figures.surfaces.explorer import sliders_of
from lossviz.losses.objectives import OBJECTIVES
from lossviz.schema import LabelSchema
from lossviz.sharing.looks import TEXTBOOK
from lossviz.ui.parts.ask import ask
from lossviz.ui.parts.controls import tied, tied_to_look
from lossviz.ui.parts.surface_explorer import VIEWS, surface_explorer
from lossviz.ui.state.explorer import MOST_PANELS, Explorer, first_parts
from lossviz.ui.state.session import Session

COUPLINGS = (-4.0, -3.0, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
HEIGHT, SLIDERS = 380, 92
OF_TEXTBOOK, OF_DATA = "AC, AD, BC, BD", "your data"
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
    surfaces = ask(engine.output_surfaces, planes)
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
        _labels(explorer, dataset)
        schema = explorer.schema(dataset)
        st.selectbox(
            "True label",
            schema.classes,
            **tied("explorer-true", explorer.true(schema), lambda true: explorer.change(true=true)),
            format_func=lambda codes: schema.format(schema.decode(codes)),
            width=190,
        )
        st.select_slider(
            "Coupling t",
            COUPLINGS,
            **tied_to_look(explorer, "coupling", "explorer-coupling"),
            format_func=lambda coupling: f"{coupling:g}",
            width=150,
            help="How the parts hang together: z(AC) + z(BD) − z(AD) − z(BC) = 2t. At 0 they are "
            "independent.",
        )
        _beside(explorer)
        st.segmented_control(
            "Seen",
            list(VIEWS),
            **tied_to_look(explorer, "view", "explorer-view"),
            format_func=VIEWS.__getitem__,
            required=True,
        )


def _labels(explorer: Explorer, dataset: Dataset) -> None:
    if first_parts(dataset.schema) is None:
        return

    def choose(labels: str) -> None:
        explorer.change(parts=None if labels == OF_DATA else TEXTBOOK, true=(0, 0))

    st.selectbox(
        "Labels",
        [OF_TEXTBOOK, OF_DATA],
        **tied("explorer-labels", OF_DATA if explorer.parts(dataset) else OF_TEXTBOOK, choose),
        width=150,
        help="Two parts with two values each. Of a larger label: the two parts and the values with "
        "the most combinations; what never occurs together has no probability.",
    )


def _beside(explorer: Explorer) -> None:
    def choose(names: list[str]) -> None:
        explorer.change(beside=tuple(names))

    others = [name for name in OBJECTIVES if name != explorer.look.formulation]
    beside = [name for name in explorer.look.beside if name in others]
    st.multiselect(
        "Beside it, on the same scale",
        others,
        **tied("explorer-beside", beside, choose),
        max_selections=MOST_PANELS - 1,
        placeholder="Choose up to three",
        width="stretch",
    )
