"""Held-out texts whose whole label training lacks, and what is said of them."""

from __future__ import annotations

import numpy as np

from lossviz.experiments.unseen import Unseen, unseen_words
from lossviz.schema import TEXTBOOK


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
    assert said.startswith("These errors are about new combinations. 75 of 75 held-out texts have ")
    assert "(3 combinations)" in said
