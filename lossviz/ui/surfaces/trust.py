"""Can I trust this picture? What it leaves out, and what another one would have shown."""

from __future__ import annotations

from math import floor, log10

import numpy as np
import pandas as pd
import streamlit as st

from lossviz.experiments.surfaces.plan import OTHERS
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.words import listed, percent
from lossviz.figures import Chart, loss_surface, losses_between, seed_band, surface_top
from lossviz.ui.parts.chart import draw
from lossviz.ui.parts.controls import tied_to_look
from lossviz.ui.parts.tables import HEAD, ROW
from lossviz.ui.state.bench import SurfacesBench
from lossviz.ui.state.session import Session

THUMBNAIL, BAND, SAID = 240, 300, 190


def doubts_panel(bench: SurfacesBench) -> None:
    """Open until the reader closes it."""
    with st.expander(
        "Can I trust this picture?",
        icon=":material/help:",
        **tied_to_look(bench, "doubts", "relief-doubts"),
    ):
        _doubts(bench)
        with st.grid(OTHERS, min_column_width=260, gap="small"):
            for k in range(OTHERS):
                draw(None, key=f"relief-plane-{k}", height=THUMBNAIL)
        draw(None, key="relief-seeds", height=BAND)


def _doubts(bench: SurfacesBench) -> None:
    plan = bench.campaign.plan
    first = next(iter(bench.campaign.surfaces.values()), None)
    sharp = next(iter(bench.campaign.sharpness.values()), None)
    if first is None or first.slice is None:
        st.skeleton(height=SAID)
        return
    about = first.slice
    doubts = [f"**It is a slice.** {_slice(sharp.weights if sharp else 0)}"]
    if about.explained:
        along, across = about.explained
        doubts.append(
            f"**Of {plan.runs[0].name}'s path** {percent(along)} of the variance lies along x and "
            f"{percent(across)} along y; {percent(max(0.0, 1.0 - along - across))} is not seen. "
            "Two components hold most of the variance of any path, even of a random one (Antognini "
            "and Sohl-Dickstein 2018), so a high share alone proves little."
        )
    every = "all" if about.rows == about.of else f"{about.rows:,} of the"
    doubts.append(
        f"**The loss** is the mean over {every} {about.of:,} training texts"
        + ("" if about.rows == about.of else f", drawn with seed {about.seed}")
        + ", without weight decay. It is not the error on held-out texts: a low and flat place "
        "need not be a good one."
    )
    doubts.append(
        f"**Below**, for {plan.runs[0].name}: the loss on {OTHERS} other random planes, and along "
        f"one random line for the same experiment started from {OTHERS} other seeds."
        + _seeds(bench)
    )
    for sentence in doubts:
        st.markdown(sentence)


def _slice(weights: int) -> str:
    among = f"{weights:,} directions" if weights else "thousands of directions"
    return (
        f"Two of {among} are seen. What looks like a bowl can have a way out that leaves the "
        "plane, and what looks like two valleys can be one."
    )


