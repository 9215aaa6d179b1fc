"""Near-duplicates, against comparing every text with every other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import Dataset, split
from lossviz.data.texts import normalised
from lossviz.engine import near_duplicates as module
from lossviz.engine.near_duplicates import (
    BANDS,
    MOST_LOOKED_AT,
    ROWS,
    candidates,
    near_duplicates,
    shingle_sets,
    similarities,
)
from lossviz.experiments.closer_look import LEAST_SIMILARITY
from lossviz.experiments.statistics import ErrorRate
from lossviz.schema import Component, LabelSchema
from tests.support.examples import examples

CHARACTERS = "abc é猫😀ا"
TEXTS = st.lists(
    st.text(CHARACTERS, min_size=1, max_size=30).filter(str.strip), min_size=10, max_size=30
)
WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprstv" for b in "aeiou" for c in ("n", "r", "sh", "t")]


def dataset_of(texts: Sequence[str], classes: Sequence[int] | None = None) -> Dataset:
    codes = np.array(classes if classes is not None else [k % 2 for k in range(len(texts))])
    values = tuple(map(str, range(int(codes.max()) + 1)))
    schema = LabelSchema.full([Component("part", values)])
    rows = np.arange(1, len(texts) + 1)
    return Dataset("made", "made", schema, tuple(texts), codes[:, None], rows, ())


def shingles(text: str) -> set[str]:
    own = normalised(text)[:MOST_LOOKED_AT].ljust(3, "\0")
    return {own[k : k + 3] for k in range(len(own) - 2)}


def jaccard(one: str, other: str) -> float:
    a, b = shingles(one), shingles(other)
    return len(a & b) / len(a | b)


def changed(generator: np.random.Generator, words: Sequence[str], times: int) -> str:
    own = list(words)
    for place in generator.choice(len(own), times, replace=False):
        own[place] = str(generator.choice(WORDS))
    return " ".join(own)


@given(TEXTS)
def test_the_sets_and_their_similarities_are_those_of_python(texts: list[str]) -> None:
    sets = shingle_sets([normalised(own) for own in texts])
    assert np.diff(sets.indptr).tolist() == [len(shingles(own)) for own in texts]
    pairs = np.array(list(combinations(range(len(texts)), 2)))
    expected = [jaccard(texts[i], texts[j]) for i, j in pairs.tolist()]
    assert similarities(sets, pairs) == pytest.approx(expected)


@given(TEXTS, st.integers(0, 5))
@examples(60)
def test_every_pair_that_is_reported_is_one(texts: list[str], copies: int) -> None:
    texts = [*texts, *(own + "!" for own in texts[:copies])]
    found = near_duplicates(dataset_of(texts))
    assert found is not None and found.exhausted
    for own in found.pairs:
        one, other = own.rows
        assert own.texts == (texts[one - 1], texts[other - 1])
        assert normalised(own.texts[0]) != normalised(own.texts[1])
        assert own.similarity == pytest.approx(jaccard(*own.texts))
        assert own.similarity >= LEAST_SIMILARITY
        assert own.contradictory == (one % 2 != other % 2)
    true = {
        (i, j)
        for i, j in combinations(range(len(texts)), 2)
        if normalised(texts[i]) != normalised(texts[j]) and jaccard(texts[i], texts[j]) >= 0.8
    }
    assert found.pair_count <= len(true)
    assert found.texts == len({normalised(own) for own in texts})


def test_hardly_a_pair_is_missed() -> None:
    generator = np.random.default_rng(0)
    sentences = [generator.choice(WORDS, 30).tolist() for _ in range(500)]
    originals = [" ".join(own) for own in sentences]
    copies = [changed(generator, own, 1 + k % 3) for k, own in enumerate(sentences)]
    sets = shingle_sets([*originals, *copies])
    proposed, exhausted = candidates(sets)
    found = {tuple(own) for own in proposed.tolist()}
    assert exhausted
    alike = np.array([jaccard(*own) for own in zip(originals, copies, strict=True)])
    missed = np.array([(k, 500 + k) not in found for k in range(500)])
    assert (alike >= 0.9).sum() > 100 and ((alike >= 0.8) & (alike < 0.9)).sum() > 100
    assert not missed[alike >= 0.9].any()  # expected: 0.0005 of them
    chances = (1 - alike[alike >= 0.8] ** ROWS) ** BANDS
    expected, spread = chances.sum(), np.sqrt((chances * (1 - chances)).sum())
    assert missed[alike >= 0.8].sum() <= expected + 4 * spread + 1


def test_candidates_grow_with_the_texts_and_not_with_their_square() -> None:
    texts = [
        f"the same template for everybody, number {k}, thank you very much" for k in range(2000)
    ]
    proposed, _ = candidates(shingle_sets(texts))
    assert len(proposed) <= BANDS * 16 * len(texts)
    found = near_duplicates(dataset_of(texts))
    assert found is not None
    assert found.with_another == len(texts)


def test_more_candidates_than_can_be_verified_are_a_lower_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lossviz.engine.near_duplicates.MOST_CANDIDATES", 50)
    found = near_duplicates(
        dataset_of([f"a rather long template with number {k}" for k in range(90)])
    )
    assert found is not None
    assert found.pair_count <= 50
    assert found.lower_bound and not found.exhausted


@pytest.mark.parametrize(("limit", "most"), [("MOST_TEXTS", 40), ("MOST_CHARACTERS", 400)])
def test_very_many_texts_are_sampled_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(module, limit, most)
    found = near_duplicates(dataset_of([f"text {k:05}" for k in range(200)]))
    assert found is not None
    assert (found.texts, found.compared) == (200, 40)
    assert found.lower_bound
    assert found == near_duplicates_without_time(found)


def near_duplicates_without_time(found: module.NearDuplicates) -> module.NearDuplicates:
    """The same again: sampling and hashing are seeded."""
    from dataclasses import replace

    again = near_duplicates(dataset_of([f"text {k:05}" for k in range(200)]))
    assert again is not None
    return replace(again, seconds=found.seconds)


def test_the_sample_has_both_sides_of_the_split_in_their_shares(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_TEXTS", 400)
    found = near_duplicates(dataset_of([f"text {k:05}" for k in range(4000)]))
    assert found is not None and found.leakage is not None
    assert found.leakage.test.n + found.leakage.train_rows == 400
    assert 56 <= found.leakage.test.n <= 104  # 80 ± 3 standard deviations


def test_leakage_counts_test_rows_with_a_near_training_text() -> None:
    generator = np.random.default_rng(3)
    texts = [" ".join(generator.choice(WORDS, 12)) for _ in range(300)]
    texts += [own + "!" for own in texts[:60]] + texts[:20]
    dataset = dataset_of(texts)
    found = near_duplicates(dataset)
    assert found is not None and found.leakage is not None
    sides = split(dataset, 0.2, 0)
    train = [texts[row] for row in sides.train]
    leaked = sum(
        any(
            normalised(texts[row]) != normalised(o) and jaccard(texts[row], o) >= 0.8 for o in train
        )
        for row in sides.test
    )
    assert leaked > 5
    assert found.leakage.test == ErrorRate.of(leaked, len(sides.test))
    assert found.leakage.train_rows == len(sides.train)


def test_data_that_cannot_be_split_have_no_leakage() -> None:
    found = near_duplicates(dataset_of([f"text {k}" for k in range(20)], [0] * 20))
    assert found is not None
    assert found.leakage is None


def test_nothing_comes_of_what_nobody_wants() -> None:
    assert near_duplicates(dataset_of(["some text", "other text"] * 5), lambda: False) is None
