"""Numbers, names from outside and samples as the interface words them."""

from __future__ import annotations

import re
from math import inf, isnan

from lossviz.data import Dataset
from lossviz.experiments.specs import SplitSpec
from lossviz.experiments.statistics import ErrorRate
from lossviz.experiments.words import count


def duration(seconds: float) -> str:
    """``9 s``, ``2 min``."""
    return f"{max(round(seconds), 1)} s" if seconds < 99 else f"{round(seconds / 60)} min"


# Addresses become links even where every sign of Markdown is escaped: unless something that cannot
# be seen, and that no line breaks at, stands in them.
_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
WORD_JOINER = "\u2060"


def plain(text: str) -> str:
    """Text that may hold names from outside, as markdown leaves it as it is: no link, no picture,
    no formula, no icon; on one line."""
    line = _ADDRESS.sub(WORD_JOINER, " ".join(text.split()))
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", line)


NOTHING = 1e-9
"""Closer to 0 than this is 0: what is left is rounding."""


def loss_digits(value: float) -> str:
    """A loss or a cost: three significant digits, zeros too.

    >>> loss_digits(1.2), loss_digits(0.0), loss_digits(float("inf"))
    ('1.20', '0', '∞')
    """
    return f"{value:#.3g}".rstrip(".") if NOTHING <= value < inf else digits(value)


def digits(value: float, most: int = 3) -> str:
    """Significant digits, and a real minus sign.

    >>> digits(-1.38629), digits(1e-17), digits(float("inf")), digits(0.25), digits(1.0)
    ('−1.39', '0', '∞', '0.25', '1')
    """
    if isnan(value):
        return "undefined"
    size = abs(value)
    if size < NOTHING:
        return "0"
    text = "∞" if size == inf else f"{size:.{most}g}"
    return f"−{text}" if value < 0.0 else text


def texts_in_words(dataset: Dataset) -> str:
    """How many texts; of a sample, also of how many.

    >>> from lossviz.data import load_sample
    >>> texts_in_words(load_sample("feelings")[2])
    '1,515 texts'
    """
    if dataset.sampled is None:
        return count(len(dataset), "text")
    return f"stratified sample of {len(dataset):,} of {dataset.sampled.whole:,} texts"


def sample_in_words(dataset: Dataset) -> str:
    """Why there is a sample, and what it costs; nothing where there is none."""
    if dataset.sampled is None:
        return ""
    share = SplitSpec().test_size
    here, there = (
        _half_width(round(share * texts)) for texts in (len(dataset), dataset.sampled.whole)
    )
    return (
        f"So many texts are not trained on while you watch: every page uses a sample of "
        f"{len(dataset):,} of the {dataset.sampled.whole:,} texts, drawn at random (seed "
        f"{dataset.sampled.seed}) so that each label keeps its share, and at least two texts. What "
        f"it costs: an error of 50 % is then known to ± {here:.1f} points, on "
        f"{round(share * len(dataset)):,} held-out texts, instead of ± {there:.1f}; and a model "
        "that sees more texts may be better. The command line trains on all of them: python -m "
        "lossviz fit FILE. What is counted below, down to the lengths, is counted in all of them."
    )


def _half_width(n: int) -> float:
    """Of the 95 % interval of a rate of one half, in percentage points."""
    rate = ErrorRate.of(n // 2, n)
    return 50 * (rate.high - rate.low)
