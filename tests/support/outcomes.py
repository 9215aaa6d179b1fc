"""Outcomes of studies, made on the spot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lossviz.experiments.evaluation import Baseline
from lossviz.experiments.runs.progress import Curve
from lossviz.experiments.study.plan import StudyPlan
from lossviz.experiments.study.result import Outcome, Repeats
from lossviz.losses.objectives import part_name
from lossviz.schema import Component, LabelSchema

ROWS = (4_000, 1_000)


def schema(*names: str) -> LabelSchema:
    return LabelSchema.full([Component(name, ("no", "yes")) for name in names], "|")


def outcome(
    errors: Sequence[float],
    weights: Sequence[float],
    losses: Sequence[float] | None = None,
    *,
    points: int = 60,
    message: str = "",
) -> Outcome:
    """Weights that move evenly from 1 to these, and losses that stand still.

    :param errors: of the components and the whole label, between 0 and 1.
    """
    parts = range(len(weights))
    shares = np.linspace(0.0, 1.0, points)[:, None]
    moved = (1.0 - shares) + shares * np.asarray(weights)
    moved[-6:] = weights
    stand = {
        part_name(k): np.full(points, (losses or [0.5] * len(weights))[k], np.float32)
        for k in parts
    }
    total = sum(stand.values(), np.zeros(points, np.float32))
    curve = Curve(
        np.arange(1, points + 1, dtype=np.int64) * 10,
        {**stand, "total": total},
        {**stand, "total": total},
        moved.astype(np.float32),
    )
    wrong = tuple(round(own * ROWS[1]) for own in errors)
    guess = Baseline((0.5,) * len(weights), 0.7)
    return Outcome(curve, wrong, guess, ROWS, points * 10, message)


def repeats(
    arms: Mapping[str, Sequence[Outcome]], *, names: Sequence[str] = ("first", "second")
) -> Repeats:
    """Those outcomes, a list over the seeds for each arm; equal fixed weights are 0.2, 0.3, 0.4
    where they are not given, with a little noise that the seeds share."""
    weightings = tuple(name for name in arms if not name.startswith("fixed"))
    plan = StudyPlan(weightings=weightings, seeds=max(map(len, arms.values()), default=5))
    found = {(name, seed): own for name, runs in arms.items() for seed, own in enumerate(runs)}
    own = Repeats(schema(*names), plan, found)
    missing = [arm for arm in own.arms if arm.told and arm.id not in arms]
    for arm in missing:
        for seed in range(plan.seeds):
            errors = [0.2 + noise(seed), 0.3 - noise(seed), *(0.4 for _ in names[2:])]
            errors = [*errors, 0.4 + noise(seed)]
            found[arm.id, seed] = outcome(errors, arm.component_weights)
    return own


def noise(seed: int) -> float:
    """The same for every arm of a seed."""
    return 0.004 * (seed % 3 - 1)
