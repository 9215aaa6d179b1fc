"""The quick model: how hard each part of the label is, in about a second.

TF-IDF with the n-grams that an experiment on these texts starts with, and a linear support vector
machine for each value against the others; both are fitted anew on each fold's training texts. On
5,000 texts with 64 classes it takes a seventh of the time of logistic regression.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from lossviz.arrays import Integers
from lossviz.data import Dataset
from lossviz.data.texts import identical_groups
from lossviz.experiments.closer_look import HardestValue, Hardness, Target
from lossviz.experiments.specs import FeatureSpec
from lossviz.experiments.statistics import ErrorRate

MOST_TEXTS = 5_000
MOST_CHARACTERS = 2_000
"""Of each text that are read."""
MOST_FEATURES = 30_000
FOLDS, FEWER_FOLDS = 5, 2
MANY_VALUES = 100
"""Labels with more values are cross-validated with two folds."""
ENOUGH_TEXTS = 20
"""A share of fewer texts says too little to name a value for it."""


@dataclass(frozen=True, eq=False)
class _Question:
    """What is to be recognised: ``(N,)`` codes of these values."""

    name: str
    place: int
    values: tuple[str, ...]
    codes: Integers


def hardness(dataset: Dataset, wanted: Callable[[], bool] = lambda: True) -> Hardness | None:
    """Cross-validate on at most 5,000 texts; the same data give the same numbers.

    :param wanted: asked between two models; when it says no, there is no result.
    """
    started = perf_counter()
    rows = _sample(dataset.class_index)
    texts = [dataset.texts[row][:MOST_CHARACTERS] for row in rows.tolist()]
    questions = _questions(dataset, rows)
    folds = (
        FEWER_FOLDS if any(len(question.values) > MANY_VALUES for question in questions) else FOLDS
    )
    fold = _folds(identical_groups(texts), dataset.class_index[rows], folds)
    answers = np.zeros((len(questions), len(rows)), dtype=np.int64)
    spec = FeatureSpec.for_texts(texts)
    for held_out in range(folds):
        inside, outside = np.flatnonzero(fold != held_out), np.flatnonzero(fold == held_out)
        train, test = _features(spec, texts, inside, outside)
        for k, question in enumerate(questions):
            if not wanted():
                return None
            answers[k, outside] = _answers(train, question.codes[inside], test)
    targets = tuple(map(_target, questions, answers))
    return Hardness(targets, len(rows), len(dataset), folds, perf_counter() - started)


def _sample(classes: Integers) -> Integers:
    """All rows, or 5,000 of them ``(N,)``, with the share of each whole label as it is."""
    if len(classes) <= MOST_TEXTS:
        return np.arange(len(classes))
    lot = np.random.default_rng(0).permutation(len(classes))
    by_class = lot[np.argsort(classes[lot], kind="stable")]
    places = np.linspace(0, len(classes), MOST_TEXTS, endpoint=False).astype(np.int64)
    return np.sort(by_class[places])


def _questions(dataset: Dataset, rows: Integers) -> list[_Question]:
    """Each component and the whole label, without those that have one value in these rows."""
    schema, codes = dataset.schema, dataset.codes[rows]
    questions = [
        _Question(component.name, k, component.values, codes[:, k])
        for k, component in enumerate(schema.components)
    ]
    if len(questions) > 1:
        whole = dataset.class_index[rows]
        questions.append(_Question("whole label", len(questions), schema.class_names, whole))
    return [question for question in questions if len(np.unique(question.codes)) > 1]


def _folds(groups: Integers, classes: Integers, folds: int) -> Integers:
    """The fold of each row ``(N,)``: identical texts in the same, the classes spread evenly.

    Groups are dealt out class by class, in random order; a group goes by the class of its first
    row.
    """
    first = np.unique(groups, return_index=True)[1]
    lot = np.random.default_rng(0).permutation(len(first))
    dealt = lot[np.argsort(classes[first][lot], kind="stable")]
    fold = np.empty(len(first), dtype=np.int64)
    fold[dealt] = np.arange(len(first)) % folds
    return fold[groups]


def _features(
    spec: FeatureSpec, texts: Sequence[str], inside: Integers, outside: Integers
) -> tuple[csr_matrix, csr_matrix]:
    """Of the training texts, and of the others in their terms; an empty column where there are no
    words."""
    tfidf = TfidfVectorizer(
        analyzer=spec.analyser,
        ngram_range=(spec.shortest, spec.longest),
        max_features=MOST_FEATURES,
        dtype=np.float32,
    )
    try:
        train = tfidf.fit_transform([texts[row] for row in inside.tolist()])
    except ValueError:  # not a word in any text: every model is as good as guessing
        return csr_matrix((len(inside), 1)), csr_matrix((len(outside), 1))
    return train, tfidf.transform([texts[row] for row in outside.tolist()])


def _answers(train: csr_matrix, codes: Integers, test: csr_matrix) -> Integers:
    present = np.unique(codes)
    if len(present) == 1:
        return np.full(test.shape[0], present[0])
    # A coarse tolerance: the same share of right answers on three real files, in half the time.
    model = LinearSVC(C=0.5, tol=0.1, random_state=0)
    return np.asarray(model.fit(train, codes).predict(test), dtype=np.int64)


def _target(question: _Question, answers: Integers) -> Target:
    codes, size = question.codes, len(question.values)
    wrong = answers != codes
    texts = np.bincount(codes, minlength=size)
    missed = np.bincount(codes[wrong], minlength=size)
    shares = np.where(texts >= ENOUGH_TEXTS, missed / np.maximum(texts, 1), -1.0)
    worst = int(shares.argmax())
    hardest = None
    if shares[worst] > 0:
        rate = ErrorRate.of(int(missed[worst]), int(texts[worst]))
        hardest = HardestValue(question.values[worst], rate)
    guess = float(texts.max()) / len(codes)
    error = ErrorRate.of(int(wrong.sum()), len(codes))
    return Target(question.name, question.place, guess, error, hardest)
