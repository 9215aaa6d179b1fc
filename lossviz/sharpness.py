"""Measuring how sharply a loss bends at a model's weights."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np

from lossviz.curvature import Doubles, Hessian, along, leading, probe
from lossviz.loss import Loss
from lossviz.sharp import Sharpness
from lossviz.vectors import Vector, size

PROBES = 100
"""For the trace: its standard error is then 0.2 to 4 % of it. The whole takes 0.1 to 0.7 s."""


class _Unwanted(Exception):
    """Nobody waits for the result any longer."""


def sharpness(
    loss: Loss,
    at: Vector,
    *,
    seed: int = 0,
    probes: int = PROBES,
    wanted: Callable[[], bool] = lambda: True,
) -> Sharpness | None:
    """The largest eigenvalue of the Hessian and its trace, with their standard errors.

    :param at: the weights to look from.
    :param seed: of the random vectors.
    :param probes: at least 2, for a standard error.
    :param wanted: asked before each product with the Hessian.
    :returns: None if it is not wanted any longer.
    """
    started = perf_counter()

    def ask() -> None:
        if not wanted():
            raise _Unwanted

    try:
        first = leading(loss, at, 1, seed, before=ask)[0]
        own = along(loss, at, first.vector)
        traces = probe(loss, at, probes, seed, before=ask)
    except _Unwanted:
        return None
    return Sharpness(
        eigenvalue=first.value,
        eigenvalue_error=_standard_error(own),
        residual=first.residual,
        trace=float(traces.mean()),
        trace_error=_standard_error(traces),
        probes=probes,
        rows=len(loss),
        weights=size(at),
        loss=Hessian(loss, at).mean,
        seconds=perf_counter() - started,
    )


def _standard_error(values: Doubles) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))
