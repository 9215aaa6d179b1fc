"""Dropout: which units are lost, and that nothing else depends on it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import split
from lossviz.engine.features import encode_split
from lossviz.engine.fit import fit
from lossviz.engine.live import LiveRuns
from lossviz.engine.step import _dropped
from lossviz.engine.sweep import score_block
from lossviz.engine.trainer import Trainer
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.progress import Order
from lossviz.experiments.weights import Weights
from tests.support.examples import examples
from tests.support.factories import dataset

DATA = dataset(300, seed=31)
MEMBERS = ((0.1, 1.0), (1.0, 1.0), (10.0, 1.0))
HIDDEN = {"kind": "hidden", "width": 8}


def experiment(dropout: float = 0.5, kind: str = "hidden", **fields: object) -> Experiment:
    model = {**HIDDEN, "kind": kind, "dropout": dropout}
    return Experiment.for_dataset(DATA, model=model, epochs=2, **fields)


def trainer(own: Experiment, members: int = 1) -> Trainer:
    data = encode_split(DATA, split(DATA, 0.2, 0), own.features)
    return Trainer(data, own, [Weights((*member, 1.0)) for member in MEMBERS[:members]])


def factors(own: Trainer, step: int, members: int = 1) -> torch.Tensor:
    """What units are multiplied with at a step, ``(E, B, H)``."""
    own.step = step
    return _dropped([own], torch.ones(members, 32, 8))


@examples(20)
@given(share=st.floats(0.01, 0.9), seed=st.integers(0, 2**31 - 1))
def test_units_are_lost_as_often_as_asked_and_keep_their_expectation(
    share: float, seed: int
) -> None:
    own = trainer(experiment(share, seed=seed))
    taken = torch.stack([factors(own, step) for step in range(60)])
    kept = 1.0 / (1.0 - share)
    assert bool(((taken == 0.0) | torch.isclose(taken, torch.tensor(kept))).all())
    # Within five standard errors.
    error = 5.0 * (share * (1.0 - share) / taken.numel()) ** 0.5
    assert float((taken == 0.0).double().mean()) == pytest.approx(share, abs=error)
    assert float(taken.double().mean()) == pytest.approx(1.0, abs=error * kept + 1e-6)


def test_every_step_and_every_seed_loses_others_and_the_same_ones_the_same() -> None:
    first, other = trainer(experiment(seed=1)), trainer(experiment(seed=2))
    assert torch.equal(factors(first, 3), factors(trainer(experiment(seed=1)), 3))
    assert not torch.equal(factors(first, 3), factors(first, 4))
    assert not torch.equal(factors(first, 3), factors(other, 3))
    assert not torch.equal(factors(first, 2), factors(other, 1))


def test_members_lose_the_same_units() -> None:
    one, three = trainer(experiment()), trainer(experiment(), members=3)
    alone, together = factors(one, 5), factors(three, 5, members=3)
    assert torch.equal(together, alone.expand(3, -1, -1))


@pytest.mark.parametrize("formulation", ["marginals", "components", "hybrid"])
def test_members_together_are_what_each_is_alone(formulation: str) -> None:
    own = experiment(formulation=formulation, seed=5)
    scores = score_block(DATA, own, MEMBERS)
    assert scores is not None
    for place, weights in enumerate(MEMBERS):
        alone = fit(DATA, own.changed(component_weights=weights)).evaluation
        np.testing.assert_array_equal(scores.predicted[place], alone.predicted)


def test_a_thousand_slices_are_one_call_and_the_command_s_fit() -> None:
    own = experiment(seed=3)
    tables = []
    for steps in (1, 10_000):
        runs = LiveRuns(DATA)
        order = Order("a", own, Weights.of(own))
        state = ""
        while state != "finished":
            state = runs.advance({"A": order}, 10.0, steps).progress["A"].state
            runs.advance({"A": replace(order, evaluate=True)}, 0.0, 0)
        tables.append(runs._runs["A"].trainer.model.weights())
    fitted = fit(DATA, own).trainer.model.weights()
    for name, weight in fitted.items():
        assert torch.equal(tables[0][name], weight), name
        assert torch.equal(tables[1][name], weight), name


def test_what_is_judged_has_all_units() -> None:
    own = fit(DATA, experiment(0.9)).trainer
    features = own.data.test.features
    expected = replace_dropout(own, 0.0).logits(features)
    assert torch.equal(own.logits(features), own.logits(features))
    assert torch.equal(own.logits(features), expected)


def replace_dropout(own: Trainer, dropout: float) -> Trainer:
    """A trainer with the same weights and another dropout."""
    other = Trainer(own.data, experiment(dropout))
    for name, weight in own.model.weights().items():
        other.model.weights()[name].copy_(weight)
    return other


def test_it_changes_what_is_learned_and_none_changes_nothing() -> None:
    plain = Experiment.for_dataset(DATA, model=HIDDEN, epochs=2)
    before = fit(DATA, plain).trainer.model.table
    assert torch.equal(fit(DATA, experiment(0.0)).trainer.model.table, before)
    assert not torch.equal(fit(DATA, experiment(0.5)).trainer.model.table, before)
    units = torch.ones(1, 32, 8)
    assert _dropped([trainer(experiment(0.0))], units) is units


def test_units_that_are_lost_learn_nothing() -> None:
    """A single text, so that a unit is lost for the whole batch or not at all."""
    own = trainer(experiment(0.5, optimiser={"batch_size": 1}))
    before = own.model.dense["inner bias"].clone()
    lost = ~own.units_that_stay(1, 8)[0]
    own.advance()
    moved = (own.model.dense["inner bias"] != before)[0]
    assert lost.any()
    assert not lost.all()
    assert torch.equal(moved, ~lost)


def test_the_linear_model_has_nothing_to_lose_and_says_so() -> None:
    own = experiment(0.5, kind="linear")
    table = fit(DATA, own).trainer.model.table
    assert torch.equal(table, fit(DATA, experiment(0.0, kind="linear")).trainer.model.table)
    assert "Dropout, 0.5, does nothing: the model is not hidden." in own.notes
