"""What a study says: sentences worded from the intervals of its runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lossviz.arrays import Doubles
from lossviz.experiments.runs.comparison import MOST_NAMED
from lossviz.experiments.sides import by_side, other_texts
from lossviz.experiments.specs import SplitSpec
from lossviz.experiments.statistics import (
    LEAST_SEEDS,
    Interval,
    family_confidence,
    multiple_comparison_with_the_best,
)
from lossviz.experiments.study.fates import fate, seed_decides
from lossviz.experiments.study.plan import Arm, StudyPlan
from lossviz.experiments.study.result import Repeats, grain_of, rows_of
from lossviz.experiments.study.told import Favour, comparisons, effects_told, favours, obedience
from lossviz.experiments.unseen import unseen_words
from lossviz.experiments.words import (
    between,
    listed,
    not_better_than_guessing,
    percent,
    points,
    rate,
    signed,
    so_far,
    too_few,
)
from lossviz.losses.weighting import WEIGHTINGS

NARROW = 4
"""Hidden units up to which the parts compete for them."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said about one arm, or about fixed weights."""

    about: str
    says: str

    def __str__(self) -> str:
        return f"{self.about}: {self.says}"


@dataclass(frozen=True)
class Conclusions:
    """The answer, and what it rests on.

    :param headline: one to three sentences; says so where there is no claim yet.
    :param sentences: one for what may be the best, one for what was told, and one for each
        weighting.
    :param how: how the intervals were made.
    """

    headline: str
    sentences: tuple[Sentence, ...]
    how: str


@dataclass(frozen=True)
class _Contrast:
    """One arm held against equal weights.

    :param differences: by what is wrong: each component, and behind them the whole label.
    """

    arm: Arm
    differences: Mapping[str, Interval]

    @property
    def gained(self) -> list[str]:
        """What it is wrong on less often, for sure."""
        return [name for name, difference in self.differences.items() if difference.high < 0]

    @property
    def lost(self) -> list[str]:
        """What it is wrong on more often, for sure."""
        return [name for name, difference in self.differences.items() if difference.low > 0]

    @property
    def unsettled(self) -> list[str]:
        """All others, the largest difference first."""
        unclear = [name for name in self.differences if not self.differences[name].clear]
        return sorted(unclear, key=lambda name: -abs(self.differences[name].mean))


def study_conclusions(repeats: Repeats) -> Conclusions:
    """What can be said, given the seeds that are finished."""
    arms = [arm for arm in repeats.arms if not arm.told and repeats.ready(arm)]
    if not arms:
        return Conclusions(_nothing(repeats), (), "")
    contrasts = [_Contrast(arm, _differences(repeats, arm)) for arm in arms]
    effects = favours(repeats)
    headline = [
        _not_beaten(repeats),
        _learned(contrasts, repeats.plan),
        _by_seed(repeats, arms),
        obedience(repeats, effects),
    ]
    finished = min(len(repeats.of(arm)) for arm in repeats.arms)
    return Conclusions(
        so_far(finished, repeats.plan.seeds) + " ".join(filter(None, headline)),
        (
            *_best(repeats),
            *_about_fixed(repeats, effects),
            *(_about(repeats, contrast) for contrast in contrasts),
        ),
        _how(repeats),
    )


def _nothing(repeats: Repeats) -> str:
    if not repeats.outcomes:
        return ""
    learning = [arm for arm in repeats.arms if not arm.told]
    return too_few(min((len(repeats.paired(arm, repeats.equal)) for arm in learning), default=0))


def _not_beaten(repeats: Repeats) -> str:
    """That no arm beats guessing on the whole label for sure; empty where one does."""
    whole, guess = len(repeats.schema.names), repeats.guessed()
    if guess is None or any(repeats.beats_guessing(arm) for arm in repeats.arms):
        return ""
    equal = rate(repeats.error(repeats.equal, whole))
    return not_better_than_guessing(
        "No weights trained here beat", guess[whole], f" (equal fixed weights: {equal})"
    )


def _learned(contrasts: Sequence[_Contrast], plan: StudyPlan) -> str:
    here = f"these data with {plan.model_words}"
    controls = [c for c in contrasts if WEIGHTINGS[c.arm.weighting].kind == "control"]
    learned = [contrast for contrast in contrasts if contrast not in controls]
    if not learned:
        return "Nothing that learns its weights was trained; the control stands below."
    gains = [f"{c.arm.label} ({listed(c.gained)})" for c in learned if c.gained]
    losses = [f"{c.arm.label} ({listed(c.lost)})" for c in learned if c.lost]
    clauses = []
    if gains:
        clauses.append(
            f"{listed(gains)} {_are(gains)} wrong less often than equal fixed weights on {here}"
        )
        if any(control.gained and not control.lost for control in controls):
            clauses.append("so are weights drawn at random, which have learned nothing")
    if losses:
        than = "" if gains else f" than equal fixed weights on {here}"
        clauses.append(f"{listed(losses)} {_are(losses)} wrong more often{than}")
    if not clauses:
        contrast = max(learned, key=lambda c: abs(c.differences[c.unsettled[0]].mean))
        name = contrast.unsettled[0]
        clauses.append(
            f"No learned weighting is told from equal fixed weights by {here}; the largest "
            f"difference is that of {contrast.arm.label} on {name}, "
            f"{signed(contrast.differences[name])}"
        )
    return f"{'; '.join(clauses)}."


