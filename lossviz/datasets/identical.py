"""Identical texts: those that differ at most in case and white space."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Index = npt.NDArray[np.int64]


def normalised(text: str) -> str:
    """The text without what does not count: case, and how much white space there is.

    >>> normalised(" So\\tit  GOES ")
    'so it goes'
    """
    return " ".join(text.casefold().split())


def identical_groups(texts: Sequence[str]) -> Index:
    """The number of each text's group of identical texts ``(N,)``, by first appearance.

    Only texts whose hash occurs twice are kept as text, so that a million different ones need 8
    bytes each and not a copy of themselves.
    """
    hashes = np.fromiter(
        (hash(normalised(text)) for text in texts), dtype=np.int64, count=len(texts)
    )
    _, first, kinds, sizes = np.unique(
        hashes, return_index=True, return_inverse=True, return_counts=True
    )
    leader = first[kinds.reshape(-1)]
    again = np.flatnonzero(sizes[kinds.reshape(-1)] > 1).tolist()
    leader[again] = _first_places(again, (normalised(texts[own]) for own in again))
    return np.unique(leader, return_inverse=True)[1].reshape(-1).astype(np.int64)


def known(texts: Sequence[str], others: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which of these texts ``(N,)`` are identical to one of the others.

    >>> known(["A  cat", "a dog"], ["a cat", "a bird"]).tolist()
    [True, False]
    """
    groups = identical_groups([*others, *texts])
    return np.isin(groups[len(others) :], groups[: len(others)])


def _first_places(places: Sequence[int], texts: Iterable[str]) -> list[int]:
    """Where each of these texts occurs first; equal hashes of different texts part here."""
    seen: dict[str, int] = {}
    return [seen.setdefault(text, place) for place, text in zip(places, texts, strict=True)]
