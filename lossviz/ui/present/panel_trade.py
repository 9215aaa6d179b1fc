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
from lossviz.ui.state.bench import SweepBench
from lossviz.ui.state.session import Session
from lossviz.ui.sweep.live import learned_spots, map_targets, start_sweep

LONGEST = 20
VERDICT = "The headline is a claim only from three seeds on; the interval says how sure it is."
MAP = (
    "Every cell is trained. Look whether the colours change along a weight by more than from one "
    "seed to the next; the verdict says so in numbers."
)
FRONT = "Each point is a pair of weights. What lies up or right of the stairs is beaten by another."


def trade_panels(session: Session) -> tuple[Panel, ...]:
    """In the order of the story; none where a label has a single part."""
    names = session.data.dataset.schema.names
    if len(names) < 2:
        return ()
    return _verdict(session), _map(session, names), _front(session)


def _started(session: Session) -> SweepBench | None:
    """The sweep, where it has begun."""
    sweep = session.bench.sweep
    return sweep if sweep is not None and (sweep.campaign.done or sweep.campaign.busy) else None


def _offer(session: Session) -> Offer | None:
    if _started(session) is not None:
        return None
    return Offer(
        "Nothing is swept yet. One press trains the same model with every α and β of a grid, each "
        "from several seeds.",
        "Sweep α and β",
        lambda: start_sweep(session),
    )


def _verdict(session: Session) -> Panel:
    def show(_: str) -> None:
        sweep = _started(session)
        assert sweep is not None
        says = verdict(sweep.campaign.result)
        sentences([*filter(None, (says.headline, says.measured, says.why))])
        if sweep.campaign.busy:
            progress(sweep.campaign)

    heading = "Does it matter what α and β are?"
    return Panel("verdict", "trade-off", heading, VERDICT, show, (), lambda: _offer(session))


def _map(session: Session, names: tuple[str, ...]) -> Panel:
    sweep = _started(session)
    aspects: tuple[Aspect, ...] = (Aspect("errors", "errors"), Aspect("cost", "cost"))
    if sweep is not None and sweep.campaign.plan.grid.kind == "map":
        targets = map_targets(sweep.campaign.plan.grid, len(names))
        named = [*names, "whole label"]
        aspects = (
            *(Aspect(f"wrong{k + 1}", shortened(named[k], LONGEST)) for k in targets),
            Aspect("cost", "cost"),
        )

    def show(aspect: str) -> None:
        sweep = _started(session)
        assert sweep is not None
        chart = _chart(sweep.campaign.result, aspect, sweep)
        draw(replace(chart, marked=sweep.look.point), key=f"present-{aspect}", height=CHART_HEIGHT)

    return Panel(
        "map", "trade-off", "Every α and β, trained", MAP, show, aspects, lambda: _offer(session)
    )


def _chart(result: SweepResult, aspect: str, sweep: SweepBench) -> Chart:
    costs = np.array(sweep.look.costs)
    if result.grid.kind == "ratio":
        return cost_by_ratio(result, costs) if aspect == "cost" else errors_by_ratio(result)
    if aspect == "cost":
        return cost_map(result, costs)
    return error_map(result, int(aspect.removeprefix("wrong")) - 1)


def _front(session: Session) -> Panel:
    def show(_: str) -> None:
        sweep = _started(session)
        assert sweep is not None
        draw(
            front(sweep.campaign.result, learned_spots(session, sweep)),
            key="present-front",
            height=CHART_HEIGHT,
        )

    heading = "One part against the other"
    return Panel("front", "trade-off", heading, FRONT, show, (), lambda: _offer(session))
