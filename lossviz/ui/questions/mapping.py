"""Four classes, or two answers: the mapping between the two, both ways."""

from __future__ import annotations

from math import isnan

import streamlit as st

from lossviz.errors import LossVizError
from lossviz.figures import two_distributions
from lossviz.losses.questions.encodings import Coordinates, distribution, finite, marginals
from lossviz.ui.parts.chart import draw
from lossviz.ui.parts.words import NOTHING, digits
from lossviz.ui.questions.guess import guess
from lossviz.ui.questions.typed import LABELS, Typed, Values

QUESTION = (
    "Multi-class: four logits, one for each whole label. Multi-label: two, one for A against B and "
    "one for C against D. Can both say the same things?"
)
SAME, FOUR_SAY_MORE, TWO_SAY_MORE = OPTIONS = (
    "Yes, in other words",
    "No, four logits can say more",
    "No, two logits can say more",
)
TERMS = (
    "A class for each whole label is called a label powerset, an answer for each part binary "
    "relevance. u, v and t are the coordinates of a log-linear model."
)
NAMES = ("u", "v", "t")
MEANINGS = ("u · A against B", "v · C against D", "t · how the parts hang together")
FARTHEST = 100.0
"""Beyond it every probability is 0 or 1."""
PROBLEM = "mapping-problem"
HEIGHT = 320


def _classes_typed() -> None:
    if not CLASSES.take():
        _write(Coordinates.of(CLASSES.good))


CLASSES = Typed("mapping", (0.4, 0.1, 0.2, 0.3), distribution, 0.05, _classes_typed)


def _write(coordinates: Coordinates) -> None:
    """Show these coordinates. A field that is empty is infinite, and says so."""
    for name, value in zip(NAMES, (coordinates.u, coordinates.v, coordinates.t), strict=True):
        # Rounding to what a person can see a difference in: 1e-17 is 0.
        st.session_state[f"mapping-{name}"] = (
            round(value, 12) + 0.0 if abs(value) <= FARTHEST else None
        )
    st.session_state[PROBLEM] = ""


def _coordinates_typed() -> None:
    typed = [st.session_state[f"mapping-{name}"] for name in NAMES]
    try:
        CLASSES.put(Coordinates(*finite(typed, NAMES, FARTHEST)).probabilities().tolist())
        st.session_state[PROBLEM] = ""
    except LossVizError as error:
        st.session_state[PROBLEM] = str(error)


@st.fragment
def one_label_two_encodings() -> None:
    """Type four probabilities or three coordinates; the others follow."""
    guessed = guess(QUESTION, OPTIONS, key="mapping", terms=TERMS)
    if guessed is None:
        return
    left, middle, right = st.columns([4, 4, 6], gap="medium")
    with left:
        p = _four_classes()
    coordinates = Coordinates.of(p)
    with middle:
        _two_answers(coordinates)
    alone = Coordinates(coordinates.u, coordinates.v, 0.0)
    with right:
        draw(
            two_distributions(
                "What u and v alone would say",
                ("four classes", p),
                ("sigmoid(u) · sigmoid(v)", alone.probabilities()),
            ),
            key="mapping",
            height=HEIGHT,
        )
    guessed.answer(FOUR_SAY_MORE, _because(p, coordinates, alone))


def _four_classes() -> Values:
    st.markdown("**Four classes:** their probabilities, or any counts")
    p = CLASSES.fields(_rows)
    _, c = marginals(p)
    st.caption(
        f"P(C) = {digits(c)}, P(D) = {digits(1 - c)}. What you type is divided by its sum: "
        f"{', '.join(f'{name} {digits(value)}' for name, value in zip(LABELS, p, strict=True))}."
    )
    st.caption(
        r"Their logits: $\frac12\,[\,u(+,+,-,-) + v(+,-,+,-) + t(+,-,-,+)\,]$ in the order AC, AD, "
        "BC, BD."
    )
    return p


def _rows(p: Values) -> tuple[str, str]:
    a, _ = marginals(p)
    return f"P(A) = {digits(a)}", f"P(B) = {digits(1 - a)}"


def _two_answers(coordinates: Coordinates) -> None:
    st.markdown("**Two answers, and a coupling:** as logits")
    for name, meaning, value in zip(
        NAMES, MEANINGS, (coordinates.u, coordinates.v, coordinates.t), strict=True
    ):
        key = f"mapping-{name}"
        if key not in st.session_state:
            _write(coordinates)
        st.number_input(
            meaning,
            value=None,
            step=0.1,
            format="%.4g",
            key=key,
            placeholder=digits(value),
            on_change=_coordinates_typed,
            persist_state="session",
        )
    if st.session_state.get(PROBLEM):
        st.error(st.session_state[PROBLEM], icon=":material/error:")
    st.caption(_meaning(coordinates) if coordinates.finite else _infinite(coordinates))


def _meaning(coordinates: Coordinates) -> str:
    return (
        f"The logit of A is u + t = {digits(coordinates.u + coordinates.t)} where the second part "
        f"is C, and u − t = {digits(coordinates.u - coordinates.t)} where it is D. The log odds "
        f"ratio is 2t = {digits(coordinates.log_odds_ratio)}."
    )


def _infinite(coordinates: Coordinates) -> str:
    named = ", ".join(
        f"{name} {'is' if isnan(value) else '='} {digits(value)}"
        for name, value in zip(NAMES, (coordinates.u, coordinates.v, coordinates.t), strict=True)
    )
    return (
        f"A probability of exactly 0 lies infinitely far away: {named}. Logits come as near to it "
        "as you like, but not there."
    )


def _because(p: Values, coordinates: Coordinates, alone: Coordinates) -> str:
    if not coordinates.finite:
        return (
            "Two logits lack a third number, t, for how the parts hang together. With a "
            "probability of 0 it cannot even be written down: try other numbers."
        )
    if abs(coordinates.t) < NOTHING:
        return (
            "Two logits lack a third number, t, for how the parts hang together. Here t is 0, so "
            "they do say the same; change one of the four, and they no longer do."
        )
    return (
        f"Two logits lack a third number, t = {digits(coordinates.t)}, for how the parts hang "
        f"together: u and v alone give AC {digits(alone.probabilities()[0])} instead of "
        f"{digits(p[0])}."
    )
