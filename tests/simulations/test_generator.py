"""The generator: its words carry what it says, and the same seed draws the same."""

from __future__ import annotations

import numpy as np

from lossviz.experiments.experiment import Experiment
from tests.support.generator import fresh, fresh_errors, generate


def test_words_are_about_the_parts_as_often_as_it_says_and_mostly_right() -> None:
    made = generate(4_000, 0)
    words = np.array([text.split() for text in made.texts])
    assert words.shape == (4_000, 10)
    noise = np.char.startswith(words, "noise")
    assert abs(noise.mean() - 0.30) < 0.01
    for k, letter in enumerate("ab"):
        about = np.char.startswith(words, letter)
        assert abs(about.mean() - 0.35) < 0.01
        right = np.char.startswith(words, [[f"{letter}{value}w"] for value in made.codes[:, k]])
        assert abs(right[about].mean() - (0.72 + 0.28 / 2)) < 0.01


def test_a_seed_draws_the_same_texts_and_fresh_ones_are_others() -> None:
    assert generate(50, 3).digest == generate(50, 3).digest != generate(50, 4).digest
    assert not set(generate(500, 0).texts) & set(fresh(500).texts)


def test_labels_come_as_they_are_asked_for() -> None:
    table = np.array([[6.0, 1.0, 0.0], [0.0, 1.0, 2.0]])
    made = generate(5_000, 0, sizes=(2, 3), labels=table)
    shares = np.bincount(made.class_index, minlength=6) / 5_000
    np.testing.assert_allclose(shares, table.ravel() / table.sum(), atol=0.02)


def test_fresh_errors_fall_with_the_number_of_texts() -> None:
    texts = fresh(1_000)
    whole = []
    for rows in (60, 600):
        made = generate(rows, 1)
        experiment = Experiment.for_dataset(made, formulation="components")
        whole.append(fresh_errors(made, experiment, ((1.0, 1.0),), texts)[0, -1])
    assert whole[1] < whole[0] - 0.05
