"""The vocabulary in bounded memory."""

from __future__ import annotations

import tracemalloc
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.engine import features
from lossviz.engine.features import Vectoriser, commonest
from lossviz.experiments.specs import FeatureSpec

TEXTS = st.lists(st.lists(st.sampled_from("abcdefghij"), max_size=20).map(" ".join), max_size=30)


@given(TEXTS, st.integers(1, 12))
def test_without_forgetting_it_is_the_plain_count(texts: list[str], limit: int) -> None:
    counts = Counter(word for text in texts for word in text.split())
    ranked = sorted(counts, key=lambda word: (-counts[word], word))[:limit]
    assert commonest(str.split, texts, limit) == sorted(ranked)


def test_common_words_survive_a_flood_of_rare_ones() -> None:
    generator = np.random.default_rng(0)
    common = [f"common{n}" for n in range(50)]
    texts = [
        " ".join([*generator.choice(common, 5), *(f"rare{n}x{k}" for k in range(5))])
        for n in range(40_000)
    ]
    tracemalloc.start()
    found = commonest(str.split, texts, 50, kept=1_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == sorted(common)
    assert peak < 3_000_000  # all 200,000 rare ones would take 30 MB


def test_the_features_are_those_of_counting_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(1)
    words = [f"w{n}" for n in range(300)]
    texts = [" ".join(generator.choice(words, 8)) for _ in range(400)]
    spec = FeatureSpec(limit=10_000)
    at_once = Vectoriser(spec, texts)
    monkeypatch.setattr(features, "COUNTED_AT_ONCE", 0)
    bounded = Vectoriser(spec, texts)
    assert bounded.size == at_once.size
    assert (bounded.fitted != at_once.fitted).nnz == 0
    assert (bounded.rows(["w1 w2 w3 unknown"]) != at_once.rows(["w1 w2 w3 unknown"])).nnz == 0
