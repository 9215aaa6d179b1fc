"""Blocks: members side by side are what each would be alone."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.engine import features
from lossviz.engine.features import Splits
from lossviz.engine.fit import fit
from lossviz.engine.study import POINTS, train_block
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.study.plan import StudyPlan, grid
from lossviz.experiments.study.result import Outcome, Trained
from tests.support.factories import dataset

DATA = dataset(400, seed=11)
MEMBERS = tuple(arm.component_weights for arm in grid(2))
HIDDEN = {"kind": "hidden", "width": 2}


def trained(experiment: Experiment, members: object = MEMBERS, **more: object) -> Trained:
    found = train_block(DATA, experiment, members, **more)  # type: ignore[arg-type]
    assert found is not None
    return found


def close(first: Outcome, second: Outcome) -> None:
    assert first.wrong == second.wrong
    np.testing.assert_array_equal(first.curve.steps, second.curve.steps)
    np.testing.assert_allclose(first.curve.weights, second.curve.weights, atol=1e-5)
    sides = ("train", "validation")
    for mine, its in ((getattr(first.curve, own), getattr(second.curve, own)) for own in sides):
        for name, values in mine.items():
            np.testing.assert_allclose(values, its[name], atol=1e-5)


@pytest.mark.parametrize("model", [{"kind": "linear"}, HIDDEN])
def test_a_grid_in_one_block_is_each_point_alone(model: dict[str, object]) -> None:
    experiment = Experiment.for_dataset(DATA, model=model, epochs=4)
    together = trained(experiment).outcomes
    assert len(together) == len(MEMBERS)
    for weights, own in zip(MEMBERS, together, strict=True):
        close(own, trained(experiment, (weights,)).outcomes[0])


@pytest.mark.parametrize("weighting", ["fixed", "free", "uncertainty", "random", "gradnorm"])
def test_a_block_has_the_errors_of_a_fit(weighting: str) -> None:
    experiment = Experiment.for_dataset(DATA, weighting=weighting, model=HIDDEN, epochs=4, seed=3)
    own = trained(experiment, ((1.0, 1.0),)).outcomes[0]
    expected = fit(DATA, experiment)
    rates = (*expected.evaluation.components, expected.evaluation.joint)
    assert own.wrong == tuple(rate.wrong for rate in rates)
    assert own.rows == (expected.rows["train"], len(expected.evaluation))
    np.testing.assert_array_equal(
        own.curve.weights[-1], expected.trainer.weights.components[0].numpy()
    )


def test_a_study_of_new_combinations_is_judged_on_none_that_it_was_trained_on() -> None:
    plan = StudyPlan(weightings=(), seeds=3, epochs=1, combinations="new")
    for block in plan.blocks(DATA):
        (outcome, *_) = trained(block.experiment, block.members).outcomes
        assert outcome.unseen is not None
        assert outcome.unseen.texts == outcome.unseen.n == outcome.rows[1] > 0


def test_about_sixty_points_from_the_first_step_to_the_last() -> None:
    experiment = Experiment.for_dataset(DATA, epochs=20)
    curve = trained(experiment).outcomes[0].curve
    assert len(curve) == POINTS
    assert curve.steps[0] == 1
    assert curve.steps[-1] == 200
    assert set(np.diff(curve.steps)) <= {3, 4}
    short = trained(Experiment.for_dataset(DATA, epochs=1)).outcomes[0].curve
    assert short.steps.tolist() == list(range(1, 11))


def test_a_run_that_diverges_is_a_result_and_the_others_go_on() -> None:
    experiment = Experiment.for_dataset(
        DATA, model=HIDDEN, epochs=4, optimiser={"name": "sgd", "learning_rate": 30.0}
    )
    tame, wild = trained(experiment, ((0.01, 0.01), (1000.0, 1000.0))).outcomes
    close(tame, trained(experiment, ((0.01, 0.01),)).outcomes[0])
    assert not tame.diverged
    assert wild.diverged
    assert wild.message
    assert wild.step < tame.step == 40
    assert len(wild.errors) == 3


def test_a_block_that_nobody_wants_is_given_up() -> None:
    experiment = Experiment.for_dataset(DATA, epochs=50)
    asked = iter([True, False])
    assert train_block(DATA, experiment, MEMBERS, wanted=lambda: next(asked)) is None


def test_the_same_again_whatever_was_trained_in_between() -> None:
    experiments = [
        Experiment.for_dataset(DATA, weighting="simplex", epochs=2, seed=seed, split={"seed": seed})
        for seed in range(3)
    ]
    splits = Splits(kept=2)
    first = [trained(own, ((1.0, 1.0),), splits=splits) for own in experiments]
    second = [trained(own, ((1.0, 1.0),), splits=Splits()) for own in reversed(experiments)]
    for mine, its in zip(first, reversed(second), strict=True):
        np.testing.assert_array_equal(mine.outcomes[0].curve.weights, its.outcomes[0].curve.weights)
        assert mine.outcomes[0].wrong == its.outcomes[0].wrong


def test_features_are_encoded_once_for_a_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    encoded = []
    real = features.encode_split
    monkeypatch.setattr(features, "encode_split", lambda *own: encoded.append(own) or real(*own))
    kept = Splits(kept=2)
    for seed in (0, 0, 1, 0, 2, 1):
        own = Experiment.for_dataset(DATA, epochs=1, split={"seed": seed})
        kept.encoded(DATA, own)
    assert len(encoded) == 4  # 0, 1, 2, and 1 again
