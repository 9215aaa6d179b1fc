"""What a worker finds out about the data: near-duplicates, leakage, and how hard each part is."""

from __future__ import annotations

from collections.abc import Hashable

import pandas as pd
import streamlit as st

from lossviz.compute.closer_look import CloserLook, Looks, seconds_of
from lossviz.compute.cluster import COMPUTE
from lossviz.data import Dataset
from lossviz.experiments.closer_look import LEAST_SIMILARITY, Hardness, Leakage, NearDuplicates
from lossviz.experiments.words import count, measured
from lossviz.figures.data.shown import ShownProfile
from lossviz.figures.exhibits import EXHIBITS
from lossviz.ui.parts.exhibits import hang
from lossviz.ui.parts.follow import follow, outdated
from lossviz.ui.parts.tables import directed, show_table
from lossviz.ui.parts.words import duration, plain, texts_in_words
from lossviz.ui.state.session import Session

LOOKS = Looks(COMPUTE)
MOST_UNASKED = 20_000
"""Texts up to which it is done unasked; ten seconds of one worker at most."""
TABLE_HEIGHT, ROW_HEIGHT = 300, 56
SHOWN = 400
NEAR = (
    "Nearly the same: of the runs of three characters that are in one of the two, at least "
    f"{100 * LEAST_SIMILARITY:.0f} % are in both."
)


def closer_look_section(session: Session) -> None:
    """Near-duplicates, leakage and hardness, as far as they are known."""
    who, dataset = session.lab, session.data.dataset
    look = LOOKS.of(dataset)
    if len(dataset) <= MOST_UNASKED and not look.complete and not look.declined(who):
        look.start(who)

    def known() -> Hashable:
        look.tick()
        return look.hardness is None, look.near is None, look.busy(who), look.problem

    def draw() -> None:
        _hardness(look, who, ShownProfile(session.source.profile, look.hardness))
        _near(look, who)

    if dataset.sampled is not None:
        st.caption(f"From here on: the {texts_in_words(dataset)}.")
    if look.problem:
        st.error(plain(look.problem), icon=":material/error:")
    with st.container(
        horizontal=True, vertical_alignment="center", height=ROW_HEIGHT, border=False
    ):
        _start_or_stop(look, who, dataset)
    # Hardness first: its height is known before, so that what is read does not move.
    outdated("closer-look-busy", lambda: (look.busy(who), look.problem))
    follow("closer-look", known, draw)


def _start_or_stop(look: CloserLook, who: object, dataset: Dataset) -> None:
    if look.near is not None and look.hardness is not None:
        st.caption(
            f"Looked at closely: a quick model in {look.hardness.seconds:.1f} s, near-duplicates "
            f"in {look.near.seconds:.1f} s."
        )
    elif look.busy(who):
        st.button("Stop", icon=":material/stop:", key="look-stop", on_click=look.stop, args=(who,))
        st.caption(f"How hard each part is, and near-duplicates: {_about(dataset)}.")
    else:
        st.button(
            f"Look closer, {_about(dataset)}",
            icon=":material/search:",
            key="look-start",
            on_click=look.start,
            args=(who,),
            help="Cross-validates a quick model, and finds texts that are nearly the same.",
        )


def _about(dataset: Dataset) -> str:
    return f"about {duration(seconds_of(dataset))}"


def _near(look: CloserLook, who: object) -> None:
    st.subheader("Texts that are nearly the same", anchor=False)
    near_duplicates = look.near
    if near_duplicates is None:
        _waiting(look, who, TABLE_HEIGHT)
        return
    st.text(_near_words(near_duplicates))
    if near_duplicates.pairs:
        _pairs(near_duplicates)
    st.subheader("Leakage into the test texts", anchor=False)
    st.text(leakage_words(near_duplicates.leakage, near_duplicates))


