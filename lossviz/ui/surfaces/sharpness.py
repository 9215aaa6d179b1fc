"""How sharply the loss bends at each run, in numbers."""

from __future__ import annotations

from math import floor, log10

import pandas as pd
import streamlit as st

from lossviz.ui.state import Relief

ROW, HEADER = 35, 38
HOW = (
    "Largest eigenvalue of the Hessian of the training loss: by Lanczos on Hessian-vector "
    "products; ± its standard error over the texts. Trace: the mean of {probes} random probes "
    "(Hutchinson); ± its standard error over them. In nats per squared unit of weight, at the α "
    "and β that the run was trained with: compare runs with the same model and features only. The "
    "loss is the mean over {rows:,} training texts."
)


def sharpness_table(relief: Relief) -> None:
    """One row for each run."""
    found = relief.surfaces.sharpness
    runs = relief.surfaces.plan.runs
    if not runs:
        return
    st.subheader("How sharp is each solution?", anchor=False)
    height = HEADER + ROW * len(runs)
    if not found:
        st.skeleton(height=height)
        return
    rows = [
        {
            "run": f"{run.name} {run.experiment.formulation}",
            "training loss": _number(own.loss),
            "largest eigenvalue": _with_error(own.eigenvalue, own.eigenvalue_error),
            "trace": _with_error(own.trace, own.trace_error),
            "weights": f"{own.weights:,}",
        }
        for run in runs
        if (own := found.get(run.name))
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height=height,
        key="relief-sharpness",
        alt="For each run its training loss, the largest eigenvalue of the Hessian and its trace",
    )
    own = next(iter(found.values()))
    st.caption(HOW.format(probes=own.probes, rows=own.rows))


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
