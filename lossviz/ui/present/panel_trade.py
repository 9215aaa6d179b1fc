"""Panels about the trade-off: the verdict, its map and its front."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.verdict import verdict
from lossviz.figures import Chart, cost_by_ratio, cost_map, error_map, errors_by_ratio, front
from lossviz.figures.base.chart import shortened
from lossviz.ui.parts.chart import draw
from lossviz.ui.parts.progress import progress
from lossviz.ui.present.panel import CHART_HEIGHT, Aspect, Offer, Panel, sentences
from lossviz.ui.state.session import State, Trade
from lossviz.ui.sweep.live import learned_spots, map_targets, start_sweep

LONGEST = 20
VERDICT = "The headline is a claim only from three seeds on; the interval says how sure it is."
MAP = (
    "Every cell is trained. Look whether the colours change along a weight by more than from one "
    "seed to the next; the verdict says so in numbers."
)
FRONT = "Each point is a pair of weights. What lies up or right of the stairs is beaten by another."


def trade_panels(session: State) -> tuple[Panel, ...]:
    """In the order of the story; none where a label has a single part."""
    names = session.source.dataset.schema.names
    if len(names) < 2:
        return ()
    return _verdict(session), _map(session, names), _front(session)


def _started(session: State) -> Trade | None:
    """The sweep, where it has begun."""
    trade = session.desk.trade
    return trade if trade is not None and (trade.sweep.done or trade.sweep.busy) else None


def _offer(session: State) -> Offer | None:
    if _started(session) is not None:
        return None
    return Offer(
        "Nothing is swept yet. One press trains the same model with every α and β of a grid, each "
        "from several seeds.",
        "Sweep α and β",
        lambda: start_sweep(session),
    )


def _verdict(session: State) -> Panel:
    def show(_: str) -> None:
        trade = _started(session)
        assert trade is not None
        found = verdict(trade.sweep.result)
        sentences([text for text in (found.headline, found.measured, found.why) if text])
        if trade.sweep.busy:
            progress(trade.sweep)

    heading = "Does it matter what α and β are?"
    return Panel("verdict", "trade-off", heading, VERDICT, show, (), lambda: _offer(session))


def _map(session: State, names: tuple[str, ...]) -> Panel:
    trade = _started(session)
    aspects: tuple[Aspect, ...] = (Aspect("errors", "errors"), Aspect("cost", "cost"))
    if trade is not None and trade.sweep.plan.grid.kind == "map":
        targets = map_targets(trade.sweep.plan.grid, len(names))
        named = [*names, "whole label"]
        aspects = (
            *(Aspect(f"wrong{k + 1}", shortened(named[k], LONGEST)) for k in targets),
            Aspect("cost", "cost"),
        )

    def show(aspect: str) -> None:
        trade = _started(session)
        assert trade is not None
        chart = _chart(trade.sweep.result, aspect, trade)
        draw(replace(chart, marked=trade.point), key=f"present-{aspect}", height=CHART_HEIGHT)

    return Panel(
        "map", "trade-off", "Every α and β, trained", MAP, show, aspects, lambda: _offer(session)
    )


def _chart(result: SweepResult, aspect: str, trade: Trade) -> Chart:
    costs = np.array(trade.costs)
    if result.grid.kind == "ratio":
        return cost_by_ratio(result, costs) if aspect == "cost" else errors_by_ratio(result)
    if aspect == "cost":
        return cost_map(result, costs)
    return error_map(result, int(aspect.removeprefix("wrong")) - 1)


def _front(session: State) -> Panel:
    def show(_: str) -> None:
        trade = _started(session)
        assert trade is not None
        draw(
            front(trade.sweep.result, learned_spots(session, trade)),
            key="present-front",
            height=CHART_HEIGHT,
        )

    heading = "One part against the other"
    return Panel("front", "trade-off", heading, FRONT, show, (), lambda: _offer(session))
