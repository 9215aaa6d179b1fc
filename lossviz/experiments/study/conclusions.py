"""What a study says: sentences worded from the intervals of its runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lossviz.experiments.statistics import Interval
from lossviz.experiments.study.fates import fate, seed_decides
from lossviz.experiments.study.plan import LEAST_SEEDS, Arm
from lossviz.experiments.study.result import Repeats
from lossviz.experiments.words import listed, points, rate
from lossviz.losses.weighting import WEIGHTINGS

FAMILY_ERROR = 0.05
"""The chance that any of the differences of a study is called clear and is not there."""


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
class _Held:
    """One arm held against equal weights: the differences on each component and the whole label."""

    arm: Arm
    differences: tuple[Interval, ...]

    @property
    def better(self) -> bool:
        return any(difference.high < 0 for difference in self.differences)

    @property
    def worse(self) -> bool:
        return any(difference.low > 0 for difference in self.differences)


@dataclass(frozen=True)
class _Told:
    """A component where it is favoured, held against where another one is."""

    component: int
    arm: Arm
    other: Arm
    difference: Interval


def study_conclusions(repeats: Repeats) -> Conclusions:
    """What can be said, given the seeds that are finished."""
    arms = [arm for arm in repeats.arms if not arm.told and repeats.ready(arm)]
    if not arms:
        return Conclusions(_too_few(repeats), (), "")
    helds = [_Held(arm, _differences(repeats, arm)) for arm in arms]
    tolds = _told_differences(repeats)
    headline = " ".join(filter(None, [_learned(helds), _by_seed(repeats, arms), _obedience(tolds)]))
    return Conclusions(
        _so_far(repeats) + headline,
        (*_about_fixed(repeats, tolds), *(_about(repeats, own) for own in helds)),
        _how(repeats),
    )


def _too_few(repeats: Repeats) -> str:
    if not repeats.outcomes:
        return ""
    finished = min(
        (len(repeats.paired(arm, repeats.equal)) for arm in repeats.arms if not arm.told),
        default=0,
    )
    return (
        f"No claim yet: {finished} of at least {LEAST_SEEDS} seeds finished. A single seed is a "
        "hint, not a verdict."
    )


def _so_far(repeats: Repeats) -> str:
    finished = min(len(repeats.of(arm)) for arm in repeats.arms)
    if finished == repeats.plan.seeds:
        return ""
    return f"So far, with {finished} of {repeats.plan.seeds} seeds: "


def _learned(held: Sequence[_Held]) -> str:
    learned = [own for own in held if WEIGHTINGS[own.arm.weighting].kind != "control"]
    better = [own.arm.label for own in learned if own.better and not own.worse]
    worse = [own.arm.label for own in learned if own.worse and not own.better]
    traded = [own.arm.label for own in learned if own.worse and own.better]
    if not learned:
        return "Nothing that learns its weights was trained; the control stands below."
    if better:
        said = [f"{listed(better)} {_are(better)} better than equal fixed weights on these data"]
    else:
        said = [
            "No learned weighting is better than equal fixed weights by more than these data can "
            "show"
        ]
    if worse:
        said.append(f"{listed(worse)} {_are(worse)} worse")
    if traded:
        said.append(f"{listed(traded)} gained on one part and lost on another")
    control = [own for own in held if own not in learned and own.better and not own.worse]
    if better and control:
        said.append("so are weights drawn at random, which have learned nothing")
    return f"{'; '.join(said)}."


def _by_seed(repeats: Repeats, arms: Sequence[Arm]) -> str:
    names = [arm.label for arm in arms if seed_decides(repeats, arm)]
    if not names:
        return ""
    return f"Which part gets the weight of {listed(names)} is up to the seed."


def _obedience(told: Sequence[_Told]) -> str:
    """Whether α and β do something when they are set."""
    if not told:
        return ""
    obeyed = sum(own.difference.high < 0 for own in told)
    if obeyed == len(told):
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


def _confidence(repeats: Repeats) -> float:
    return 1.0 - FAMILY_ERROR / comparisons(repeats)


def _differences(repeats: Repeats, arm: Arm) -> tuple[Interval, ...]:
    confidence = _confidence(repeats)
    targets = range(len(repeats.schema.names) + 1)
    return tuple(
        repeats.difference(arm, repeats.equal, target, confidence=confidence) for target in targets
    )


def _about(repeats: Repeats, held: _Held) -> Sentence:
    """``free: both weights …; wrong on … 79.0 % [76.0, 82.0], 26.1 points more often than …``."""
    whole = len(held.differences) - 1
    clear = [value for value in (whole, *range(whole)) if held.differences[value].clear]
    said = [fate(repeats, held.arm)]
    against = repeats.equal
    for place, target in enumerate(clear):
        wrong = f"wrong on {_name(repeats, target)} {rate(repeats.error(held.arm, target))}, "
        than = " than with equal fixed weights" if place == 0 else ""
        said.append(wrong + points(held.differences[target], than))
    if not clear:
        said.append(
            f"{len(repeats.paired(held.arm, against))} seeds cannot tell its errors from those of "
            "equal fixed weights: wrong on "
            f"{_name(repeats, whole)} {rate(repeats.error(held.arm, whole))} against "
            f"{rate(repeats.error(against, whole))}"
        )
    says = f"{'; '.join(filter(None, said))}, {_size(repeats, held.arm)}."
    return Sentence(held.arm.label, says)


def _told_differences(repeats: Repeats) -> list[_Told]:
    """Whether fixed weights do what they are told; from three seeds on."""
    confidence = _confidence(repeats)
    return [
        _Told(k, arm, other, repeats.difference(arm, other, k, confidence=confidence))
        for k, (arm, other) in enumerate(_favoured(repeats))
        if len(repeats.paired(arm, other)) >= LEAST_SEEDS
    ]


def _about_fixed(repeats: Repeats, told: Sequence[_Told]) -> tuple[Sentence, ...]:
    if not told:
        return ()
    names = repeats.schema.names
    said = [
        f"with {own.arm.label} wrong on {names[own.component]} "
        + points(own.difference, f" than with {own.other.label}")
        for own in told
        if own.difference.clear
    ]
    unclear = [names[own.component] for own in told if not own.difference.clear]
    if unclear:
        seeds = told[0].difference.seeds
        apart = f"{seeds} seeds cannot tell the ratios apart by the errors on {listed(unclear)}"
        said.append(apart)
    return (Sentence("fixed", f"{'; '.join(said)}, {_size(repeats, told[0].arm)}."),)


def _favoured(repeats: Repeats) -> list[tuple[Arm, Arm]]:
    arms = [arm for arm in repeats.arms if arm.told]
    if len(repeats.schema.names) == 2:
        return [(arms[0], arms[-1]), (arms[-1], arms[0])]
    favouring = [arm for arm in arms if not arm.equal]
    return list(zip(favouring, [*favouring[1:], *favouring[:1]], strict=True))


def _name(repeats: Repeats, target: int) -> str:
    names = repeats.schema.names
    return names[target] if target < len(names) else "the whole label"


def _size(repeats: Repeats, arm: Arm) -> str:
    pairs = repeats.paired(arm, repeats.equal)
    sizes = sorted({pair.rows[1] for pair, _ in pairs})
    n = f"{sizes[0]:,}" if len(sizes) == 1 else f"{sizes[0]:,} to {sizes[-1]:,}"
    return f"n = {n} texts, {len(pairs)} seeds"


def _how(repeats: Repeats) -> str:
    return (
        "Paired over seeds: same seed, same split, same start. t intervals, corrected for splits "
        "that overlap (Nadeau & Bengio 2003); those of the differences hold together at 95 % "
        f"(Bonferroni, {comparisons(repeats)} comparisons). More seeds make them shorter."
    )
