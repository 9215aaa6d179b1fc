"""Scoring: many members of one experiment, trained side by side and judged, without a curve."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import torch
from scipy.sparse import csr_matrix

from lossviz.datasets import Dataset
from lossviz.decoding import DECODERS
from lossviz.evaluation import baseline
from lossviz.experiment import Experiment
from lossviz.features import EncodedSplit
from lossviz.heads import HEADS
from lossviz.model import columns
from lossviz.progress import Floats
from lossviz.schema import Codes
from lossviz.scores import Scores, small
from lossviz.splits import SPLITS, Splits
from lossviz.training import Diverged, Trainer

SLICE_WEIGHTS = 40_000_000
"""Weights of the first layers that are trained at once: with the optimiser's memory of them 320
MB. More members make further slices; which of them are together changes no number."""
LOGITS_AT_ONCE = 8_000_000
LOOK_EVERY = 50
"""Steps between two looks at whether anybody still wants the block."""

Members = Sequence[Sequence[float]]


@dataclass(frozen=True)
class _Slice:
    """Members trained at once: their labels ``(E, N, K)``, wrong training rows ``(E, K + 1)``,
    why each stopped, and the logits ``(N, O)`` of the one whose weights are all 1."""

    predicted: Codes
    learnt: Codes
    messages: tuple[str, ...]
    answers: Floats | None


def score_block(
    dataset: Dataset,
    experiment: Experiment,
    members: Members,
    *,
    wanted: Callable[[], bool] = lambda: True,
    splits: Splits = SPLITS,
) -> Scores | None:
    """Train every member for all epochs and judge its held-out rows and its training rows.

    :param experiment: what all members share.
    :param members: ``(E, K)``, the weights of each.
    :param wanted: asked now and then; where it says no, the block is given up.
    :returns: None when it was given up.
    """
    started = perf_counter()
    data, _ = splits.encoded(dataset, experiment)
    slices = []
    for some in _sliced(data, experiment, members):
        found = _score(data, experiment, some, wanted)
        if found is None:
            return None
        slices.append(found)
    true = data.test.codes
    predicted = np.concatenate([own.predicted for own in slices])
    return Scores(
        _wrong(predicted, true),
        np.concatenate([own.learnt for own in slices]),
        small(predicted),
        small(true),
        baseline(true),
        (len(data.targets), len(true)),
        next((own.answers for own in slices if own.answers is not None), None),
        tuple(message for own in slices for message in own.messages),
        perf_counter() - started,
    )


def _sliced(data: EncodedSplit, experiment: Experiment, members: Members) -> Iterator[Members]:
    outputs = HEADS[experiment.objective.head].size(data.schema)
    own = data.train.features.shape[1] * columns(experiment.model, outputs)
    size = max(1, SLICE_WEIGHTS // own)
    for start in range(0, len(members), size):
        yield members[start : start + size]


def _score(
    data: EncodedSplit, experiment: Experiment, members: Members, wanted: Callable[[], bool]
) -> _Slice | None:
    trainer = Trainer(
        data,
        experiment,
        component_weights=torch.tensor(members),
        joint_weight=torch.full((len(members),), experiment.joint_weight),
    )
    message = ""
    while not trainer.finished and not message:
        if trainer.step % LOOK_EVERY == 0 and not wanted():
            return None
        try:
            trainer.advance()
        except Diverged as error:
            message = str(error)
    if message and len(members) > 1:
        # Which member it was nobody knows, and the others can go on: half by half it is found.
        middle = len(members) // 2
        halves = (members[:middle], members[middle:])
        found = [_score(data, experiment, own, wanted) for own in halves]
        return _together([own for own in found if own is not None]) if all(found) else None
    predicted = _labels(trainer, data.test.features)
    fitted = _labels(trainer, data.train.features)
    ones = next((k for k, own in enumerate(members) if all(w == 1.0 for w in own)), None)
    answers = None if ones is None else trainer.logits(data.test.features)[ones].numpy()
    return _Slice(predicted, _wrong(fitted, data.train.codes), (message,) * len(members), answers)


def _together(slices: Sequence[_Slice]) -> _Slice:
    return _Slice(
        np.concatenate([own.predicted for own in slices]),
        np.concatenate([own.learnt for own in slices]),
        tuple(message for own in slices for message in own.messages),
        next((own.answers for own in slices if own.answers is not None), None),
    )


def _labels(trainer: Trainer, features: csr_matrix) -> Codes:
    """The decoded labels ``(E, N, K)``, some rows at a time."""
    decoder = DECODERS[trainer.experiment.decoder]
    schema, head = trainer.data.schema, trainer.head
    size = max(1, LOGITS_AT_ONCE // (trainer.model.members * trainer.model.outputs))
    decoded = [
        decoder.decode(
            trainer.logits(features[start : start + size]), head, schema, trainer.preference
        )[0]
        for start in range(0, features.shape[0], size)
    ]
    return np.asarray(torch.cat(decoded, dim=1).numpy())


def _wrong(predicted: Codes, true: Codes) -> Codes:
    """``(E, K + 1)``: wrong rows on each component, and on any of them."""
    wrong = predicted != true
    each = wrong.sum(axis=1)
    return np.concatenate([each, wrong.any(axis=2).sum(axis=1)[:, None]], axis=1).astype(np.int64)
