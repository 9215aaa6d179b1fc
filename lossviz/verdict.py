"""The verdict: does it matter what α and β are, how clearly, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lossviz.effects import Effect, effects
from lossviz.evaluation import ErrorRate
from lossviz.protocol import LEAST_SEEDS
from lossviz.snippets import weight_symbol
from lossviz.sweep_result import SweepResult
from lossviz.wording import listed, points, signed

SPARE = 0.25
"""Wrong on so small a part of what is wrong on new texts: the training texts are learned."""
COMPETES = 0.5
"""A training error that moves by this part of what the held-out error moves by explains it."""


@dataclass(frozen=True)
class Verdict:
    """What a sweep says, as sentences worded from its intervals.

    :param headline: whether α and β matter; says so where there is no claim yet.
    :param measured: the effects, with their intervals.
    :param noise: what the effects have to be held against.
    :param why: what was measured that explains it.
    :param how: how the intervals were made.
    """

    headline: str
    measured: str
    noise: str
    why: str
    how: str
    effects: tuple[Effect, ...]

    @property
    def text(self) -> str:
        """Everything that a stakeholder reads."""
        return " ".join(filter(None, [self.headline, self.measured, self.noise, self.why]))


def verdict(result: SweepResult) -> Verdict:
    """What can be said, given the seeds that are finished."""
    if result.seeds < LEAST_SEEDS:
        return Verdict(_too_few(result), "", "", "", "", effects(result))
    found = effects(result)
    so_far = ""
    if result.seeds < len(result.plan.seeds):
        so_far = f"So far, with {result.seeds} of {len(result.plan.seeds)} seeds: "
    clear = [own for own in found if own.change.clear]
    weights = _weights(result)
    headline = f"{weights} have no effect that these data can show."
    why = _why_none(result, found)
    if clear:
        headline = f"{weights} {_opening(result, found)}"
        why = _why_some(result, found)
    measured = " ".join(_axis_words(result, axis, found) for axis in result.grid.axes)
    return Verdict(so_far + headline, measured, _noise(result), why, _how(result, found), found)


def _too_few(result: SweepResult) -> str:
    if not result.finished.any():
        return ""
    return (
        f"No claim yet: {result.seeds} of at least {LEAST_SEEDS} seeds finished. A single seed is "
        "a hint, not a verdict."
    )


# What is said


def _opening(result: SweepResult, found: Sequence[Effect]) -> str:
    """``trade …``, where a weight helps its own part and harms the other."""
    trades = helps = harms = False
    for axis in result.grid.axes:
        own, other = (_of(found, axis, target).change for target in _pair(result, axis))
        helps |= own.high < 0.0
        harms |= other.low > 0.0
        trades |= own.high < 0.0 < other.low
    if trades:
        return "trade one part against the other."
    if helps:
        return "matter: a larger weight makes its part wrong less often."
    if harms:
        return "matter: a larger weight harms the other part, with no clear gain on its own."
    return "matter, but not as one would expect."


def _axis_words(result: SweepResult, axis: int, found: Sequence[Effect]) -> str:
    own = [effect for effect in found if effect.axis == axis]
    clear = [effect for effect in own if effect.change.clear]
    moving = f"Moving {_move(result, axis)}"
    if not clear:
        changes = [f"{_name(result, effect.target)} by {signed(effect.change)}" for effect in own]
        return f"{moving} changes the error on {listed(changes)}: not clear."
    said = listed(
        [f"{_name(result, effect.target)} wrong {points(effect.change)}" for effect in clear]
    )
    rest = listed([_name(result, effect.target) for effect in own if not effect.change.clear])
    tail = f"; no clear effect on {rest}" if rest else ""
    return f"{moving} makes {said}{tail}."


# What it has to be held against


def _noise(result: SweepResult) -> str:
    errors = result.errors[: len(result.grid.points)]
    spread = float(np.sqrt(np.nanmean(np.nanvar(errors, axis=1, ddof=1))))
    held_out = result.held_out[0]
    widest = max(
        (own.high - own.low) / 2.0
        for own in (ErrorRate.of(round(rate * held_out), held_out) for rate in _middle(result))
    )
    return (
        f"For comparison: another seed moves an error by {100 * spread:.1f} points (standard "
        f"deviation), and a test set of {held_out:,} texts leaves ±{100 * widest:.1f} points "
        "around any one of them."
    )


def _middle(result: SweepResult) -> list[float]:
    """The mean error over all points, of each part and of the whole label."""
    return [float(own) for own in np.nanmean(result.means, axis=0)]


# Why


def _separate(result: SweepResult) -> bool:
    """Whether the parts share nothing that is trained."""
    own = result.plan.experiment
    return own.objective.head == "factorised" and own.model.kind == "linear"


def _why_some(result: SweepResult, found: Sequence[Effect]) -> str:
    if _separate(result):
        return (
            "Each part has logits and weights of its own here, so they do not compete: what α and "
            "β change is the size of the steps, and with it where training stops."
        )
    names = result.schema.names
    for axis in result.grid.axes:
        for target in _pair(result, axis):
            effect = _of(found, axis, target)
            low, high = _ends(result, axis, target)
            moved = abs(high - low)
            if effect.change.clear and moved > COMPETES * abs(effect.change.mean):
                return (
                    f"{_capacity(result)}: on the training texts themselves it is wrong on "
                    f"{names[target]} {100 * low:.1f} % of the time with the lowest "
                    f"{_symbol(result, axis)}, and {100 * high:.1f} % with the highest. The parts "
                    "compete for it."
                )
    return (
        f"The training texts are learned whatever the weights are (wrong on at most "
        f"{_most_fitted(result)} of them), so the parts do not compete for room: the weights "
        f"decide how the model errs on texts it has not seen. With more than the "
        f"{int(result.rows[:, 0].max()):,} training texts that shrinks."
    )


def _why_none(result: SweepResult, found: Sequence[Effect]) -> str:
    own = result.plan.experiment
    said = []
    if _separate(result):
        takes_out = (
            f", and {own.optimiser.name.capitalize()} divides that out again but for its first "
            "steps"
            if own.optimiser.scale_free
            else ""
        )
        said.append(
            "Each part has logits and weights of its own here (separate heads), so there is "
            f"nothing to trade: α and β only scale each part's gradient{takes_out}."
        )
    elif _spare(result):
        said.append(
            "The model has capacity to spare: on the training texts it is wrong on at most "
            f"{_most_fitted(result)}, whatever the weights are, so neither part has to give way."
        )
    else:
        said.append(
            f"Training errors hardly move either: between the lowest and the highest weights they "
            f"differ by at most {100 * _most_moved(result):.1f} points."
        )
    hidden = max(max(-effect.change.low, effect.change.high) for effect in found)
    said.append(
        f"An effect of up to {100 * hidden:.1f} points could hide in what {result.seeds} seeds and "
        f"{result.held_out[0]:,} held-out texts can show; more of either would show a smaller one."
    )
    return " ".join(said)


def _capacity(result: SweepResult) -> str:
    model = result.plan.experiment.model
    if model.kind == "linear":
        return "The model cannot fit both parts at once"
    units = "one hidden unit" if model.width == 1 else f"{model.width} hidden units"
    return f"All parts share {units}"


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
    own = result.fitted[:, target]
    return float(np.nanmean(own[lines[:, 0]])), float(np.nanmean(own[lines[:, -1]]))


# Words


def _of(found: Sequence[Effect], axis: int, target: int) -> Effect:
    return next(own for own in found if own.axis == axis and own.target == target)


def _pair(result: SweepResult, axis: int) -> tuple[int, int]:
    """The component whose weight is moved, and the other one."""
    first, second = result.grid.pair
    return (first, second) if axis == 0 else (second, first)


def _symbol(result: SweepResult, axis: int) -> str:
    """``α``, ``α : β``."""
    first, second = (weight_symbol(k) for k in result.grid.pair)
    if result.grid.kind == "ratio":
        return f"{first} : {second}"
    return (first, second)[axis]


def _weights(result: SweepResult) -> str:
    return listed([weight_symbol(k) for k in result.grid.pair])


def _move(result: SweepResult, axis: int) -> str:
    grid = result.grid
    if grid.kind == "ratio":
        end = f"{grid.ratios[-1]:g}"
        return f"{_symbol(result, axis)} from 1:{end} to {end}:1"
    return f"{_symbol(result, axis)} from {grid.values[0]:g} to {grid.values[-1]:g}"


def _name(result: SweepResult, target: int) -> str:
    names = result.schema.names
    return names[target] if target < len(names) else "the whole label"


def _how(result: SweepResult, found: Sequence[Effect]) -> str:
    low, high = result.held_out
    n = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    over = "" if result.grid.kind == "ratio" else ", on average over the other weight"
    return (
        f"Error at the highest value minus error at the lowest{over}; paired over "
        f"{result.seeds} seeds (same seed, same split, same start), n = {n} held-out texts each. "
        "t intervals, corrected for splits that overlap (Nadeau & Bengio 2003); they hold together "
        f"at 95 % (Bonferroni, {len(found)} effects)."
    )
