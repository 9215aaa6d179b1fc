"""The result of a sweep: every point of a grid, judged for every seed that is finished."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lossviz.arrays import Bools, Doubles, Floats, Integers, Small
from lossviz.data import Dataset
from lossviz.experiments.evaluation import Baseline, Evaluation
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.findings import Findings, pairs
from lossviz.experiments.scores import Scores, mistakes
from lossviz.experiments.sides import Sides, by_labels, numbered
from lossviz.experiments.statistics import LEAST_TRAINED, Interval, over_folds
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.plan import PointsBlock, SweepPlan
from lossviz.experiments.unseen import Unseen
from lossviz.losses.heads import HEADS
from lossviz.schema import LabelSchema


@dataclass(frozen=True)
class SweepResult:
    """What there is so far. ``M`` members of the grid, ``J`` seeds, ``K`` components.

    A *target* is what can be wrong: component ``0 .. K-1``, or the whole label, ``K``.

    :param errors: ``(M, J, K + 1)``, error rates on held-out rows, mean over the starts that are
        finished; NaN where none is.
    :param learnt: ``(M, J, K + 1)``, on the training rows.
    :param rows: ``(J, 2)``, number of training rows and of held-out rows; 0 where unknown.
    :param predicted: by member and seed, both as places, and start: labels ``(N, K)`` of the
        held-out rows.
    :param true: by seed, ``(N, K)``.
    :param guesses: by seed, the errors of the commonest label.
    :param answers: by seed, the logits ``(N, O)`` of the member with equal weights.
    :param messages: by member and seed, why a training stopped before its end.
    :param occurring: by seed, the places of the whole labels that a training row has.
    :param unseen: by seed, the held-out rows that have another one.
    """

    schema: LabelSchema
    plan: SweepPlan
    errors: Doubles
    learnt: Doubles
    rows: Integers
    predicted: Mapping[tuple[int, int, int], Small]
    true: Mapping[int, Small]
    guesses: Mapping[int, Baseline]
    answers: Mapping[int, Floats]
    messages: Mapping[tuple[int, int], str]
    occurring: Mapping[int, Small]
    unseen: Mapping[int, Unseen]

    @classmethod
    def from_reports(
        cls,
        schema: LabelSchema,
        plan: SweepPlan,
        reports: Iterable[tuple[PointsBlock, Scores]],
    ) -> SweepResult:
        """What these blocks say together."""
        shape = (len(plan.grid.members), len(plan.seeds), len(schema.components) + 1)
        errors, learnt = np.full(shape, np.nan), np.full(shape, np.nan)
        rows = np.zeros((len(plan.seeds), 2), dtype=np.int64)
        result = cls(schema, plan, errors, learnt, rows, {}, {}, {}, {}, {}, {}, {})
        for block, scores in reports:
            result._take(block, scores)
        return result

    @classmethod
    def from_findings(cls, findings: Findings[SweepPlan, Scores], dataset: Dataset) -> SweepResult:
        """What was found of a sweep of these data."""
        return cls.from_reports(dataset.schema, findings.plan, pairs(findings, dataset))

    def _take(self, block: PointsBlock, scores: Scores) -> None:
        """Only while it is made."""
        j = self.plan.seeds.index(block.seed)
        train, held_out = scores.rows
        for e, place in enumerate(block.places):
            before = sum((place, j, start) in self.predicted for start in range(block.start))
            for rates, now in (
                (self.errors, scores.wrong[e] / held_out),
                (self.learnt, scores.learnt[e] / train),
            ):
                mean = now if before == 0 else (before * rates[place, j] + now) / (before + 1)
                rates[place, j] = mean
            self.predicted[place, j, block.start] = scores.predicted[e]  # type: ignore[index]
        self.rows[j] = scores.rows
        self.true[j] = scores.true  # type: ignore[index]
        self.guesses[j] = scores.guess  # type: ignore[index]
        if scores.occurring is not None and scores.unseen is not None:
            self.occurring[j] = scores.occurring  # type: ignore[index]
            self.unseen[j] = scores.unseen  # type: ignore[index]
        if scores.answers is not None and block.start == 0:
            self.answers[j] = scores.answers  # type: ignore[index]
        for place, message in zip(block.places, scores.messages, strict=True):
            if message:
                self.messages[place, j] = message  # type: ignore[index]

    @property
    def grid(self) -> Grid:
        """The grid of the plan."""
        return self.plan.grid

    @cached_property
    def finished(self) -> Bools:
        """``(M, J)``: is this member trained with this seed?"""
        return np.asarray(~np.isnan(self.errors[:, :, 0]))

    @property
    def seeds(self) -> int:
        """Seeds that are finished for every member."""
        return len(self.complete)

    @cached_property
    def means(self) -> Doubles:
        """``(M, K + 1)``: mean error over the seeds that are finished, NaN where none is."""
        return _mean(self.errors, 1)

    @cached_property
    def fitted(self) -> Doubles:
        """``(M, K + 1)``: likewise on the training rows."""
        return _mean(self.learnt, 1)

    @property
    def held_out(self) -> tuple[int, int]:
        """The smallest and the largest number of held-out rows of a seed; 0 before the first."""
        known = self.rows[self.rows[:, 1] > 0, 1]
        return (int(known.min()), int(known.max())) if len(known) else (0, 0)

    @cached_property
    def guessed(self) -> Doubles | None:
        """``(K + 1,)``: the errors of the commonest label, mean over the seeds."""
        if not self.guesses:
            return None
        rates = np.array([[*guess.components, guess.joint] for guess in self.guesses.values()])
        return np.asarray(rates.mean(axis=0))

    @cached_property
    def wrong(self) -> Mapping[tuple[int, int], Bools]:
        """By member and seed, is it wrong here? ``(R, N, K + 1)``, for each start, held-out row
        and target."""
        starts: dict[tuple[int, int], list[Bools]] = {}
        for (member, j, _), codes in sorted(self.predicted.items()):
            starts.setdefault((member, j), []).append(mistakes(codes, self.true[j]))
        return {key: np.stack(every) for key, every in starts.items()}

    @property
    def complete(self) -> tuple[int, ...]:
        """The places of the seeds that are finished for every member."""
        return tuple(np.flatnonzero(self.finished.all(axis=0)).tolist())

    def counts(self, member: int, j: int, values: Doubles) -> Doubles:
        """What each held-out row of a seed counts, ``(R, N)``.

        :param values: ``(K + 1,)``, of being wrong on each target.
        """
        return np.asarray(self.wrong[member, j] @ values)

    def over_seeds(
        self, counts: Mapping[int, Doubles], *, confidence: float = 0.95, least: float = 0.0
    ) -> Interval:
        """The mean of what rows count, see :func:`lossviz.experiments.statistics.over_folds`.

        :param counts: by seed, ``(R, N)``.
        """
        train = int(self.rows[list(counts), 0].min())
        sides = len(set(self.sides(counts)))
        return over_folds(
            list(counts.values()), train, confidence=confidence, sides=sides, least=least
        )

    def sides(self, seeds: Iterable[int]) -> Sides:
        """The test sides of some seeds, by their places."""
        known = dict(zip(self.true, self._sides, strict=True))
        return numbered(known[j] for j in seeds)

    @cached_property
    def _sides(self) -> Sides:
        return by_labels(self.true.values())

    def mean(self, member: int, values: Doubles) -> Interval:
        """What a text counts in the mean, over the seeds that this member has.

        :param values: ``(K + 1,)``, of being wrong on each target.
        """
        seeds = np.flatnonzero(self.finished[member]).tolist()
        return self.level(dict.fromkeys(seeds, member), values)

    def level(self, members: Mapping[int, int], values: Doubles) -> Interval:
        """What a text counts in the mean.

        :param members: by seed, which one is judged on its held-out rows.
        :param values: ``(K + 1,)``, of being wrong on each target.
        """
        counts = {j: self.counts(member, j, values) for j, member in members.items()}
        return self.over_seeds(counts, least=LEAST_TRAINED).bounded(float(values.sum()))

    def error(self, member: int, target: int) -> Interval:
        """How often a member is wrong, between 0 and 1."""
        return self.mean(member, np.eye(len(self.schema.names) + 1)[target])

    @cached_property
    def first_errors(self) -> Doubles:
        """``(M, J, K + 1)``: the errors of the first start alone, what ``fit`` finds with the same
        seed; NaN where not finished."""
        errors = np.full_like(self.errors, np.nan)
        for (member, j), wrong in self.wrong.items():
            errors[member, j] = wrong[0].mean(axis=0)
        return errors

    def trained_on(self, j: int) -> LabelSchema:
        """The whole labels that a training row of a seed has; where that is not known, any row."""
        places = self.occurring.get(j)
        return self.schema if places is None else self.schema.only(places)

    @property
    def lacking(self) -> bool:
        """Whether the training side of any seed lacks a combination of values."""
        known = [len(self.trained_on(j).classes) for j in self.complete]
        return min(known, default=len(self.schema.classes)) < self.schema.possible

    @property
    def undecided(self) -> tuple[list[LabelSchema], Experiment, list[Floats], list[Small]]:
        """What equal weights answered for each text, before anything is decided: the first
        arguments of :func:`lossviz.engine.judging.min_cost_errors`, for the finished seeds."""
        seeds, experiment = self.complete, self.plan.experiment
        # As a trainer has it: a head over whole labels has learned which are rare.
        masked = HEADS[experiment.objective.head].can_emit_unseen
        schemas = [self.trained_on(j) if masked else self.schema for j in seeds]
        answers, true = ([by_seed[j] for j in seeds] for by_seed in (self.answers, self.true))
        return schemas, experiment, answers, true

    def costs(self, costs: Doubles) -> Doubles:
        """``(M, J)``: what a text costs on average.

        :param costs: ``(K + 1,)``, what a wrong component costs, and what a wrong whole label
            costs besides.
        """
        return np.asarray(self.errors @ costs)

    @cached_property
    def front(self) -> tuple[int, ...]:
        """The points that no other beats: none is wrong less often on one component of the pair
        and at most as often on the other. Means over the seeds; from the first component's best
        to the second's."""
        errors = self.means[: len(self.grid.points)][:, list(self.grid.pair)]
        known = np.flatnonzero(~np.isnan(errors[:, 0]))
        at_most = (errors[known, None] <= errors[None, known]).all(axis=2)
        less = (errors[known, None] < errors[None, known]).any(axis=2)
        beaten = (at_most & less).any(axis=0)
        best = known[~beaten]
        order = np.lexsort((errors[best, 1], errors[best, 0]))
        return tuple(best[order].tolist())

    def evaluation(self, member: int) -> Evaluation | None:
        """A member's held-out rows of all finished seeds together: a text stands in it once for
        every seed that held it out, and every start. None before the first seed."""
        trained = [key for key in sorted(self.predicted) if key[0] == member]
        if not trained:
            return None
        each = {key: self.predicted[key].astype(np.int64) for key in trained}
        predicted = np.concatenate(list(each.values()))
        true = np.concatenate([self.true[j] for _, j, _ in trained]).astype(np.int64)
        unknown = np.full(len(true), np.nan, dtype=np.float32)
        impossible = sum(
            int((self.trained_on(j).class_index(codes) < 0).sum())
            for (_, j, _), codes in each.items()
        )
        return Evaluation(true, predicted, unknown, 0, impossible)


def _mean(values: Doubles, axis: int) -> Doubles:
    """The mean of what is known, NaN where nothing is."""
    known = ~np.isnan(values)
    count = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