def _near_words(near_duplicates: NearDuplicates) -> str:
    least = "At least " if near_duplicates.lower_bound else ""
    among = f"{near_duplicates.texts:,} different texts"
    if near_duplicates.compared < near_duplicates.texts:
        among = f"a random sample of {near_duplicates.compared:,} of {among}"
    if not near_duplicates.pair_count:
        return f"None was found among {among}. {NEAR}"
    return (
        f"{least}{near_duplicates.with_another:,} texts among {among} have a near-duplicate, in "
        f"{count(near_duplicates.pair_count, 'pair')}; {near_duplicates.contradictory:,} of the "
        "pairs have different "
        f"labels: a slip of who labelled them, or the one word that matters. {NEAR}"
    )


def _pairs(near_duplicates: NearDuplicates) -> None:
    pairs = near_duplicates.pairs
    frame = pd.DataFrame(
        {
            "alike": [100 * pair.similarity for pair in pairs],
            "text": [directed(pair.texts[0][:SHOWN]) for pair in pairs],
            "label": [pair.labels[0] for pair in pairs],
            "nearly the same text": [directed(pair.texts[1][:SHOWN]) for pair in pairs],
            "its label": [pair.labels[1] for pair in pairs],
            "rows": [f"{pair.rows[0]}, {pair.rows[1]}" for pair in pairs],
        }
    )
    show_table(
        frame,
        most=TABLE_HEIGHT,
        columns={
            "alike": st.column_config.NumberColumn(format="%.0f %%", width=60),
            "text": st.column_config.TextColumn(width="large"),
            "nearly the same text": st.column_config.TextColumn(width="large"),
            "rows": st.column_config.TextColumn(width=100),
        },
        key="near-pairs",
        alt="Pairs of texts that are nearly the same, with their labels and rows",
    )
    if near_duplicates.pair_count > len(pairs):
        st.caption(f"{len(pairs)} of {near_duplicates.pair_count:,} pairs; different labels first.")


def leakage_words(leakage: Leakage | None, near_duplicates: NearDuplicates) -> str:
    """What the share of leaked test texts means."""
    if leakage is None:
        return "Nothing to say: these data cannot be split into training and test texts."
    error_rate = leakage.test
    least = "At least " if near_duplicates.lower_bound and error_rate.wrong else ""
    return (
        f"{least}{error_rate.wrong:,} of {count(error_rate.n, 'test text')} have a near-duplicate "
        "in training: "
        f"{measured(error_rate)}. What a model gets right there may be remembered and not "
        "understood. "
        "Identical texts cannot leak: they are kept on one side. As the default split divides "
        "them (20 % for testing, seed 0)."
    )


def _hardness(look: CloserLook, who: object, shown: ShownProfile) -> None:
    exhibit, hardness, parts = EXHIBITS["hardness"], shown.hardness, shown.parts
    st.subheader(exhibit.title, anchor=False)
    if hardness is None:
        _waiting(look, who, max(exhibit.height(shown), 60 + 52 * (parts + (parts > 1))))
        return
    left, right = st.columns(2, gap="large")
    with left:
        hang(exhibit, shown, "data")
    with right:
        for target in hardness.targets:
            verdict = f"{target.name}: {target.verdict}."
            if target.hardest is not None:
                hardest_value = target.hardest
                verdict += (
                    f" Hardest to recognise: {hardest_value.value}, missed "
                    f"{measured(hardest_value.missed)}."
                )
            st.text(verdict)
        st.caption(how_words(hardness))


def how_words(hardness: Hardness) -> str:
    """How the quick model was judged."""
    texts = f"all {hardness.texts:,} texts"
    if hardness.sampled:
        texts = (
            f"{hardness.texts:,} of {hardness.of:,} texts, a sample with the same share of "
            "each label"
        )
    return (
        f"A quick linear model (TF-IDF, support vectors) on {texts}, cross-validated in "
        f"{hardness.folds} parts with identical texts in the same one. It tells how much the words "
        "give away about each part; what you train may do somewhat better."
    )


def _waiting(look: CloserLook, who: object, height: int) -> None:
    if look.busy(who):
        st.skeleton(height=height)
    else:
        st.text("Not looked at yet.")
