"""Judging: what trained members say about the held-out rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from lossviz.arrays import Doubles, Floats, Small
from lossviz.engine.csr import Csr
from lossviz.engine.first_layers import products_of
from lossviz.engine.temperatures import Tempering, tempering, temperings
from lossviz.engine.together import pieces, split_like, together
from lossviz.engine.trainer import Trainer
from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.reliability import Reliability, Temperatures
from lossviz.experiments.scores import mistakes
from lossviz.losses.decoding import DECODERS
from lossviz.losses.heads import HEADS
from lossviz.losses.targets import Targets
from lossviz.losses.weights import LossWeights
from lossviz.schema import LabelSchema

ROWS = 8_192
"""Held-out rows whose parts' probabilities are in memory at a time: of very many labels they take
as much as all logits."""


def member(weights: LossWeights, place: int) -> LossWeights:
    """The weights of one ensemble member."""
    return LossWeights(weights.components[place], weights.joint[place])


class Decided(NamedTuple):
    """What a member says of some rows.

    :param codes: of the labels that it gives, ``(N, K)``.
    :param log_prob: the log probability of each, ``(N,)``.
    :param logits: ``(N, O)`` of its probabilities: divided by temperatures, where there are any.
    """

    codes: Tensor
    log_prob: Tensor
    logits: Tensor
    temperatures: Temperatures | None


def decided(trainer: Trainer, logits: Tensor, place: int = 0) -> Decided:
    """What one member says, by its logits ``(E, N, O)``."""
    return _decided(trainer, logits, tempering(trainer), place)


def _decided(trainer: Trainer, logits: Tensor, set_on: Tempering | None, place: int = 0) -> Decided:
    """Costs are decided by probabilities with their temperatures, and all else by the logits as
    they were trained: what is likeliest is not up to temperatures."""
    head, schema, decoder = trainer.head, trainer.schema, DECODERS[trainer.experiment.decoder]
    costs, trained = member(trainer.costs, place), logits[place]
    if set_on is None:
        return Decided(*decoder.decode(trained, head, schema, costs), trained, None)
    believed = set_on.divided(logits)[place]
    codes, _ = decoder.decode(believed if decoder.weighted else trained, head, schema, costs)
    joint = torch.from_numpy(trainer.data.schema.class_index(codes.numpy()))
    parts = head.log_prob_pieces(believed, Targets(codes, joint), trainer.data.schema)
    return Decided(codes, torch.stack(parts).sum(0), believed, set_on.of(place))


def evaluate(trainer: Trainer, logits: Tensor, place: int = 0) -> Evaluation:
    """Judge one member by the logits ``(E, N, O)`` of the held-out rows.

    Decisions follow the costs that the person states, also where learned weights train.
    """
    (evaluation,) = _judged([trainer], [logits[place]], [decided(trainer, logits, place)])
    return evaluation


def evaluate_together(trainers: Sequence[Trainer]) -> list[Evaluation]:
    """Judge trainers of one member each. What is up to each row alone is computed at once for those
    of a kind, the rows of one behind those of the other."""
    sizes = [len(trainer.data.test.codes) * trainer.model.outputs for trainer in trainers]
    return [each for some in pieces(trainers, sizes) for each in _evaluated(some)]


def _evaluated(trainers: Sequence[Trainer]) -> list[Evaluation]:
    products = products_of(trainers, lambda trainer: Csr.of(trainer.data.test.features))
    groups: dict[tuple[str, ...], list[tuple[int, Trainer, Tensor]]] = {}
    for place, (trainer, product) in enumerate(zip(trainers, products, strict=True)):
        experiment, model = trainer.experiment, trainer.model
        key = (trainer.kind, experiment.decoder, experiment.calibration)
        with torch.no_grad():
            (logits,) = model.tail(model.by_member(product, 1), model.dense)
        groups.setdefault(key, []).append((place, trainer, logits))
    evaluations: dict[int, Evaluation] = {}
    for group in groups.values():
        places, those, logits = zip(*group, strict=True)
        judged = _judged(those, logits, _decided_together(those, logits))
        evaluations |= zip(places, judged, strict=True)
    return [evaluations[place] for place in range(len(trainers))]


def _decided_together(trainers: Sequence[Trainer], logits: Sequence[Tensor]) -> list[Decided]:
    """:func:`decided` of each, by its logits ``(N, O)``; where costs or temperatures of its own
    have a say, each by itself."""
    first = trainers[0]
    decoder = DECODERS[first.experiment.decoder]
    if decoder.weighted or first.experiment.calibration != "none":
        each = zip(trainers, logits, temperings(trainers), strict=True)
        return [_decided(trainer, rows[None], set_on) for trainer, rows, set_on in each]
    codes, log_prob = decoder.decode(
        together(logits), first.head, first.schema, member(first.costs, 0)
    )
    split = zip(split_like(codes, logits), split_like(log_prob, logits), logits, strict=True)
    return [Decided(*own, None) for own in split]


def _judged(
    trainers: Sequence[Trainer], logits: Sequence[Tensor], said: Sequence[Decided]
) -> list[Evaluation]:
    """Trainers of one kind by what they said, and the logits ``(N, O)`` that they were trained
    to."""
    believed, codes = (
        together([each.logits for each in said]),
        together([each.codes for each in said]),
    )
    sure = split_like(_sure(trainers[0], believed, codes), logits)
    return [_evaluation(*own) for own in zip(trainers, logits, said, sure, strict=True)]


def _evaluation(trainer: Trainer, logits: Tensor, said: Decided, sure: Tensor) -> Evaluation:
    data, predicted = trainer.data, said.codes.numpy()
    impossible, masked = 0, None
    if trainer.head.can_emit_unseen or data.occurring is not data.schema:
        impossible = int((data.occurring.class_index(predicted) < 0).sum())
    if impossible:
        masked = _wrong_masked(trainer, logits)
    evaluation = Evaluation(
        data.test.codes,
        predicted,
        # Rounding may leave it a hair above 1.
        np.minimum(said.log_prob.exp().numpy(), 1.0),
        trainer.step,
        impossible,
        Reliability.of(sure.numpy(), predicted == data.test.codes),
        data.guess,
        masked,
        data.unseen,
        said.temperatures,
    )
    # The intervals are computed here, and travel with the rest: with thirty sessions they took a
    # tenth of the web process's time.
    _ = evaluation.rates
    return evaluation


def _wrong_masked(trainer: Trainer, logits: Tensor) -> int:
    """Wrong whole labels where each row ``(N, O)`` is given the likeliest that training has."""
    data = trainer.data
    allowed = torch.from_numpy(data.schema.class_index(data.occurring.class_codes))
    best = trainer.head.joint_log_probs(logits, data.schema)[:, allowed].argmax(-1)
    answers = data.occurring.class_codes[best.numpy()]
    return int((answers != data.test.codes).any(axis=1).sum())


def _sure(trainer: Trainer, logits: Tensor, codes: Tensor) -> Tensor:
    """The probabilities ``(N, K)`` of what was predicted, by logits ``(N, O)`` and codes
    ``(N, K)``."""
    probabilities = []
    for answers, predicted in zip(logits.split(ROWS), codes.split(ROWS), strict=True):
        marginals = trainer.head.component_log_probs(answers, trainer.data.schema)
        sure = [
            marginal.gather(-1, predicted[:, k : k + 1]) for k, marginal in enumerate(marginals)
        ]
        probabilities.append(torch.cat(sure, dim=-1).exp().clamp(max=1.0))
    return together(probabilities)


def min_cost_errors(
    schemas: Sequence[LabelSchema],
    experiment: Experiment,
    answers: Sequence[Floats],
    true: Sequence[Small],
    costs: Sequence[float],
) -> Doubles:
    """Error rates of ``min_cost`` decisions, ``(J, K + 1)``: the components', the whole label's.

    :param schemas: for each seed the labels that may be answered.
    :param answers: for each seed the logits ``(N, O)`` of the held-out rows.
    :param true: for each seed their labels ``(N, K)``.
    :param costs: ``(K + 1,)``, of a wrong component, and of a wrong whole label besides.
    """
    *components, joint = costs
    weights = LossWeights(torch.tensor(components), torch.tensor(joint))
    head, decoder = HEADS[experiment.objective.head], DECODERS["min_cost"]
    rates = []
    for schema, logits, labels in zip(schemas, answers, true, strict=True):
        codes, _ = decoder.decode(torch.from_numpy(logits), head, schema, weights)
        rates.append(mistakes(codes.numpy(), labels).mean(axis=0))
    return np.array(rates)
