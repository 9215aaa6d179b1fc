"""The explanation: what was measured that says why α and β matter, or why they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lossviz.experiments.statistics import Interval
from lossviz.experiments.sweep.effects import Effect
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import axis_symbol, own_and_other, weights_words
from lossviz.experiments.words import count, listed

SPARE = 0.25
"""Capacity to spare: wrong on at most this part, on the training texts, of what is wrong on new
ones. The training texts are learned, and what is left is a shortage of texts."""
COMPETES = 0.5
"""Competition: a part's training error moves the same way as its held-out error, and by at least
this part of it."""
HARDLY = 0.02
"""Of a training error: it hardly moves if it moves by less."""


@dataclass(frozen=True)
class Moved:
    """The errors of one part between the lowest and the highest ratio of a weight.

    :param trained: the change on the training texts.
    :param held_out: the change on held-out texts.
    """

    axis: int
    target: int
    low: float
    high: float
    held_out: float

    @property
    def trained(self) -> float:
        """The change on the training texts."""
        return self.high - self.low

    @property
    def share(self) -> float:
        """Of the held-out change that is there on the training texts too; negative where they
        go different ways."""
        return self.trained / self.held_out if self.held_out else 0.0


def separate(result: SweepResult) -> bool:
    """Whether the parts share nothing that is trained."""
    experiment = result.plan.experiment
    return experiment.objective.head == "factorised" and experiment.model.kind == "linear"


def coupling(result: SweepResult) -> str:
    """What ties parts together that share no weights: λ, or a decoder that keeps to combinations
    that occur. Empty where nothing does."""
    experiment = result.plan.experiment
    if experiment.settings.get("allowed_weight") and result.lacking:
        return "λ, the weight of the combinations that occur, ties them together"
    if experiment.decoder != "marginal_modes" and result.lacking:
        return "answers are kept to the combinations that occur, which ties them together"
    return ""


def of_size(result: SweepResult) -> bool:
    """Whether weights can do nothing but scale each part's gradient, and the optimiser does not
    divide that out."""
    scale_free = result.plan.experiment.optimiser.scale_free
    return separate(result) and not coupling(result) and not scale_free


def _artefact(result: SweepResult) -> str:
    """What the size of a gradient acts on."""
    optimiser = result.plan.experiment.optimiser
    if optimiser.weight_decay:
        return "how much each part's loss counts beside the weight decay (regularisation)"
    return f"the size of the steps with {optimiser.name}, and with it where training stops"


def why_some(result: SweepResult, effects: Sequence[Effect]) -> str:
    """Why there is an effect."""
    experiment = result.plan.experiment
    moves = sorted(_moves(result, effects), key=lambda move: -abs(move.held_out))
    if separate(result):
        tie = coupling(result)
        if tie:
            return f"Each part has logits and weights of its own here, but {tie}."
        if not experiment.optimiser.scale_free:
            return (
                "Each part has logits and weights of its own here, so they do not compete. What "
                f"{weights_words(result.grid)} change is {_artefact(result)}: not what a mistake "
                "costs."
            )
    competing = next((move for move in moves if move.share >= COMPETES), None)
    if competing is not None:
        return _competition(result, competing)
    first = moves[0]
    name = result.schema.names[first.target]
    if _spare(result):
        gap = 100 * float((result.means - result.fitted)[:, first.target].mean())
        return (
            f"The training texts are learned whatever the weights are (wrong on at most "
            f"{_most_fitted(result)} of them), so the parts do not compete for room: the weights "
            f"decide how the model errs on texts it has not seen, on which it is wrong on {name} "
            f"{gap:.1f} points more often. With more than the {int(result.rows[:, 0].max()):,} "
            "training texts that may shrink."
        )
    return (
        f"On the training texts the error on {name} moves by {100 * first.trained:+.1f} of the "
        f"{100 * first.held_out:+.1f} points on new ones: the weights decide more about what "
        "carries over than about what is learned."
    ).replace("-", "−")


def _competition(result: SweepResult, move: Moved) -> str:
    """Why the weights decide what is learned at all."""
    experiment, name = result.plan.experiment, result.schema.names[move.target]
    fitted = (
        f"on the training texts themselves it is wrong on {name} {100 * move.low:.1f} % of the "
        f"time with the lowest {axis_symbol(result.grid, move.axis)}, and {100 * move.high:.1f} % "
        f"with the highest. That is {100 * abs(move.trained):.1f} points there, and "
        f"{100 * abs(move.held_out):.1f} on new ones."
    )
    if experiment.model.kind == "linear":
        return (
            f"The weights decide what is learned in {experiment.epochs} epochs: {fitted} The "
            "heavier part takes the steps; longer training may even that out."
        )
    units = count(experiment.model.width, "hidden unit").replace("1 hidden", "one hidden")
    return f"All parts share {units}: {fitted} The parts compete for it."


def why_none(result: SweepResult, effects: Sequence[Effect], contrast: Interval) -> str:
    """Why there is none, and how large one could still be."""
    experiment = result.plan.experiment
    moves = _moves(result, effects)
    most = max(abs(move.trained) for move in moves)
    tie = coupling(result)
    if separate(result) and not tie:
        sentence = (
            "Each part has logits and weights of its own here (separate heads), so there is "
            f"nothing to trade: {weights_words(result.grid)} only scale each part's gradient"
        )
        if experiment.optimiser.scale_free:
            sentence += f", and {experiment.optimiser.name.capitalize()} divides that out again"
        else:
            sentence += f", and so {_artefact(result)}"
        sentence += "."
    elif separate(result):
        sentence = (
            f"Each part has logits and weights of its own here; {tie}, but not so that it could be "
            "seen."
        )
    elif _spare(result):
        sentence = (
            "The model has capacity to spare: on the training texts it is wrong on at most "
            f"{_most_fitted(result)}, whatever the weights are, so neither part has to give way."
        )
    elif most < HARDLY:
        sentence = (
            "Training errors hardly move either: between the lowest and the highest weights they "
            f"differ by at most {100 * most:.1f} points."
        )
    else:
        sentence = (
            f"On the training texts an error moves by up to {100 * most:.1f} points, and that does "
            "not carry over to new ones by more than chance."
        )
    hidden = max(-contrast.low, contrast.high)
    return (
        f"{sentence} An effect of up to {100 * hidden:.1f} points could hide in what "
        f"{result.seeds} seeds and {result.held_out[0]:,} held-out texts each can show; more "
        "texts would show a smaller one, more seeds only a little: they share these texts."
    )


def _moves(result: SweepResult, effects: Sequence[Effect]) -> list[Moved]:
    """Of both parts of the pair, for every weight that moves."""
    moves = []
    for axis in result.grid.axes:
        for target in own_and_other(result.grid, axis):
            change = next(e.change for e in effects if (e.axis, e.target) == (axis, target))
            lines, fitted = result.grid.lines(axis), result.fitted[:, target]
            low, high = (float(np.nanmean(fitted[lines[:, end]])) for end in (0, -1))
            moves.append(Moved(axis, target, low, high, change.mean))
    return moves


def _spare(result: SweepResult) -> bool:
    targets = list(result.grid.pair)
    return bool(
        (np.nanmax(result.fitted, axis=0) < SPARE * np.nanmin(result.means, axis=0))[targets].all()
    )


def _most_fitted(result: SweepResult) -> str:
    """``0.4 % (arousal) and 0.1 % (valence)``, the worst training errors of all points."""
    worst = np.nanmax(result.fitted[: len(result.grid.points)], axis=0)
    return listed([f"{100 * worst[k]:.1f} % ({result.schema.names[k]})" for k in result.grid.pair])
