"""When α and β change which label is the best answer."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lossviz.compute.tasks import engine
from lossviz.experiments.weights import Weights
from lossviz.figures import answer_costs
from lossviz.figures.base.palette import target_colour
from lossviz.figures.surfaces.explorer import WeightSlider
from lossviz.losses.decoding import DECODERS
from lossviz.losses.questions import Decisions, Dilemma
from lossviz.losses.questions.encodings import distribution
from lossviz.losses.questions.results import THREE_VALUES
from lossviz.ui.parts.ask import ask, draw_answer
from lossviz.ui.parts.weights import movable_weights
from lossviz.ui.parts.words import digits, loss_digits
from lossviz.ui.questions.guess import guess
from lossviz.ui.questions.typed import Typed, Values

QUESTION = (
    "Here the first part can also be E. A wrong first part costs α, a wrong second part β, and the "
    "best answer is the one that costs least on average. With these probabilities, does it change "
    "while α/β goes from 0.1 to 10?"
)
STAYS, FLIPS = OPTIONS = ("No, it stays the same", "Yes, somewhere it changes")
TERMS = (
    "A rule from probabilities to an answer is a decoder. The cheapest answer is Bayes' decision; "
    "the likeliest parts minimise the Hamming loss, the likeliest whole label the 0/1 loss. With "
    "two values in each part and γ = 0 no weights would decide, whatever never occurs: so there is "
    "a third here."
)
LABELS = THREE_VALUES.class_names
BELIEF = Typed("belief", (0.4, 0.0, 0.3, 0.3, 0.0, 0.0), distribution, 0.05, labels=LABELS)
EVERY = "none"
PRESETS = (
    ("Everything can be answered", (0.4, 0.0, 0.3, 0.3, 0.0, 0.0), EVERY),
    ("AC never occurs", (0.0, 0.4, 0.35, 0.0, 0.25, 0.0), "AC"),
)
SLIDERS = tuple(
    WeightSlider(k, label, target_colour(k, 2))
    for k, label in enumerate(
        ("α · first part wrong", "β · second part wrong", "γ · anything wrong, on top")
    )
)
AT_FIRST = Weights((1.0, 1.0, 0.0))
COSTS = "dilemma-costs"
LEAST = 0.001
"""Of α and β: the question is about their ratio."""
NAMES = {
    "joint_mode": "The likeliest whole label",
    "marginal_modes": "The likeliest parts",
    "min_cost": "The cheapest",
}
FORBIDDEN = "belief-forbidden"
HEIGHT = 340


@st.fragment
def when_weights_decide() -> None:
    """What is believed; a guess; and then what mistakes cost."""
    left, right = st.columns([5, 6], gap="medium")
    with left:
        p, forbidden = _belief()
    with right:
        guessed = guess(QUESTION, OPTIONS, key="decisions", terms=TERMS)
    if guessed is None:
        return
    alpha, beta, gamma = movable_weights(SLIDERS, AT_FIRST, COSTS)
    allowed = tuple(label != forbidden for label in LABELS)
    if not any(share for share, may_be in zip(p, allowed, strict=True) if may_be):
        st.error(f"Only {forbidden} is believed, and it never occurs: give another label more.")
        return
    decided = ask(engine.decisions, Dilemma(p, allowed, max(alpha, LEAST), max(beta, LEAST), gamma))
    left, right = st.columns([5, 6], gap="medium")
    with left:
        if decided is None:
            st.skeleton(HEIGHT)
        else:
            _answers(decided)
    with right:
        draw_answer(decided, answer_costs, key="answer-costs", height=HEIGHT)
    if decided is not None:
        guessed.answer(FLIPS if decided.flips else STAYS, _because(decided, forbidden))


def _belief() -> tuple[Values, str]:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**What a model believes of a text**", width="content")
        for name, values, forbidden in PRESETS:
            st.button(name, key=f"preset-{name}", on_click=_preset, args=(values, forbidden))
    p = BELIEF.fields()
    st.session_state.setdefault(FORBIDDEN, EVERY)  # not a default: the presets write it too
    chosen = st.segmented_control(
        "Never occurs: it is not believed, and no answer",
        [EVERY, *LABELS],
        required=True,
        key=FORBIDDEN,
        persist_state="session",
    )
    return p, chosen or EVERY


def _preset(values: Values, forbidden: str) -> None:
    BELIEF.put(values)
    st.session_state[FORBIDDEN] = forbidden


def _answers(decisions: Decisions) -> None:
    st.markdown("**What three rules answer**")
    rows = []
    for name, answer in decisions.answers.items():
        same = f" (so does {', '.join(answer.ties)})" if answer.ties else ""
        rows.append(
            (
                NAMES[name],
                answer.label,
                f"{loss_digits(answer.cost)}{same}",
                DECODERS[name].best_for,
            )
        )
    st.table(
        pd.DataFrame(rows, columns=["rule", "answers", "costs on average", "best for"]),
        hide_index=True,
        border="horizontal",
    )


def _because(decisions: Decisions, forbidden: str) -> str:
    first, *others = decisions.stretches
    additive = forbidden == EVERY and decisions.dilemma.gamma == 0.0
    if others:
        cheapest = f"The cheapest answer is {first.label} up to α/β = {digits(first.high, 2)}"
        for stretch in others[:-1]:
            cheapest += f", then {stretch.label} up to {digits(stretch.high, 2)}"
        return f"{cheapest}, and from there on {others[-1].label}, while β stays where it is."
    stays = f"The cheapest answer is {first.label} all the way from α/β = 0.1 to 10"
    if additive:
        return (
            f"{stays}. Every whole label can be answered and only wrong parts cost, so each part "
            "decides for itself, and no weight can change that, whatever the probabilities."
        )
    reason = "γ is not 0" if forbidden == EVERY else f"{forbidden} cannot be answered"
    return f"{stays}, although {reason}: with these probabilities it makes no difference."
