"""Splitting a data set."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import Dataset, split
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
    counts=st.lists(st.integers(1, 60), min_size=2, max_size=8),
    test_size=st.floats(0.05, 0.95),
    seed=st.integers(0, 1000),
)
def test_without_copies_each_label_has_its_share_to_within_a_row(
    make_dataset: MakeDataset, counts: list[int], test_size: float, seed: int
) -> None:
    counts[0] += 20
    labels = [f"c{c}" for c, count in enumerate(counts) for _ in range(count)]
    dataset = make_dataset([(f"text {n}", label) for n, label in enumerate(labels)])
    parts = split(dataset, test_size, seed)
    tested = Counter(labels[k] for k in parts.test)
    for c, count in enumerate(counts):
        assert tested[f"c{c}"] < count
        if count == 1:
            assert tested[f"c{c}"] == 0
        else:
            assert abs(tested[f"c{c}"] - test_size * count) <= 1
    if min(counts) > 20 and test_size < 0.9:
        assert len(parts.test) == round(test_size * len(labels))


def test_a_label_whose_rows_are_all_copies_stays_in_training(make_dataset: MakeDataset) -> None:
    rows = [(f"text {n}", "AB"[n % 2]) for n in range(40)] + [("the same", "rare")] * 5
    parts = split(make_dataset(rows), 0.5, seed=3)
    assert not set(parts.test.tolist()) & set(range(40, 45))


@pytest.mark.parametrize("seed", range(5))
def test_a_large_test_set_still_leaves_every_label_a_training_row(
    make_dataset: MakeDataset, seed: int
) -> None:
    labels = ["A", "A", "B", "B", "C", "C", *"DDDDDDDDDDDD"]
    parts = split(make_dataset([(f"text {n}", own) for n, own in enumerate(labels)]), 0.95, seed)
    assert {labels[k] for k in parts.train} == {"A", "B", "C", "D"}


def test_many_copies_of_one_text_do_not_upset_the_shares(make_dataset: MakeDataset) -> None:
    rows = [(f"text {n}", "AB"[n % 2]) for n in range(200)] + [("ok", "A")] * 60
    for seed in range(10):
        parts = split(make_dataset(rows), 0.2, seed)
        assert len(parts.test) == round(0.2 * 260)


def test_the_seed_alone_decides(make_dataset: MakeDataset) -> None:
    rows = [(f"text {n}", "ABC"[n % 3]) for n in range(60)]
    dataset, again = make_dataset(rows), make_dataset(list(rows))
    assert split(dataset, 0.2, 7).test.tolist() == split(again, 0.2, 7).test.tolist()
    assert split(dataset, 0.2, 7).test.tolist() != split(dataset, 0.2, 8).test.tolist()


def test_the_split_is_the_same_everywhere(make_dataset: MakeDataset) -> None:
    rows = [(f"text {n}", "AB"[n % 2]) for n in range(40)]
    assert split(make_dataset(rows), 0.2, 0).test.tolist() == [3, 4, 21, 24, 26, 27, 34, 35]


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
    with pytest.raises(LossVizError, match="at least one test row"):
        split(dataset, 0.5, 0)


@pytest.mark.slow
def test_a_hundred_thousand_rows_take_about_a_second(make_dataset: MakeDataset) -> None:
    rows = [(f"text number {n % 90_000} of many", "ABCD"[n % 4]) for n in range(100_000)]
    dataset = make_dataset(rows)
    start = time.perf_counter()
    parts = split(dataset, 0.2, 0)
    assert time.perf_counter() - start < 3
    assert abs(len(parts.test) - 20_000) < 10
