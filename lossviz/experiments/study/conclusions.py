"""What a study says: sentences worded from the intervals of its runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lossviz.experiments.statistics import LEAST_SEEDS, Interval, family_confidence
from lossviz.experiments.study.fates import fate, seed_decides
from lossviz.experiments.study.plan import Arm
from lossviz.experiments.study.result import Repeats
from lossviz.experiments.words import between, listed, points, rate, so_far, too_few
from lossviz.losses.weighting import WEIGHTINGS


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
    :param sentences: one for what was told, and one for each weighting.
    :param how: how the intervals were made.
    """

    headline: str
    sentences: tuple[Sentence, ...]
    how: str


@dataclass(frozen=True)
class _Contrast:
    """One arm held against equal weights: the differences on each component and the whole label."""

    arm: Arm
    differences: tuple[Interval, ...]

    @property
    def outcome(self) -> Literal["better", "worse", "traded", "alike"]:
        """Whether it gained on something, lost on something, or both."""
        gained = any(difference.high < 0 for difference in self.differences)
        lost = any(difference.low > 0 for difference in self.differences)
        if gained and lost:
            return "traded"
        return "better" if gained else "worse" if lost else "alike"


@dataclass(frozen=True)
class _Favour:
    """A component where it is favoured, held against where another one is."""

    component: int
    arm: Arm
    other: Arm
    difference: Interval


def study_conclusions(repeats: Repeats) -> Conclusions:
    """What can be said, given the seeds that are finished."""
    arms = [arm for arm in repeats.arms if not arm.told and repeats.ready(arm)]
    if not arms:
        return Conclusions(_nothing(repeats), (), "")
    contrasts = [_Contrast(arm, _differences(repeats, arm)) for arm in arms]
    favours = _favour_differences(repeats)
    headline = [_learned(contrasts), _by_seed(repeats, arms), _obedience(favours)]
    finished = min(len(repeats.of(arm)) for arm in repeats.arms)
    return Conclusions(
        so_far(finished, repeats.plan.seeds) + " ".join(filter(None, headline)),
        (*_about_fixed(repeats, favours), *(_about(repeats, contrast) for contrast in contrasts)),
        _how(repeats),
    )


def _nothing(repeats: Repeats) -> str:
    if not repeats.outcomes:
        return ""
    learning = [arm for arm in repeats.arms if not arm.told]
    return too_few(min((len(repeats.paired(arm, repeats.equal)) for arm in learning), default=0))


def _learned(contrasts: Sequence[_Contrast]) -> str:
    labels: dict[str, list[str]] = {"better": [], "worse": [], "traded": [], "alike": []}
    control = ""
    for contrast in contrasts:
        if WEIGHTINGS[contrast.arm.weighting].kind == "control":
            control = contrast.outcome
        else:
            labels[contrast.outcome].append(contrast.arm.label)
    better, worse, traded = labels["better"], labels["worse"], labels["traded"]
    if not any(labels.values()):
        return "Nothing that learns its weights was trained; the control stands below."
    clauses = [
        f"{listed(better)} {_are(better)} better than equal fixed weights on these data"
        if better
        else "No learned weighting is better than equal fixed weights by more than these data can "
        "show"
    ]
    if worse:
        clauses.append(f"{listed(worse)} {_are(worse)} worse")
    if traded:
        clauses.append(f"{listed(traded)} gained on one part and lost on another")
    if better and control == "better":
        clauses.append("so are weights drawn at random, which have learned nothing")
    return f"{'; '.join(clauses)}."


def _by_seed(repeats: Repeats, arms: Sequence[Arm]) -> str:
    names = [arm.label for arm in arms if seed_decides(repeats, arm)]
    if not names:
        return ""
    return f"Which part gets the weight of {listed(names)} is up to the seed."


