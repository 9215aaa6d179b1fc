"""Identical texts: those that differ at most in case and white space."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from lossviz.arrays import Bools, Integers


def normalised(text: str) -> str:
    """The text without what does not count: case, and how much white space there is.

    >>> normalised(" So\\tit  GOES ")
    'so it goes'
    """
    return " ".join(text.casefold().split())


def identical_groups(texts: Sequence[str]) -> Integers:
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
    leader[again] = _first_places(again, (normalised(texts[place]) for place in again))
    return np.unique(leader, return_inverse=True)[1].reshape(-1).astype(np.int64)


def known(texts: Sequence[str], others: Sequence[str]) -> Bools:
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


LOOKED_AT = 1_000
"""Texts that are looked at, evenly over the file: files are sorted by language now and then."""
ENOUGH = 0.3
"""Of the characters. A Chinese word has about two of them, an English one five: with so many, most
words are of the scripts without spaces."""
FEWEST_SPACES = 1 / 20
"""In English about one character in six is a space."""

# Thai, Lao, Tibetan, Burmese, Khmer; then kana and Han, with the planes that hold rare ones.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]"
)


def words_run_together(texts: Sequence[str]) -> bool:
    """Whether words are written without spaces between them, as in Chinese, Japanese or Thai.

    Thai has a space between phrases, as often as English between clauses, so it is the script that
    tells, and the spaces only where the script has them.

    >>> words_run_together(["วันนี้อากาศดีมาก เราไปเดินเล่นกัน", "ok"])
    True
    >>> words_run_together(["a cat, two dogs", "猫 means cat"])
    False
    """
    step = max(1, len(texts) // LOOKED_AT)
    joined = "".join(texts[::step][:LOOKED_AT])
    spaces = sum(character.isspace() for character in joined)
    unspaced = len(_UNSPACED.findall(joined))
    written = len(joined) - spaces
    return unspaced > ENOUGH * written or spaces < FEWEST_SPACES * len(joined)
