"""The repeat of a comparison: one press, and what it says of the formulations."""

from __future__ import annotations

from functools import partial

import streamlit as st

from lossviz.compute.campaigns import Repeat
from lossviz.experiments.runs.repeat import RepeatPlan, repeated_conclusions
from lossviz.ui.parts.follow import follow, outdated
from lossviz.ui.parts.progress import gone_on, progress, start_or_stop
from lossviz.ui.state.bench import Bench

EXPLAINED = (
    "Trains every run again in the background, on the other folds of the texts, from a start on "
    "each; a hidden layer from four. With this page that is five folds where a fifth is held out. "
    "Then the comparison is about formulations, not about these trained models."
)

OUTDATED = (
    "This was trained before the runs were changed; the next start trains them as they are now."
)


def repeat_of(bench: Bench) -> Repeat:
    """Of the runs as they are now; what was repeated before stays until the next start."""
    lab, dataset = bench.lab, bench.data.dataset
    judges = [training.split for training in lab.judged]
    plan = RepeatPlan.of(lab.runs, judges, by_lot=dataset.sides is None)
    if bench.repeat is None:
        bench.repeat = Repeat(bench.workers, dataset, plan)
    bench.repeat.choose(plan)
    return bench.repeat


def repeat_section(bench: Bench) -> None:
    """The button, and below it what there is so far; nothing while there is nothing to compare."""
    if len(bench.lab.runs) < 2 or not (bench.lab.finished or bench.repeat):
        return
    campaign = repeat_of(bench)
    start_or_stop(
        campaign,
        "repeat",
        "Repeat on other folds",
        explained=EXPLAINED,
        on_start=campaign.start,
    )
    if campaign.chosen != campaign.plan and not campaign.busy:
        st.caption(OUTDATED)
    if campaign.busy or campaign.done:
        outdated("repeat-busy", lambda: campaign.busy)

        def words() -> tuple[str, ...]:
            return repeated_conclusions(campaign.repeated)

        follow("repeat", partial(gone_on, campaign, words), lambda: _so_far(campaign))


def _so_far(campaign: Repeat) -> None:
    if not campaign.complete:
        progress(campaign, "repeat")
    repeated = campaign.repeated
    for sentence in repeated_conclusions(repeated):
        st.text(sentence)
    st.caption(repeated.how)
