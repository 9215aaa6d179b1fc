"""Where a presentation begins and ends: the question, the data, and what came of it."""

from __future__ import annotations

import streamlit as st

from lossviz.experiments.runs.comparison import conclusions
from lossviz.experiments.sweep.recommendation import recommend, recommendation_words
from lossviz.experiments.sweep.verdict import verdict
from lossviz.experiments.words import count, listed, percent, weight_symbol
from lossviz.figures.base.chart import shortened
from lossviz.figures.data.shown import ShownProfile
from lossviz.figures.exhibits import PRESENT, placed
from lossviz.losses.objectives import OBJECTIVES
from lossviz.ui.formulations.landscape import landscape
from lossviz.ui.home import QUESTION, picture
from lossviz.ui.parts.chart import draw
from lossviz.ui.parts.words import plain
from lossviz.ui.present.panel import CHART_HEIGHT, Aspect, Panel, sentences
from lossviz.ui.state.session import Session

MOST_VALUES, MOST_PARTS, LONGEST = 4, 4, 24
MORAL = (
    "A loss gets what it asks for, and nothing else. So write down what a mistake costs, train the "
    "formulations side by side, and look at what each one gets wrong."
)


def question_panel(session: Session) -> Panel:
    """What all of it is about."""
    names = session.data.dataset.schema.names

    def show(_: str) -> None:
        if len(names) > 1:
            shown = [shortened(name, LONGEST) for name in names[:MOST_PARTS]]
            counts = listed([f"{weight_symbol(k)} for {name}" for k, name in enumerate(shown)])
            more = f", and so on for {len(names)} parts" if len(names) > MOST_PARTS else ""
            opening = (
                "A label has parts, and weights say how many times the loss of each counts: "
                f"{counts}{more}. Does it matter?"
            )
        else:
            opening = f"Each text has one label: {shortened(names[0], LONGEST)}."
        sentences([opening])
        picture("present-picture")

    note = "One text, one label with parts: what does each formulation want to be probable?"
    return Panel("question", "", QUESTION, note, show)


def data_panel(session: Session) -> Panel:
    """What is trained on."""

    def show(_: str) -> None:
        profile = session.source.profile
        with st.container(horizontal=True, key="present-numbers"):
            _number(f"{profile.used:,}", "texts")
            _number(f"{profile.seen:,} of {profile.possible:,}", "whole labels occur")
            _number(percent(profile.majority_accuracy), "guessing the commonest is right")
        left, right = st.columns([1, 2], gap="medium")
        with left, st.container(key="present-parts"):
            for part in profile.components[:MOST_PARTS]:
                _part(part.name, part.values, part.counts)
            if len(profile.components) > MOST_PARTS:
                st.markdown(f"and {count(len(profile.components) - MOST_PARTS, 'more part')}")
        with right:
            for exhibit in placed(PRESENT, ShownProfile):
                chart = exhibit.make(ShownProfile(profile), "")
                draw(chart, key=f"present-{exhibit.id}", height=CHART_HEIGHT)

    heading = shortened(session.data.title, 48)
    note = "How many texts, which parts, and the share that needs no model: the commonest label."
    return Panel("data", "data", heading, note, show)


def _number(value: str, meaning: str) -> None:
    with st.container(gap=None, width="content"):
        st.markdown(f"**{plain(value)}**")
        st.markdown(plain(meaning))


def _part(name: str, values: tuple[str, ...], counts: tuple[int, ...]) -> None:
    order = sorted(range(len(values)), key=lambda k: -counts[k])
    shown = [f"{shortened(values[k], LONGEST)} {counts[k]:,}" for k in order[:MOST_VALUES]]
    if len(order) > MOST_VALUES:
        shown.append(f"{len(order) - MOST_VALUES:,} more")
    st.markdown(f"**{plain(shortened(name, LONGEST))}**  \n{plain(' · '.join(shown))}")


def asks_panel(session: Session) -> Panel:
    """What a formulation asks for, without training anything."""

    def show(name: str) -> None:
        with st.container(key="present-asks"):
            st.markdown(plain(OBJECTIVES[name].asks_for))
        landscape(
            session, key=f"present-{name}", formulations=(name,), view="3d", height=CHART_HEIGHT
        )

    aspects = tuple(Aspect(name, name) for name in session.explorer.shown)
    note = "Drag α and β: the surface of the loss tilts. Nothing is trained here."
    heading = "What does it ask for?"
    return Panel("asks", "formulations", heading, note, show, aspects)


def closing_panel(session: Session) -> Panel:
    """What to take home."""

    def show(_: str) -> None:
        sentences(closing_words(session))

    note = "One sentence to take home, and whose numbers it stands on."
    return Panel("closing", "", "To take home", note, show)


def closing_words(session: Session) -> list[str]:
    """What the sweep says, or the formulations, or the runs, or else what holds without them."""
    schema = session.data.dataset.schema
    sweep = session.bench.sweep
    if sweep is not None and sweep.campaign.done:
        says = verdict(sweep.campaign.result)
        if says.measured:
            advice = (
                recommend(sweep.campaign.result, sweep.look.costs)
                if any(sweep.look.costs)
                else None
            )
            words = [says.headline, says.why]
            if advice is not None:
                words += recommendation_words(sweep.campaign.result, advice)[:1]
            return words
    if repeated := session.bench.of_formulations:
        return [*repeated[:2], MORAL]
    if session.lab.finished and (compared := conclusions(session.lab.evaluations, schema)):
        return [*compared[:2], MORAL]
    return [MORAL]
