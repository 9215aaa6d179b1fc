"""Splitting whole combinations off, as if they turned up anew."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import Dataset, folds, split_combinations
from lossviz.errors import LossVizError
from lossviz.experiments.specs import SplitSpec

MakeDataset = Callable[..., Dataset]


def labelled(counts: dict[str, int]) -> list[tuple[str, str]]:
    return [(f"{label} {n}", label) for label, count in counts.items() for n in range(count)]


def labels_tested(dataset: Dataset, test_size: float, seed: int) -> set[int]:
    """The whole labels of a test side."""
    return set(dataset.class_index[split_combinations(dataset, test_size, seed).test].tolist())


@given(
    labels=st.lists(
        st.tuples(st.sampled_from("ABC"), st.sampled_from("UVW")), min_size=40, max_size=120
    ),
    texts=st.lists(st.integers(0, 60), min_size=120, max_size=120),
    test_size=st.sampled_from([0.1, 0.2, 0.3, 0.5, 0.7]),
    seed=st.integers(0, 2**31 - 1),
)
def test_training_knows_every_value_and_no_combination_that_is_held_out(
    make_dataset: MakeDataset,
    labels: list[tuple[str, str]],
    texts: list[int],
    test_size: float,
    seed: int,
) -> None:
    rows = [(f"text {text}", "|".join(label)) for text, label in zip(texts, labels, strict=False)]
    rows += labelled({f"{a}|{b}": 2 for a in "ABC" for b in "UVW"})
    dataset = make_dataset(rows)
    sides = split_combinations(dataset, test_size, seed)
    assert sorted([*sides.train, *sides.test]) == list(range(len(rows)))
    train = {dataset.texts[row] for row in sides.train}
    assert not train & {dataset.texts[row] for row in sides.test}
    known = set(dataset.class_index[sides.train].tolist())
    new = set(dataset.class_index.tolist()) - known
    assert new
    # What else is tested shares its text with what is held out.
    also = [row for row in sides.test.tolist() if dataset.class_index[row] in known]
    held_out = {dataset.texts[row] for row in sides.test if dataset.class_index[row] in new}
    assert {dataset.texts[row] for row in also} <= held_out
    for k, size in enumerate(dataset.schema.sizes):
        assert len(set(dataset.codes[sides.train][:, k].tolist())) == size


def test_as_many_seeds_as_folds_test_every_combination_once(make_dataset: MakeDataset) -> None:
    counts = {f"{a}|{b}": 5 + 3 * n + m for n, a in enumerate("ABCD") for m, b in enumerate("UVWX")}
    dataset = make_dataset(labelled(counts))
    for shuffle in range(20):
        sides = [split_combinations(dataset, 0.2, 5 * shuffle + k).test for k in range(5)]
        assert sorted(np.concatenate(sides).tolist()) == list(range(len(dataset)))
        sizes = [len(side) / len(dataset) for side in sides]
        assert 0.12 < min(sizes) <= max(sizes) < 0.28
    assert len({frozenset(labels_tested(dataset, 0.2, 5 * shuffle)) for shuffle in range(20)}) > 10


@pytest.mark.parametrize(
    ("test_size", "least", "most"), [(0.05, 0.03, 0.08), (0.3, 0.25, 0.35), (0.6, 0.5, 0.65)]
)
def test_about_the_share_that_was_asked_for_is_held_out(
    make_dataset: MakeDataset, test_size: float, least: float, most: float
) -> None:
    counts = {f"{a}|{b}": 6 + n for n, a in enumerate("ABCDEF") for b in "UVWXYZ"}
    dataset = make_dataset(labelled(counts))
    for seed in range(12):
        share = len(split_combinations(dataset, test_size, seed).test) / len(dataset)
        assert least < share < most


def test_of_four_combinations_each_is_a_fold(make_dataset: MakeDataset) -> None:
    dataset = make_dataset(labelled({"A|C": 10, "A|D": 12, "B|C": 11, "B|D": 13}))
    assert folds(0.2) == 5
    for shuffle in range(3):
        each = [labels_tested(dataset, 0.2, 4 * shuffle + k) for k in range(4)]
        assert sorted(map(tuple, each)) == [(0,), (1,), (2,), (3,)]


def test_what_alone_has_a_value_stays_in_training(make_dataset: MakeDataset) -> None:
    dataset = make_dataset(labelled({"A|C": 10, "A|D": 12, "B|C": 11}))
    assert all(labels_tested(dataset, 0.2, seed) == {0} for seed in range(6))


def test_what_has_more_than_half_of_the_rows_stays_in_training(make_dataset: MakeDataset) -> None:
    dataset = make_dataset(labelled({"A|C": 40, "A|D": 12, "B|C": 11, "B|D": 13}))
    assert {place for seed in range(6) for place in labels_tested(dataset, 0.2, seed)} == {1, 2, 3}


def test_a_text_that_also_has_another_label_goes_with_the_one_that_is_held_out(
    make_dataset: MakeDataset,
) -> None:
    rows = labelled({"A|C": 10, "A|D": 12, "B|C": 11})
    dataset = make_dataset([*rows, ("a|c  0", "A|D")])
    assert len(rows) in split_combinations(dataset, 0.2, 0).test


@pytest.mark.parametrize(
    "counts", [{"A|C": 20, "B|D": 20}, {"A|C": 20, "A|D": 20}, {"A": 20, "B": 20, "C": 20}]
)
def test_where_every_combination_alone_has_a_value_none_can_be_held_out(
    make_dataset: MakeDataset, counts: dict[str, int]
) -> None:
    dataset = make_dataset(labelled(counts))
    with pytest.raises(LossVizError, match=r"can be held out as a new one: each of the [23] "):
        split_combinations(dataset, 0.2, 0)


def test_the_switch_is_off_at_first_and_leaves_validation_to_known_combinations(
    make_dataset: MakeDataset,
) -> None:
    dataset = make_dataset(labelled({"A|C": 20, "A|D": 20, "B|C": 20, "B|D": 20}))
    assert SplitSpec().combinations == "known"
    sides = SplitSpec(combinations="new", validation=0.1, seed=1).sides(dataset)
    assert len(sides.test) == 20
    assert len(sides.validation) == 6
    known = set(dataset.class_index[sides.train].tolist())
    assert set(dataset.class_index[sides.validation].tolist()) <= known
