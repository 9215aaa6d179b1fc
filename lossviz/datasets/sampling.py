"""A stratified sample of a data set that is too large to be trained on while somebody watches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from lossviz.datasets.dataset import Dataset, Sampled, digest_of

LIVE_TEXTS = 20_000
"""Texts that the pages train on at most. Four runs of ten epochs on them take some ten seconds."""
_LEAST = 2


def live_sample(dataset: Dataset, most: int = LIVE_TEXTS, seed: int = 0) -> Dataset:
    """The data set itself, or a sample of ``most`` of its texts, in their order.

    Each label keeps its share, by largest remainders, but at least two of its texts (or the only
    one), so that no combination is lost: rare ones are a little more frequent in the sample.
    The schema stays, and so does the list of what was left out. The same seed draws the same.

    :raises ValueError: when ``most`` is less than two for each label.
    """
    size = len(dataset)
    if size <= most:
        return dataset
    rows = _draw(dataset.class_index, most, np.random.default_rng(seed))
    texts = tuple(dataset.texts[row] for row in rows.tolist())
    codes = dataset.codes[rows]
    return replace(
        dataset,
        name=f"{dataset.name} (sample of {most:,} of {size:,} texts)",
        digest=digest_of(texts, codes, dataset.schema),
        texts=texts,
        codes=codes,
        rows=dataset.rows[rows],
        sampled=Sampled(size, seed),
    )


def _draw(
    classes: npt.NDArray[np.int64], most: int, generator: np.random.Generator
) -> npt.NDArray[np.int64]:
    counts = np.bincount(classes)
    least = np.minimum(counts, _LEAST)
    if least.sum() > most:
        raise ValueError(f"{most} texts do not hold two of each of {len(counts)} labels")
    wanted = least + _apportion(counts - least, most - int(least.sum()))
    order = generator.permutation(len(classes))
    by_class = order[np.argsort(classes[order], kind="stable")]
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    place = np.arange(len(classes)) - np.repeat(starts, counts)
    drawn = by_class[place < np.repeat(wanted, counts)]
    return np.asarray(np.sort(drawn), dtype=np.int64)


def _apportion(counts: npt.NDArray[np.int64], seats: int) -> npt.NDArray[np.int64]:
    """``seats`` in proportion to the counts, none above its count: by largest remainders."""
    quotas = counts * (seats / counts.sum())
    given: npt.NDArray[np.int64] = np.floor(quotas).astype(np.int64)
    given[np.argsort(given - quotas, kind="stable")[: seats - int(given.sum())]] += 1
    return given
