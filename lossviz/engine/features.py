"""Features: texts as sparse TF-IDF rows, and the splits of data sets that consist of them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self
from weakref import WeakValueDictionary

import numpy as np
from scipy.sparse import csr_matrix

from lossviz.arrays import Doubles, Floats
from lossviz.data import Dataset, Split, check_trainable
from lossviz.engine.csr import Csr
from lossviz.engine.grams import ANALYSERS, Counting, Grams, pieces
from lossviz.errors import LossVizError
from lossviz.experiments.evaluation import Baseline, baseline
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.specs import FeatureSpec
from lossviz.experiments.unseen import Unseen
from lossviz.losses.targets import Targets
from lossviz.schema import Codes, LabelSchema


class Vectoriser:
    """TF-IDF fitted on the training texts, as scikit-learn's ``TfidfVectorizer`` has it, in single
    precision.

    The n-grams that occur most often are the features. Of long training data those that were rare
    for long are forgotten while counting (:mod:`lossviz.engine.grams`), so memory stays bounded.
    Rows have Euclidean length 1 (0 for a text without a known n-gram) and stay sparse.

    :raises LossVizError: when the texts hold nothing to count.
    """

    def __init__(self, spec: FeatureSpec, texts: Sequence[str]) -> None:
        counting = Counting(spec)
        for some in pieces(texts, ANALYSERS[spec.analyser].piece):
            tokens = counting.add(some)
        self._grams = counting.commonest()
        if not len(self._grams):
            raise LossVizError(
                "The training texts hold no words of two or more characters. "
                "Choose character n-grams, or another text column."
            )
        whole = tokens.texts == len(texts)
        counts = self._grams.counted(tokens) if whole else self._grams.counts(texts)
        having = np.bincount(counts.indices, minlength=self.size).astype(np.float32) + 1.0
        self._idf: Floats = np.log(np.float32(len(texts) + 1) / having) + np.float32(1.0)
        self.fitted = self._weighted(counts)

    @classmethod
    def restored(cls, spec: FeatureSpec, features: Sequence[str], idf: Doubles) -> Self:
        """As it was fitted once.

        :param features: the n-grams in the order of the columns; ``idf`` ``(V,)`` is theirs.
        :raises ValueError: where they do not belong together.
        """
        if len(features) != len(idf) or len(set(features)) != len(features):
            raise ValueError(f"{len(idf)} frequencies of {len(set(features))} n-grams")
        vectoriser = cls.__new__(cls)
        vectoriser._grams = Grams.named(spec, features)
        vectoriser._idf = idf.astype(np.float32)
        vectoriser.fitted = csr_matrix((0, len(features)), dtype=np.float32)
        return vectoriser

    @property
    def size(self) -> int:
        """Number of features ``V``."""
        return len(self._grams)

    @property
    def features(self) -> list[str]:
        """The n-grams, ``V``, in the order of the columns."""
        return self._grams.names

    @property
    def idf(self) -> list[float]:
        """Their inverse document frequencies."""
        return [float(frequency) for frequency in self._idf]

    def rows(self, texts: Sequence[str]) -> csr_matrix:
        """``(N, V)`` rows of these texts."""
        return self._weighted(self._grams.counts(texts))

    def _weighted(self, counts: csr_matrix) -> csr_matrix:
        """The counts ``(N, V)`` as rows; changed in place."""
        counts.data *= self._idf[counts.indices]
        owners = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        lengths = np.sqrt(np.bincount(owners, counts.data**2, minlength=counts.shape[0]))
        counts.data = (counts.data / lengths[owners]).astype(np.float32)
        return counts


@dataclass(frozen=True)
class Encoded:
    """One side of a split as numbers: features ``(N, V)`` and label codes ``(N, K)``."""

    features: csr_matrix
    codes: Codes

    @cached_property
    def rows(self) -> Csr:
        """The features as tensors."""
        return Csr.of(self.features)


@dataclass(frozen=True, eq=False)
class EncodedSplit:
    """What a trainer trains and is judged on.

    :param schema: the whole labels of all rows: those that a joint head has an output for.
    :param occurring: the same with those alone that a training row has: the mask over
        combinations, as whoever trains can know it.
    :param targets: the training rows' labels as tensors.
    :param validation: without rows where no texts are set aside.
    """

    schema: LabelSchema
    occurring: LabelSchema
    vectoriser: Vectoriser
    train: Encoded
    targets: Targets
    validation: Encoded
    test: Encoded

    @property
    def watched(self) -> Encoded:
        """What is looked at while a model trains: the validation side, or where there is none the
        test side."""
        return self.validation if len(self.validation.codes) else self.test

    @cached_property
    def watched_targets(self) -> Targets:
        """The watched rows' labels as tensors."""
        return Targets.from_codes(self.watched.codes, self.schema)

    @cached_property
    def guess(self) -> Baseline:
        """The held-out error of what is commonest in training."""
        return baseline(self.train.codes, self.test.codes)

    @cached_property
    def unseen(self) -> Unseen:
        """The held-out rows whose whole label no training row has."""
        return Unseen.among(self.test.codes, self.occurring)


