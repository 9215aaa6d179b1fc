"""From class logits to a loss of the first part: the wrong way and the right one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from lossviz.arrays import Doubles
from lossviz.errors import LossVizError
from lossviz.losses.decoding import DECODERS
from lossviz.losses.heads import HEADS
from lossviz.losses.objectives import OBJECTIVES, Objective
from lossviz.losses.questions.encodings import SIGNS
from lossviz.losses.questions.results import (
    Decision,
    Decisions,
    Descent,
    Descents,
    Dilemma,
    PartLosses,
    Stretch,
    Way,
)
from lossviz.losses.targets import Targets
from lossviz.losses.weights import LossWeights
from lossviz.schema import TEXTBOOK, LabelSchema

POINTS = 161
REACH = 8.0
"""The true label's logit runs at least from minus this to this."""
MARGIN = 2.0

Loss = Callable[[Tensor, Tensor], Tensor]


def part_losses(logits: Sequence[float], true: int) -> PartLosses:
    """Both ways at these logits, and along the true label's own.

    :param logits: ``(4,)``, of AC, AD, BC, BD.
    :param true: the position of the true label.
    """
    z = torch.tensor(list(logits), dtype=torch.float64)
    has_a = torch.tensor(float(TEXTBOOK.classes[true][0] == 0), dtype=torch.float64)
    start, end = min(-REACH, logits[true] - MARGIN), max(REACH, logits[true] + MARGIN)
    line = torch.linspace(start, end, POINTS, dtype=torch.float64)
    moved = z.repeat(POINTS, 1)
    moved[:, true] = line
    # The first part's true value at P = 0 and P = 1: between them lies all that can be said.
    ends = torch.tensor([0.0, 1.0], dtype=torch.float64)
    says_a = torch.where(has_a > 0, ends, 1.0 - ends)
    wrong_ends, twice_ends = (
        F.binary_cross_entropy_with_logits(said, has_a.expand(2), reduction="none")
        for said in (says_a, says_a.sigmoid())
    )
    return PartLosses(
        true,
        right_loss(z, has_a).neg().exp().item(),
        line.numpy(),
        float(logits[true]),
        _way(wrong_loss, z, moved, has_a, wrong_ends),
        _way(twice_wrong_loss, z, moved, has_a, twice_ends),
        _way(right_loss, z, moved, has_a, -ends.log()),
    )


def wrong_loss(logits: Tensor, has_a: Tensor) -> Tensor:
    """``BCEWithLogitsLoss`` on P(A), ``(N,)``; it takes the sigmoid of a probability.

    :param logits: ``(N, 4)``.
    :param has_a: ``(N,)``, 1 where the true label has A.
    """
    p_a = logits.softmax(-1)[..., :2].sum(-1)
    return F.binary_cross_entropy_with_logits(p_a, has_a, reduction="none")


def twice_wrong_loss(logits: Tensor, has_a: Tensor) -> Tensor:
    """``BCEWithLogitsLoss`` on the sigmoid of P(A): two sigmoids; see :func:`wrong_loss`."""
    p_a = logits.softmax(-1)[..., :2].sum(-1)
    return F.binary_cross_entropy_with_logits(p_a.sigmoid(), has_a, reduction="none")


def right_loss(logits: Tensor, has_a: Tensor) -> Tensor:
    """``BCEWithLogitsLoss`` on the log odds of A; see :func:`wrong_loss`."""
    log_odds = logits[..., :2].logsumexp(-1) - logits[..., 2:].logsumexp(-1)
    return F.binary_cross_entropy_with_logits(log_odds, has_a, reduction="none")


def _way(loss: Loss, z: Tensor, moved: Tensor, has_a: Tensor, ends: Tensor) -> Way:
    logits = z.clone().requires_grad_()
    height = loss(logits, has_a)
    (gradient,) = torch.autograd.grad(height, logits)
    return Way(
        height.item(),
        gradient.numpy(),
        float(ends.min().abs()),  # not −0
        float(ends.max()),
        loss(moved, has_a.expand(len(moved))).numpy(),
    )


RATIOS = np.geomspace(0.1, 10.0, 401)
"""Of α to β, as far as the sliders go."""
SAME = 1e-9
"""Costs closer than this are the same: probabilities come out of logarithms."""


def decisions(dilemma: Dilemma) -> Decisions:
    """What each decoder answers, and where α/β changes the cheapest answer while β stays.

    :raises LossVizError: when nothing can be answered, or nothing is believed of what can.
    """
    every = dilemma.schema
    kept = [place for place, allowed in enumerate(dilemma.allowed) if allowed]
    if not kept:
        raise LossVizError("No label can be answered: allow at least one.")
    schema = LabelSchema(
        every.components, tuple(every.classes[place] for place in kept), every.separator
    )
    believed = torch.tensor(dilemma.probabilities, dtype=torch.float64)[kept]
    if not believed.sum() > 0.0:
        raise LossVizError(
            f"All of {', '.join(schema.class_names)} are 0, and nothing else occurs: give one of "
            "them more."
        )
    belief = _Belief(schema, believed.log()[None, None])
    here = _weights(dilemma, np.array([dilemma.alpha]))
    scan = _weights(dilemma, RATIOS * dilemma.beta)
    costs = belief.costs(scan)
    chosen = belief.answers("min_cost", scan)
    most = np.array(dilemma.gamma + dilemma.beta * (1.0 + RATIOS))[:, None]
    return Decisions(
        dilemma,
        belief.decided(here),
        schema.class_names,
        RATIOS,
        costs / most,
        _stretches(chosen, costs, schema.class_names),
    )


