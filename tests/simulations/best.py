"""Which points cannot be told from the best: is the best among them, and how many others are?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from lossviz.arrays import Bools, Doubles
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.repeat import FOLDS
from lossviz.experiments.statistics import multiple_comparison_with_the_best
from tests.support.generator import answers, fresh, generate

RATIOS = (10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1)
COSTS = (5.0, 1.0)
ROWS = (4, 1)
"""Training rows for each held-out row."""
Noise = Literal["alike", "smooth", "drift", "odd"]
NOISES: tuple[Noise, ...] = ("alike", "smooth", "drift", "odd")


def kept_where_equal(noise: Noise, points: int, trials: int, seed: int = 0) -> Doubles:
    """Of points that are equally good, how often each is kept, ``(P,)``.

    :param noise: the same for all; like that of neighbours; a slope that each fold has of its
        own; five times as large for one of them.
    """
    random = np.random.default_rng(seed)
    place = np.linspace(0.0, 1.0, points)[:, None]
    near = np.linalg.cholesky(np.exp(-0.5 * ((place - place.T) / 0.15) ** 2) + 0.1 * np.eye(points))
    kept = np.zeros(points)
    for _ in range(trials):
        values = random.normal(size=(points, FOLDS))
        if noise == "smooth":
            values = near @ values
        elif noise == "drift":
            values = 0.2 * values + place * random.normal(size=FOLDS)
        elif noise == "odd":
            values[0] *= 5.0
        kept += multiple_comparison_with_the_best(values + random.normal(size=FOLDS), ROWS)
    return kept / trials


@dataclass(frozen=True)
class Swept:
    """Costs of a text for each ratio and fold, ``(P, J)``: on held-out and on fresh texts."""

    held_out: Doubles
    fresh: Doubles

    @property
    def among(self) -> Bools:
        """What cannot be told from the best."""
        return multiple_comparison_with_the_best(self.held_out, ROWS)


def swept(seed: int, rows: int = 300, texts: int = 2_000) -> Swept:
    """Ratios of weights with one hidden unit, for which the parts compete, by costs of 5 : 1."""
    dataset, judges = generate(rows, seed), fresh(texts, seed)
    experiment = Experiment.for_dataset(
        dataset, formulation="components", model={"kind": "hidden", "width": 1}
    )
    members = tuple((ratio**0.5, ratio**-0.5) for ratio in RATIOS)
    folds = [answers(dataset, experiment.reseeded(fold), members, judges) for fold in range(FOLDS)]
    costs = np.array(COSTS)
    held_out, true = (
        np.array([[costs @ getattr(a, side).wrong.mean(axis=0) for a in fold] for fold in folds]).T
        for side in ("held_out", "fresh")
    )
    return Swept(held_out, true)
