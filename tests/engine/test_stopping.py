"""Stopping by the validation loss: where, with which weights, and the same for all who train."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import load_sample, samples
from lossviz.engine.features import Splits
from lossviz.engine.fit import Fit, fit
from lossviz.engine.landscape.retrained import retrain
from lossviz.engine.live import LiveRuns
from lossviz.engine.stopping import Patience, Stopping
from lossviz.engine.sweep import predict_block
from lossviz.engine.trainer import Trainer
from lossviz.engine.training import steps
from lossviz.experiments.choices import first
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.progress import Order, stopped_words
from lossviz.experiments.runs.run import Run
from lossviz.experiments.weights import Weights
from lossviz.ui.state.bench import FIRST_FORMULATIONS
from tests.support.examples import examples
from tests.support.factories import dataset

CLEAN = dataset(120, seed=4)
LOT = np.random.default_rng(0)
DATA = replace(
    CLEAN,
    codes=np.where(LOT.random((120, 1)) < 0.3, LOT.integers(0, 2, (120, 2)), CLEAN.codes),
    digest="drawn by lot, 120",
)
"""Three labels in ten are drawn by lot, so that what is learned by heart costs on other texts."""
EPOCHS, PATIENCE = 30, 2


def stopping(patience: int = PATIENCE, **fields: object) -> Experiment:
    """Trains with steps so long that the validation loss turns within a few epochs."""
    own: dict[str, object] = {
        "epochs": EPOCHS,
        "split": {"validation": 0.25},
        "optimiser": {"learning_rate": 1.0},
        "patience": patience,
    }
    return Experiment.for_dataset(DATA, **{**own, **fields})


def table(fitted: Fit) -> torch.Tensor:
    return fitted.trainer.model.table


def by_epoch(experiment: Experiment) -> list[float]:
    """The validation loss at each epoch's end, whatever it does."""
    data, watched = Splits().encoded(DATA, experiment)
    trainer = Trainer(data, experiment)
    losses = []
    while not trainer.finished:
        for _ in steps(trainer, trainer.step + trainer.steps_per_epoch):
            pass
        logits = trainer.logits(data.validation.features)
        losses.append(float(trainer.losses(logits, watched)["total"]))
    return losses


def lived(experiment: Experiment, slice_steps: int, runs: LiveRuns | None = None) -> Run:
    """What a session knows once it is over, so many steps at a time."""
    runs, run = runs or LiveRuns(DATA), Run.of(experiment)
    while not (run.over and run.judged):
        run.take(
            runs.advance({"A": run.order(train=True, evaluate=True)}, 10.0, slice_steps).progress[
                "A"
            ]
        )
    return run


@examples(100)
@given(st.lists(st.floats(0, 3), min_size=1, max_size=20), st.integers(1, 5))
def test_it_is_over_after_so_many_epochs_in_a_row_without_a_lower_loss(
    losses: list[float], epochs: int
) -> None:
    rule = Patience(epochs)
    for step, loss in enumerate(losses, start=1):
        rule.take(step, loss, {"w": torch.tensor([loss])})
        best = int(np.argmin(losses[:step])) + 1
        assert rule.best == best
        assert rule.weights["w"].tolist() == [torch.tensor(losses[best - 1]).item()]
        assert rule.over == (step - best >= epochs)
        if rule.over:
            break


def test_patience_0_never_ends_and_numbers_are_as_they_were() -> None:
    rule = Patience(0)
    for step, loss in enumerate((1.0, 2.0, 3.0, 4.0)):
        rule.take(step + 1, loss, {})
    assert not rule.over
    endless, patient = fit(DATA, stopping(0)), fit(DATA, stopping(100))
    assert torch.equal(table(endless), table(patient))
    assert (endless.stopped, endless.notes) == ("", ())


def test_a_loss_that_is_no_number_is_no_lower_one() -> None:
    rule = Patience(2)
    for step in (1, 2, 3):
        rule.take(step, float("nan"), {"w": torch.zeros(1)})
    assert not rule.over


@pytest.mark.parametrize("formulation", ["marginals", "joint", "chain"])
def test_a_fit_stops_and_has_the_weights_of_the_epoch_with_the_lowest_loss(
    formulation: str,
) -> None:
    experiment = stopping(formulation=formulation)
    losses = by_epoch(experiment)
    assert len(losses) == EPOCHS
    end = next(
        k for k in range(EPOCHS) if k - int(np.argmin(losses[: k + 1])) == PATIENCE
    )  # counted from 0
    best = end - PATIENCE
    assert 0 < end < EPOCHS - 1
    stopped = fit(DATA, experiment)
    per_epoch = stopped.trainer.steps_per_epoch
    assert stopped.trainer.step == (end + 1) * per_epoch
    assert torch.equal(table(stopped), table(fit(DATA, experiment.changed(
        patience=0, epochs=best + 1
    ))))  # fmt: skip
    words = stopped_words(stopped.trainer.step, (best + 1) * per_epoch, per_epoch)
    assert stopped.stopped == words
    assert words == (
        f"stopped after epoch {end + 1}: the validation loss has not fallen for 2 epochs; its "
        f"weights are those of epoch {best + 1}"
    )
    assert stopped.notes == (f"It {words}.",)


def test_the_test_side_has_no_say() -> None:
    data, _ = Splits().encoded(DATA, stopping())
    ends = []
    for codes in (data.test.codes, 1 - data.test.codes):
        trainer = Trainer(replace(data, test=replace(data.test, codes=codes)), stopping())
        rule = Stopping(trainer)
        for _ in steps(trainer, stopping=rule):
            pass
        ends.append((trainer.step, rule.kept, trainer.model.table.tolist()))
    assert ends[0] == ends[1]


