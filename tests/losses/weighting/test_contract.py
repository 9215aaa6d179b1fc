"""What every weighting in the registry keeps to."""

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
from lossviz.experiments.specs import FeatureSpec
from lossviz.experiments.weights import Weights
from lossviz.losses.weighting import KINDS, WEIGHTINGS, Moment, Weighting
from lossviz.schema import Component, LabelSchema
from tests.support.examples import examples
from tests.support.factories import dataset

every_weighting = pytest.mark.parametrize("name", WEIGHTINGS)
STEPS_PER_EPOCH = 3
DATA = dataset(120)
ENCODED = encode_split(DATA, split(DATA, 0.2, 0), FeatureSpec())


@every_weighting
def test_description_is_complete(name: str) -> None:
    own = WEIGHTINGS[name]
    texts = (own.title, own.idea, own.formula, own.symbols, own.pitfall, own.source)
    assert all(text.strip() == text and text for text in texts)
    assert own.idea.endswith(".")
    assert own.pitfall.endswith(".")
    assert own.kind in KINDS
    assert ">>>" in str(type(own).__doc__), "a doctest shows its value"
    assert type(own).__module__ == f"lossviz.losses.weighting.{name}"


def begun(name: str, members: int, components: int, seed: int = 0) -> Weighting:
    own = WEIGHTINGS[name].configured({})
    own.begin(torch.ones(members, components), seed=seed, steps_per_epoch=STEPS_PER_EPOCH)
    return own


def moments(seed: int, members: int, components: int, steps: int = 8) -> list[Moment]:
    random = torch.Generator().manual_seed(seed)
    found = []
    for step in range(steps):
        losses = torch.rand(members, components, generator=random) + 0.1
        gradients = torch.randn(members, components, 5, generator=random)
        inner = gradients @ gradients.transpose(1, 2)
        preference = torch.rand(members, components, generator=random) + 0.5
        found.append(Moment(step, losses, preference, lambda inner=inner: inner))
    return found


def sliced(moment: Moment, member: int) -> Moment:
    place = slice(member, member + 1)
    return Moment(
        moment.step,
        moment.losses[place],
        moment.preference[place],
        lambda: moment.gramian()[place],
    )


@every_weighting
@given(st.integers(0, 1000), st.integers(1, 4))
@examples(5)
def test_members_are_weighed_as_if_each_were_alone(name: str, seed: int, components: int) -> None:
    own = moments(seed, 3, components)
    together = begun(name, 3, components)
    alone = [begun(name, 1, components) for _ in range(3)]
    for moment in own:
        weights = together.weigh(moment)
        assert weights.shape == (3, components)
        assert torch.isfinite(weights).all()
        for member in range(3):
            torch.testing.assert_close(
                weights[member], alone[member].weigh(sliced(moment, member))[0]
            )


@every_weighting
def test_equal_parts_are_treated_equally_at_the_start(name: str) -> None:
    moment = Moment(0, torch.ones(2, 3), torch.ones(2, 3), lambda: torch.eye(3).expand(2, 3, 3))
    weights = begun(name, 2, 3).weigh(moment)
    if name != "random":
        torch.testing.assert_close(weights.detach(), torch.ones(2, 3), rtol=1e-3, atol=1e-3)
    else:
        torch.testing.assert_close(weights.sum(-1), torch.full((2,), 3.0))


@every_weighting
def test_a_part_without_a_gradient_does_no_harm(name: str) -> None:
    inner = torch.tensor([[[0.0, 0.0], [0.0, 2.0]]])
    own = begun(name, 1, 2)
    for step in range(2 * STEPS_PER_EPOCH + 1):
        losses = torch.tensor([[0.0, 0.5]])
        weights = own.weigh(Moment(step, losses, torch.ones(1, 2), lambda: inner))
        assert torch.isfinite(weights).all()


@every_weighting
def test_a_preference_acts_exactly_where_the_description_says(name: str) -> None:
    def weights(preference: list[float]) -> torch.Tensor:
        moment = Moment(0, torch.ones(1, 2), torch.tensor([preference]), lambda: torch.eye(2)[None])
        return begun(name, 1, 2).weigh(moment)

    moved = not torch.allclose(weights([1.0, 1.0]), weights([5.0, 1.0]))
    assert moved == WEIGHTINGS[name].takes_preference


@every_weighting
@pytest.mark.parametrize("formulation", ["marginals", "components", "chain", "joint"])
def test_training_is_the_same_however_it_is_repeated(name: str, formulation: str) -> None:
    own = Experiment.for_dataset(DATA, weighting=name, formulation=formulation)
    first, second = Trainer(ENCODED, own), Trainer(ENCODED, own)
    for step in range(12):
        first.advance()
        torch.manual_seed(step)  # what others draw must not matter
        second.advance()
    assert torch.equal(first.model.table, second.model.table)
    assert torch.equal(first.weights.components, second.weights.components)


@every_weighting
def test_members_train_as_if_each_were_alone(name: str) -> None:
    own = Experiment.for_dataset(DATA, weighting=name, model={"kind": "hidden", "width": 3})
    preferences = (Weights((0.3, 1.0, 1.0)), Weights((4.0, 1.0, 1.0)))
    together = Trainer(ENCODED, own, preferences)
    for _ in range(10):
        together.advance()
    logits = together.logits(ENCODED.test.features)
    for member, preference in enumerate(preferences):
        alone = Trainer(ENCODED, preference.weigh(own))
        for _ in range(10):
            alone.advance()
        expected = alone.logits(ENCODED.test.features)[0]
        torch.testing.assert_close(logits[member], expected, rtol=1e-4, atol=1e-4)


def test_where_there_is_nothing_to_weigh_the_experiment_says_so() -> None:
    for name in WEIGHTINGS:
        own = Experiment.for_dataset(DATA, weighting=name, formulation="soft_targets")
        assert bool(own.notes) == (name != "fixed")
        assert own.acting_weighting.id == "fixed"


def with_a_part_of_one_value(data: Dataset) -> Dataset:
    """The same labels, with a part behind them that is the same for every text."""
    schema = data.schema
    components = (*schema.components, Component("source", ("paper",)))
    classes = tuple((*codes, 0) for codes in schema.classes)
    codes = np.concatenate([data.codes, np.zeros((len(data), 1), np.int64)], axis=1)
    return replace(data, schema=LabelSchema(components, classes), codes=codes)


@every_weighting
def test_a_part_of_one_value_is_left_out(name: str) -> None:
    """The others are weighed, and train, as without it; their mean is over three instead of two."""
    weights, answers = [], []
    for data, rate in ((DATA, 0.2), (with_a_part_of_one_value(DATA), 0.3)):
        experiment = Experiment.for_dataset(
            data,
            weighting=name,
            formulation="components",
            optimiser={"name": "sgd", "learning_rate": rate},
        )
        trainer = Trainer(encode_split(data, split(data, 0.2, 0), experiment.features), experiment)
        for _ in range(8):
            trainer.advance()
        weights.append(trainer.weights.components[:, :2])
        answers.append(trainer.logits(trainer.data.test.features))
    torch.testing.assert_close(*weights, rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(*answers, rtol=1e-3, atol=1e-4)
