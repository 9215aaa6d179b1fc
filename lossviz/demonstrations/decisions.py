"""Which label to answer, given what is believed and what mistakes cost."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from lossviz.decoding import DECODERS
from lossviz.demonstrations.results import Decision, Decisions, Dilemma, Floats, Stretch
from lossviz.errors import LossVizError
from lossviz.heads import HEADS, Head
from lossviz.loss_weights import LossWeights
from lossviz.objectives import OBJECTIVES
from lossviz.schema import TEXTBOOK, LabelSchema
from lossviz.targets import Targets

RATIOS = np.geomspace(0.1, 10.0, 401)
"""Of α to β, as far as the sliders go."""
SAME = 1e-9
"""Costs closer than this are the same: probabilities come out of logarithms."""


class GivenHead(Head):
    """Log probabilities of every combination, also of those that cannot be answered.

    So a part's probability counts all that is believed, and answers are only the allowed classes:
    what a model with separate logits believes, or one whose labels were cut down later.
    """

    id = "given"
    title = "a given distribution over all combinations"
    can_emit_unseen = False

    def size(self, schema: LabelSchema) -> int:
        """Number of combinations that there could be."""
        return schema.possible

    def joint_log_probs(self, logits: Tensor, schema: LabelSchema) -> Tensor:
        """Those of the allowed classes; together they may have less than 1."""
        every = LabelSchema.full(schema.components, schema.separator)
        return logits.log_softmax(-1)[..., every.class_index(schema.class_codes)]

    def component_log_probs(self, logits: Tensor, schema: LabelSchema) -> list[Tensor]:
        """Sums over every combination."""
        every = LabelSchema.full(schema.components, schema.separator)
        return HEADS["joint"].component_log_probs(logits, every)

    def place(self, effects: list[Tensor], joint: Tensor, schema: LabelSchema) -> Tensor:
        """Only where every combination is allowed: the summed effects themselves."""
        return joint


def decisions(dilemma: Dilemma) -> Decisions:
    """What each decoder answers, and where α/β changes the cheapest answer while β stays.

    :raises LossVizError: when nothing can be answered.
    """
    allowed = tuple(
        own for own, kept in zip(TEXTBOOK.classes, dilemma.allowed, strict=True) if kept
    )
    if not allowed:
        raise LossVizError("No label can be answered: allow at least one.")
    schema = LabelSchema(TEXTBOOK.components, allowed, TEXTBOOK.separator)
    here = _weights(dilemma, np.array([dilemma.alpha]))
    scan = _weights(dilemma, RATIOS * dilemma.beta)
    costs = _expected_costs(dilemma, schema, scan)
    chosen = _answers("min_cost", dilemma, schema, scan)
    most = np.array(dilemma.gamma + dilemma.beta * (1.0 + RATIOS))[:, None]
    return Decisions(
        dilemma,
        _decided(dilemma, schema, here),
        schema.class_names,
        RATIOS,
        costs / most,
        _stretches(chosen, costs, schema.class_names),
    )


def _logits(dilemma: Dilemma) -> Tensor:
    """``(1, 1, 4)``: a member axis for the weights, and one text."""
    return torch.tensor(dilemma.probabilities, dtype=torch.float64).log()[None, None]


def _weights(dilemma: Dilemma, alphas: Floats) -> LossWeights:
    """One member for each α."""
    alpha = torch.tensor(alphas, dtype=torch.float64)
    parts = torch.stack([alpha, torch.full_like(alpha, dilemma.beta)], dim=-1)
    return LossWeights(parts, torch.full_like(alpha, dilemma.gamma))


def _answers(
    decoder: str, dilemma: Dilemma, schema: LabelSchema, weights: LossWeights
) -> list[int]:
    """The position of the answer among the allowed classes, for each member."""
    logits = _logits(dilemma).expand(len(weights.joint), -1, -1)
    codes, _ = DECODERS[decoder].decode(logits, GivenHead(), schema, weights)
    return [int(own) for own in schema.class_index(codes[:, 0].numpy())]


def _expected_costs(dilemma: Dilemma, schema: LabelSchema, weights: LossWeights) -> Floats:
    """``(R, C)``: what each answer costs on average. The cost of answering c where y is true is
    that of y where c is true, so it is the objective of that name with the answer as the target.
    """
    objective = OBJECTIVES["expected_cost"]
    targets = Targets.from_codes(schema.class_codes, TEXTBOOK)
    logits = _logits(dilemma).expand(-1, len(targets), -1)
    parts = objective.parts(logits, targets, TEXTBOOK, weights)
    return objective.total(parts, weights).numpy()


def _decided(dilemma: Dilemma, schema: LabelSchema, here: LossWeights) -> dict[str, Decision]:
    costs = _expected_costs(dilemma, schema, here)[0]
    names = schema.class_names
    found = {}
    for name, decoder in DECODERS.items():
        (own,) = _answers(name, dilemma, schema, here)
        ties = tuple(
            names[c]
            for c in range(len(names))
            if decoder.weighted and c != own and abs(costs[c] - costs[own]) < SAME
        )
        found[name] = Decision(names[own], float(costs[own]), ties)
    return found


def _stretches(chosen: list[int], costs: Floats, names: tuple[str, ...]) -> tuple[Stretch, ...]:
    """Where the answer stays the same. An answer stays until another one is really cheaper."""
    own, low = chosen[0], float(RATIOS[0])
    found = []
    for place in range(1, len(RATIOS)):
        new = chosen[place]
        saved = costs[place, own] - costs[place, new]
        if saved < SAME:
            continue
        # Costs are linear in α, so what is saved is too: where it was 0.
        before = costs[place - 1, own] - costs[place - 1, new]
        share = float(np.clip(before / (before - saved), 0.0, 1.0))
        edge = float(RATIOS[place - 1] + share * (RATIOS[place] - RATIOS[place - 1]))
        found.append(Stretch(names[own], low, edge))
        own, low = new, edge
    return (*found, Stretch(names[own], low, float(RATIOS[-1])))
