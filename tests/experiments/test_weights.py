"""Weights: one value for a run, a figure, a file, an address and the command line."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from lossviz.experiments.experiment import Experiment
from lossviz.experiments.weights import WeightChange, Weights
from lossviz.sharing.records import Written, read, written
from tests.support.factories import dataset

WEIGHTS = st.lists(st.floats(0.0, 1000.0, allow_nan=False, width=64), min_size=2, max_size=6).map(
    Weights
)


@given(WEIGHTS)
def test_they_come_back_from_every_form(weights: Weights) -> None:
    assert Weights((*weights.components, weights.joint)) == weights
    assert pickle.loads(pickle.dumps(weights)) == weights
    assert TypeAdapter(Weights).validate_python(json.loads(json.dumps(weights))) == weights
    change = read(WeightChange, written(WeightChange(3, weights)))
    assert change == WeightChange(3, weights)
    assert type(change.weights) is Weights


def test_a_file_of_version_1_has_them_in_two_pieces() -> None:
    text = b'{"step": 3, "weights": {"components": [2.0, 1.0], "joint": 0.5}}'
    arrays = written(WeightChange(3, Weights((1.0, 1.0, 1.0)))).arrays
    assert read(WeightChange, Written(text, arrays)).weights == Weights((2.0, 1.0, 0.5))


def test_an_experiment_is_weighed_only_where_it_has_others() -> None:
    experiment = Experiment.for_dataset(dataset(), formulation="hybrid")
    assert Weights.of(experiment).weigh(experiment) is experiment
    weights = Weights.of(experiment).moved(0, 3.0).moved(2, 0.5)
    weighed = weights.weigh(experiment)
    assert (weighed.component_weights, weighed.joint_weight) == ((3.0, 1.0), 0.5)
    assert Weights.of(weighed) == weights


@pytest.mark.parametrize(
    ("positions", "words"),
    [((), ""), ((0,), "α = 2.0"), ((0, 1), "α = 2.0, β = 1.0"), ((2,), "γ = 0.50")],
)
def test_words_name_those_that_act(positions: tuple[int, ...], words: str) -> None:
    assert Weights((2.0, 1.0, 0.5)).words(positions) == words
