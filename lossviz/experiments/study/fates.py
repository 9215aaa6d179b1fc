"""What became of the weights of one arm, over its seeds, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lossviz.arrays import Doubles
from lossviz.experiments.statistics import LEAST_SEEDS, Interval, interval
from lossviz.experiments.study.plan import Arm
from lossviz.experiments.study.result import Outcome, Repeats, rows_of
from lossviz.experiments.words import count, listed, two_digits
from lossviz.losses.objectives import part_name
from lossviz.losses.weighting import WEIGHTINGS

TAIL = 6
"""Points at the end of a curve, a tenth of the run, over which weights are averaged that move in
every step."""
INVERSE = (0.8, 1.25)
"""Weight times loss within this: the weight counts as one over the loss."""


def fate(repeats: Repeats, arm: Arm) -> str:
    """What the weights did, in a sentence without its end; empty for those that carry nothing."""
    outcomes = [outcome for outcome in repeats.of(arm) if len(outcome.curve)]
    if arm.told or not outcomes:
        return ""
    fates = [_divergence(outcomes), _below_zero(outcomes)]
    if not any(fates):
        if WEIGHTINGS[arm.weighting].kind == "control":
            return "drawn at random in every step"
        fates = [_shares(repeats, arm, outcomes), _inverse(arm, outcomes)]
    return "; ".join(filter(None, fates))


def final_weights(outcomes: Sequence[Outcome]) -> Doubles:
    """``(J, K)``, at the last step."""
    return np.array([outcome.curve.weights[-1] for outcome in outcomes], dtype=float)


def settled_weights(arm: Arm, outcomes: Sequence[Outcome]) -> Doubles:
    """``(J, K)``, the mean over the end of the run. Weights that are set anew in every step settle
    nowhere: of them it is the mean over all recorded steps, as the last six are six single ones."""
    start = 0 if _anew(arm) else -TAIL
    return np.array([outcome.curve.weights[start:].mean(0) for outcome in outcomes], dtype=float)


def _anew(arm: Arm) -> bool:
    """Whether a step's weights do not follow those of the step before."""
    return WEIGHTINGS[arm.weighting].kind in ("surgery", "control")


def products(outcomes: Sequence[Outcome]) -> Doubles:
    """``(J, K)``: weight times training loss, the mean over the end of the run."""
    return np.array([_product(outcome) for outcome in outcomes])


def _product(outcome: Outcome) -> Doubles:
    curve = outcome.curve
    parts = range(curve.weights.shape[1])
    losses = np.stack([curve.train[part_name(k)] for k in parts], axis=-1).astype(float)
    return np.asarray((curve.weights * losses)[-TAIL:].mean(0))


def _divergence(outcomes: Sequence[Outcome]) -> str:
    gave_up = [outcome for outcome in outcomes if outcome.diverged]
    if not gave_up:
        return ""
    first = min(gave_up, key=lambda outcome: outcome.step)
    what = first.message.split(" at step ")[0]
    return (
        f"{what[:1].lower()}{what[1:]} in {len(gave_up)} of {count(len(outcomes), 'run')}, at the "
        f"earliest at step {first.step + 1:,}; judged as it stood then"
    )


def _below_zero(outcomes: Sequence[Outcome]) -> str:
    below = final_weights(outcomes) < 0
    every, some = int(below.all(axis=1).sum()), int(below.any(axis=1).sum())
    runs = count(len(outcomes), "run")
    everything = "both weights" if below.shape[1] == 2 else "all weights"
    if not some:
        return ""
    if every == some:
        return f"{everything} ended below zero in {every} of {runs}"
    return (
        f"a weight ended below zero in {some} of {runs}"
        f"{f', {everything} in {every}' if every else ''}"
    )


def _inverse(arm: Arm, outcomes: Sequence[Outcome]) -> str:
    """Weight times loss, in the mean over the seeds, where a method's optimum has 1 for each."""
    if arm.weighting != "uncertainty":
        return ""
    means = products(outcomes).mean(axis=0)
    measured = f"weight × loss was {listed([f'{mean:.2f}' for mean in means])}"
    if ((means >= INVERSE[0]) & (means <= INVERSE[1])).all():
        return f"{measured}: a weight is one over its part's loss, whatever you prefer"
    return f"{measured}, its optimum is 1 for each"


@dataclass(frozen=True)
class _Share:
    """The share of the weight that the heaviest component has at the end.

    :param tops: which one that is, for each seed.
    """

    tops: tuple[int, ...]
    share: Interval

    @classmethod
    def of(cls, arm: Arm, outcomes: Sequence[Outcome]) -> _Share:
        weights = settled_weights(arm, outcomes)
        shares = weights / weights.sum(axis=1, keepdims=True)
        share = interval(shares.max(axis=1), rows_of(outcomes)).within(0.0, 1.0)
        return cls(tuple(int(top) for top in shares.argmax(axis=1)), share)

    def most(self, components: int) -> bool:
        """Whether it is 75 % of two, 60 % of five: clearly more than all others together."""
        return self.share.low > 0.5 + 0.5 / components


def seed_decides(repeats: Repeats, arm: Arm) -> bool:
    """Whether one component gets most of the weight, but not the same for every seed."""
    outcomes = [outcome for outcome in repeats.of(arm) if len(outcome.curve)]
    if arm.told or _anew(arm) or len(outcomes) < LEAST_SEEDS:
        return False
    if (final_weights(outcomes) < 0).any():
        return False
    share = _Share.of(arm, outcomes)
    return share.most(len(repeats.schema.names)) and len(set(share.tops)) > 1


def _shares(repeats: Repeats, arm: Arm, outcomes: Sequence[Outcome]) -> str:
    names = repeats.schema.names
    heaviest = _Share.of(arm, outcomes)
    share, same = heaviest.share, len(set(heaviest.tops)) == 1
    name, runs = names[heaviest.tops[0]], count(len(outcomes), "run")
    every = f", over {count(len(outcomes[0].curve), 'recorded step')} each" if _anew(arm) else ""
    if not heaviest.most(len(names)):
        means = [two_digits(mean) for mean in settled_weights(arm, outcomes).mean(axis=0)]
        uneven = same and share.mean > 0.25 + 0.75 / len(names)
        most = f", most on {name} in each" if uneven else ""
        ended = "were" if every else "ended at"
        return f"weights {ended} {listed(means)} ({listed(names)}), mean of {runs}{every}{most}"
    percentage = f"{100 * share.mean:.0f} % [{100 * share.low:.0f}, {100 * share.high:.0f}]"
    if not same:
        counts = Counter(heaviest.tops).most_common()
        where = listed([f"{names[k]} in {times}" for k, times in counts])
        which = f" in the mean{every}" if every else ", and which one the seed decided"
        return f"put {percentage} of the weight on one part{which}: {where}"
    easier = _easier(repeats, heaviest.tops[0])
    where = f"on {name} in {len(outcomes)} of {runs}"
    return f"put {percentage} of the weight {where}{every}{easier}"


def _easier(repeats: Repeats, k: int) -> str:
    """In how many seeds a component has the smallest loss of all where weights are equal: there
    its loss is not small because it was given all the weight."""
    equal = [outcome for outcome in repeats.of(repeats.equal) if len(outcome.curve)]
    parts = range(len(repeats.schema.names))
    losses = [[outcome.curve.train[part_name(part)].mean() for part in parts] for outcome in equal]
    smallest = sum(int(np.argmin(loss)) == k for loss in losses)
    if not smallest:
        return ""
    return f", which with equal weights has the smaller loss in {smallest} of {len(losses)}"
