"""N-grams: counted in bounded memory, and the same numbers as scikit-learn's."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from lossviz.engine import grams
from lossviz.engine.features import Vectoriser
from lossviz.engine.grams import ANALYSERS, Counting, Grams
from lossviz.experiments.specs import FeatureSpec

TOKENS = st.sampled_from(["it", "IT", "was", "wasn't", "a", "Σας", "straße", "ﬀ", "x_1", "日本"])
TEXTS = st.lists(st.lists(TOKENS, max_size=12).map("  ".join), min_size=1, max_size=30)
SPECS = st.builds(
    FeatureSpec,
    analyser=st.sampled_from(["word", "char"]),
    shortest=st.integers(1, 2),
    longest=st.integers(2, 4),
    limit=st.just(100_000),
)


def assert_same(found: csr_matrix, expected: csr_matrix) -> None:
    expected.sort_indices()
    np.testing.assert_array_equal(found.indptr, expected.indptr)
    np.testing.assert_array_equal(found.indices, expected.indices)
    np.testing.assert_array_equal(found.data, expected.data)


@given(TEXTS, TEXTS, SPECS)
def test_features_are_those_of_scikit_learn_to_the_last_bit(
    texts: list[str], others: list[str], spec: FeatureSpec
) -> None:
    expected = TfidfVectorizer(
        analyzer=spec.analyser, ngram_range=(spec.shortest, spec.longest), dtype=np.float32
    )
    try:
        rows = expected.fit_transform(texts)
    except ValueError:
        assert not len(counted(spec, texts).commonest())
        return
    ours = Vectoriser(spec, texts)
    assert ours.features == expected.get_feature_names_out().tolist()
    assert ours.idf == expected.idf_.tolist()
    assert_same(ours.fitted, rows)
    assert_same(ours.rows(others), expected.transform(others))
    again = Vectoriser.restored(spec, ours.features, np.array(ours.idf))
    assert_same(again.rows(others), expected.transform(others))


def counted(spec: FeatureSpec, texts: list[str]) -> Counting:
    counting = Counting(spec)
    counting.add(texts)
    return counting


@given(TEXTS, st.integers(10, 14))
def test_the_commonest_are_kept_and_of_equal_ones_the_first_in_the_alphabet(
    texts: list[str], limit: int
) -> None:
    counts: Counter[str] = Counter()
    for text in texts:
        words = list(ANALYSERS["word"].tokens(text))
        counts.update([*words, *map(" ".join, pairwise(words))])
    ranked = sorted(counts, key=lambda gram: (-counts[gram], gram))[:limit]
    assert counted(FeatureSpec(limit=limit), texts).commonest().names == sorted(ranked)


def test_common_words_survive_a_flood_of_rare_ones() -> None:
    generator = np.random.default_rng(0)
    common = [f"common{n}" for n in range(50)]
    texts = [
        " ".join([*generator.choice(common, 5), *(f"rare{n}x{k}" for k in range(5))])
        for n in range(40_000)
    ]
    counting = Counting(FeatureSpec(longest=2, limit=50), kept=1_000)
    tracemalloc.start()
    for some in grams.pieces(texts, 100_000):
        counting.add(some)
    found = counting.commonest().names
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == sorted(common)
    assert peak < 5_000_000  # all 200,000 rare ones would take 30 MB, and pairs as much again


def test_in_pieces_the_features_are_those_of_counting_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    generator = np.random.default_rng(1)
    words = [f"w{n}" for n in range(300)]
    texts = [" ".join(generator.choice(words, 8)) for _ in range(400)]
    spec = FeatureSpec(longest=3, limit=1_500)
    at_once = Vectoriser(spec, texts)
    monkeypatch.setitem(ANALYSERS, "word", ANALYSERS["word"]._replace(piece=1_000))
    bounded = Vectoriser(spec, texts)
    assert bounded.features == at_once.features
    assert_same(bounded.fitted, at_once.fitted)
    assert_same(bounded.rows(["w1 w2 w3 unknown"]), at_once.rows(["w1 w2 w3 unknown"]))


def test_a_name_that_is_too_long_is_found_in_no_text() -> None:
    spec = FeatureSpec(longest=2)
    counts = Grams.named(spec, ["to", "to be or"]).counts(["to be or not", "unknown words"])
    assert counts.toarray().tolist() == [[1.0, 0.0], [0.0, 0.0]]
    assert Grams.named(spec, ["to be or"]).counts(["to be or not", ""]).nnz == 0
