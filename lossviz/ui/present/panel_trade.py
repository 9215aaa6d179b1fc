"""Panels about the trade-off: the verdict, its map and its front."""

from __future__ import annotations

from lossviz.experiments.sweep.verdict import verdict
from lossviz.figures.base.exhibit import Exhibit
from lossviz.figures.exhibits import PRESENT, placed
from lossviz.figures.sweep.shown import ShownSweep
from lossviz.ui.parts.progress import progress
from lossviz.ui.present.panel import Offer, Panel, exhibit_panel, sentences
from lossviz.ui.state.bench import SweepBench
from lossviz.ui.state.session import Session
from lossviz.ui.sweep.live import shown_sweep, start_sweep

VERDICT = "The headline is a claim only from three seeds on; the interval says how sure it is."


def trade_panels(session: Session) -> tuple[Panel, ...]:
    """In the order of the story; none where a label has a single part."""
    if len(session.data.dataset.schema.names) < 2:
        return ()
    exhibits = placed(PRESENT, ShownSweep)
    return _verdict(session), *(_panel(session, exhibit) for exhibit in exhibits)


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
            progress(sweep.campaign, "sweep")

    heading = "Does it matter what α and β are?"
    return Panel("verdict", "trade-off", heading, VERDICT, show, (), lambda: _offer(session))


def _panel(session: Session, exhibit: Exhibit[ShownSweep]) -> Panel:
    def shown() -> ShownSweep | None:
        bench = _started(session)
        return None if bench is None else shown_sweep(session, bench)

    return exhibit_panel(exhibit, "trade-off", shown, lambda: _offer(session))