def encode_split(
    dataset: Dataset, split: Split, spec: FeatureSpec, *, test: Dataset | None = None
) -> EncodedSplit:
    """Fit features on the training rows and encode both sides.

    :param test: judge on this data set instead of the split's test side; same schema values.
    """
    check_trainable(dataset)
    train_texts = [dataset.texts[i] for i in split.train]
    vectoriser = Vectoriser(spec, train_texts)
    train_codes = dataset.codes[split.train]
    if test is None:
        test_texts, test_codes = [dataset.texts[i] for i in split.test], dataset.codes[split.test]
    else:
        test_texts, test_codes = list(test.texts), test.codes
    return EncodedSplit(
        dataset.schema,
        _occurring(dataset, split),
        vectoriser,
        Encoded(vectoriser.fitted, train_codes),
        Targets.from_codes(train_codes, dataset.schema),
        Encoded(
            vectoriser.rows([dataset.texts[i] for i in split.validation]),
            dataset.codes[split.validation],
        ),
        Encoded(vectoriser.rows(test_texts), test_codes),
    )


def _occurring(dataset: Dataset, split: Split) -> LabelSchema:
    return dataset.schema.only(np.unique(dataset.class_index[split.train]))


Alive = WeakValueDictionary[object, EncodedSplit]
"""Encoded splits that somebody still has."""
SPLITS_KEPT = 3
"""The blocks of one seed come one after another, those of two seeds overlap."""


class Splits:
    """The latest splits with their features, so that the blocks of one seed share them.

    On 4,850 texts the features take 0.2 s, which is a fifth of a block.

    :param alive: what others have is not encoded again. Who trains on the very same data shares
        the batches that are cut from them as well.
    """

    def __init__(self, kept: int = SPLITS_KEPT, alive: Alive | None = None) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._encoded: OrderedDict[object, EncodedSplit] = OrderedDict()
        self._alive: Alive = WeakValueDictionary() if alive is None else alive

    def at_hand(
        self, dataset: Dataset, experiment: Experiment
    ) -> tuple[EncodedSplit, Targets] | None:
        """The same as :meth:`encoded`, where somebody has it; without waiting for who encodes."""
        data = self._alive.get(_key(dataset, experiment))
        return None if data is None else (data, data.watched_targets)

    def encoded(self, dataset: Dataset, experiment: Experiment) -> tuple[EncodedSplit, Targets]:
        """All sides of the split as numbers, and the labels of the watched one as tensors."""
        key = _key(dataset, experiment)
        with self._lock:
            data = self._encoded.get(key) or self._alive.get(key)
            if data is None:
                data = encode_split(dataset, experiment.split.sides(dataset), experiment.features)
            self._encoded[key] = self._alive[key] = data
            self._encoded.move_to_end(key)
            while len(self._encoded) > self._kept:
                self._encoded.popitem(last=False)
        return data, data.watched_targets


def _key(dataset: Dataset, experiment: Experiment) -> object:
    return dataset.digest, experiment.split, experiment.features


SPLITS = Splits()
"""Those of this worker."""
