"""What separate logits assume, and what marginals leave free: how the parts hang together."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lossviz.arrays import Doubles
from lossviz.compute.tasks import engine
from lossviz.figures import couplings, two_distributions
from lossviz.losses.questions import Descents
from lossviz.losses.questions.encodings import Coordinates, independent, mutual_information
from lossviz.ui.parts.ask import ask, draw_answer
from lossviz.ui.parts.chart import draw
from lossviz.ui.parts.words import NOTHING, digits
from lossviz.ui.questions.guess import guess

FIRST_QUESTION = (
    "A model has separate logits for the two parts (`components`), and its P(A) and P(C) are "
    "exactly right. Is its P(AC) right too?"
)
PRODUCT, TRAINED, NEVER = FIRST_OPTIONS = (
    "Yes: P(AC) is P(A) · P(C)",
    "Yes, once it is trained long enough",
    "No, however long it is trained",
)
SECOND_QUESTION = (
    "`marginals` has a logit for each whole label, so it could get P(AC) right. Its loss asks for "
    "P(A) and P(C). Trained from three different starts, where does P(AC) end?"
)
AT_TRUTH, AT_PRODUCT, ANYWHERE = SECOND_OPTIONS = (
    "Where it should, from every start",
    "At P(A) · P(C), from every start",
    "Somewhere different from every start",
)
TERMS = (
    "Separate logits assume that the parts are independent given the text. What that loses is "
    "their mutual information: the Kullback–Leibler divergence from the product of the marginals."
)
STARTS = (-2.0, 0.0, 2.0)
SLIDERS = (
    ("t", "t · how the parts hang together", 2.0, 1.5),
    ("u", "u · A against B", 1.0, 0.4),
    ("v", "v · C against D", 1.0, -0.2),
)
"""Name, label, how far it goes to either side, and where it is at first. So far every descent
reaches its end."""
CLOSE = 0.01
"""Two probabilities that a person would call the same."""
HEIGHT = 320


@st.fragment
def what_separate_logits_assume() -> None:
    """A coupling to slide, and what two separate answers can say of it."""
    guessed = guess(FIRST_QUESTION, FIRST_OPTIONS, key="coupling", terms=TERMS)
    if guessed is None:
        return
    left, right = st.columns([4, 6], gap="medium")
    with left:
        p = _sliders()
        st.metric(
            "Lost by separate logits",
            f"{digits(mutual_information(p))} nats",
            help="What one part tells about the other. At t = 0 it is nothing.",
        )
    product = independent(p)
    with right:
        draw(
            two_distributions(
                "The best that separate logits can say",
                ("true", p),
                ("P(first part) · P(second part)", product),
            ),
            key="separate",
            height=HEIGHT,
        )
    lost = mutual_information(p) > NOTHING
    guessed.answer(NEVER if lost else PRODUCT, _first_because(p, product, lost))
    _what_marginals_leaves_free(p)


def _sliders() -> Doubles:
    st.markdown("**The true probabilities**, by their logits")
    coordinates = {}
    for name, label, reach, first in SLIDERS:
        st.session_state.setdefault(f"slider-{name}-true", first)
        coordinates[name] = st.slider(
            label, -reach, reach, step=0.1, key=f"slider-{name}-true", persist_state="session"
        )
    return Coordinates(**coordinates).probabilities()


def _first_because(p: Doubles, product: Doubles, lost: bool) -> str:
    if not lost:
        return (
            "Here t is 0: the parts have nothing to do with each other, and then P(AC) is "
            "P(A) · P(C). Move t, and it no longer is."
        )
    return (
        f"Separate logits can only multiply: P(A) · P(C) is {digits(product[0])}, but P(AC) is "
        f"{digits(p[0])}, because A and C come together {'more' if p[0] > product[0] else 'less'} "
        "often than by chance."
    )


def _what_marginals_leaves_free(p: Doubles) -> None:
    st.divider()
    guessed = guess(SECOND_QUESTION, SECOND_OPTIONS, key="free")
    if guessed is None:
        return
    descended = ask(engine.descents, tuple(p.tolist()), STARTS)
    left, right = st.columns([6, 5], gap="medium")
    with left:
        draw_answer(descended, couplings, key="couplings", height=HEIGHT)
    with right:
        if descended is None:
            st.skeleton(HEIGHT)
        else:
            _ends(descended)
    if descended is not None:
        guessed.answer(*_second_answer(descended))


def _ends(descents: Descents) -> None:
    st.markdown("**Where each start ends**")
    ends = [("true", descents.true)]
    ends += [
        (f"{name}, from t = {digits(start)}", end)
        for name, descent in descents.of.items()
        for start, end in zip(descents.starts, descent.ends, strict=True)
    ]
    rows = [(name, *(f"{value:.2f}".replace("-", "−") for value in end)) for name, end in ends]
    st.table(
        pd.DataFrame(rows, columns=["", "P(A)", "P(C)", "P(AC)", "t"]),
        hide_index=True,
        border="horizontal",
    )


def _second_answer(descents: Descents) -> tuple[str, str]:
    """The option that is right, and why."""
    ends = [end.p_ac for end in descents.of["marginals"].ends]
    listed = [f"{end:.2f}" for end in ends]
    if max(ends) - min(ends) > CLOSE:
        right = ANYWHERE
    else:
        near = abs(ends[0] - descents.true.p_ac) < CLOSE
        right = AT_TRUTH if near else AT_PRODUCT
    joint = dict.fromkeys(f"{end.p_ac:.2f}" for end in descents.of["joint"].ends)
    return right, (
        "All three starts end with the right P(A) and P(C), but with "
        f"{', '.join(listed[:-1])} and {listed[-1]} for P(AC): once the parts are right, nothing "
        f"pulls at t. `joint` asks for the whole label, and ends at {' and '.join(joint)}."
    )
