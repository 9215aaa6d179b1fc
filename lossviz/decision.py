"""Deciding by stated costs what a model that was trained without them has answered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from lossviz.decoding import DECODERS
from lossviz.experiment import Experiment
from lossviz.heads import HEADS
from lossviz.loss_weights import LossWeights
from lossviz.outcome import Doubles
from lossviz.progress import Floats
from lossviz.schema import LabelSchema
from lossviz.scores import Small


def min_cost_errors(
    schema: LabelSchema,
    experiment: Experiment,
    answers: Sequence[Floats],
    true: Sequence[Small],
    costs: Sequence[float],
) -> Doubles:
    """Error rates of ``min_cost`` decisions, ``(J, K + 1)``: the components', the whole label's.

    :param answers: for each seed the logits ``(N, O)`` of the held-out rows.
    :param true: for each seed their labels ``(N, K)``.
    :param costs: ``(K + 1,)``, of a wrong component, and of a wrong whole label besides.
    """
    *components, joint = costs
    weights = LossWeights(torch.tensor(components), torch.tensor(joint))
    head, decoder = HEADS[experiment.objective.head], DECODERS["min_cost"]
    rates = []
    for logits, labels in zip(answers, true, strict=True):
        codes, _ = decoder.decode(torch.from_numpy(logits), head, schema, weights)
        wrong = codes.numpy() != labels
        rates.append([*wrong.mean(axis=0), wrong.any(axis=1).mean()])
    return np.array(rates)
