"""What it means that the pages train on a sample."""

from __future__ import annotations

from lossviz.data import Dataset
from lossviz.experiments.specs import SplitSpec
from lossviz.experiments.statistics import ErrorRate
from lossviz.experiments.words import count


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
