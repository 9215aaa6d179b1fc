"""A block: some members of one experiment, trained to the end in one go and judged."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np
import torch
from torch import Tensor

from lossviz.data import Dataset
from lossviz.engine.judging import evaluate
from lossviz.engine.members import GivenUp, Members, train_side_by_side
from lossviz.engine.splits import SPLITS, Splits
from lossviz.engine.trainer import Trainer
from lossviz.experiments.evaluation import baseline
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.progress import Curve
from lossviz.experiments.study.result import Outcome, Trained
from lossviz.losses.targets import Targets

POINTS = 60
"""Points of a curve: more would not be seen on a small chart."""


class Recorder:
    """Losses and weights of every member, at steps that depend on the experiment alone."""

    def __init__(self, trainer: Trainer, test: Targets) -> None:
        self._trainer = trainer
        self._test = test
        last = trainer.total_steps
        self._due = set(np.linspace(1, last, min(POINTS, last)).round().astype(int).tolist())
        self._since: list[dict[str, Tensor]] = []
        self._steps: list[int] = []
        self._train: list[dict[str, Tensor]] = []
        self._held_out: list[dict[str, Tensor]] = []
        self._weights: list[Tensor] = []

    def take(self, parts: dict[str, Tensor]) -> None:
        """What a step reported: parts ``(E, B)``."""
        trainer = self._trainer
        self._since.append({name: part.mean(-1) for name, part in parts.items()})
        if trainer.step not in self._due:
            return
        self._steps.append(trainer.step)
        self._train.append(
            {name: torch.stack([tensor[name] for tensor in self._since]).mean(0) for name in parts}
        )
        self._since.clear()
        logits = trainer.logits(trainer.data.test.features)
        self._held_out.append(trainer.losses(logits, self._test))
        weights = trainer.weights.components
        self._weights.append(weights.expand(trainer.model.members, -1))

    def curves(self) -> list[Curve]:
        """A curve for each member."""
        if not self._steps:
            return [Curve.empty()] * self._trainer.model.members
        steps = np.array(self._steps, dtype=np.int64)
        weights = torch.stack(self._weights).numpy()
        train, held_out = _stacked(self._train), _stacked(self._held_out)
        return [
            Curve(
                steps,
                {name: array[:, place] for name, array in train.items()},
                {name: array[:, place] for name, array in held_out.items()},
                weights[:, place],
            )
            for place in range(self._trainer.model.members)
        ]


def _stacked(points: list[dict[str, Tensor]]) -> dict[str, np.ndarray]:
    """Each part as ``(P, E)``."""
    return {name: torch.stack([point[name] for point in points]).numpy() for name in points[0]}


def train_block(
    dataset: Dataset,
    experiment: Experiment,
    members: Members,
    *,
    wanted: Callable[[], bool] = lambda: True,
    splits: Splits = SPLITS,
) -> Trained | None:
    """Train every member for all epochs, side by side, and judge the held-out rows.

    :param experiment: what all members share. Its weighting decides what becomes of their weights.
    :param members: ``(E, K)``, for each what a person prefers: one weight for each component.
    :param wanted: asked now and then; where it says no, the block is given up.
    :returns: None when it was given up.
    """
    started = perf_counter()
    data, test = splits.encoded(dataset, experiment)
    outcomes: list[Outcome] = []
    try:
        for trainer, recorder, message in train_side_by_side(
            data,
            experiment,
            members,
            wanted=wanted,
            watcher=lambda trainer: Recorder(trainer, test),
        ):
            outcomes += _judged(trainer, recorder.curves(), message)
    except GivenUp:
        return None
    return Trained(tuple(outcomes), perf_counter() - started)


def _judged(trainer: Trainer, curves: list[Curve], message: str) -> list[Outcome]:
    data = trainer.data
    logits = trainer.logits(data.test.features)
    guess = baseline(data.test.codes)
    rows = (len(data.targets), len(data.test.codes))
    outcomes = []
    for place, curve in enumerate(curves):
        evaluation = evaluate(trainer, logits, place)
        wrong = tuple(rate.wrong for rate in (*evaluation.components, evaluation.joint))
        outcomes.append(Outcome(curve, wrong, guess, rows, trainer.step, message))
    return outcomes
