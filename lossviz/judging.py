"""Judging: what trained members say about the held-out rows."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from lossviz.decoding import DECODERS
from lossviz.evaluation import Evaluation
from lossviz.loss_weights import LossWeights
from lossviz.training import Trainer


def member(weights: LossWeights, place: int) -> LossWeights:
    """The weights of one ensemble member."""
    return LossWeights(weights.components[place], weights.joint[place])


def evaluate(trainer: Trainer, logits: Tensor, place: int = 0) -> Evaluation:
    """Judge one member by the logits ``(E, N, O)`` of the held-out rows.

    Decisions follow the costs that the person states, also where learned weights train.
    """
    data = trainer.data
    decoder = DECODERS[trainer.experiment.decoder]
    codes, log_prob = decoder.decode(
        logits[place], trainer.head, data.schema, member(trainer.preference, place)
    )
    predicted = codes.numpy()
    impossible = 0
    if trainer.head.can_emit_unseen:
        impossible = int((data.schema.class_index(predicted) < 0).sum())
    # Rounding may leave it a hair above 1.
    probability = np.minimum(log_prob.exp().numpy(), 1.0)
    found = Evaluation(data.test.codes, predicted, probability, trainer.step, impossible)
    # The intervals are computed here, and travel with the rest: with thirty sessions they took a
    # tenth of the web process's time.
    _ = found.components, found.joint
    return found