def _weights(dilemma: Dilemma, alphas: Doubles) -> LossWeights:
    """One member for each α."""
    alpha = torch.tensor(alphas, dtype=torch.float64)
    parts = torch.stack([alpha, torch.full_like(alpha, dilemma.beta)], dim=-1)
    return LossWeights(parts, torch.full_like(alpha, dilemma.gamma))


@dataclass(frozen=True)
class _Belief:
    """What is believed of a text.

    :param logits: ``(1, 1, C)``: a member axis for the weights, and one text.
    """

    schema: LabelSchema
    logits: Tensor

    def answers(self, decoder: str, weights: LossWeights) -> list[int]:
        """The position of the answer among the labels that occur, for each member."""
        logits = self.logits.expand(len(weights.joint), -1, -1)
        codes, _ = DECODERS[decoder].decode(logits, HEADS["joint"], self.schema, weights)
        return [int(position) for position in self.schema.class_index(codes[:, 0].numpy())]

    def costs(self, weights: LossWeights) -> Doubles:
        """``(R, C)``: what each answer costs on average. The cost of answering c where y is true is
        that of y where c is true, so it is the objective of that name with the answer as the
        target.
        """
        objective = OBJECTIVES["expected_cost"]
        targets = Targets.from_codes(self.schema.class_codes, self.schema)
        logits = self.logits.expand(-1, len(targets), -1)
        parts = objective.parts(logits, targets, self.schema, weights)
        return objective.total(parts, weights).numpy()

    def decided(self, here: LossWeights) -> dict[str, Decision]:
        """What each decoder answers."""
        costs, names = self.costs(here)[0], self.schema.class_names
        decisions = {}
        for name, decoder in DECODERS.items():
            (answer,) = self.answers(name, here)
            ties = tuple(
                names[other]
                for other in range(len(names))
                if decoder.weighted and other != answer and abs(costs[other] - costs[answer]) < SAME
            )
            decisions[name] = Decision(names[answer], float(costs[answer]), ties)
        return decisions


def _stretches(chosen: list[int], costs: Doubles, names: tuple[str, ...]) -> tuple[Stretch, ...]:
    """Where the answer stays the same. An answer stays until another one is really cheaper."""
    answer, low = chosen[0], float(RATIOS[0])
    stretches = []
    for place in range(1, len(RATIOS)):
        cheaper = chosen[place]
        saved = costs[place, answer] - costs[place, cheaper]
        if saved < SAME:
            continue
        # Costs are linear in α, so what is saved is too: where it was 0.
        before = costs[place - 1, answer] - costs[place - 1, cheaper]
        share = float(np.clip(before / (before - saved), 0.0, 1.0))
        edge = float(RATIOS[place - 1] + share * (RATIOS[place] - RATIOS[place - 1]))
        stretches.append(Stretch(names[answer], low, edge))
        answer, low = cheaper, edge
    return (*stretches, Stretch(names[answer], low, float(RATIOS[-1])))


FORMULATIONS = ("marginals", "joint")
STEPS = 200
LEARNING_RATE = 3.0
"""Below 4 plain gradient descent on a softmax's cross entropy cannot overshoot."""


def descents(target: Sequence[float], starts: Sequence[float]) -> Descents:
    """Plain gradient descent on the four logits of a text whose label is drawn anew every time.

    The loss of a step is the expected one: that of each label, times how often it is the true one.

    :param target: ``(4,)``, how often AC, AD, BC, BD are the true label.
    :param starts: ``(S,)``, couplings; each start says P(A) = P(C) = ½.
    """
    spread = torch.tensor(list(target), dtype=torch.float64)
    begin = torch.tensor(list(starts), dtype=torch.float64)
    return Descents(
        spread.numpy(),
        begin.numpy(),
        {name: _descent(OBJECTIVES[name], spread, begin) for name in FORMULATIONS},
    )


def _descent(objective: Objective, target: Tensor, starts: Tensor) -> Descent:
    signs = torch.tensor(SIGNS[2], dtype=torch.float64)
    targets = Targets.from_codes(TEXTBOOK.class_codes, TEXTBOOK)
    weights = LossWeights(torch.ones(2, dtype=torch.float64), torch.ones((), dtype=torch.float64))
    z = starts[:, None] * signs / 2  # (S, 4): every start is a member
    couplings = [starts]
    for _ in range(STEPS):
        z = z.requires_grad_()
        rows = z[:, None, :].expand(-1, len(targets), -1)  # one text, once with each true label
        parts = objective.parts(rows, targets, TEXTBOOK, weights)
        loss = (objective.total(parts, weights) * target).sum()
        (gradient,) = torch.autograd.grad(loss, z)
        z = z.detach() - LEARNING_RATE * gradient
        couplings.append(z @ signs / 2)
    return Descent(torch.stack(couplings, dim=1).numpy(), z.softmax(-1).numpy())
