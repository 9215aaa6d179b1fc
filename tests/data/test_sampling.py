"""The sample that the pages train on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import Dataset, split
from lossviz.data.dataset import Sampled, live_sample
from tests.support.examples import examples

Maker = Callable[..., Dataset]


def made(make_dataset: Maker, counts: list[int]) -> Dataset:
    labels = [f"label{k}" for k, count in enumerate(counts) for _ in range(count)]
    order = np.random.default_rng(0).permutation(len(labels))
    return make_dataset([(f"text number {n}", labels[place]) for n, place in enumerate(order)])


@examples(60)
@given(
    counts=st.lists(st.integers(1, 60), min_size=2, max_size=12).filter(lambda c: sum(c) >= 40),
    most=st.integers(24, 39),
    seed=st.integers(0, 3),
)
def test_every_label_keeps_its_share_and_none_is_lost(
    make_dataset: Maker, counts: list[int], most: int, seed: int
) -> None:
    whole = made(make_dataset, counts)
    drawn = live_sample(whole, most, seed)
    assert len(drawn) == most
    assert drawn.schema == whole.schema
    assert drawn.sampled == Sampled(len(whole), seed)
    there = dict(zip(whole.rows.tolist(), whole.texts, strict=True))
    assert all(
        there[row] == text for row, text in zip(drawn.rows.tolist(), drawn.texts, strict=True)
    )
    assert (np.diff(drawn.rows) > 0).all()
    before = np.bincount(whole.class_index)
    after = np.bincount(drawn.class_index, minlength=len(before))
    least = np.minimum(before, 2)
    assert (after >= least).all()
    assert (after <= before).all()
    share = (most - least.sum()) / (before - least).sum()
    assert (abs(after - least - (before - least) * share) < 1).all()


def test_small_data_are_not_sampled(make_dataset: Maker) -> None:
    whole = made(make_dataset, [10, 20])
    assert live_sample(whole, 30) is whole
    assert whole.sampled is None


def test_a_sample_says_so_in_its_name_and_is_other_data(make_dataset: Maker) -> None:
    whole = made(make_dataset, [40, 20])
    first, again, other = (live_sample(whole, 30, seed) for seed in (0, 0, 1))
    assert first.name == "made.csv (sample of 30 of 60 texts)"
    assert first.texts == again.texts
    assert first.digest == again.digest
    assert len({whole.digest, first.digest, other.digest}) == 3
    assert split(first, 0.2, 0).test.size == 6


def test_too_few_texts_for_the_labels_is_a_mistake_of_the_caller(make_dataset: Maker) -> None:
    with pytest.raises(ValueError, match="two of each of 3"):
        live_sample(made(make_dataset, [9, 9, 9]), 5)
