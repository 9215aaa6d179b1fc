"""A repeated comparison: what it says of formulations, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lossviz.errors import LossVizError
from lossviz.experiments.evaluation import Baseline
from lossviz.experiments.experiment import DataReference, Experiment
from lossviz.experiments.runs.repeat import FOLDS, RepeatPlan, RepeatResult, repeated_conclusions
from lossviz.experiments.runs.run import Run
from lossviz.experiments.scores import Scores
from lossviz.experiments.specs import STARTS, SplitSpec
from lossviz.experiments.unseen import Unseen, unseen_words
from lossviz.experiments.weights import Weights
from tests.support.factories import dataset
from tests.support.outcomes import schema

DATA = DataReference(name="made", digest="0", components=("first", "second"))
RUNS = tuple(
    (letter, Experiment.of(data=DATA, formulation=formulation))
    for letter, formulation in (("A", "marginals"), ("B", "joint"))
)
ROWS = (4_000, 1_000)


def scores(first: float, second: float, message: str = "") -> Scores:
    """Wrong on the first rows of each part, so on the whole label as often as on the worse."""
    place = np.arange(ROWS[1])[:, None] / ROWS[1]
    predicted = (place < np.array([first, second])).astype(np.uint8)[None]
    wrong = np.array([[*predicted[0].sum(0), predicted[0].any(1).sum()]], dtype=np.int64)
    true = np.zeros(predicted.shape[1:], dtype=np.uint8)
    guess = Baseline((0.5, 0.5), 0.75)
    return Scores(wrong, wrong, predicted, true, guess, ROWS, None, (message,), 1.0)


def repeated(*shifts: Sequence[float], folds: int = FOLDS) -> RepeatResult:
    """B moved against A by so much on each part, a shift for each fold."""
    made = {("A", fold, 0): scores(0.2, 0.3) for fold in range(len(shifts))}
    made |= {("B", k, 0): scores(0.2 + a, 0.3 + b) for k, (a, b) in enumerate(shifts)}
    made = {key: of_fold(each, key[1]) for key, each in made.items()}
    return RepeatResult(schema("first", "second"), RepeatPlan(RUNS, folds), made)


def of_fold(found: Scores, fold: int) -> Scores:
    """As many mistakes on the texts of this fold."""
    true = np.random.default_rng(fold).integers(0, 2, found.true.shape, np.uint8)
    return replace(found, true=true, predicted=found.predicted ^ found.true ^ true)


def test_what_the_folds_agree_on_is_said_of_the_formulations() -> None:
    shifts = [(-0.1 + 0.004 * (fold % 2), 0.002 * (fold % 2) - 0.001) for fold in range(5)]
    (sentence,) = repeated_conclusions(repeated(*shifts))
    assert "joint (B) is wrong on first less often than marginals (A): −9.8 points [" in sentence
    assert "not settled: " in sentence
    assert "5 splits, n = 1,000 held-out texts each" in sentence


def test_labels_that_training_lacks_are_said_with_how_it_came_about() -> None:
    found = repeated(*[(0.0, 0.0)] * 5)
    assert found.how.endswith("into account.")
    sides = [Unseen(fold, 1, ROWS[1]) for fold in range(5)]
    scores = {key: replace(each, unseen=sides[key[1]]) for key, each in found.scores.items()}
    assert replace(found, scores=scores).how.endswith(unseen_words(sides))


def test_folds_that_disagree_leave_it_open_with_its_size() -> None:
    shifts = [(-0.05, 0.0)] * 3 + [(0.1, 0.0), (0.02, 0.0)]
    (sentence,) = repeated_conclusions(repeated(*shifts))
    assert sentence.startswith("joint (B) against marginals (A), not settled: ")
    assert "first −0.5 points [−" in sentence


def test_there_is_no_claim_before_three_folds_and_each_says_how_many() -> None:
    none, two, three = (
        repeated_conclusions(repeated(*[(-0.1, 0.0)] * folds)) for folds in (0, 2, 3)
    )
    assert none == ()
    assert two[0].startswith("No claim yet: 2")
    assert "3 of 5 splits" in three[0]


def test_a_fold_counts_once_all_runs_have_it() -> None:
    full = repeated(*[(-0.1, 0.0)] * 4)
    some = {key: value for key, value in full.scores.items() if key != ("B", 1, 0)}
    assert replace(full, scores=some).finished == (0, 2, 3)


def test_starts_of_a_fold_are_told_from_folds() -> None:
    """One unit takes one part or the other, whatever the fold: twenty starts are twenty."""
    plan = RepeatPlan(RUNS, starts=4)
    pairs = [(fold, start) for fold in range(FOLDS) for start in range(4)]
    made = {("A", *pair): of_fold(scores(0.3, 0.3), pair[0]) for pair in pairs}
    made |= {("B", f, s): of_fold(scores(0.1 + 0.2 * (s == f % 4), 0.3), f) for f, s in pairs}
    (sentence,) = repeated_conclusions(RepeatResult(schema("first", "second"), plan, made))
    assert "joint (B) is wrong on first less often than marginals (A): −15.0 points" in sentence


def test_folds_that_test_the_same_texts_again_say_less() -> None:
    shifts = [(-0.1, 0.0)] * 5
    others = repeated(*shifts)
    again = replace(others, scores={k: of_fold(each, 0) for k, each in others.scores.items()})
    widths = [found.difference("B", "A", 0, 0.95) for found in (others, again)]
    assert widths[1].high - widths[1].low > 2.0 * (widths[0].high - widths[0].low)


def test_what_stopped_itself_is_said() -> None:
    full = repeated(*[(-0.1, 0.0)] * 5)
    stopped = {**full.scores, ("B", 2, 0): scores(0.2, 0.3, message="Loss left at step 3.")}
    assert repeated_conclusions(replace(full, scores=stopped))[-1].endswith("joint (B) in 1 of 5.")


def test_runs_are_repeated_with_the_weights_that_they_have_now() -> None:
    run = Run.of(RUNS[0][1])
    run.weights = Weights((3.0, 1.0, 1.0))
    plan = RepeatPlan.of({"A": run, "C": Run.of(RUNS[1][1])})
    assert [letter for letter, _ in plan.runs] == ["A", "C"]
    assert plan.runs[0][1].component_weights == (3.0, 1.0)
    blocks = plan.blocks(dataset())
    assert [(block.letter, block.fold) for block in blocks[:3]] == [("A", 1), ("C", 1), ("A", 2)]
    assert all(
        block.experiment.split.seed == block.experiment.seed == block.fold for block in blocks
    )


def at(seed: int, **split: Any) -> dict[str, Run]:
    runs = {letter: run.where({"split.seed": seed}) for letter, run in RUNS}
    return {
        letter: Run.of(run.where({f"split.{name}": value for name, value in split.items()}))
        for letter, run in runs.items()
    }


def test_no_text_that_judged_what_the_runs_were_chosen_by_is_tested() -> None:
    data = dataset(200)
    for seed, test_size, folds in ((0, 0.2, 4), (7, 0.2, 4), (3, 0.1, 5), (2, 0.25, 3)):
        runs = at(seed, test_size=test_size, validation=0.1)
        blocks = RepeatPlan.of(runs).blocks(data)
        judged = set(runs["A"].experiment.split.sides(data).test.tolist())
        tested = [set(block.experiment.split.sides(data).test.tolist()) for block in blocks]
        assert len({block.fold for block in blocks}) == folds
        assert not any(judged & texts for texts in tested)


def test_what_was_looked_at_before_is_left_out_too() -> None:
    before = [at(seed)["A"].experiment.split for seed in (0, 2)]
    assert RepeatPlan.of(at(0), before).seeds == (1, 3, 4)


@pytest.mark.parametrize(
    ("runs", "before", "by_lot"),
    [
        (at(0, test_size=0.4), [], True),  # one other fold
        (at(0, combinations="new"), [], True),
        (at(0), [], False),  # the file says what is held out
        (at(0), [at(5)["A"].experiment.split], True),  # of another shuffle, so some of each fold
        (at(0), [at(0, test_size=0.3)["A"].experiment.split], True),
        (at(0), [at(seed)["A"].experiment.split for seed in range(3)], True),
    ],
)
def test_where_that_leaves_no_claim_all_five_are_trained_and_it_is_said(
    runs: dict[str, Run], before: list[SplitSpec], by_lot: bool
) -> None:
    plan = RepeatPlan.of(runs, before, by_lot=by_lot)
    assert plan.seeds == tuple(range(FOLDS))
    again, apart = (
        RepeatResult(schema("first", "second"), each, {}) for each in (plan, RepeatPlan.of(at(0)))
    )
    texts = f"{apart.plan.folds} splits"
    assert texts in apart.how
    assert "have judged the runs before are left out" in apart.how
    assert "Some of these texts have judged the runs before" in again.how


def test_a_hidden_layer_is_trained_from_several_starts_on_each_split() -> None:
    hidden = RUNS[0][1].changed(model={"kind": "hidden", "width": 1})
    plan = RepeatPlan.of({"A": Run.of(hidden), "B": Run.of(RUNS[1][1])})
    blocks = plan.blocks(dataset())
    assert plan.starts == STARTS
    assert len(blocks) == 2 * (FOLDS - 1) * STARTS
    assert len({(block.letter, block.experiment.seed) for block in blocks}) == len(blocks)


def test_a_plan_is_no_larger_than_a_page_can_ask_for() -> None:
    with pytest.raises(LossVizError, match="4 runs and 10 folds"):
        RepeatPlan(RUNS, folds=1_000)
