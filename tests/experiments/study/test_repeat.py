"""A repeated comparison: what it says of formulations, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from lossviz.errors import LossVizError
from lossviz.experiments.experiment import DataReference, Experiment
from lossviz.experiments.runs.run import Run
from lossviz.experiments.study.repeat import FOLDS, RepeatPlan, RepeatResult, repeated_conclusions
from lossviz.experiments.study.result import Outcome
from lossviz.experiments.weights import Weights
from tests.support.factories import dataset
from tests.support.outcomes import noise, outcome, schema

DATA = DataReference(name="made", digest="0", components=("first", "second"))
RUNS = tuple(
    (letter, Experiment.of(data=DATA, formulation=formulation))
    for letter, formulation in (("A", "marginals"), ("B", "joint"))
)


def errors(*shift: float, seed: int, message: str = "") -> Outcome:
    first, second, whole = (rate + noise(seed) for rate in (0.2, 0.3, 0.4))
    moved = (first + shift[0], second + shift[1], whole + shift[2])
    return outcome(moved, (1.0, 1.0), message=message)


def repeated(*shifts: Sequence[float], seeds: int = FOLDS) -> RepeatResult:
    """B moved against A by so much, a shift for each seed."""
    outcomes = {("A", seed): errors(0.0, 0.0, 0.0, seed=seed) for seed in range(len(shifts))}
    outcomes |= {("B", seed): errors(*shift, seed=seed) for seed, shift in enumerate(shifts)}
    return RepeatResult(schema("first", "second"), RepeatPlan(RUNS, seeds), outcomes)


def test_what_all_folds_agree_on_is_said_of_the_formulations() -> None:
    shifts = [(-0.1 + 0.004 * (seed % 2), 0.02 * (seed % 2) - 0.01, 0.0) for seed in range(5)]
    (sentence,) = repeated_conclusions(repeated(*shifts))
    assert "joint (B) is wrong on first less often than marginals (A): −9.8 points [" in sentence
    assert "not settled: " in sentence
    assert "5 splits, n = 1,000 held-out texts each" in sentence


def test_one_odd_fold_leaves_it_open_with_its_size() -> None:
    shifts = [(-0.05, 0.0, 0.0)] * 4 + [(0.1, 0.0, 0.0)]
    (sentence,) = repeated_conclusions(repeated(*shifts))
    assert sentence.startswith("joint (B) against marginals (A), not settled: first −2.0 points [−")


def test_there_is_no_claim_before_three_folds_and_each_says_how_many() -> None:
    none, two, three = (
        repeated_conclusions(repeated(*[(-0.1, 0.0, 0.0)] * seeds)) for seeds in (0, 2, 3)
    )
    assert none == ()
    assert two[0].startswith("No claim yet: 2")
    assert "3 of 5 splits" in three[0]


def test_a_fold_counts_once_all_runs_have_it() -> None:
    full = repeated(*[(-0.1, 0.0, 0.0)] * 4)
    some = {key: value for key, value in full.outcomes.items() if key != ("B", 1)}
    assert replace(full, outcomes=some).finished == (0, 2, 3)


def test_what_stopped_itself_is_said() -> None:
    full = repeated(*[(-0.1, 0.0, 0.0)] * 5)
    outcomes = {**full.outcomes, ("B", 2): errors(0, 0, 0, seed=2, message="Loss left at step 3.")}
    said = repeated_conclusions(replace(full, outcomes=outcomes))
    assert said[-1].endswith("joint (B) in 1 of 5.")


def test_runs_are_repeated_with_the_weights_that_they_have_now() -> None:
    run = Run.of(RUNS[0][1])
    run.weights = Weights((3.0, 1.0, 1.0))
    plan = RepeatPlan.of({"A": run, "C": Run.of(RUNS[1][1])})
    assert [letter for letter, _ in plan.runs] == ["A", "C"]
    assert plan.runs[0][1].component_weights == (3.0, 1.0)
    blocks = plan.blocks(dataset())
    assert [(block.letter, block.seed) for block in blocks[:3]] == [("A", 0), ("C", 0), ("A", 1)]
    assert {block.experiment.split.seed for block in blocks} == set(range(FOLDS))
    assert all(block.experiment.seed == block.seed for block in blocks)


def test_a_plan_is_no_larger_than_a_page_can_ask_for() -> None:
    with pytest.raises(LossVizError, match="4 runs and 10 seeds"):
        RepeatPlan(RUNS, seeds=1_000)
