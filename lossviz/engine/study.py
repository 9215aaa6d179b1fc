"""A block of a study: some members of one experiment, trained to the end in one go and judged."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from lossviz.data import Dataset
from lossviz.engine.curves import Recorder
from lossviz.engine.features import SPLITS, Splits
from lossviz.engine.judging import evaluate
from lossviz.engine.trainer import Trainer
from lossviz.engine.training import Members, Wanted, always, none_if_given_up, train_side_by_side
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.progress import Curve
from lossviz.experiments.study.result import Outcome, Trained
from lossviz.losses.targets import Targets

POINTS = 60
"""Points of a curve: more would not be seen on a small chart."""


def recorder(trainer: Trainer, watched: Targets) -> Recorder:
    """Records points at steps that depend on the experiment alone."""
    last = trainer.total_steps
    due = set(np.linspace(1, last, min(POINTS, last)).round().astype(int).tolist())
    return Recorder(trainer, watched, due.__contains__)


@none_if_given_up
def train_block(
    dataset: Dataset,
    experiment: Experiment,
    members: Members,
    *,
    wanted: Wanted = always,
    splits: Splits = SPLITS,
) -> Trained:
    """Train every member for all epochs, side by side, and judge the held-out rows.

    :param experiment: what all members share. Its weighting decides what becomes of their weights.
    :param members: ``(E, K)``, for each what a person prefers: one weight for each component.
    :param wanted: asked now and then; where it says no, the block is given up.
    :returns: None when it was given up.
    """
    started = perf_counter()
    data, watched = splits.encoded(dataset, experiment)
    outcomes: list[Outcome] = []
    for trainer, recorded, message in train_side_by_side(
        data, experiment, members, wanted=wanted, watcher=lambda trainer: recorder(trainer, watched)
    ):
        outcomes += _judged(trainer, recorded.curves(), message)
    return Trained(tuple(outcomes), perf_counter() - started)


def _judged(trainer: Trainer, curves: list[Curve], message: str) -> list[Outcome]:
    data = trainer.data
    logits = trainer.logits(data.test.features)
    rows = (len(data.targets), len(data.test.codes))
    outcomes = []
    for place, curve in enumerate(curves):
        evaluation = evaluate(trainer, logits, place)
        wrong = tuple(rate.wrong for rate in (*evaluation.components, evaluation.joint))
        outcomes.append(Outcome(curve, wrong, data.guess, rows, trainer.step, message, data.unseen))
    return outcomes
