"""Batches: the same rows both ways round."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lossviz.data import split
from lossviz.engine import batches as batches_module
from lossviz.engine.batches import Pieces, batches
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
    monkeypatch.setattr(batches_module, "PIECES", Pieces())
    own = Experiment.for_dataset(DATA, optimiser={"batch_size": size}, seed=4)
    count, vocabulary = ENCODED.train.features.shape
    stream = batches(ENCODED, own)
    for epoch in range(2):
        order = np.random.default_rng([4, epoch]).permutation(count)
        for start in range(0, count, size):
            batch = next(stream)
            places = order[start : start + size]
            expected = torch.zeros(min(size, count), vocabulary)
            expected[: len(places)] = torch.tensor(ENCODED.train.features[places].toarray())
            occurring = expected.any(0).nonzero().flatten()
            assert torch.equal(batch.features, occurring)
            assert torch.equal(batch.rows.dense(len(occurring)), expected[:, occurring])
            assert torch.equal(batch.columns.dense(len(expected)), expected[:, occurring].T)
            torch.testing.assert_close(batch.inner_products(), expected @ expected.T)
            dense = torch.randn(len(expected), 3, generator=torch.Generator().manual_seed(start))
            torch.testing.assert_close(batch.columns.times(dense), expected[:, occurring].T @ dense)
            joint = ENCODED.targets.joint[places]
            assert torch.equal(batch.targets.joint[: len(places)], joint)
            assert (batch.targets.joint[len(places) :] == joint[-1]).all()
            assert batch.share.tolist() == pytest.approx(
                [1 / len(places)] * len(places) + [0.0] * (len(expected) - len(places))
            )


def test_who_comes_to_the_same_place_gets_the_very_batches_until_they_give_way() -> None:
    pieces = Pieces(most=2 * ENCODED.train.features.nnz)
    here = slice(0, 100)
    first = pieces.of(ENCODED, 0, 8, 0, here)
    assert pieces.of(ENCODED, 0, 8, 0, here)[3] is first[3]
    for other in ((1, 8, 0), (0, 9, 0)):  # the first is the oldest of three
        assert pieces.of(ENCODED, *other, here) is not first
    again = pieces.of(ENCODED, 0, 8, 0, here)
    assert again is not first
    assert torch.equal(again[3].features, first[3].features)


def test_other_data_of_the_same_shape_have_batches_of_their_own() -> None:
    pieces, here = Pieces(), slice(0, 100)
    other = encode_split(DATA, split(DATA, 0.2, 1), FeatureSpec())
    assert pieces.of(ENCODED, 0, 8, 0, here) is not pieces.of(other, 0, 8, 0, here)
