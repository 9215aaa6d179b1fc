"""What the descriptions say of weightings, held by small trainings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import Dataset, split
from lossviz.engine.features import encode_split
from lossviz.engine.trainer import Trainer
from lossviz.experiments.experiment import Experiment
from lossviz.losses.weighting import WEIGHTINGS
from tests.support.examples import examples
from tests.support.factories import dataset

DATA = dataset(120)
LEARNT_BY_HEART = 0.1
"""Nats of training loss; a part whose values come at random has log 2 on texts that are new."""


def with_noise(data: Dataset) -> Dataset:
    """The second part drawn anew: nothing in the texts says what it is."""
    codes = data.codes.copy()
    codes[:, 1] = np.random.default_rng(0).integers(2, size=len(codes))
    return replace(data, codes=codes)


def trained(data: Dataset, steps: int, **fields: object) -> tuple[Trainer, dict[str, float]]:
    """So far, and the mean losses of the training rows."""
    experiment = Experiment.for_dataset(data, epochs=1000, **fields)
    trainer = Trainer(encode_split(data, split(data, 0.2, 0), experiment.features), experiment)
    for _ in range(steps):
        trainer.advance()
    return trainer, on_training_rows(trainer)


def on_training_rows(trainer: Trainer) -> dict[str, float]:
    logits = trainer.logits(trainer.data.train.features)
    losses = trainer.losses(logits, trainer.data.targets)
    return {name: float(loss[0]) for name, loss in losses.items()}


@pytest.mark.parametrize(
    "name, least, most", [("dwa", 0.9, 1.1), ("gradnorm", 1.0, 2.0), ("uncertainty", 0.9, 1.1)]
)
def test_noise_is_learnt_by_heart_and_weighed_about_like_anything_else(
    name: str, least: float, most: float
) -> None:
    trainer, losses = trained(with_noise(DATA), 150, weighting=name, formulation="components")
    assert losses["part 2"] < LEARNT_BY_HEART
    learnable, noise = trainer.weights.components[0].tolist()
    assert least < noise / learnable < most


def test_uncertainty_is_on_its_way_to_one_over_the_loss_when_training_ends() -> None:
    weights, products = [], []
    for steps in (40, 80):
        trainer, losses = trained(DATA, steps, weighting="uncertainty", formulation="components")
        weights.append(trainer.weights.components[0])
        products.append([losses["part 1"], losses["part 2"]] * weights[-1].numpy())
    assert (weights[1] > weights[0]).all()
    assert (np.array(products) < 0.8).all()


@given(st.integers(0, 2**31 - 1), st.integers(2, 4))
@examples(8)
@pytest.mark.parametrize("name", ["mgda", "upgrad"])
def test_to_first_order_no_part_gets_worse(name: str, seed: int, components: int) -> None:
    random = torch.Generator().manual_seed(seed)
    gradients = torch.randn(components, 3, generator=random, dtype=torch.float64)
    inner = gradients @ gradients.T
    weights = WEIGHTINGS[name].combine(inner, torch.ones(components))
    # As exactly as the solver is: to half a percent of what is added up.
    assert (inner @ weights >= -5e-3 * (inner.abs() @ weights.abs())).all()


@pytest.mark.parametrize("name", ["mgda", "upgrad"])
def test_a_small_plain_step_makes_no_part_worse_but_adagrad_and_adam_do(name: str) -> None:
    """All training texts in each batch, and one hidden unit for both parts."""
    rose = {}
    for optimiser in (
        {"name": "sgd", "learning_rate": 0.05},
        {"name": "adagrad"},
        {"name": "adam"},
    ):
        trainer, before = trained(
            DATA,
            0,
            weighting=name,
            model={"kind": "hidden", "width": 1},
            optimiser={**optimiser, "batch_size": 120},
        )
        count = 0
        for _ in range(60):
            trainer.advance()
            after = on_training_rows(trainer)
            count += any(after[part] > before[part] + 1e-6 for part in ("part 1", "part 2"))
            before = after
        rose[optimiser["name"]] = count
    assert rose["sgd"] == 0
    assert min(rose["adagrad"], rose["adam"]) >= 5, rose


def test_the_size_of_gradients_is_nothing_to_cagrad() -> None:
    inner = torch.tensor([[1.0, -0.4], [-0.4, 0.3]])
    weighting, ones = WEIGHTINGS["cagrad"], torch.ones(2)
    expected = weighting.combine(inner, ones)
    assert (expected > 0).all()
    for size in (1e-9, 1e-5, 1e3):
        torch.testing.assert_close(weighting.combine(size * inner, ones), expected)
    assert torch.isfinite(weighting.combine(torch.zeros(2, 2), ones)).all()
