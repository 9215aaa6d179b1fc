"""Scoring: many members of one experiment, trained side by side and judged, without a curve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
import torch
from scipy.sparse import csr_matrix

from lossviz.arrays import Floats
from lossviz.data import Dataset
from lossviz.engine.features import SPLITS, EncodedSplit, Splits
from lossviz.engine.model import columns
from lossviz.engine.step import Losses
from lossviz.engine.temperatures import tempering
from lossviz.engine.trainer import Trainer
from lossviz.engine.training import Members, Wanted, always, none_if_given_up, train_side_by_side
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.scores import Scores, mistakes, small
from lossviz.losses.decoding import DECODERS
from lossviz.losses.heads import HEADS
from lossviz.schema import Codes

SLICE_WEIGHTS = 40_000_000
"""Weights of the first layers that are trained at once: with the optimiser's memory of them 320
MB. More members make further slices; which of them are together changes no number."""
LOGITS_AT_ONCE = 8_000_000


class _Nothing:
    """Takes no notice of the steps."""

    def __init__(self, _: Trainer) -> None:
        pass

    def take(self, losses: Losses) -> None:
        """Curves are for others."""


@dataclass(frozen=True)
class _Judged:
    """Members trained at once: their labels ``(E, N, K)``, wrong training rows ``(E, K + 1)``,
    why each stopped, and the logits ``(N, O)`` of the one whose weights are all 1."""

    predicted: Codes
    learnt: Codes
    messages: tuple[str, ...]
    answers: Floats | None


@none_if_given_up
def score_block(
    dataset: Dataset,
    experiment: Experiment,
    members: Members,
    *,
    wanted: Wanted = always,
    splits: Splits = SPLITS,
) -> Scores:
    """Train every member for all epochs and judge its held-out rows and its training rows.

    :param experiment: what all members share.
    :param members: ``(E, K)``, the weights of each.
    :param wanted: asked now and then; where it says no, the block is given up.
    :returns: None when it was given up.
    """
    started = perf_counter()
    data, _ = splits.encoded(dataset, experiment)
    judged = [
        _judged(trainer, message)
        for together in _sliced(data, experiment, members)
        for trainer, _, message in train_side_by_side(
            data, experiment, together, wanted=wanted, watcher=_Nothing
        )
    ]
    true = data.test.codes
    predicted = np.concatenate([each.predicted for each in judged])
    return Scores(
        _wrong(predicted, true),
        np.concatenate([each.learnt for each in judged]),
        small(predicted),
        small(true),
        data.guess,
        (len(data.targets), len(true)),
        next((each.answers for each in judged if each.answers is not None), None),
        tuple(message for each in judged for message in each.messages),
        perf_counter() - started,
        small(data.schema.class_index(data.occurring.class_codes)),
        data.unseen,
    )


def predict_block(
    dataset: Dataset,
    experiment: Experiment,
    members: Members,
    *,
    wanted: Wanted = always,
    splits: Splits = SPLITS,
) -> Scores | None:
    """The same without what nobody decides by other costs: of a thousand labels the logits would
    be the most of it."""
    scores = score_block(dataset, experiment, members, wanted=wanted, splits=splits)
    return None if scores is None else replace(scores, answers=None)


def _sliced(data: EncodedSplit, experiment: Experiment, members: Members) -> Iterator[Members]:
    outputs = HEADS[experiment.objective.head].size(data.schema)
    weights = data.train.features.shape[1] * columns(experiment.model, outputs)
    size = max(1, SLICE_WEIGHTS // weights)
    for start in range(0, len(members), size):
        yield members[start : start + size]


def _judged(trainer: Trainer, message: str) -> _Judged:
    data = trainer.data
    predicted = _labels(trainer, data.test.features)
    learnt = _wrong(_labels(trainer, data.train.features), data.train.codes)
    ones = (trainer.preference.components == 1.0).all(-1).nonzero().flatten().tolist()
    answers = trainer.logits(data.test.features)[ones[0]].numpy() if ones else None
    return _Judged(predicted, learnt, (message,) * len(predicted), answers)


def _labels(trainer: Trainer, features: csr_matrix) -> Codes:
    """The decoded labels ``(E, N, K)``, some rows at a time."""
    set_on = tempering(trainer)
    decoder = DECODERS[trainer.experiment.decoder]
    schema, head = trainer.schema, trainer.head
    size = max(1, LOGITS_AT_ONCE // (trainer.model.members * trainer.model.outputs))
    decoded = []
    for start in range(0, features.shape[0], size):
        logits = trainer.logits(features[start : start + size])
        if set_on is not None and decoder.weighted:
            logits = set_on.divided(logits)
        decoded.append(decoder.decode(logits, head, schema, trainer.costs)[0])
    return np.asarray(torch.cat(decoded, dim=1).numpy())


def _wrong(predicted: Codes, true: Codes) -> Codes:
    """``(E, K + 1)``: wrong rows on each component, and on any of them."""
    return np.asarray(mistakes(predicted, true).sum(axis=1), dtype=np.int64)
