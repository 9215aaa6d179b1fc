"""Splitting a data set."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import Dataset, folds, split
from lossviz.errors import LossVizError

MakeDataset = Callable[..., Dataset]


def normalised(text: str) -> str:
    return " ".join(text.casefold().split())


@given(
    texts=st.lists(st.integers(0, 60), min_size=20, max_size=120),
    labels=st.lists(st.sampled_from("AAAABBC"), min_size=120, max_size=120),
    test_size=st.floats(0.1, 0.9),
    seed=st.integers(0, 2**32),
)
def test_every_row_is_on_one_side_with_its_copies(
    make_dataset: MakeDataset, texts: list[int], labels: list[str], test_size: float, seed: int
) -> None:
    forms = ("Text {}", "text  {}", " TEXT {} ")
    rows = [(forms[n % 3].format(t), labels[n]) for n, t in enumerate(texts)]
    rows += [(f"only {n}", "AB"[n % 2]) for n in range(20)]
    dataset = make_dataset(rows)
    parts = split(dataset, test_size, seed)
    assert sorted([*parts.train, *parts.test]) == list(range(len(rows)))
    assert np.all(np.diff(parts.train) > 0)
    assert np.all(np.diff(parts.test) > 0)
    train = {normalised(dataset.texts[k]) for k in parts.train}
    assert not train & {normalised(dataset.texts[k]) for k in parts.test}


@given(
    texts=st.lists(st.integers(0, 60), min_size=20, max_size=120),
    labels=st.lists(st.sampled_from("AAAABBC"), min_size=120, max_size=120),
    share=st.sampled_from([1 / 2, 1 / 3, 0.25, 0.2, 0.1]),
    shuffle=st.integers(0, 2**20),
)
def test_as_many_seeds_as_folds_test_every_row_once(
    make_dataset: MakeDataset, texts: list[int], labels: list[str], share: float, shuffle: int
) -> None:
    rows = [(f"text {t}", labels[n]) for n, t in enumerate(texts)]
    rows += [(f"only {n}", "AB"[n % 2]) for n in range(20)] + [("a single one", "Z")]
    dataset, count = make_dataset(rows), folds(share)
    tested = [split(dataset, share, shuffle * count + k).test.tolist() for k in range(count)]
    assert sorted(row for fold in tested for row in fold) == list(range(len(rows)))


@given(
    counts=st.lists(st.integers(1, 60), min_size=2, max_size=8),
    test_size=st.one_of(st.floats(0.05, 0.95), st.sampled_from([0.5, 0.25, 0.2, 0.1])),
    shuffle=st.integers(0, 1000),
)
def test_without_copies_labels_are_spread_evenly_and_folds_equally_large(
    make_dataset: MakeDataset, counts: list[int], test_size: float, shuffle: int
) -> None:
    counts[0] += 20
    labels = [f"c{c}" for c, count in enumerate(counts) for _ in range(count)]
    dataset, number = make_dataset([(f"text {n}", own) for n, own in enumerate(labels)]), None
    number = folds(test_size)
    sides = [split(dataset, test_size, shuffle * number + k).test for k in range(number)]
    sizes = [len(side) for side in sides]
    assert max(sizes) - min(sizes) <= 1
    assert abs(sizes[0] - test_size * len(labels)) <= 1
    tested = [Counter(labels[k] for k in side) for side in sides]
    for c, count in enumerate(counts):
        each = [side[f"c{c}"] for side in tested]
        assert max(each) - min(each) <= 1
        assert all(abs(rows - test_size * count) < 2 for rows in each)


@given(
    copies=st.lists(st.tuples(st.integers(2, 9), st.sampled_from("AB")), max_size=12),
    shuffle=st.integers(0, 1000),
)
def test_single_texts_make_up_for_copies(
    make_dataset: MakeDataset, copies: list[tuple[int, str]], shuffle: int
) -> None:
    rows = [(f"copied {k}", label) for k, (count, label) in enumerate(copies) for _ in range(count)]
    rows += [(f"text {n}", "AB"[n % 2]) for n in range(200)]
    dataset = make_dataset(rows)
    sides = [split(dataset, 0.2, 5 * shuffle + k).test for k in range(5)]
    for label in "AB":
        each = [sum(rows[k][1] == label for k in side) for side in sides]
        assert max(each) - min(each) <= 1
    sizes = [len(side) for side in sides]
    assert max(sizes) - min(sizes) <= 1


@given(st.integers(0, 1000))
def test_labels_with_a_single_text_are_dealt_out_by_lot(
    make_dataset: MakeDataset, shuffle: int
) -> None:
    rows = [(f"text {n}", "A") for n in range(40)] + [(f"rare {k}", f"r{k}") for k in range(10)]
    dataset = make_dataset(rows)
    sides = [split(dataset, 0.2, 5 * shuffle + k).test for k in range(5)]
    assert [sum(row >= 40 for row in side) for side in sides] == [2] * 5


def test_another_shuffle_deals_single_texts_to_other_folds(make_dataset: MakeDataset) -> None:
    rows = [(f"text {n}", "AB"[n % 2]) for n in range(40)] + [("rare", "Z")]
    dataset = make_dataset(rows)
    seeds = [seed for seed in range(100) if 40 in split(dataset, 0.2, seed).test]
    assert [seed // 5 for seed in seeds] == list(range(20))
    assert {seed % 5 for seed in seeds} == set(range(5))


def test_many_copies_of_one_text_are_a_fold_s_whole_share(make_dataset: MakeDataset) -> None:
    rows = [(f"text {n}", "AB"[n % 2]) for n in range(200)] + [("ok", "A")] * 60
    sides = [split(make_dataset(rows), 0.2, seed).test for seed in range(5)]
    assert sorted(sum(row >= 200 for row in side) for side in sides) == [0, 0, 0, 0, 60]
    assert sorted(len(side) for side in sides) == [45, 45, 45, 45, 80]


def test_the_seed_alone_decides(make_dataset: MakeDataset) -> None:
    rows = [(f"text {n}", "ABC"[n % 3]) for n in range(60)]
    dataset, again = make_dataset(rows), make_dataset(list(rows))
    assert split(dataset, 0.2, 7).test.tolist() == split(again, 0.2, 7).test.tolist()
    assert split(dataset, 0.2, 7).test.tolist() != split(dataset, 0.2, 8).test.tolist()


def test_the_split_is_the_same_everywhere(make_dataset: MakeDataset) -> None:
    rows = [(f"text {n}", "AB"[n % 2]) for n in range(40)]
    assert split(make_dataset(rows), 0.2, 0).test.tolist() == [2, 3, 4, 11, 23, 24, 27, 34]


@pytest.mark.parametrize("test_size", [0.0, 1.0, -0.5, 20, float("nan")])
def test_a_share_outside_of_0_and_1_is_refused(make_dataset: MakeDataset, test_size: float) -> None:
    dataset = make_dataset([(f"text {n}", "AB"[n % 2]) for n in range(20)])
    with pytest.raises(LossVizError, match="between 0 and 1"):
        split(dataset, test_size, 0)


def test_a_negative_seed_is_refused(make_dataset: MakeDataset) -> None:
    dataset = make_dataset([(f"text {n}", "AB"[n % 2]) for n in range(20)])
    with pytest.raises(LossVizError, match="not negative, found -1"):
        split(dataset, 0.2, -1)


def test_an_empty_test_set_is_refused(make_dataset: MakeDataset) -> None:
    dataset = make_dataset([(f"text {n}", "AB"[n % 2]) for n in range(20)])
    with pytest.raises(LossVizError, match=r"at least one test row.*larger share"):
        split(dataset, 0.01, 0)


def test_copies_only_leave_nothing_to_test(make_dataset: MakeDataset) -> None:
    dataset = make_dataset([(f"text {n % 2}", "AB"[n % 2]) for n in range(20)])
    with pytest.raises(LossVizError, match=r"at least one test row.*2 of them with different"):
        split(dataset, 0.3, 0)


@pytest.mark.slow
def test_a_hundred_thousand_rows_take_about_a_second(make_dataset: MakeDataset) -> None:
    rows = [(f"text number {n % 90_000} of many", "ABCD"[n % 4]) for n in range(100_000)]
    dataset = make_dataset(rows)
    start = time.perf_counter()
    parts = split(dataset, 0.2, 0)
    assert time.perf_counter() - start < 3
    assert abs(len(parts.test) - 20_000) < 10


@given(
    texts=st.lists(st.integers(0, 60), min_size=20, max_size=120),
    labels=st.lists(st.sampled_from("AAAABBC"), min_size=120, max_size=120),
    share=st.one_of(st.floats(0.01, 0.5), st.just(0.1)),
    seed=st.integers(0, 2**20),
)
def test_a_validation_side_comes_from_training_and_leaves_every_label_a_text(
    make_dataset: MakeDataset, texts: list[int], labels: list[str], share: float, seed: int
) -> None:
    rows = [(f"text {t}", labels[n]) for n, t in enumerate(texts)]
    rows += [(f"only {n}", "AB"[n % 2]) for n in range(20)]
    dataset = make_dataset(rows)
    before = split(dataset, 0.2, seed)
    parts = before.setting_aside(dataset, share, seed)
    assert parts.test.tolist() == before.test.tolist()
    assert sorted([*parts.train, *parts.validation]) == before.train.tolist()
    sides = [
        {normalised(dataset.texts[k]) for k in side} for side in (parts.train, parts.validation)
    ]
    assert not sides[0] & sides[1]
    again = before.setting_aside(dataset, share, seed)
    assert again.validation.tolist() == parts.validation.tolist()
    first = {normalised(dataset.texts[k]): labels_of(dataset, k) for k in reversed(before.train)}
    trained = {first[normalised(dataset.texts[k])] for k in parts.train}
    assert trained == set(first.values())


def labels_of(dataset: Dataset, row: int) -> int:
    return int(dataset.class_index[row])


def test_a_validation_side_has_its_share_of_each_label(make_dataset: MakeDataset) -> None:
    labels = ["A"] * 500 + ["B"] * 250 + ["C"] * 50
    dataset = make_dataset([(f"text {n}", own) for n, own in enumerate(labels)])
    for seed in range(5):
        parts = split(dataset, 0.2, seed).setting_aside(dataset, 0.1, seed)
        counts = Counter(labels[k] for k in parts.validation)
        assert [counts[label] for label in "ABC"] == [40, 20, 4]


def test_no_share_is_the_split_itself(make_dataset: MakeDataset) -> None:
    dataset = make_dataset([(f"text {n}", "AB"[n % 2]) for n in range(20)])
    parts = split(dataset, 0.2, 0)
    assert parts.setting_aside(dataset, 0.0, 0) is parts
    assert not len(parts.validation)


@pytest.mark.parametrize("share", [-0.1, 0.6, float("nan")])
def test_a_validation_share_out_of_range_is_refused(
    make_dataset: MakeDataset, share: float
) -> None:
    dataset = make_dataset([(f"text {n}", "AB"[n % 2]) for n in range(20)])
    with pytest.raises(LossVizError, match=r"between 0 and 0\.5"):
        split(dataset, 0.2, 0).setting_aside(dataset, share, 0)
