"""What mistakes cost, and what to do about it."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial

import streamlit as st

from lossviz.arrays import Doubles
from lossviz.compute.campaigns import Sweep
from lossviz.experiments.sweep.recommendation import recommend, recommendation_words
from lossviz.ui.parts.ask import answer
from lossviz.ui.parts.controls import tied
from lossviz.ui.parts.follow import follow
from lossviz.ui.parts.words import plain
from lossviz.ui.state.bench import SweepBench
from lossviz.ui.sweep.live import BOX_HEIGHT

MOST_COST = 1000.0
FIRST_TIME = (
    "Say what a mistake costs you. When three seeds are trained, the weights that suit these "
    "costs stand here, how sure that is, and what deciding by the costs achieves without them."
)


def costs_and_recommendation(bench: SweepBench) -> None:
    """The costs to be stated, and the recommendation for them."""
    with st.container(border=True, height=BOX_HEIGHT, key="sweep-costs-box", gap="xsmall"):
        st.markdown("**What does a mistake cost?**")
        _costs(bench)
        follow("recommendation", partial(_recommended, bench), partial(_recommendation, bench))


def _recommended(bench: SweepBench) -> Hashable:
    """What is recommended so far, and whether more is to come."""
    campaign, costs = bench.campaign, bench.look.costs

    def words() -> tuple[str, ...]:
        recommendation = recommend(campaign.result, costs) if any(costs) else None
        return recommendation_words(campaign.result, recommendation) if recommendation else ()

    return campaign.busy, campaign.latest("recommended", words, costs)


def _costs(bench: SweepBench) -> None:
    names = bench.campaign.dataset.schema.names
    labels = [*(f"wrong {name}" for name in names), "whole label besides"]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for k, label in enumerate(labels):
            st.number_input(
                plain(label),
                0.0,
                MOST_COST,
                **tied(f"cost-{k}", bench.look.costs[k], partial(_state_cost, bench, k)),
                step=None,
                format="%.4g",
                width=120,
            )


def _state_cost(bench: SweepBench, k: int, cost: float | None) -> None:
    if cost is None:
        return
    costs = list(bench.look.costs)
    costs[k] = min(max(float(cost), 0.0), MOST_COST)
    bench.change(costs=tuple(costs))


def _recommendation(bench: SweepBench) -> None:
    sweep, result = bench.campaign, bench.campaign.result
    if not any(bench.look.costs):
        st.markdown("If no mistake costs anything, any weights will do.")
        return
    recommendation = recommend(result, bench.look.costs)
    if recommendation is None:
        st.markdown(FIRST_TIME)
        return
    if not sweep.busy:
        recommendation = recommend(result, bench.look.costs, _decided(sweep, bench))
        assert recommendation is not None
    for sentence in recommendation_words(result, recommendation):
        st.markdown(plain(sentence))


def _decided(sweep: Sweep, bench: SweepBench) -> Doubles | None:
    """What ``min_cost`` decisions get wrong; None while a worker is at it."""
    return answer(sweep.decision(bench.look.costs), "decision")
