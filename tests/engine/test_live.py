"""Live runs: slices, hot weights, replay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from lossviz.engine import live
from lossviz.engine.fit import fit
from lossviz.engine.live import LiveRuns
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.progress import Curve, Order, Progress
from lossviz.experiments.weights import Weights
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.targets import Targets
from tests.support.factories import dataset

DATA = dataset()


def order(run_id: str = "a", **fields: object) -> Order:
    own = Experiment.for_dataset(DATA, **{"epochs": 4, **fields})
    return Order(run_id, own, Weights.of(own))


def finish(runs: LiveRuns, orders: dict[str, Order], steps: int) -> dict[str, Progress]:
    for _ in range(1000):
        report = runs.advance(orders, 10.0, steps)
        if all(own.state == "finished" for own in report.progress.values()):
            asked = {letter: replace(own, evaluate=True) for letter, own in orders.items()}
            return runs.advance(asked, 0.0, 0).progress
    raise AssertionError("never finished")


def table(runs: LiveRuns, letter: str = "A") -> torch.Tensor:
    return runs._runs[letter].trainer.model.table


@pytest.mark.parametrize("formulation", OBJECTIVES)
def test_slicing_changes_nothing(formulation: str) -> None:
    one, many = LiveRuns(DATA), LiveRuns(DATA)
    orders = {"A": order(formulation=formulation)}
    whole, sliced = finish(one, orders, 10_000)["A"], finish(many, orders, 1)["A"]
    assert torch.equal(table(one), table(many))
    np.testing.assert_array_equal(whole.curve.steps, sliced.curve.steps)
    np.testing.assert_array_equal(whole.curve.train["total"], sliced.curve.train["total"])


def test_watching_changes_nothing() -> None:
    own = order()
    watched = finish(LiveRuns(DATA), {"A": own}, 3)["A"].evaluation
    assert watched is not None
    np.testing.assert_array_equal(fit(DATA, own.experiment).evaluation.predicted, watched.predicted)


def test_a_session_can_have_so_much_memory_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    runs, orders = LiveRuns(DATA), {"A": order("a"), "B": order("b")}
    runs.advance(orders, 1.0, 1)
    each = runs._runs["A"].trainer.numbers
    assert each == 2 * table(runs).numel(), "weights, and what Adagrad remembers of each"
    stops = order("p").experiment.where({"split.validation": 0.1, "patience": 1})
    patient = LiveRuns(DATA)
    patient.advance({"A": replace(order("p"), experiment=stops)}, 1.0, 1)
    kept = patient._runs["A"].trainer.numbers
    assert kept == 3 * table(patient).numel(), "and those of its best epoch"
    monkeypatch.setattr(live, "MOST_NUMBERS", 2 * each)
    runs.advance(orders, 1.0, 1)
    with pytest.raises(LossVizError, match="remove a run"):
        runs.advance({**orders, "C": order("c")}, 1.0, 1)
    assert runs.advance(orders, 1.0, 1).progress["A"].step == 1


def test_runs_advance_in_step() -> None:
    runs = LiveRuns(DATA)
    orders = {"A": order("a"), "B": order("b", formulation="joint")}
    runs.advance({"A": orders["A"]}, 10.0, 6)
    report = runs.advance(orders, 10.0, 4)
    assert [report.progress[letter].step for letter in "AB"] == [6, 4]
    report = runs.advance(orders, 10.0, 5)
    assert [report.progress[letter].step for letter in "AB"] == [9, 9]


def test_a_lost_run_is_rebuilt_with_its_changes() -> None:
    undisturbed, first, second = LiveRuns(DATA), LiveRuns(DATA), LiveRuns(DATA)
    start = order()
    moved = replace(start, weights=Weights((5.0, 0.5, 1.0)))
    back = replace(start, weights=Weights((0.3, 2.0, 1.0)))
    for runs in (undisturbed, first):
        runs.advance({"A": start}, 10.0, 3)
        runs.advance({"A": moved}, 10.0, 4)
        progress = runs.advance({"A": back}, 10.0, 5).progress["A"]
    # The worker of `first` dies; `second` gets the next order.
    known = replace(back, resume=progress.step, changes=progress.changes, known=len(progress.curve))
    again = second.advance({"A": known}, 10.0, 2).progress["A"]
    for _ in range(50):
        if again.step >= progress.step + 2:
            break
        again = second.advance({"A": known}, 10.0, 2).progress["A"]
    expected = undisturbed.advance({"A": replace(back, known=len(progress.curve))}, 10.0, 2)
    assert again.step == 14
    assert again.changes == expected.progress["A"].changes
    assert torch.equal(table(second), table(undisturbed))
    np.testing.assert_array_equal(again.curve.steps, expected.progress["A"].curve.steps)


def test_moving_a_weight_back_before_a_step_is_one_change() -> None:
    runs = LiveRuns(DATA)
    start = order()
    runs.advance({"A": start}, 10.0, 3)
    runs.advance({"A": replace(start, weights=Weights((5.0, 1.0, 1.0)))}, 0.0, 0)
    report = runs.advance({"A": replace(start, weights=Weights((2.0, 1.0, 1.0)))}, 0.0, 0)
    (change,) = report.progress["A"].changes
    assert (change.step, change.weights.components) == (3, (2.0, 1.0))


def test_only_new_points_are_reported() -> None:
    runs = LiveRuns(DATA)
    first = runs.advance({"A": order()}, 10.0, 5).progress["A"]
    second = runs.advance({"A": replace(order(), known=5)}, 10.0, 2).progress["A"]
    assert first.curve.steps.tolist() == [1, 2, 3, 4, 5]
    assert second.curve.steps.tolist() == [6, 7]
    assert len(Curve.empty().extended(first.curve).extended(second.curve)) == 7


def test_a_new_id_starts_again() -> None:
    runs = LiveRuns(DATA)
    runs.advance({"A": order("one")}, 10.0, 5)
    assert runs.advance({"A": order("two")}, 10.0, 1).progress["A"].step == 1


def test_a_diverged_run_lets_the_others_go_on() -> None:
    wild = order(
        "wild",
        optimiser={"name": "sgd", "learning_rate": 1000.0},
        model={"kind": "hidden", "width": 4},
        component_weights=(1000.0, 1000.0),
    )
    runs = LiveRuns(DATA)
    report = runs.advance({"A": order("calm"), "B": wild}, 20.0, 100)
    assert report.progress["B"].state == "diverged"
    assert "learning rate" in report.progress["B"].message
    assert report.progress["A"].state == "finished"


def test_a_sentence_gets_probabilities_from_every_run() -> None:
    runs = LiveRuns(DATA)
    orders = {"A": order("a"), "B": order("b", formulation="components")}
    finish(runs, orders, 1000)
    answers = runs.advance(orders, 0.0, 0, "wept joy heart good fine won").answers
    assert answers is not None
    assert answers.known_features >= 6
    for prediction in answers.by_run.values():
        assert prediction.label == (0, 0)
        assert prediction.joint.argmax() == 0
        assert prediction.joint.sum() == pytest.approx(1.0, abs=1e-5)
        assert all(own.sum() == pytest.approx(1.0, abs=1e-5) for own in prediction.components)


def test_the_validation_side_draws_the_curve_and_the_test_side_judges() -> None:
    aside = order(split={"validation": 0.25})
    found = finish(LiveRuns(DATA), {"A": aside}, 10_000)["A"]
    fitted = fit(DATA, aside.experiment)
    data = fitted.trainer.data
    assert len(data.validation.codes) == fitted.rows["validation"] == 48
    assert found.evaluation is not None
    np.testing.assert_array_equal(found.evaluation.true, data.test.codes)
    np.testing.assert_array_equal(found.evaluation.predicted, fitted.evaluation.predicted)
    targets = Targets.from_codes(data.validation.codes, data.schema)
    losses = fitted.trainer.losses(fitted.trainer.logits(data.validation.features), targets)
    assert found.curve.validation["total"][-1] == pytest.approx(float(losses["total"][0]))


def test_what_is_set_aside_is_not_trained_on() -> None:
    whole, aside = (fit(DATA, order(split={"validation": share}).experiment) for share in (0, 0.25))
    assert whole.rows == {"train": 192, "validation": 0, "test": 48}
    assert aside.rows == {"train": 144, "validation": 48, "test": 48}
    assert len(aside.trainer.data.targets) == 144
    assert whole.test_texts == aside.test_texts
