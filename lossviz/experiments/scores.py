"""Scores: members of one experiment, judged on held-out rows and on their training rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lossviz.arrays import Bools, Floats, Small
from lossviz.experiments.evaluation import Baseline
from lossviz.experiments.unseen import Unseen
from lossviz.schema import Codes


@dataclass(frozen=True)
class Scores:
    """What a worker has to say about the members of one block.

    :param wrong: ``(E, K + 1)``, wrong held-out rows on each component and on the whole label.
    :param learnt: ``(E, K + 1)``, wrong training rows likewise.
    :param predicted: ``(E, N, K)``, the decoded labels of the held-out rows.
    :param true: ``(N, K)``.
    :param guess: the error rates of the commonest label, on the same rows.
    :param rows: number of training rows and of held-out rows.
    :param answers: ``(N, O)``, the logits of the member whose weights are all 1, if there is one.
    :param messages: for each member why it stopped before its end; empty where it did not.
    :param seconds: how long it took, features included.
    :param occurring: ``(C',)``, the places of the whole labels that a training row has; None where
        that is not known.
    :param unseen: the held-out rows that have another one; likewise.
    """

    wrong: Codes
    learnt: Codes
    predicted: Small
    true: Small
    guess: Baseline
    rows: tuple[int, int]
    answers: Floats | None
    messages: tuple[str, ...]
    seconds: float
    occurring: Small | None = None
    unseen: Unseen | None = None

    @property
    def mistakes(self) -> Bools:
        """``(E, N, K + 1)``: is each component of each held-out row wrong, and the whole label?"""
        return mistakes(self.predicted, self.true)


def mistakes(predicted: Codes | Small, true: Codes | Small) -> Bools:
    """``(..., N, K + 1)``: is each component of each row wrong, and the whole label?

    :param predicted: ``(..., N, K)``.
    :param true: ``(N, K)``.
    """
    each = predicted != true
    return np.concatenate([each, each.any(axis=-1, keepdims=True)], axis=-1)


def small(codes: Codes) -> Small:
    """The same codes in the smallest type that holds them."""
    return codes.astype(np.min_scalar_type(int(codes.max(initial=0))))
