"""The verdict: does it matter what α and β are, how clearly, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lossviz.experiments.statistics import ErrorRate, Interval
from lossviz.experiments.study.plan import LEAST_SEEDS
from lossviz.experiments.sweep.effects import Effect, effects
from lossviz.experiments.sweep.explanation import why_none, why_some
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import (
    axis_symbol,
    effect_on,
    move_words,
    own_and_other,
    target_name,
    weights_words,
)
from lossviz.experiments.words import listed, points, signed


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
    clear = [effect for effect in found if effect.change.clear]
    headline = f"{weights_words(result.grid)} have no effect that these data can show."
    why = why_none(result, found)
    if clear:
        headline = _some_effect(result, found)
        why = why_some(result, found)
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


def _some_effect(result: SweepResult, effects: Sequence[Effect]) -> str:
    """Whether weights help their own part, harm the other, or both."""
    grid = result.grid
    clear = [
        axis
        for axis in grid.axes
        if any(effect.axis == axis and effect.change.clear for effect in effects)
    ]
    helps = [axis for axis in clear if _changed(result, effects, axis)[0].high < 0.0]
    harms = [axis for axis in clear if _changed(result, effects, axis)[1].low > 0.0]
    weights = weights_words(grid)
    if set(helps) & set(harms):
        return f"{weights} trade one part against the other."
    if len(clear) == 1 and grid.kind == "map":
        return _one_matters(result, clear[0], helps, harms)
    if helps:
        return f"{weights} matter: a larger weight makes its part wrong less often."
    if harms:
        return f"{weights} matter: a larger weight harms the other part, without a clear gain."
    return f"{weights} matter, but not as one would expect."


def _one_matters(result: SweepResult, axis: int, helps: Sequence[int], harms: Sequence[int]) -> str:
    own, other = (result.schema.names[k] for k in own_and_other(result.grid, axis))
    symbol = axis_symbol(result.grid, axis)
    if helps:
        return f"{symbol} matters: a larger {symbol} makes {own} wrong less often."
    if harms:
        return (
            f"{symbol} matters: a larger {symbol} makes {other} wrong more often, without a clear "
            f"gain on {own}."
        )
    return f"{symbol} matters, but not as one would expect."


def _changed(
    result: SweepResult, effects: Sequence[Effect], axis: int
) -> tuple[Interval, Interval]:
    """What a weight does to its own component, and to the other one of the pair."""
    own, other = own_and_other(result.grid, axis)
    return effect_on(effects, axis, own).change, effect_on(effects, axis, other).change


def _axis_words(result: SweepResult, axis: int, found: Sequence[Effect]) -> str:
    effects = [effect for effect in found if effect.axis == axis]
    clear = [effect for effect in effects if effect.change.clear]
    moving = f"Moving {move_words(result.grid, axis)}"
    if not clear:
        changes = [
            f"{target_name(result, effect.target)} by {signed(effect.change)}" for effect in effects
        ]
        return f"{moving} changes the error on {listed(changes)}: not clear."
    said = listed(
        [f"{target_name(result, effect.target)} wrong {points(effect.change)}" for effect in clear]
    )
    rest = listed(
        [target_name(result, effect.target) for effect in effects if not effect.change.clear]
    )
    tail = f"; no clear effect on {rest}" if rest else ""
    return f"{moving} makes {said}{tail}."


# What it has to be held against


def _noise(result: SweepResult) -> str:
    errors = result.errors[: len(result.grid.points)]
    spread = float(np.sqrt(np.nanmean(np.nanvar(errors, axis=1, ddof=1))))
    held_out = result.held_out[0]
    widest = max(
        (error_rate.high - error_rate.low) / 2.0
        for error_rate in (
            ErrorRate.of(round(rate * held_out), held_out) for rate in _middle(result)
        )
    )
    return (
        f"For comparison: another seed moves an error by {100 * spread:.1f} points (standard "
        f"deviation), and a test set of {held_out:,} texts leaves ±{100 * widest:.1f} points "
        "around any one of them."
    )


def _middle(result: SweepResult) -> list[float]:
    """The mean error over all points, of each part and of the whole label."""
    return [float(value) for value in np.nanmean(result.means, axis=0)]


def _how(result: SweepResult, effects: Sequence[Effect]) -> str:
    low, high = result.held_out
    n = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    over = "" if result.grid.kind == "ratio" else ", on average over the other weight"
    return (
        f"Error at the highest value minus error at the lowest{over}; paired over "
        f"{result.seeds} seeds (same seed, same split, same start), n = {n} held-out texts each. "
        "t intervals, corrected for splits that overlap (Nadeau & Bengio 2003); they hold together "
        f"at 95 % (Bonferroni, {len(effects)} effects)."
    )
