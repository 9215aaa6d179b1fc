"""What is counted of a trained model's probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.data import split
from lossviz.engine import judging
from lossviz.engine.features import encode_split
from lossviz.engine.trainer import Trainer
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.reliability import Reliability
from lossviz.experiments.specs import FeatureSpec
from lossviz.losses.decoding import DECODERS
from tests.support.factories import dataset

DATA = dataset(missing=("BD",))


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("formulation", ["joint", "components", "chain"])
def test_of_each_part_the_probability_of_what_is_predicted_counts(
    formulation: str, decoder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "ROWS", 7)
    encoded = encode_split(DATA, split(DATA, 0.2, 0), FeatureSpec())
    trainer = Trainer(
        encoded, Experiment.for_dataset(DATA, formulation=formulation, decoder=decoder)
    )
    for _ in range(12):
        trainer.advance()
    logits = trainer.logits(encoded.test.features)
    own = judging.evaluate(trainer, logits)
    assert own.reliability is not None
    parts = [
        part.exp().numpy() for part in trainer.head.component_log_probs(logits[0], DATA.schema)
    ]
    rows = np.arange(len(own))
    sure = np.stack([part[rows, own.predicted[:, k]] for k, part in enumerate(parts)], axis=1)
    expected = Reliability.of(np.minimum(sure, 1.0), ~own.wrong)
    np.testing.assert_array_equal(own.reliability.texts, expected.texts)
    np.testing.assert_array_equal(own.reliability.right, expected.right)
    np.testing.assert_allclose(own.reliability.expected, expected.expected)
    right = [len(own) - rate.wrong for rate in own.components]
    assert own.reliability.right.sum(axis=1).tolist() == right
