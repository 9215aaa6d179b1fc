"""Which texts count as identical."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import texts as identical
from lossviz.data.texts import identical_groups, known, normalised

WORDS = st.lists(
    st.sampled_from(["a", "A", "b", " ", "\t", "\u3000", "ß", "SS", "İ", "猫", "\x1f"]),
    min_size=1,
    max_size=4,
).map("".join)
TEXTS = st.lists(WORDS, min_size=1, max_size=40)


@given(TEXTS)
def test_groups_are_those_of_a_dictionary(texts: list[str]) -> None:
    groups = identical_groups(texts)
    seen: dict[str, int] = {}
    assert groups.tolist() == [seen.setdefault(normalised(own), len(seen)) for own in texts]


@given(TEXTS, TEXTS)
def test_known_texts_are_those_among_the_others(texts: list[str], others: list[str]) -> None:
    have = {normalised(own) for own in others}
    assert known(texts, others).tolist() == [normalised(own) in have for own in texts]


def test_different_texts_with_the_same_hash_stay_apart(monkeypatch: object) -> None:
    monkeypatch.setattr(identical, "hash", lambda text: len(text) % 2, raising=False)  # type: ignore[attr-defined]
    texts = ["aa", "b", "cc", "AA", "ddd", "B"]
    assert identical_groups(texts).tolist() == [0, 1, 2, 0, 3, 1]
    assert np.flatnonzero(known(["zz", "B "], texts)).tolist() == [1]
