"""Sealed texts: the same for every seed, and seen by nothing that divides the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import Dataset, folds, sealed_rows, split
from lossviz.errors import LossVizError
from lossviz.experiments.specs import SplitSpec
from tests.support.factories import dataset

MakeDataset = Callable[..., Dataset]
DATA = dataset(240)


@given(
    texts=st.lists(st.integers(0, 60), min_size=20, max_size=120),
    labels=st.lists(st.sampled_from("AAAABBC"), min_size=120, max_size=120),
    share=st.sampled_from([0.1, 0.2, 0.35, 0.5]),
    seed=st.integers(0, 2**20),
    validation=st.sampled_from([0.0, 0.1]),
)
def test_every_row_is_on_one_side_with_its_copies(
    make_dataset: MakeDataset,
    texts: list[int],
    labels: list[str],
    share: float,
    seed: int,
    validation: float,
) -> None:
    rows = [(f"text {t}", labels[n]) for n, t in enumerate(texts)]
    rows += [(f"only {n}", "AB"[n % 2]) for n in range(30)]
    data = make_dataset(rows)
    sides = SplitSpec(sealed=share, seed=seed, validation=validation).sides(data)
    each = (sides.train, sides.validation, sides.test, sides.sealed)
    assert sorted(np.concatenate(each).tolist()) == list(range(len(rows)))
    texts_of = [{data.texts[k] for k in side.tolist()} for side in each]
    assert sum(map(len, texts_of)) == len(set().union(*texts_of))
    np.testing.assert_array_equal(sides.sealed, sealed_rows(data, share))


def test_no_seed_has_a_say_and_the_folds_test_all_the_others() -> None:
    specs = [SplitSpec(sealed=0.2, seed=seed, validation=0.1) for seed in range(5)]
    sides = [spec.sides(DATA) for spec in specs]
    for one in sides[1:]:
        np.testing.assert_array_equal(one.sealed, sides[0].sealed)
    tested = np.sort(np.concatenate([one.test for one in sides]))
    others = np.setdiff1d(np.arange(len(DATA)), sides[0].sealed)
    np.testing.assert_array_equal(tested, others)
    assert folds(0.2) == 5


def test_a_fifth_of_each_label_is_sealed() -> None:
    sealed = sealed_rows(DATA, 0.2)
    assert len(sealed) == 48
    assert set(Counter(DATA.class_index[sealed].tolist()).values()) == {12}


def test_where_nothing_is_sealed_the_split_is_as_it_was() -> None:
    sides, before = SplitSpec(seed=3).sides(DATA), split(DATA, 0.2, 3)
    np.testing.assert_array_equal(sides.train, before.train)
    np.testing.assert_array_equal(sides.test, before.test)
    assert len(sides.sealed) == 0


def test_sealed_texts_are_sealed_where_new_combinations_or_other_data_judge() -> None:
    sealed = sealed_rows(DATA, 0.2)
    new = SplitSpec(sealed=0.2, combinations="new").sides(DATA)
    np.testing.assert_array_equal(new.sealed, sealed)
    assert not set(DATA.class_index[new.train].tolist()) & set(DATA.class_index[new.test].tolist())
    whole = SplitSpec(sealed=0.2, validation=0.1).untested(DATA)
    np.testing.assert_array_equal(whole.sealed, sealed)
    assert len(whole.test) == 0
    assert len(whole.train) + len(whole.validation) + len(sealed) == len(DATA)


@pytest.mark.parametrize(("share", "sentence"), [(0.6, "between 0 and 0.5"), (0.001, "seals none")])
def test_a_share_that_cannot_be_is_a_sentence(share: float, sentence: str) -> None:
    with pytest.raises(LossVizError, match=sentence):
        sealed_rows(DATA, share)
