"""The verdict: does it matter what α and β are, how clearly, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lossviz.experiments.statistics import LEAST_SEEDS, ErrorRate, Interval
from lossviz.experiments.sweep.effects import Effect, effects
from lossviz.experiments.sweep.explanation import why_none, why_some
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import (
    axis_symbol,
    effect_on,
    move_words,
    own_and_other,
    texts_words,
    weights_words,
)
from lossviz.experiments.words import listed, points, signed, so_far, too_few


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
    changes = effects(result)
    if result.seeds < LEAST_SEEDS:
        nothing = too_few(result.seeds) if result.finished.any() else ""
        return Verdict(nothing, "", "", "", "", changes)
    if any(effect.change.clear for effect in changes):
        headline, why = _some_effect(result, changes), why_some(result, changes)
    else:
        headline = f"{weights_words(result.grid)} have no effect that these data can show."
        why = why_none(result, changes)
    headline = so_far(result.seeds, len(result.plan.seeds)) + headline
    measured = " ".join(_axis_words(result, axis, changes) for axis in result.grid.axes)
    return Verdict(headline, measured, _noise(result), why, _how(result, changes), changes)


# Its sentences


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
    part, other = (result.schema.names[k] for k in own_and_other(result.grid, axis))
    symbol = axis_symbol(result.grid, axis)
    if helps:
        return f"{symbol} matters: a larger {symbol} makes {part} wrong less often."
    if harms:
        return (
            f"{symbol} matters: a larger {symbol} makes {other} wrong more often, without a clear "
            f"gain on {part}."
        )
    return f"{symbol} matters, but not as one would expect."


def _changed(
    result: SweepResult, effects: Sequence[Effect], axis: int
) -> tuple[Interval, Interval]:
    """What a weight does to its own component, and to the other one of the pair."""
    part, other = own_and_other(result.grid, axis)
    return effect_on(effects, axis, part).change, effect_on(effects, axis, other).change


def _axis_words(result: SweepResult, axis: int, effects: Sequence[Effect]) -> str:
    changes = {
        result.schema.target_name(effect.target): effect.change
        for effect in effects
        if effect.axis == axis
    }
    clear = [f"{name} wrong {points(change)}" for name, change in changes.items() if change.clear]
    moving = f"Moving {move_words(result.grid, axis)}"
    if not clear:
        unclear = [f"{name} by {signed(change)}" for name, change in changes.items()]
        return f"{moving} changes the error on {listed(unclear)}: not clear."
    rest = listed([name for name, change in changes.items() if not change.clear])
    tail = f"; no clear effect on {rest}" if rest else ""
    return f"{moving} makes {listed(clear)}{tail}."


# What it has to be held against


def _noise(result: SweepResult) -> str:
    errors = result.errors[: len(result.grid.points)]
    spread = float(np.sqrt(np.nanmean(np.nanvar(errors, axis=1, ddof=1))))
    held_out = result.held_out[0]
    # Of each part and of the whole label, in the mean over all points.
    middle = np.nanmean(result.means, axis=0).tolist()
    rates = [ErrorRate.of(round(rate * held_out), held_out) for rate in middle]
    widest = max((rate.high - rate.low) / 2.0 for rate in rates)
    return (
        f"For comparison: another seed moves an error by {100 * spread:.1f} points (standard "
        f"deviation), and a test set of {held_out:,} texts leaves ±{100 * widest:.1f} points "
        "around any one of them."
    )


def _how(result: SweepResult, effects: Sequence[Effect]) -> str:
    over = "" if result.grid.kind == "ratio" else ", on average over the other weight"
    return (
        f"Error at the highest value minus error at the lowest{over}; paired over "
        f"{result.seeds} seeds (same seed, same split, same start), {texts_words(result)} held-out "
        "texts each. t intervals, corrected for splits that overlap (Nadeau & Bengio 2003); they "
        f"hold together at 95 % (Bonferroni, {len(effects)} effects)."
    )