def _seeds(bench: SurfacesBench) -> str:
    seeds = bench.campaign.seeds
    if len(seeds) <= OTHERS:
        return ""
    ends = [float(seed.at(seed.trained_at)[0, len(seed.x) // 2]) for seed in seeds.values()]
    return f" Their training losses end between {min(ends):.3g} and {max(ends):.3g}."


def doubt_charts(session: Session, bench: SurfacesBench) -> dict[str, Chart]:
    """Those that show something else than before."""
    surfaces, charts = bench.campaign, {}
    if not surfaces.plan.runs or not bench.look.doubts:
        return {}
    name = surfaces.plan.runs[0].name
    planes = {
        seed: plane for seed, plane in surfaces.planes.items() if not np.isnan(plane.grids).any()
    }
    if planes and session.view.changed("relief-planes", (id(surfaces.plan), tuple(planes))):
        weights = next(iter(planes.values())).trained_at
        top = surface_top(planes.values(), weights)
        for k, (seed, plane) in enumerate(planes.items()):
            assert plane.slice is not None
            charts[f"relief-plane-{k}"] = loss_surface(
                plane,
                weights,
                title=f"{name}, random plane {seed}: loss",
                axes=plane.slice.axes,
                view="contour",
                top=top,
            )
    seeds = list(surfaces.seeds.items())
    if len(seeds) > 1 and session.view.changed("relief-seeds", (id(surfaces.plan), len(seeds))):
        (_, first), *others = seeds
        charts["relief-seeds"] = seed_band(
            (name, first),
            [line for _, line in others],
            first.trained_at,
            title=f"{name} and the same experiment from other seeds: loss along a random line",
        )
    return charts


HEIGHT = 340


def between_runs(bench: SurfacesBench) -> None:
    """The straight way from each run to the next, under each of their losses."""
    runs = bench.campaign.plan.runs[:3]
    if len(runs) < 2:
        return
    names = [run.name for run in runs]
    st.subheader(f"On the straight way between {listed(names)}", anchor=False)
    st.caption(
        "The weights of one run turn evenly into those of the next, and each run's own loss judges "
        "every mixture. Separate logits for each part are read as whole labels' logits that add "
        "up, restricted to the combinations that occur; a loss for separate parts reads the "
        "marginals. A hill between two runs means that no straight way leads from one solution to "
        "the other."
    )
    draw(None, key="relief-walk", height=HEIGHT)


def walk_charts(session: Session, bench: SurfacesBench) -> dict[str, Chart]:
    """The chart, where it shows something else than before."""
    lines = bench.campaign.walk
    if not lines or not session.view.changed("relief-walk", (id(bench.campaign.plan), len(lines))):
        return {}
    names = list(lines)
    legs = [*names, names[0]] if len(names) > 2 else names
    stops = [(name, float(place)) for place, name in enumerate(legs)]
    chart = losses_between(
        list(lines.items()),
        [line.trained_at for line in lines.values()],
        stops,
        title=_title(lines),
    )
    return {"relief-walk": chart}


def _title(lines: dict[str, Surface]) -> str:
    highest = {name: float(np.nanmax(line.at(line.trained_at))) for name, line in lines.items()}
    worst = max(highest, key=lambda name: highest[name])
    return f"Losses on the way from run to run; {worst}'s goes up to {highest[worst]:.3g}"


HOW = (
    "Largest eigenvalue of the Hessian of the training loss: by Lanczos on Hessian-vector "
    "products; ± its standard error over the texts. Trace: the mean of {probes} random probes "
    "(Hutchinson); ± its standard error over them. In nats per squared unit of weight, at the α "
    "and β that the run was trained with: compare runs with the same model and features only. The "
    "loss is the mean over {rows:,} training texts."
)


def sharpness_table(bench: SurfacesBench) -> None:
    """One row for each run."""
    sharpnesses = bench.campaign.sharpness
    runs = bench.campaign.plan.runs
    if not runs:
        return
    st.subheader("How sharp is each solution?", anchor=False)
    height = HEAD + ROW * len(runs)
    if not sharpnesses:
        st.skeleton(height=height)
        return
    rows = [
        {
            "run": f"{run.name} {run.experiment.formulation}",
            "training loss": _number(sharpness.loss),
            "largest eigenvalue": _with_error(sharpness.eigenvalue, sharpness.eigenvalue_error),
            "trace": _with_error(sharpness.trace, sharpness.trace_error),
            "weights": f"{sharpness.weights:,}",
        }
        for run in runs
        if (sharpness := sharpnesses.get(run.name))
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height=height,
        key="relief-sharpness",
        alt="For each run its training loss, the largest eigenvalue of the Hessian and its trace",
    )
    sharpness = next(iter(sharpnesses.values()))
    st.caption(HOW.format(probes=sharpness.probes, rows=sharpness.rows))


def _number(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def _with_error(value: float, error: float) -> str:
    """As many places as the error has with two digits.

    >>> _with_error(0.0876, 0.000229), _with_error(-12.34, 1.5), _with_error(3.0, 0.0)
    ('0.08760 ± 0.00023', '−12.3 ± 1.5', '3 ± 0')
    """
    if not error > 0.0:
        return f"{_number(value)} ± 0"
    places = max(0, 1 - floor(log10(error)))
    return f"{value:,.{places}f} ± {error:,.{places}f}".replace("-", "−")
