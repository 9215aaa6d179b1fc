"""The explanation: what was measured that says why α and β matter, or why they do not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lossviz.experiments.sweep.effects import Effect
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import axis_symbol, effect_on, own_and_other, weights_words
from lossviz.experiments.words import listed

SPARE = 0.25
"""Wrong on so small a part of what is wrong on new texts: the training texts are learned."""
COMPETES = 0.5
"""A training error that moves by this part of what the held-out error moves by explains it."""


def _separate(result: SweepResult) -> bool:
    """Whether the parts share nothing that is trained."""
    experiment = result.plan.experiment
    return experiment.objective.head == "factorised" and experiment.model.kind == "linear"


def why_some(result: SweepResult, effects: Sequence[Effect]) -> str:
    """Why there is an effect."""
    weights = weights_words(result.grid)
    if _separate(result):
        return (
            "Each part has logits and weights of its own here, so they do not compete: what "
            f"{weights} change is the size of the steps, and with it where training stops."
        )
    names = result.schema.names
    for axis in result.grid.axes:
        for target in own_and_other(result.grid, axis):
            effect = effect_on(effects, axis, target)
            low, high = _ends(result, axis, target)
            moved = abs(high - low)
            if effect.change.clear and moved > COMPETES * abs(effect.change.mean):
                fitted = (
                    f"on the training texts themselves it is wrong on {names[target]} "
                    f"{100 * low:.1f} % of the time with the lowest "
                    f"{axis_symbol(result.grid, axis)}, and {100 * high:.1f} % with the highest."
                )
                return _competition(result, fitted)
    if _spare(result):
        return (
            f"The training texts are learned whatever the weights are (wrong on at most "
            f"{_most_fitted(result)} of them), so the parts do not compete for room: the weights "
            "decide how the model errs on texts it has not seen. With more than the "
            f"{int(result.rows[:, 0].max()):,} training texts that may shrink."
        )
    return (
        f"Training errors move by at most {100 * _most_moved(result):.1f} points, less than those "
        "on new texts: the weights decide more about what carries over than about what is learned."
    )


def _competition(result: SweepResult, fitted: str) -> str:
    """Why the weights decide what is learned at all."""
    experiment = result.plan.experiment
    if experiment.model.kind == "linear":
        return (
            f"The weights decide what is learned in {experiment.epochs} epochs: {fitted} The "
            "heavier part "
            "takes the steps; longer training may even that out."
        )
    units = (
        "one hidden unit"
        if experiment.model.width == 1
        else f"{experiment.model.width} hidden units"
    )
    return f"All parts share {units}: {fitted} The parts compete for it."


def why_none(result: SweepResult, effects: Sequence[Effect]) -> str:
    """Why there is none, and how large one could still be."""
    experiment = result.plan.experiment
    sentences = []
    if _separate(result):
        takes_out = (
            f", and {experiment.optimiser.name.capitalize()} divides that out again but for its "
            "first "
            "steps"
            if experiment.optimiser.scale_free
            else ""
        )
        sentences.append(
            "Each part has logits and weights of its own here (separate heads), so there is "
            f"nothing to trade: {weights_words(result.grid)} only scale each part's gradient"
            f"{takes_out}."
        )
    elif _spare(result):
        sentences.append(
            "The model has capacity to spare: on the training texts it is wrong on at most "
            f"{_most_fitted(result)}, whatever the weights are, so neither part has to give way."
        )
    else:
        sentences.append(
            f"Training errors hardly move either: between the lowest and the highest weights they "
            f"differ by at most {100 * _most_moved(result):.1f} points."
        )
    hidden = max(max(-effect.change.low, effect.change.high) for effect in effects)
    sentences.append(
        f"An effect of up to {100 * hidden:.1f} points could hide in what {result.seeds} seeds and "
        f"{result.held_out[0]:,} held-out texts can show; more of either would show a smaller one."
    )
    return " ".join(sentences)


def _spare(result: SweepResult) -> bool:
    targets = list(result.grid.pair)
    return bool(
        (np.nanmax(result.fitted, axis=0) < SPARE * np.nanmin(result.means, axis=0))[targets].all()
    )


def _most_fitted(result: SweepResult) -> str:
    """``0.4 % (arousal) and 0.1 % (valence)``, the worst training errors of all points."""
    worst = np.nanmax(result.fitted[: len(result.grid.points)], axis=0)
    return listed([f"{100 * worst[k]:.1f} % ({result.schema.names[k]})" for k in result.grid.pair])


def _most_moved(result: SweepResult) -> float:
    ends = [_ends(result, axis, k) for axis in result.grid.axes for k in result.grid.pair]
    return max(abs(high - low) for low, high in ends)


def _ends(result: SweepResult, axis: int, target: int) -> tuple[float, float]:
    """The training error at the lowest and at the highest value of a weight."""
    lines = result.grid.lines(axis)
    fitted = result.fitted[:, target]
    return float(np.nanmean(fitted[lines[:, 0]])), float(np.nanmean(fitted[lines[:, -1]]))