def _by_seed(repeats: Repeats, arms: Sequence[Arm]) -> str:
    names = [arm.label for arm in arms if seed_decides(repeats, arm)]
    if not names:
        return ""
    return f"Which part gets the weight of {listed(names)} is up to the seed."


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _differences(repeats: Repeats, arm: Arm) -> dict[str, Interval]:
    confidence = family_confidence(comparisons(repeats))
    name = repeats.schema.target_name
    return {
        name(target): repeats.difference(arm, repeats.equal, target, confidence=confidence)
        for target in range(len(repeats.schema.names) + 1)
    }


def _about(repeats: Repeats, contrast: _Contrast) -> Sentence:
    """``free: both weights …; wrong on … 79.0 % [76.0, 82.0], 26.1 points more often than …``."""
    arm, equal, differences = contrast.arm, repeats.equal, contrast.differences
    names = list(differences)
    clauses = [fate(repeats, arm)]
    for name in (names[-1], *names[:-1]):
        if differences[name].clear:
            than = "" if len(clauses) > 1 else " than with equal fixed weights"
            clauses.append(
                f"wrong on {name} {rate(repeats.error(arm, names.index(name)))}, "
                f"{points(differences[name], than)}"
            )
    if len(clauses) == 1:
        whole = len(names) - 1
        clauses.append(
            f"wrong on {names[whole]} {rate(repeats.error(arm, whole))} against "
            f"{rate(repeats.error(equal, whole))} with equal fixed weights"
        )
    if unsettled := contrast.unsettled[:MOST_NAMED]:
        numbers = [f"{name} {signed(differences[name])}" for name in unsettled]
        clauses.append(f"not settled: {listed(numbers)}")
    says = f"{'; '.join(filter(None, clauses))}, {_size(repeats, arm)}."
    return Sentence(arm.label, says)


def _best(repeats: Repeats) -> tuple[Sentence, ...]:
    """Which arms may be wrong on the whole label least often; once all have three seeds."""
    arms, whole = repeats.arms, len(repeats.schema.names)
    seeds = repeats.complete_seeds
    if len(seeds) < LEAST_SEEDS:
        return ()
    outcomes = [[repeats.outcomes[arm.id, seed] for seed in seeds] for arm in arms]
    errors = np.array([[outcome.errors[whole] for outcome in row] for row in outcomes])
    among = multiple_comparison_with_the_best(
        by_side(errors, repeats.sides(seeds)), rows_of(outcomes[0]), grain=grain_of(outcomes[0])
    )
    labels = [arm.label for arm, may_be in zip(arms, among, strict=True) if may_be]
    which = f"each of the {len(arms)}" if len(labels) == len(arms) else listed(labels)
    verb = "may be" if len(labels) > 1 else "is"
    others = "" if len(labels) == len(arms) else "; the others are worse"
    says = (
        f"{which} {verb} the best on the whole label{others} (Hsu's comparison, {len(seeds)} seeds)"
    )
    return (Sentence("the best", f"{says}{_chosen(repeats, errors)}."),)


def _chosen(repeats: Repeats, errors: Doubles) -> str:
    """How often the best is wrong, by texts that did not choose it; empty where there are none.

    :param errors: ``(A, J)``, of the complete seeds.
    """
    seeds = repeats.complete_seeds
    others = other_texts(SplitSpec(), seeds, repeats.sides(seeds))
    if repeats.plan.combinations == "new" or not others.any(axis=1).all():
        return ""
    best = [errors[:, elsewhere].mean(axis=1).argmin() for elsewhere in others]
    level = float(errors[best, range(len(seeds))].mean())
    return f"; the one that other folds choose is wrong on {percent(level)}"


def _about_fixed(repeats: Repeats, effects: Sequence[Favour]) -> tuple[Sentence, ...]:
    if not effects:
        return ()
    says = f"{effects_told(repeats, effects)}, {_size(repeats, effects[0].arm)}."
    return (Sentence("fixed", says),)


def _size(repeats: Repeats, arm: Arm) -> str:
    pairs = repeats.paired(arm, repeats.equal)
    sizes = sorted({outcome.rows[1] for outcome, _ in pairs})
    return f"n = {between(sizes[0], sizes[-1])} texts, {len(pairs)} seeds"


def squeeze(plan: StudyPlan) -> str:
    """Why the model of a study is a small one; empty where it is not."""
    if not 0 < plan.width <= NARROW:
        return ""
    return (
        f"The model has {plan.model_words} on purpose: the parts have to share what it can hold, "
        "and there weights matter most. What is found here need not hold on the other pages: "
        "their model is linear unless you choose another, and there the parts hardly compete."
    )


def _how(repeats: Repeats) -> str:
    return (
        f"Trained with {repeats.plan.model_words}. Paired over seeds: same seed, same split, same "
        "start. t intervals, corrected for splits that overlap (Nadeau & Bengio 2003); those of "
        "the differences hold together at 95 % "
        f"(Bonferroni, {comparisons(repeats)} comparisons). More seeds make them shorter."
        + f" {unseen_words(outcome.unseen for outcome in repeats.of(repeats.equal))}".rstrip()
    )
