"""Held-out texts whose whole label training lacks, and what is said of them."""

from __future__ import annotations

import numpy as np

from lossviz.compute.campaigns import sweep
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.specs import SplitSpec
from lossviz.experiments.statistics import over_folds
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.unseen import Unseen, unseen_words
from lossviz.schema import TEXTBOOK
from tests.support import factories


def test_texts_and_different_labels_are_counted() -> None:
    codes = np.array([[0, 0], [1, 1], [1, 1], [0, 1], [1, 0]])
    occurring = TEXTBOOK.only(np.array([0, 2]))  # AC and BC
    assert Unseen.among(codes, occurring) == Unseen(3, 2, 5)
    assert Unseen.among(codes, TEXTBOOK) == Unseen(0, 0, 5)


def test_nothing_is_said_where_training_has_every_label_or_nobody_knows() -> None:
    assert not unseen_words([])
    assert not unseen_words([None, Unseen(0, 0, 303)])


def test_a_few_are_said_with_their_number() -> None:
    said = unseen_words([Unseen(1, 1, 303)])
    assert said.startswith(
        "1 of 303 held-out texts has a whole label that no training text has (1 "
    )
    assert "new combinations" not in said


def test_splits_are_said_together() -> None:
    said = unseen_words([Unseen(0, 0, 303), Unseen(4, 2, 304), None])
    assert said.startswith("In each of 2 splits 0 to 4 of 303 to 304 held-out texts have ")
    assert "(0 to 2 combinations)" in said


def test_where_most_are_new_it_is_said_what_the_errors_are_about() -> None:
    said = unseen_words([Unseen(75, 3, 75)])
    assert said.startswith(
        "These errors are about new combinations. All of 75 held-out texts have "
    )
    assert "(3 combinations)" in said
    said = unseen_words([Unseen(75, 3, 75), Unseen(80, 2, 80)])
    assert "In each of 2 splits all of 75 to 80 held-out texts have " in said


def test_combinations_that_are_held_out_again_are_no_other_texts() -> None:
    three = factories.dataset(120, missing=("BD",))  # AC alone can be held out
    spec = SplitSpec(combinations="new")
    experiment = Experiment.for_dataset(three, epochs=1, split=spec)
    result = sweep(three, experiment, Grid(2, steps=2), range(4))
    assert result.sides(range(4)) == (0, 0, 0, 0)
    texts = result.rows[0, 1]
    wrong = [np.array([[1.0, 0.0] * (int(texts) // 2)])] * 4
    again, others = (over_folds(wrong, 80, sides=sides) for sides in (1, None))
    assert again.high - again.low > 1.3 * (others.high - others.low)
    assert result.over_seeds(dict(enumerate(wrong))) == again