def _obedience(favours: Sequence[_Favour]) -> str:
    """Whether α and β do something when they are set."""
    if not favours:
        return ""
    obeyed = sum(favour.difference.high < 0 for favour in favours)
    if obeyed == len(favours):
        return "Fixed weights do what they are told on every part."
    if obeyed:
        return "Fixed weights do what they are told on some parts."
    return "Fixed weights make no difference that these data can show."


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def comparisons(repeats: Repeats) -> int:
    """How many differences are looked at, whether or not they are finished."""
    parts = len(repeats.schema.names)
    return parts + (parts + 1) * sum(not arm.told for arm in repeats.arms)


def _differences(repeats: Repeats, arm: Arm) -> tuple[Interval, ...]:
    confidence = family_confidence(comparisons(repeats))
    targets = range(len(repeats.schema.names) + 1)
    return tuple(
        repeats.difference(arm, repeats.equal, target, confidence=confidence) for target in targets
    )


def _about(repeats: Repeats, contrast: _Contrast) -> Sentence:
    """``free: both weights …; wrong on … 79.0 % [76.0, 82.0], 26.1 points more often than …``."""
    arm, equal, name = contrast.arm, repeats.equal, repeats.schema.target_name
    whole = len(contrast.differences) - 1
    clear = [target for target in (whole, *range(whole)) if contrast.differences[target].clear]
    clauses = [fate(repeats, arm)]
    for place, target in enumerate(clear):
        than = " than with equal fixed weights" if place == 0 else ""
        clauses.append(
            f"wrong on {name(target)} {rate(repeats.error(arm, target))}, "
            f"{points(contrast.differences[target], than)}"
        )
    if not clear:
        clauses.append(
            f"{len(repeats.paired(arm, equal))} seeds cannot tell its errors from those of equal "
            f"fixed weights: wrong on {name(whole)} {rate(repeats.error(arm, whole))} against "
            f"{rate(repeats.error(equal, whole))}"
        )
    says = f"{'; '.join(filter(None, clauses))}, {_size(repeats, arm)}."
    return Sentence(arm.label, says)


def _favour_differences(repeats: Repeats) -> list[_Favour]:
    """Whether fixed weights do what they are told; from three seeds on."""
    confidence = family_confidence(comparisons(repeats))
    return [
        _Favour(k, arm, other, repeats.difference(arm, other, k, confidence=confidence))
        for k, (arm, other) in enumerate(_favoured(repeats))
        if len(repeats.paired(arm, other)) >= LEAST_SEEDS
    ]


def _about_fixed(repeats: Repeats, favours: Sequence[_Favour]) -> tuple[Sentence, ...]:
    if not favours:
        return ()
    names = repeats.schema.names
    clauses = [
        f"with {favour.arm.label} wrong on {names[favour.component]} "
        + points(favour.difference, f" than with {favour.other.label}")
        for favour in favours
        if favour.difference.clear
    ]
    unclear = [names[favour.component] for favour in favours if not favour.difference.clear]
    if unclear:
        seeds = favours[0].difference.seeds
        apart = f"{seeds} seeds cannot tell the ratios apart by the errors on {listed(unclear)}"
        clauses.append(apart)
    return (Sentence("fixed", f"{'; '.join(clauses)}, {_size(repeats, favours[0].arm)}."),)


def _favoured(repeats: Repeats) -> list[tuple[Arm, Arm]]:
    arms = [arm for arm in repeats.arms if arm.told]
    if len(repeats.schema.names) == 2:
        return [(arms[0], arms[-1]), (arms[-1], arms[0])]
    favouring = [arm for arm in arms if not arm.equal]
    return list(zip(favouring, [*favouring[1:], *favouring[:1]], strict=True))


def _size(repeats: Repeats, arm: Arm) -> str:
    pairs = repeats.paired(arm, repeats.equal)
    sizes = sorted({outcome.rows[1] for outcome, _ in pairs})
    return f"n = {between(sizes[0], sizes[-1])} texts, {len(pairs)} seeds"


def _how(repeats: Repeats) -> str:
    return (
        "Paired over seeds: same seed, same split, same start. t intervals, corrected for splits "
        "that overlap (Nadeau & Bengio 2003); those of the differences hold together at 95 % "
        f"(Bonferroni, {comparisons(repeats)} comparisons). More seeds make them shorter."
    )
