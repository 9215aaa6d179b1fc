"""Dependence among parts, and what it has to do with the loss: not what the whole table shows, but
what is left of it once the text is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from lossviz.data import Dataset, profile, split
from lossviz.data.dataset import digest_of
from lossviz.engine.features import encode_split
from lossviz.engine.judging import evaluate
from lossviz.engine.trainer import Trainer
from lossviz.engine.training import steps
from lossviz.experiments.experiment import Experiment
from lossviz.schema import Codes, Component, LabelSchema

SCHEMA = LabelSchema.full([Component("one", ("a", "b")), Component("two", ("c", "d"))], "|")
ROWS, FRESH, WORDS, RIGHT = 1_000, 4_000, 40, 0.8
"""Each text has ten words; each is one of so many that speak of 0, or of 1, and tells the truth
so often."""


def texts(told: np.ndarray, codes: Codes, random: np.random.Generator) -> Dataset:
    """Whose words tell one bit ``(N,)``."""
    spoken = np.where(random.random((len(told), 10)) < RIGHT, told[:, None], 1 - told[:, None])
    words = random.integers(WORDS, size=spoken.shape)
    lines = tuple(
        " ".join(f"w{bit}x{word}" for bit, word in zip(*row, strict=True))
        for row in zip(spoken.tolist(), words.tolist(), strict=True)
    )
    rows = np.arange(1, len(told) + 1)
    return Dataset("made", digest_of(lines, codes, SCHEMA), SCHEMA, lines, codes, rows, ())


def parity(rows: int, seed: int) -> Dataset:
    """The text tells whether both parts are alike, and nothing else."""
    random = np.random.default_rng(seed)
    codes = random.integers(2, size=(rows, 2))
    return texts(codes[:, 0] ^ codes[:, 1], codes, random)


def common_cause(rows: int, seed: int) -> Dataset:
    """The text tells a cause of both parts; each follows it nine times in ten, by its own lot."""
    random = np.random.default_rng(seed)
    cause = random.integers(2, size=rows)
    codes = cause[:, None] ^ (random.random((rows, 2)) < 0.1)
    return texts(cause, codes.astype(np.int64), random)


@dataclass(frozen=True)
class Judged:
    """On fresh texts: the share of wrong whole labels, and the mean log loss of the right one."""

    wrong: float
    log_loss: float


def judged(train: Dataset, fresh: Dataset, formulation: str) -> Judged:
    """A linear model, as the pages train it."""
    experiment = Experiment.for_dataset(train, formulation=formulation)
    sides = split(train, experiment.split.test_size, experiment.split.seed)
    data = encode_split(train, sides, experiment.features, test=fresh)
    trainer = Trainer(data, experiment)
    for _ in steps(trainer):
        pass
    logits = trainer.logits(data.test.features)
    log_probs = trainer.head.joint_log_probs(logits, data.schema)[0]
    right = torch.from_numpy(data.schema.class_index(data.test.codes))
    loss = -log_probs.gather(-1, right[:, None]).mean()
    return Judged(evaluate(trainer, logits).joint.rate, float(loss))


def v_of(dataset: Dataset) -> float:
    (pair,) = profile(dataset).dependences
    assert pair.v is not None
    return pair.v


def test_parts_that_tell_nothing_of_each_other_are_lost_by_losses_of_their_own() -> None:
    train, fresh = parity(ROWS, 0), parity(FRESH, 1)
    assert v_of(fresh) < 0.03
    joint, components = (judged(train, fresh, name) for name in ("joint", "components"))
    # Half of the labels can be told by nobody: the text says which two are left.
    assert joint.wrong < 0.56
    assert components.wrong > 0.60


def test_parts_that_tell_much_of_each_other_lose_nothing_by_losses_of_their_own() -> None:
    train, fresh = common_cause(ROWS, 0), common_cause(FRESH, 1)
    assert 0.60 < v_of(fresh) < 0.67
    joint, components = (judged(train, fresh, name) for name in ("joint", "components"))
    assert components.log_loss < joint.log_loss
    assert abs(components.wrong - joint.wrong) < 0.02
