"""What descriptions of losses claim of trained models, on fresh texts."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.arrays import Doubles
from lossviz.experiments.experiment import Experiment
from tests.support.generator import fresh, fresh_errors, generate

DATA_SETS = 16
ALIKE = np.full((2, 2), 0.25)
ONE_RARE = np.array([[0.40, 0.29], [0.30, 0.01]])
NO_TEXT = np.array([[1.0, 1.0], [1.0, 0.0]])


def wrong_parts(formulation: str, seed: int, labels: Doubles) -> float:
    """Wrong parts a fresh text, where each part's likeliest value is predicted."""
    dataset, texts = generate(300, seed, labels=labels), fresh(2_000, seed, labels=labels)
    experiment = Experiment.for_dataset(
        dataset, formulation=formulation, decoder="marginal_modes", seed=seed
    )
    return float(fresh_errors(dataset, experiment, [(1.0, 1.0)], texts)[0, :2].sum())


@pytest.mark.slow
@pytest.mark.parametrize(("labels", "most"), [(ALIKE, 0.02), (ONE_RARE, 0.0), (NO_TEXT, 0.0)])
def test_joint_gets_parts_right_about_as_often_as_components_or_more_often(
    labels: Doubles, most: float
) -> None:
    """A proper score of the whole label is one of every part."""
    apart = [
        wrong_parts("joint", seed, labels) - wrong_parts("components", seed, labels)
        for seed in range(DATA_SETS)
    ]
    assert np.mean(apart) < most
