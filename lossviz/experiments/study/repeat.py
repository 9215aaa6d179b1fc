"""A comparison of runs, repeated over starts and folds, so that it is about formulations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.findings import Findings, pairs
from lossviz.experiments.runs.comparison import differences_in_words
from lossviz.experiments.runs.run import LETTERS, Run
from lossviz.experiments.statistics import LEAST_SEEDS, Interval, family_confidence, interval
from lossviz.experiments.study.plan import COSTS, MOST_SEEDS
from lossviz.experiments.study.result import Outcome, Trained, grain_of, rows_of
from lossviz.experiments.words import between, listed, too_few
from lossviz.schema import LabelSchema

FOLDS = 5
"""Seeds of a repeat: of five folds each text is held out once."""
_HOW = (
    "Each formulation is trained from {seeds} starts, on {seeds} splits of the same texts, with "
    "the weights that it has now. Paired over the splits; t intervals, corrected for training "
    "texts that overlap (Nadeau & Bengio 2003), hold together at 95 %."
)


@dataclass(frozen=True)
class RepeatBlock:
    """What one call of a worker trains: one of the runs, with another seed."""

    letter: str
    seed: int
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
        return COSTS.get(self.experiment.acting_weighting.id, 1.0) * self.experiment.epochs


@dataclass(frozen=True)
class RepeatPlan:
    """Which runs are trained again, and how often.

    :param runs: by letter, in their order.
    :param seeds: each decides split and start, for all runs alike.
    """

    runs: tuple[tuple[str, Experiment], ...]
    seeds: int = FOLDS

    def __post_init__(self) -> None:
        if len(self.runs) > len(LETTERS) or not 1 <= self.seeds <= MOST_SEEDS:
            raise LossVizError(
                f"Expected up to {len(LETTERS)} runs and {MOST_SEEDS} seeds, found "
                f"{len(self.runs)} and {self.seeds}."
            )

    @classmethod
    def of(cls, runs: Mapping[str, Run]) -> RepeatPlan:
        """These runs, with the weights that they have now from their start."""
        experiments = {letter: run.weights.weigh(run.experiment) for letter, run in runs.items()}
        return cls(tuple(experiments.items()))

    def blocks(self, dataset: Dataset) -> tuple[RepeatBlock, ...]:
        """Seed by seed."""
        return tuple(
            RepeatBlock(letter, seed, reseeded(experiment, seed))
            for seed in range(self.seeds)
            for letter, experiment in self.runs
        )


def reseeded(experiment: Experiment, seed: int) -> Experiment:
    """The same with another start and another split."""
    return experiment.changed(seed=seed, split={**experiment.split.model_dump(), "seed": seed})


@dataclass(frozen=True)
class RepeatResult:
    """What there is of a repeat so far.

    :param outcomes: by letter and seed.
    """

    schema: LabelSchema
    plan: RepeatPlan
    outcomes: Mapping[tuple[str, int], Outcome]

    @classmethod
    def from_reports(
        cls,
        schema: LabelSchema,
        plan: RepeatPlan,
        reports: Sequence[tuple[RepeatBlock, Trained]],
    ) -> RepeatResult:
        """What the reports on these blocks say together."""
        outcomes = {(block.letter, block.seed): trained.outcomes[0] for block, trained in reports}
        return cls(schema, plan, outcomes)

    @classmethod
    def from_findings(
        cls, findings: Findings[RepeatPlan, Trained], dataset: Dataset
    ) -> RepeatResult:
        """What was found on these data."""
        return cls.from_reports(dataset.schema, findings.plan, pairs(findings, dataset))

    @property
    def finished(self) -> tuple[int, ...]:
        """The seeds that all runs have been trained with."""
        letters = [letter for letter, _ in self.plan.runs]
        return tuple(
            seed
            for seed in range(self.plan.seeds)
            if all((letter, seed) in self.outcomes for letter in letters)
        )

    @property
    def how(self) -> str:
        """How the sentences came about."""
        return _HOW.format(seeds=self.plan.seeds)

    def of(self, letter: str) -> list[Outcome]:
        """Those of one run, for the finished seeds."""
        return [self.outcomes[letter, seed] for seed in self.finished]

    def difference(self, letter: str, other: str, target: int, confidence: float) -> Interval:
        """How much more often the first is wrong than the second, on the same texts of each seed.

        :param target: a component, or behind them the whole label.
        """
        first, second = self.of(letter), self.of(other)
        apart = [a.errors[target] - b.errors[target] for a, b in zip(first, second, strict=True)]
        rows, grain = rows_of(first), grain_of(first)
        return interval(np.array(apart), rows, confidence=confidence, grain=grain)


def repeated_conclusions(repeated: RepeatResult) -> tuple[str, ...]:
    """A sentence for each later formulation that holds it against the first, and one for each that
    stopped itself; what is missing where there are too few seeds."""
    seeds = len(repeated.finished)
    if len(repeated.plan.runs) < 2 or not repeated.outcomes:
        return ()
    if seeds < LEAST_SEEDS:
        return (too_few(seeds),)
    first, *others = (letter for letter, _ in repeated.plan.runs)
    targets = range(len(repeated.schema.names) + 1)
    confidence = family_confidence(len(others) * len(targets))
    names = {letter: f"{run.formulation} ({letter})" for letter, run in repeated.plan.runs}
    return (
        *(
            differences_in_words(
                names[letter],
                names[first],
                {
                    repeated.schema.target_name(target): repeated.difference(
                        letter, first, target, confidence
                    )
                    for target in targets
                },
            )
            + f". {_size(repeated)}."
            for letter in others
        ),
        *_diverged(repeated, names),
    )


def _size(repeated: RepeatResult) -> str:
    """``5 splits, n = 303 held-out texts each``."""
    sizes = sorted({outcome.rows[1] for outcome in repeated.of(repeated.plan.runs[0][0])})
    n = between(sizes[0], sizes[-1])
    seeds, planned = len(repeated.finished), repeated.plan.seeds
    of = f"{seeds}" if seeds == planned else f"{seeds} of {planned}"
    return f"{of} splits, n = {n} held-out texts each"


def _diverged(repeated: RepeatResult, names: Mapping[str, str]) -> tuple[str, ...]:
    stopped = {
        name: sum(outcome.diverged for outcome in repeated.of(letter))
        for letter, name in names.items()
    }
    seeds = len(repeated.finished)
    counts = [f"{name} in {times} of {seeds}" for name, times in stopped.items() if times]
    if not counts:
        return ()
    return (f"Stopped before the end, and judged as it stood then: {listed(counts)}.",)
