"""From a part's probability to its loss: not through sigmoid."""

from __future__ import annotations

from math import exp

import streamlit as st

from lossviz.compute.tasks import engine
from lossviz.figures import losses_along, part_gradients
from lossviz.losses.questions import PartLosses, Way
from lossviz.losses.questions.encodings import finite
from lossviz.losses.questions.results import RIGHT_CODE, WRONG_CODE
from lossviz.ui.parts.ask import ask, draw_answer
from lossviz.ui.parts.words import digits, loss_digits
from lossviz.ui.questions.guess import guess
from lossviz.ui.questions.typed import LABELS, Typed

QUESTION = (
    "A model has four logits; softmax makes probabilities of them, and P(A) is the sum of those of "
    "AC and AD. The usual loss for A against B, `BCEWithLogitsLoss`, wants a logit. How does P(A) "
    "become one?"
)
SIGMOID, LOGIT, AS_IT_IS = OPTIONS = (
    "By sigmoid",
    "By the inverse of sigmoid",
    "Not at all: it goes in as it is",
)
TERMS = (
    "The inverse of sigmoid is called logit, or log odds: logit(P) = log P − log (1 − P). A sum of "
    "class probabilities is a marginal."
)
FARTHEST = 50.0
LOGITS = Typed(
    "logits", (3.0, -1.0, 1.0, 0.0), lambda typed, names: finite(typed, names, FARTHEST), 0.5
)
HEIGHT = 300


@st.fragment
def from_probability_to_loss() -> None:
    """Both ways side by side, at logits that the reader types."""
    guessed = guess(QUESTION, OPTIONS, key="sigmoid", terms=TERMS)
    if guessed is None:
        return
    left, middle, right = st.columns([4, 5, 5], gap="medium")
    with left:
        st.markdown("**Four logits**")
        logits = LOGITS.fields()
        true = st.segmented_control(
            "The true label",
            LABELS,
            default=LABELS[0],
            required=True,
            key="sigmoid-true",
            persist_state="session",
        )
    losses = ask(engine.part_losses, logits, LABELS.index(true or LABELS[0]))
    with middle:
        _way(
            "The wrong way: a probability for a logit", WRONG_CODE, losses.wrong if losses else None
        )
    with right:
        _way("The right way: back to a logit", RIGHT_CODE, losses.right if losses else None)
    _charts(losses)
    if losses is not None:
        guessed.answer(LOGIT, _because(losses))


def _way(title: str, code: str, way: Way | None) -> None:
    st.markdown(f"**{title}**")
    st.code(code, language="python")
    with st.container(horizontal=True, gap="medium"):
        values = ["…"] * 3 if way is None else [*map(loss_digits, (way.loss, way.low, way.high))]
        for label, value in zip(("Loss here", "At best", "At worst"), values, strict=True):
            st.metric(label, value, width="content")


def _charts(losses: PartLosses | None) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        draw_answer(losses, losses_along, key="part-losses", height=HEIGHT)
    with right:
        draw_answer(losses, part_gradients, key="part-gradients", height=HEIGHT)


def _because(losses: PartLosses) -> str:
    part = LABELS[losses.true][0]
    wrong, twice, right = losses.wrong, losses.twice_wrong, losses.right
    return (
        "Sigmoid makes probabilities of logits; the way back is its inverse. Here the true part, "
        f"{part}, has probability {digits(losses.probability)} and costs "
        f"{loss_digits(right.loss)}. Put in as it is, it counts as {digits(exp(-wrong.loss))} and "
        f"costs {loss_digits(wrong.loss)}, and a perfect model would still pay "
        f"{loss_digits(wrong.low)}. Through sigmoid first, which the loss takes again, it costs "
        f"{loss_digits(twice.loss)}, and a perfect model would still pay {loss_digits(twice.low)}."
    )
