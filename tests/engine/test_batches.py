"""Batches: the same rows both ways round."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lossviz.data import split
from lossviz.engine import batches as batches_module
from lossviz.engine.batches import batches
from lossviz.engine.features import encode_split
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.specs import FeatureSpec
from tests.support.factories import dataset

DATA = dataset(83)
ENCODED = encode_split(DATA, split(DATA, 0.2, 0), FeatureSpec())


@pytest.mark.parametrize("piece", [20, batches_module.PIECE])
@pytest.mark.parametrize("size", [1, 7, 32, 4096])
def test_an_epoch_holds_every_row_once_in_the_order_of_its_seed(
    size: int, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches_module, "PIECE", piece)
    own = Experiment.for_dataset(DATA, optimiser={"batch_size": size}, seed=4)
    count, vocabulary = ENCODED.train.features.shape
    stream = batches(ENCODED, own)
    for epoch in range(2):
        order = np.random.default_rng([4, epoch]).permutation(count)
        for start in range(0, count, size):
            batch = next(stream)
            expected = torch.tensor(ENCODED.train.features[order[start : start + size]].toarray())
            assert torch.equal(batch.rows.dense(vocabulary), expected)
            occurring = expected.any(0).nonzero().flatten()
            assert torch.equal(batch.features, occurring)
            assert torch.equal(batch.columns.dense(len(expected)), expected[:, occurring].T)
            torch.testing.assert_close(batch.inner_products(), expected @ expected.T)
            dense = torch.randn(len(expected), 3, generator=torch.Generator().manual_seed(start))
            torch.testing.assert_close(batch.columns.times(dense), expected[:, occurring].T @ dense)
            assert torch.equal(
                batch.targets.joint, ENCODED.targets.joint[order[start : start + size]]
            )
