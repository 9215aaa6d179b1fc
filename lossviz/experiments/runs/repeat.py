"""A comparison of runs, repeated over starts and folds, so that it is about formulations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from lossviz.data import Dataset
from lossviz.data.split import folds
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.findings import Findings, pairs
from lossviz.experiments.runs.comparison import differences_in_words
from lossviz.experiments.runs.run import LETTERS, Run
from lossviz.experiments.scores import Scores
from lossviz.experiments.sides import by_labels
from lossviz.experiments.specs import SplitSpec, starts
from lossviz.experiments.statistics import LEAST_SEEDS, Interval, family_confidence, over_folds
from lossviz.experiments.unseen import unseen_words
from lossviz.experiments.words import between, count, listed, too_few
from lossviz.schema import LabelSchema

FOLDS, MOST_FOLDS = 5, 10
"""Of five folds each text is held out once."""
_HOW = (
    "Each formulation is trained on {folds} splits of the same texts, from {starts} each, with the "
    "weights that it has now. {seen} Paired text by text; the intervals hold together at 95 %, and "
    "take texts, starts and overlapping training texts into account."
)
_LEFT_OUT = "Texts that have judged the runs before are left out: these were chosen by them."
_AGAIN = (
    "Some of these texts have judged the runs before: what was chosen by them looks better here."
)


@dataclass(frozen=True)
class RepeatBlock:
    """What one call of a worker trains: one of the runs, on one split, from one start."""

    letter: str
    fold: int
    start: int
    experiment: Experiment

    @property
    def arguments(self) -> tuple[object, ...]:
        """Of the task that trains it."""
        return (self.experiment, (self.experiment.component_weights,))

    @property
    def size(self) -> int:
        """Models."""
        return 1

    @property
    def cost(self) -> float:
        """How long it takes, in proportion to the others."""
        return float(self.experiment.epochs)


@dataclass(frozen=True)
class RepeatPlan:
    """Which runs are trained again, and how often.

    :param runs: by letter, in their order.
    :param folds: so many splits.
    :param starts: on each split; the first has the split's seed.
    :param apart: the seeds of these splits, where none of their texts have judged what the runs
        were chosen by; otherwise they are numbered from 0.
    """

    runs: tuple[tuple[str, Experiment], ...]
    folds: int = FOLDS
    starts: int = 1
    apart: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if len(self.runs) > len(LETTERS) or not 1 <= max(self.folds, self.starts) <= MOST_FOLDS:
            raise LossVizError(
                f"Expected up to {len(LETTERS)} runs and {MOST_FOLDS} folds and starts, found "
                f"{len(self.runs)}, {self.folds} and {self.starts}."
            )
        if len(self.apart) not in (0, self.folds):
            raise LossVizError(f"Expected {self.folds} seeds, found {len(self.apart)}.")

    @classmethod
    def of(
        cls, runs: Mapping[str, Run], judges: Iterable[SplitSpec] = (), *, by_lot: bool = True
    ) -> RepeatPlan:
        """These runs, with the weights that they have now from their start, and with as many
        starts as their models need; on those folds of their shuffle that nobody has looked at,
        where there are enough of them.

        :param judges: splits besides those of the runs whose texts have judged a training.
        :param by_lot: whether seeds decide which texts are held out.
        """
        experiments = {letter: run.weights.weigh(run.experiment) for letter, run in runs.items()}
        most = max((starts(experiment.model) for experiment in experiments.values()), default=1)
        plan = cls(tuple(experiments.items()), starts=most)
        apart = _apart([*(each.split for each in experiments.values()), *judges]) if by_lot else ()
        return replace(plan, folds=len(apart), apart=apart) if apart else plan

    @property
    def seeds(self) -> tuple[int, ...]:
        """Of the splits, for all runs alike."""
        return self.apart or tuple(range(self.folds))

    def blocks(self, dataset: Dataset) -> tuple[RepeatBlock, ...]:
        """Fold by fold."""
        return tuple(
            RepeatBlock(letter, fold, start, experiment.reseeded(fold, start))
            for fold in self.seeds
            for start in range(self.starts)
            for letter, experiment in self.runs
        )


def _apart(seen: Sequence[SplitSpec]) -> tuple[int, ...]:
    """Seeds of the folds that test none of the texts which these splits test: the others of one
    shuffle. None where there are fewer than a claim takes."""
    if len({split.model_copy(update={"seed": 0, "validation": 0.0}) for split in seen}) != 1:
        return ()
    size, seeds = folds(seen[0].test_size), {split.seed for split in seen}
    shuffle, *others = {seed // size for seed in seeds}
    unseen = sorted({size * shuffle + fold for fold in range(size)} - seeds)
    enough = not others and seen[0].combinations == "known" and len(unseen) >= LEAST_SEEDS
    return tuple(unseen[:FOLDS]) if enough else ()


@dataclass(frozen=True)
class RepeatResult:
    """What there is of a repeat so far.

    :param scores: by letter, fold and start.
    """

    schema: LabelSchema
    plan: RepeatPlan
    scores: Mapping[tuple[str, int, int], Scores]

    @classmethod
    def from_reports(
        cls, schema: LabelSchema, plan: RepeatPlan, reports: Sequence[tuple[RepeatBlock, Scores]]
    ) -> RepeatResult:
        """What the reports on these blocks say together."""
        scores = {(block.letter, block.fold, block.start): report for block, report in reports}
        return cls(schema, plan, scores)

    @classmethod
    def from_findings(
        cls, findings: Findings[RepeatPlan, Scores], dataset: Dataset
    ) -> RepeatResult:
        """What was found on these data."""
        return cls.from_reports(dataset.schema, findings.plan, pairs(findings, dataset))

    @cached_property
    def finished(self) -> tuple[int, ...]:
        """The folds on which all runs have been trained, from all starts."""
        return tuple(
            fold
            for fold in self.plan.seeds
            if all(
                (letter, fold, start) in self.scores
                for letter, _ in self.plan.runs
                for start in range(self.plan.starts)
            )
        )

    @property
    def how(self) -> str:
        """How the sentences came about."""
        seen = _LEFT_OUT if self.plan.apart else _AGAIN
        how = _HOW.format(folds=self.plan.folds, starts=count(self.plan.starts, "start"), seen=seen)
        first = [fold[0].unseen for fold in self.of(self.plan.runs[0][0])]
        return f"{how} {unseen_words(first)}".rstrip()

    def of(self, letter: str) -> list[list[Scores]]:
        """Those of one run: for each finished fold, from each start."""
        every = range(self.plan.starts)
        return [[self.scores[letter, fold, start] for start in every] for fold in self.finished]

    def difference(self, letter: str, other: str, target: int, confidence: float) -> Interval:
        """How much more often the first is wrong than the second, on the same texts.

        :param target: a component, or behind them the whole label.
        """
        folds = [
            [
                first.mistakes[0, :, target].astype(float) - second.mistakes[0, :, target]
                for first, second in zip(*fold, strict=True)
            ]
            for fold in zip(self.of(letter), self.of(other), strict=True)
        ]
        first = [fold[0] for fold in self.of(letter)]
        sides = len(set(by_labels(scores.true for scores in first)))
        train = min(scores.rows[0] for scores in first)
        outcomes = [np.array(fold) for fold in folds]
        return over_folds(outcomes, train, confidence=confidence, sides=sides)


def repeated_conclusions(repeated: RepeatResult) -> tuple[str, ...]:
    """A sentence for each later formulation that holds it against the first, and one for those that
    stopped themselves; what is missing where there are too few folds."""
    if len(repeated.plan.runs) < 2 or not repeated.scores:
        return ()
    if len(repeated.finished) < LEAST_SEEDS:
        return (too_few(len(repeated.finished)),)
    first, *others = (letter for letter, _ in repeated.plan.runs)
    names = {letter: f"{run.formulation} ({letter})" for letter, run in repeated.plan.runs}
    targets = range(len(repeated.schema.names) + 1)
    confidence = family_confidence(len(others) * len(targets))

    def differences(letter: str) -> dict[str, Interval]:
        return {
            repeated.schema.target_name(target): repeated.difference(
                letter, first, target, confidence
            )
            for target in targets
        }

    return (
        *(
            differences_in_words(names[letter], names[first], differences(letter))
            + f". {_size(repeated)}."
            for letter in others
        ),
        *_diverged(repeated, names),
    )


def _size(repeated: RepeatResult) -> str:
    """``5 splits, n = 303 held-out texts each``."""
    sizes = sorted({fold[0].rows[1] for fold in repeated.of(repeated.plan.runs[0][0])})
    finished, planned = len(repeated.finished), repeated.plan.folds
    of = f"{finished}" if finished == planned else f"{finished} of {planned}"
    return f"{of} splits, n = {between(sizes[0], sizes[-1])} held-out texts each"


def _diverged(repeated: RepeatResult, names: Mapping[str, str]) -> tuple[str, ...]:
    stopped = {
        name: sum(bool(scores.messages[0]) for fold in repeated.of(letter) for scores in fold)
        for letter, name in names.items()
    }
    trained = len(repeated.finished) * repeated.plan.starts
    counts = [f"{name} in {times} of {trained}" for name, times in stopped.items() if times]
    if not counts:
        return ()
    return (f"Stopped before the end, and judged as it stood then: {listed(counts)}.",)
