"""Texts of which everything is known: bags of words that carry the parts of their labels.

A linear model with equal weights is wrong on 33 % of the whole labels when trained on 60 of them,
on 21 % with 400 and 18 % with 1,000; costs of 5 : 1 are then 1.10, 0.65 and 0.55 a text.

Fresh texts are drawn by the same words with another seed, so an error that is measured on a few
thousand of them is the true one, and no part of the program has seen them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from lossviz.arrays import Doubles
from lossviz.data import Dataset, split
from lossviz.data.dataset import digest_of
from lossviz.engine.features import EncodedSplit, Splits, encode_split
from lossviz.engine.sweep import score_block
from lossviz.engine.training import Members
from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.experiment import Experiment
from lossviz.losses.targets import Targets
from lossviz.schema import Codes, Component, LabelSchema

TOKENS, WORDS = 10, 8
"""Of a text, and of the vocabulary of each value; noise has one of the same size."""
CARRY, AGREE = 0.35, 0.72
FRESH = 4_000
FRESH_SEEDS = 1_000_000
"""What fresh texts are drawn with begins here."""


def generate(
    rows: int,
    seed: int,
    *,
    agree: float | Sequence[float] = AGREE,
    carry: float | Sequence[float] = CARRY,
    sizes: Sequence[int] = (2, 2),
    labels: Doubles | None = None,
    tokens: int = TOKENS,
    words: int = WORDS,
) -> Dataset:
    """So many texts, each of ``tokens`` words drawn one by one.

    :param agree: share of the words about a part that are drawn from those of its value; the
        others are from those of any value of the part, by lot, so of two values 86 % are right.
        One number, or one for each part.
    :param carry: share of the words that are about a part, likewise; the rest is noise.
    :param sizes: number of values of each part, ``(K,)``. Every combination is allowed.
    :param labels: how probable each combination is, of shape ``sizes``; by default all alike.
    :param words: different ones for each value.
    """
    random = np.random.default_rng(seed)
    schema, parts = _schema(sizes), len(sizes)
    table = np.ones(sizes) if labels is None else labels
    drawn = random.choice(table.size, rows, p=(table / table.sum()).ravel())
    codes = np.stack(np.unravel_index(drawn, sizes), axis=1).astype(np.int64)
    agrees, carries = (np.broadcast_to(share, parts) for share in (agree, carry))
    about = random.choice(parts + 1, (rows, tokens), p=[*carries, 1.0 - carries.sum()])
    value = np.zeros((rows, tokens), dtype=np.int64)
    for k, size in enumerate(sizes):
        off = random.integers(size, size=(rows, tokens))
        off[random.random((rows, tokens)) < agrees[k]] = 0
        value = np.where(about == k, (codes[:, k, None] + off) % size, value)
    starts = np.cumsum([0, *sizes])
    chosen = (starts[about] + value) * words + random.integers(words, size=(rows, tokens))
    texts = tuple(map(" ".join, _vocabulary(sizes, words)[chosen].tolist()))
    digest = digest_of(texts, codes, schema)
    return Dataset("generated", digest, schema, texts, codes, np.arange(1, rows + 1), ())


def fresh(rows: int = FRESH, seed: int = 0, **options: object) -> Dataset:
    """Texts that are in no data set of :func:`generate` with the same options."""
    return generate(rows, FRESH_SEEDS + seed, **options)  # type: ignore[arg-type]


def fresh_errors(
    dataset: Dataset, experiment: Experiment, members: Members, texts: Dataset
) -> Doubles:
    """The true error rates ``(E, K + 1)`` of members that are trained on the experiment's training
    side: on each part, and on the whole label.

    :param members: the weights of each, ``(E, K)``.
    """
    judged = (answer.fresh for answer in answers(dataset, experiment, members, texts))
    return np.array([[rate.rate for rate in (*fresh.components, fresh.joint)] for fresh in judged])


@dataclass(frozen=True)
class Answer:
    """What a trained member says about the texts that were held out, and about fresh ones."""

    held_out: Evaluation
    fresh: Evaluation


def answers(
    dataset: Dataset, experiment: Experiment, members: Members, texts: Dataset
) -> list[Answer]:
    """Train each member on the experiment's training side, and judge it twice.

    :param members: the weights of each, ``(E, K)``.
    :param texts: fresh ones.
    """
    scores = score_block(dataset, experiment, members, splits=_Judging(texts))
    assert scores is not None
    true, held_out = scores.true.astype(np.int64), len(scores.true) - len(texts)
    return [
        Answer(
            _evaluation(dataset, true[:held_out], predicted[:held_out]),
            _evaluation(dataset, true[held_out:], predicted[held_out:]),
        )
        for predicted in scores.predicted.astype(np.int64)
    ]


def _evaluation(dataset: Dataset, true: Codes, predicted: Codes) -> Evaluation:
    impossible = int((dataset.schema.class_index(predicted) < 0).sum())
    return Evaluation(true, predicted, np.zeros(len(true), np.float32), 0, impossible)


class _Judging(Splits):
    """Splits whose test side has fresh texts behind it."""

    def __init__(self, texts: Dataset) -> None:
        super().__init__(kept=0)
        self._texts = texts

    def encoded(self, dataset: Dataset, experiment: Experiment) -> tuple[EncodedSplit, Targets]:
        sides = split(dataset, experiment.split.test_size, experiment.split.seed)
        held_out = tuple(dataset.texts[row] for row in sides.test.tolist())
        codes = np.concatenate([dataset.codes[sides.test], self._texts.codes])
        both = replace(self._texts, texts=held_out + self._texts.texts, codes=codes)
        data = encode_split(dataset, sides, experiment.features, test=both)
        return data, Targets.from_codes(data.test.codes, data.schema)


def _schema(sizes: Sequence[int]) -> LabelSchema:
    components = [
        Component(f"part {k + 1}", tuple(f"{chr(97 + k)}{value}" for value in range(size)))
        for k, size in enumerate(sizes)
    ]
    return LabelSchema.full(components, "|")


def _vocabulary(sizes: Sequence[int], words: int) -> np.ndarray:
    """Value by value, part by part, and at last noise, each ``words`` of them."""
    values = [f"{chr(97 + k)}{value}" for k, size in enumerate(sizes) for value in range(size)]
    return np.array([f"{about}w{k}" for about, k in product([*values, "noise"], range(words))])
