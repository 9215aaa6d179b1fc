"""Results of sweeps, made on the spot: nothing is trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from lossviz.arrays import Doubles
from lossviz.experiments.evaluation import baseline
from lossviz.experiments.experiment import DataReference, Experiment
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.experiments.sweep.result import SweepResult
from lossviz.schema import Codes, Component, LabelSchema

Errors = Doubles
ROWS = (4_000, 1_000)


def result(
    errors: Errors,
    *,
    grid: Grid | None = None,
    names: Sequence[str] = ("first", "second"),
    rows: tuple[int, int] = ROWS,
    learnt: Errors | None = None,
    missing: Sequence[tuple[int, ...]] = (),
    **experiment: Any,
) -> SweepResult:
    """A result with these errors; what is predicted has about as many.

    :param errors: ``(M, J, K + 1)``, of the members of the grid; NaN where nothing is finished.
    :param grid: a map of 7 × 7 by default.
    :param rows: of the training part and the held-out part of every seed.
    :param learnt: the same as the errors by default.
    :param missing: combinations that do not occur.
    :param experiment: its fields.
    """
    full = LabelSchema.full([Component(name, ("no", "yes")) for name in names], "|")
    schema = replace(full, classes=tuple(own for own in full.classes if own not in missing))
    grid = grid or Grid(len(names), kind="map")
    members, seeds, _ = errors.shape
    assert members == len(grid.members)
    true = {seed: _labels(seed, rows[1], len(names)) for seed in range(seeds)}
    finished = ~np.isnan(errors[:, :, 0])
    known = {seed: true[seed] for seed in np.flatnonzero(finished.any(axis=0)).tolist()}
    predicted = {
        (member, seed, 0): _wrong(true[seed], errors[member, seed], seed).astype(np.uint8)
        for member, seed in np.argwhere(finished).tolist()
    }
    sizes = np.where(finished.any(axis=0)[:, None], np.array(rows), 0)
    return SweepResult(
        schema,
        SweepPlan(_experiment(names, **experiment), grid, tuple(range(seeds))),
        errors,
        errors if learnt is None else learnt,
        sizes.astype(np.int64),
        predicted,
        {seed: labels.astype(np.uint8) for seed, labels in known.items()},
        {seed: baseline(labels, labels) for seed, labels in known.items()},
        {},
        {},
        {},
        {},
    )


def trade(grid: Grid | None = None, *, seeds: int = 5, noise: float = 0.004) -> Errors:
    """Errors of two components of which one is won where the other is lost: ``(M, J, 3)``.

    Between 0.2 and 0.4 by the ratio of the weights, and noise that the members do not share.
    """
    grid = grid or Grid(2, kind="map")
    ratio = np.array([np.log10(own[grid.pair[0]] / own[grid.pair[1]]) for own in grid.members])
    share = 0.5 + ratio / (2 * max(float(np.abs(ratio).max()), 1e-9))
    errors = np.stack([0.4 - 0.2 * share, 0.2 + 0.2 * share, np.full(len(ratio), 0.5)], axis=1)
    random = np.random.default_rng(0)
    return np.asarray(errors[:, None] + random.normal(0.0, noise, (len(ratio), seeds, 3)))


def flat(
    grid: Grid | None = None, *, seeds: int = 5, noise: float = 0.01, components: int = 2
) -> Errors:
    """Errors of which nothing is true but noise around 0.3, and 0.5 for the whole label."""
    grid = grid or Grid(components, kind="map")
    middle = np.array([*[0.3] * components, 0.5])
    shape = (len(grid.members), seeds, components + 1)
    return np.asarray(middle + np.random.default_rng(1).normal(0.0, noise, shape))


def until(errors: Errors, members: int, seed: int = 0) -> Errors:
    """What there is of them when so many members of this seed are finished, and all seeds before
    it."""
    some = errors.copy()
    some[:, seed + 1 :] = np.nan
    some[members:, seed] = np.nan
    return some


def _experiment(names: Sequence[str], **fields: Any) -> Experiment:
    data = DataReference(name="made", digest="0", components=tuple(names))
    return Experiment.of(data=data, **({"formulation": "hybrid"} | fields))


def _labels(seed: int, rows: int, components: int) -> Codes:
    """Yes a little more often than no: the commonest label is wrong on 45 %."""
    random = np.random.default_rng(seed)
    return (random.random((rows, components)) < 0.55).astype(np.int64)


def _wrong(true: Codes, errors: Errors, seed: int) -> Codes:
    """Labels with these errors, rounded to rows. On the whole label it is as near as it can be:
    at least what a component has, and at most what all of them have together."""
    rows, components = true.shape
    *each, whole = np.clip(np.round(errors * rows), 0, rows).astype(int).tolist()
    whole = min(max(whole, *each), sum(each), rows)
    order = np.random.default_rng(1_000 + seed).permutation(rows)[:whole]
    predicted, start = true.copy(), 0
    for k in range(components):
        mine = order[(start + np.arange(each[k])) % max(whole, 1)] if whole else order
        predicted[mine, k] = 1 - predicted[mine, k]
        start += each[k]
    return predicted
