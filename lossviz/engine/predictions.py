"""All probabilities that a model says of texts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from lossviz.arrays import Doubles, Integers
from lossviz.engine.fit import Fit
from lossviz.engine.temperatures import tempering
from lossviz.losses.heads import Head
from lossviz.losses.targets import Targets
from lossviz.schema import LabelSchema


@dataclass(frozen=True)
class Predicted:
    """What a model says of some texts.

    :param codes: ``(N, K)``, the label that it gives.
    :param p: ``(N,)``, the probability of that.
    :param parts: of each part ``(N, n_k)``, the probability of each value.
    :param joint: ``(N, C)``, that of each whole label.
    """

    codes: Integers
    p: Doubles
    parts: tuple[Doubles, ...]
    joint: Doubles


def said_of(logits: Tensor, codes: Tensor, head: Head, schema: LabelSchema) -> Predicted:
    """All probabilities that logits ``(N, O)`` say.

    :param codes: ``(N, K)``, the labels that are given.
    """
    index = torch.from_numpy(schema.class_index(codes.numpy()))
    log_prob = torch.stack(head.log_prob_pieces(logits, Targets(codes, index), schema)).sum(0)
    parts = head.component_log_probs(logits, schema)
    return Predicted(
        codes.numpy().astype(np.int64),
        np.minimum(log_prob.exp().double().numpy(), 1.0),
        tuple(part.exp().double().numpy() for part in parts),
        head.joint_log_probs(logits, schema).exp().double().numpy(),
    )


def said_by(result: Fit) -> Predicted:
    """All probabilities of the rows that a fit was judged on."""
    trainer = result.trainer
    logits = trainer.logits(trainer.data.test.features)
    set_on = tempering(trainer)
    believed = (logits if set_on is None else set_on.divided(logits))[0]
    codes = torch.from_numpy(result.evaluation.predicted)
    return said_of(believed, codes, trainer.head, trainer.data.schema)