def test_however_steps_are_sliced_a_live_run_is_the_fit() -> None:
    fitted = fit(DATA, stopping())
    for at_once in (1, 7, 10_000):
        run = lived(stopping(), at_once)
        assert (run.state, run.step, run.stopped) == (
            "finished",
            fitted.trainer.step,
            fitted.stopped,
        )
        assert run.evaluation is not None
        np.testing.assert_array_equal(run.evaluation.predicted, fitted.evaluation.predicted)
        np.testing.assert_array_equal(run.evaluation.probability, fitted.evaluation.probability)
        assert run.curve.steps[-1] == run.step


def test_the_lowest_point_of_the_dotted_curve_is_where_its_weights_are_from() -> None:
    run = lived(stopping(), 50)
    ends = run.curve.steps % run.steps_per_epoch == 0
    lowest = run.curve.validation["total"][ends].argmin()
    assert run.curve.steps[ends][lowest] == run.kept


def test_a_lost_run_that_is_replayed_stops_at_the_same_place() -> None:
    moved = Weights((4.0, 0.5, 1.0))

    def until(runs: LiveRuns, run: Run, step: int) -> None:
        while run.step < step and not run.over:
            run.take(
                runs.advance({"A": run.order(train=True, evaluate=False)}, 10.0, 1).progress["A"]
            )

    undisturbed, worker = LiveRuns(DATA), LiveRuns(DATA)
    one, other = Run.of(stopping()), Run.of(stopping())
    for runs, run in ((undisturbed, one), (worker, other)):
        until(runs, run, 4)
        run.weights = moved
        until(runs, run, 10)
    until(undisturbed, one, 10_000)
    until(LiveRuns(DATA), other, 10_000)  # the worker was lost, and another one goes on
    assert one.changes == other.changes
    assert one.stopped
    assert (one.step, one.kept) == (other.step, other.kept)
    runs, again = LiveRuns(DATA), replace(one)  # that had stopped is found where it was
    while again.behind or not (again.judged and again.evaluation):
        again.take(
            runs.advance({"A": again.order(train=False, evaluate=True)}, 10.0, 0).progress["A"]
        )
    assert (again.step, again.kept, again.state) == (one.step, one.kept, "finished")


def test_moving_a_weight_makes_another_loss_and_patience_begins_anew() -> None:
    runs, run = LiveRuns(DATA), Run.of(stopping(patience=1))
    whole = lived(stopping(patience=1), 1)
    while run.step < whole.step - 1:
        run.take(runs.advance({"A": run.order(train=True, evaluate=False)}, 10.0, 1).progress["A"])
    run.weights = Weights((8.0, 8.0, 1.0))  # the loss is eight times as large from here on
    run.take(runs.advance({"A": run.order(train=True, evaluate=False)}, 10.0, 1).progress["A"])
    assert run.step == whole.step
    assert not run.over


def test_who_trains_it_again_finds_the_weights_that_it_has() -> None:
    run = lived(stopping(), 50)
    again = retrain(DATA, run.reference("A"), splits=Splits())
    assert again.trainer.step == run.kept < run.step
    assert torch.equal(again.end["table"], table(fit(DATA, stopping())))


def test_a_repeat_stops_each_training_where_a_fit_does() -> None:
    experiment = stopping()
    members = ((1.0, 1.0), (6.0, 1.0))
    scores = predict_block(DATA, experiment, members)
    assert scores is not None
    for weights, wrong in zip(members, scores.wrong.tolist(), strict=True):
        alone = fit(DATA, experiment.changed(component_weights=weights)).evaluation
        assert wrong == [rate.wrong for rate in (*alone.components, alone.joint)]


def test_weights_that_are_learned_do_not_lower_the_loss_that_is_watched() -> None:
    """The weighting ``free`` lets its weights fall without end, and its own loss with them."""
    learned = stopping(weighting="free", settings={"weight_rate": 0.5})
    assert fit(DATA, learned).stopped
    run = lived(learned, 50)
    own = run.curve.validation["total"][run.curve.steps % run.steps_per_epoch == 0]
    assert all(later < sooner for sooner, later in pairwise(own.tolist()))


def test_an_order_of_before_is_one_without_patience() -> None:
    experiment = Experiment.for_dataset(DATA, epochs=2)
    order = Order("a", experiment, Weights.of(experiment))
    assert LiveRuns(DATA).advance({"A": order}, 10.0, 10_000).progress["A"].kept == 0


def test_a_validation_share_that_sets_nothing_aside_is_said() -> None:
    data = dataset(14)
    asked = {"patience": 1, "calibration": "temperature", "split": {"validation": 0.05}}
    done = fit(data, Experiment.for_dataset(data, epochs=3, **asked))
    assert done.rows["validation"] == 0
    assert done.evaluation.temperatures is None
    assert "sets none aside" in done.notes[0]


@pytest.mark.parametrize("sample", [sample.id for sample in samples()])
@pytest.mark.parametrize("formulation", FIRST_FORMULATIONS)
def test_the_first_runs_on_a_sample_are_stopped_by_nothing(sample: str, formulation: str) -> None:
    """They can, but the validation loss falls to the end: there is time to move a weight."""
    _, _, data = load_sample(sample)
    experiment = first(data, formulation=formulation)
    assert experiment.patience > 0
    assert fit(data, experiment).stopped == ""
