"""Features: texts as sparse TF-IDF rows, and the splits of data sets that consist of them."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import Self
from weakref import WeakValueDictionary

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from lossviz.arrays import Doubles
from lossviz.data import Dataset, Split, check_trainable
from lossviz.engine.csr import Csr
from lossviz.errors import LossVizError
from lossviz.experiments.evaluation import Baseline, baseline
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.specs import FeatureSpec
from lossviz.experiments.unseen import Unseen
from lossviz.losses.targets import Targets
from lossviz.schema import Codes, LabelSchema

KEPT = 1_000_000
"""N-grams that are remembered when there are twice as many: about 200 MB."""
_TEXTS = 1_000


def commonest(
    analyse: Callable[[str], Iterable[str]], texts: Sequence[str], limit: int, kept: int = KEPT
) -> list[str]:
    """The ``limit`` n-grams that occur most often, in alphabetical order.

    Whenever more than twice ``kept`` different ones are counted, the rarer are forgotten, so that
    at most ``kept`` remain. A forgotten one may come back, and then starts again: its count is too
    small by no more than the counts that were forgotten with it. So an n-gram that occurs more
    often than the sum of the highest forgotten counts is never missed.

    >>> commonest(str.split, ["to be or not to be", "to do"], 2)
    ['be', 'to']

    :param analyse: from a text to its n-grams.
    :param kept: at least ``limit`` are.

    Source: G. S. Manku and R. Motwani, "Approximate frequency counts over data streams", 2002.
    """
    kept = max(kept, limit)
    counts: Counter[str] = Counter()
    remaining = iter(texts)
    while some := list(islice(remaining, _TEXTS)):
        counts.update(chain.from_iterable(map(analyse, some)))
        if len(counts) > 2 * kept:
            counts = _above(counts, _threshold(counts, kept))
    return sorted(_commonest(counts, limit))


def _threshold(counts: Counter[str], number: int) -> int:
    """The count of the commonest one that is not among the first ``number``."""
    occurrences = np.fromiter(counts.values(), dtype=np.int64, count=len(counts))
    return int(np.partition(occurrences, -number - 1)[-number - 1])


def _above(counts: Counter[str], threshold: int) -> Counter[str]:
    return Counter({gram: count for gram, count in counts.items() if count > threshold})


def _commonest(counts: Counter[str], number: int) -> list[str]:
    """The commonest; of equally common ones those that come first in the alphabet."""
    if len(counts) <= number:
        return list(counts)
    threshold = _threshold(counts, number)
    sure = _above(counts, threshold)
    level = sorted(gram for gram, count in counts.items() if count == threshold)
    return [*sure, *level[: number - len(sure)]]


COUNTED_AT_ONCE = 5_000_000
"""Characters of texts whose every n-gram fits into memory: half a gigabyte at the worst."""


class Vectoriser:
    """TF-IDF fitted on the training texts.

    The n-grams that occur most often are the features. Of long training data those that were rare
    for long are forgotten while counting (:mod:`lossviz.engine.features`), so memory stays bounded.
    Rows have Euclidean length 1 (0 for a text without a known n-gram) and stay sparse.

    :raises LossVizError: when the texts hold nothing to count.
    """

    def __init__(self, spec: FeatureSpec, texts: Sequence[str]) -> None:
        self._tfidf = TfidfVectorizer(
            analyzer=spec.analyser,
            ngram_range=(spec.shortest, spec.longest),
            max_features=spec.limit,
            dtype=np.float32,
        )
        if sum(map(len, texts)) > COUNTED_AT_ONCE:
            grams = commonest(self._tfidf.build_analyzer(), texts, spec.limit)
            self._tfidf.set_params(vocabulary=grams or None)
        try:
            self.fitted: csr_matrix = self._tfidf.fit_transform(texts)
        except ValueError as error:
            raise LossVizError(
                "The training texts hold no words of two or more characters. "
                "Choose character n-grams, or another text column."
            ) from error

    @classmethod
    def restored(cls, spec: FeatureSpec, features: Sequence[str], idf: Doubles) -> Self:
        """As it was fitted once.

        :param features: the n-grams in the order of the columns; ``idf`` ``(V,)`` is theirs.
        :raises ValueError: where they do not belong together.
        """
        vectoriser = cls.__new__(cls)
        vectoriser._tfidf = TfidfVectorizer(
            analyzer=spec.analyser,
            ngram_range=(spec.shortest, spec.longest),
            vocabulary=list(features),
            dtype=np.float32,
        )
        vectoriser._tfidf.idf_ = idf
        vectoriser.fitted = csr_matrix((0, len(features)), dtype=np.float32)
        return vectoriser

    @property
    def size(self) -> int:
        """Number of features ``V``."""
        return len(self._tfidf.vocabulary_)

    @property
    def features(self) -> list[str]:
        """The n-grams, ``V``, in the order of the columns."""
        return list(map(str, self._tfidf.get_feature_names_out()))

    @property
    def idf(self) -> list[float]:
        """Their inverse document frequencies."""
        return [float(frequency) for frequency in self._tfidf.idf_]

    def rows(self, texts: Sequence[str]) -> csr_matrix:
        """``(N, V)`` rows of these texts."""
        if not texts:
            return csr_matrix((0, self.size), dtype=np.float32)
        return self._tfidf.transform(texts)


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
