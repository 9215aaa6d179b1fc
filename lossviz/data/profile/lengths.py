"""Lengths of the texts, and those that are too short or too long to teach anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lossviz.arrays import Integers
from lossviz.data.dataset import Dataset
from lossviz.data.texts import words_run_together

FEWEST_WORDS, FEWEST_CHARACTERS = 2, 3
TIMES_MEDIAN, MOST_CHARACTERS = 20, 5_000
MOST_LISTED = 50
SHOWN_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Lengths:
    """The shortest, the median and the longest text, in some unit."""

    minimum: int
    median: float
    maximum: int

    @classmethod
    def of(cls, lengths: Integers) -> Lengths:
        """Of ``(N,)`` lengths."""
        return cls(int(lengths.min()), float(np.median(lengths)), int(lengths.max()))

    def to_json(self) -> dict[str, float]:
        """As the command line writes it."""
        return {"min": self.minimum, "median": self.median, "max": self.maximum}


@dataclass(frozen=True, slots=True)
class OddText:
    """A text that is too short or too long: its data row in the file, and its beginning."""

    row: int
    text: str
    characters: int


@dataclass(frozen=True, slots=True)
class TextLengths:
    """How long the texts are.

    :param unspaced: share of texts without a space inside: near 1 in scripts that have none.
    :param run_together: whether words are written without spaces between them.
    :param too_short: number of texts with fewer than two words; of fewer than three characters
        where words run together. ``short`` are the first of them.
    :param limit: characters beyond which a text is too long: 20 times the median, 5,000 at most.
    :param too_long: number of those; ``long`` are the longest of them.
    """

    words: Lengths
    characters: Lengths
    unspaced: float
    run_together: bool
    too_short: int
    short: tuple[OddText, ...]
    limit: int
    too_long: int
    long: tuple[OddText, ...]

    @property
    def short_rule(self) -> str:
        """What counts as too short."""
        if self.run_together:
            return f"fewer than {FEWEST_CHARACTERS} characters"
        return f"fewer than {FEWEST_WORDS} words"

    @property
    def long_rule(self) -> str:
        """What counts as too long."""
        if self.limit < MOST_CHARACTERS:
            return f"more than {self.limit:,} characters ({TIMES_MEDIAN} times the median)"
        return f"more than {MOST_CHARACTERS:,} characters"

    def to_json(self) -> dict[str, Any]:
        """The texts that are too short or too long, as the command line writes them."""
        return {
            "words_run_together": self.run_together,
            "too_short": _listed(self.short_rule, self.too_short, self.short),
            "too_long": _listed(self.long_rule, self.too_long, self.long),
        }


def _listed(rule: str, texts: int, odd: tuple[OddText, ...]) -> dict[str, Any]:
    return {"rule": rule, "texts": texts, "rows": [text.row for text in odd]}


def text_lengths(dataset: Dataset) -> TextLengths:
    """Measure every text."""
    texts, count = dataset.texts, len(dataset)
    words = np.fromiter((len(text.split()) for text in texts), np.int64, count)
    characters = np.fromiter(map(len, texts), np.int64, count)
    run_together = words_run_together(texts)
    limit = min(MOST_CHARACTERS, int(TIMES_MEDIAN * float(np.median(characters))))
    if run_together:
        short = np.flatnonzero(_written(texts, characters) < FEWEST_CHARACTERS)
    else:
        short = np.flatnonzero(words < FEWEST_WORDS)
    long = np.flatnonzero(characters > limit)
    longest = long[np.argsort(-characters[long], kind="stable")]
    return TextLengths(
        Lengths.of(words),
        Lengths.of(characters),
        float((words <= 1).mean()),
        run_together,
        len(short),
        _odd(dataset, short[:MOST_LISTED]),
        limit,
        len(long),
        _odd(dataset, longest[:MOST_LISTED]),
    )


def _written(texts: Sequence[str], characters: Integers) -> Integers:
    """Characters without the white space around the text; exact where there are few."""
    few = np.flatnonzero(characters < 10 * FEWEST_CHARACTERS).tolist()
    written = characters.copy()
    written[few] = [len(texts[row].strip()) for row in few]
    return written


def _odd(dataset: Dataset, rows: Integers) -> tuple[OddText, ...]:
    return tuple(
        OddText(
            int(dataset.rows[row]), dataset.texts[row][:SHOWN_CHARACTERS], len(dataset.texts[row])
        )
        for row in rows.tolist()
    )
