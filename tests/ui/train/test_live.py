"""The Train page: runs, weights, settings."""

from __future__ import annotations

from itertools import pairwise

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.experiments.runs.judged import JudgedTraining
from lossviz.figures.exhibits import EXHIBITS
from lossviz.figures.surfaces.explorer import SCALE
from lossviz.losses.objectives import OBJECTIVES
from lossviz.ui.parts.confusion import texts_behind
from lossviz.ui.parts.exhibits import runs_of
from lossviz.ui.parts.words import plain
from tests.ui.conftest import (
    command,
    component,
    has_component,
    open_page,
    press,
    run_until,
    state_of,
    words,
)


@pytest.fixture
def train(app: AppTest) -> AppTest:
    return open_page(app, "train")


def test_plays_to_the_end_and_concludes(train: AppTest) -> None:
    lab = state_of(train).lab
    lab.speed = "full"
    command(train, {"do": "play"})
    run_until(train, lambda: lab.finished and not lab.busy)
    train.run()
    assert all(run.state == "finished" for run in lab.runs.values())
    assert "held-out texts" in words(train)
    assert "exact McNemar" in words(train)
    assert "different trainings" not in words(train)
    split = JudgedTraining.of(lab.runs["A"]).split
    lab.judged_before = tuple(JudgedTraining(f"an earlier one, {k}", split) for k in range(4))
    train.run()
    assert "have judged 7 different trainings by now" in words(train)


def test_a_comparison_is_repeated_on_one_press_and_then_speaks_of_formulations(
    train: AppTest,
) -> None:
    session = state_of(train)
    lab = session.lab
    press(train, "remove-C")
    assert "repeat-start" not in [button.key for button in train.button]
    lab.speed = "full"
    command(train, {"do": "play"})
    run_until(train, lambda: lab.finished and not lab.busy)
    train.run()
    press(train, "repeat-start")
    campaign = session.bench.repeat
    assert campaign is not None
    assert "repeat-stop" in [button.key for button in train.button]
    run_until(train, lambda: campaign.complete)
    train.run()
    assert "joint (B)" in words(train)
    assert "4 splits" in words(train)
    command(train, {"do": "epoch"})  # from the start again: what was repeated stays
    assert "4 splits" in words(train)


def test_a_run_that_stops_by_its_validation_texts_says_where_and_keeps_the_best_weights(
    train: AppTest,
) -> None:
    lab = state_of(train).lab
    lab.speed = "full"
    for letter in ("B", "C"):
        lab.remove(letter)
    values = {"patience": 1, "epochs": 60, "optimiser.learning_rate": 3.0}
    lab.put("A", lab.runs["A"].experiment.where(values))
    command(train, {"do": "play"})
    run_until(train, lambda: lab.finished and not lab.busy)
    train.run()
    run = lab.runs["A"]
    assert 0 < run.kept < run.step < run.total_steps
    assert f"A {run.stopped}." in words(train)
    curve = EXHIBITS["losses"].make(runs_of(lab), "A")
    assert curve.layout["shapes"][0]["x0"] == run.kept
    assert f"weights of epoch {run.kept // run.steps_per_epoch}" in curve.title
    assert (
        "Not in this program, which has no validation texts: patience 1 epoch, temperatures."
        in (train.code[0].value)
    )


def test_a_run_with_temperatures_says_them_and_what_they_were_set_on(train: AppTest) -> None:
    lab = state_of(train).lab
    lab.speed = "full"
    for letter in ("B", "C"):
        lab.remove(letter)
    values = {"formulation": "components", "calibration": "temperature", "epochs": 2}
    lab.put("A", lab.runs["A"].experiment.where(values))
    command(train, {"do": "play"})
    run_until(train, lambda: lab.finished and not lab.busy)
    train.run()
    evaluation = lab.evaluations["A"]
    assert evaluation.temperatures is not None
    assert evaluation.temperatures.parts == lab.dataset.schema.names
    assert plain(evaluation.temperatures.words) in words(train)


def test_without_validation_texts_nothing_is_stopped_by_them_or_set_on_them(
    train: AppTest,
) -> None:
    lab = state_of(train).lab
    first = lab.runs["A"].experiment
    assert (first.split.validation, first.patience, first.calibration) == (0.1, 3, "temperature")
    next(s for s in train.slider if s.label == "Validation").set_value(0.0)
    next(b for b in train.button if b.label == "Apply and start again").click().run()
    assert not train.error
    now = [run.experiment for run in lab.runs.values()]
    assert {(e.split.validation, e.patience, e.calibration) for e in now} == {(0.0, 0, "none")}


def test_the_controls_stand_as_the_lab_does(train: AppTest) -> None:
    command(train, {"do": "speed", "speed": "slow"})
    command(train, {"do": "play"})
    known = component(train, "controls")["lab"]
    assert (known["playing"], known["speed"], [*known["runs"]]) == (True, "slow", [*"ABC"])
    command(train, {"do": "pause"})
    assert not component(train, "controls")["lab"]["playing"]


def test_one_batch_and_one_epoch(train: AppTest) -> None:
    lab = state_of(train).lab
    command(train, {"do": "batch"})
    run_until(train, lambda: not lab.busy)
    assert {run.step for run in lab.runs.values()} == {1}
    command(train, {"do": "epoch"})
    run_until(train, lambda: not lab.busy)
    epoch = lab.runs["A"].steps_per_epoch
    assert {run.step for run in lab.runs.values()} == {1 + epoch}
    command(train, {"do": "reset"})
    assert not lab.started


def test_a_weight_that_is_moved_acts_and_stands_there_when_the_page_is_drawn(
    train: AppTest,
) -> None:
    lab = state_of(train).lab
    command(train, {"do": "weigh", "run": "A", "k": 0, "value": 2.0})
    command(train, {"do": "weigh", "run": "A", "k": 1, "value": 3.7})
    assert lab.runs["A"].weights.components == (2.0, 3.7)
    assert component(train, "weights-A")["lab"]["runs"]["A"]["weights"] == [2.0, 3.7, 1.0]
    assert lab.runs["C"].weights.components == (1.0, 1.0)


def test_the_scale_is_logarithmic_with_round_values() -> None:
    assert {0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0} <= set(SCALE)
    ratios = [high / low for low, high in pairwise(SCALE)]
    assert max(ratios) < 1.3


@pytest.mark.parametrize("formulation", OBJECTIVES)
def test_sliders_stand_exactly_where_weights_act(train: AppTest, formulation: str) -> None:
    train.selectbox(key="formulation-A").select(formulation).run()
    assert not train.exception
    objective = OBJECTIVES[formulation]
    stands = has_component(train, "weights-A")
    sliders = component(train, "weights-A")["sliders"] if stands else []
    assert len(sliders) == (2 + objective.joint_weighted if objective.weighted else 0)
    if not objective.weighted:
        assert "No weights" in words(train)


def test_runs_are_added_up_to_four_and_removed(train: AppTest) -> None:
    lab = state_of(train).lab
    press(train, "add-run")
    assert list(lab.runs) == ["A", "B", "C", "D"]
    assert train.button(key="add-run").disabled
    press(train, "remove-B")
    assert list(lab.runs) == ["A", "C", "D"]
    press(train, "add-run")
    assert list(lab.runs) == ["A", "B", "C", "D"]


def test_changing_a_formulation_starts_only_that_run_again(train: AppTest) -> None:
    lab = state_of(train).lab
    command(train, {"do": "batch"})
    run_until(train, lambda: not lab.busy)
    train.selectbox(key="formulation-A").select("hybrid").run()
    assert lab.runs["A"].step == 0
    assert lab.runs["B"].step == 1


def test_every_run_shows_its_program(train: AppTest) -> None:
    programs = [own.value for own in train.code]
    assert len(programs) == 3
    for code in programs:
        compile(code, "snippet", "exec")
        assert "def loss_fn" in code


def test_a_typed_sentence_is_judged_by_every_run(train: AppTest) -> None:
    lab = state_of(train).lab
    command(train, {"do": "epoch"})
    run_until(train, lambda: not lab.busy)
    command(train, {"do": "ask", "text": "what a wonderful day"})
    run_until(train, lambda: not lab.busy)
    assert lab.answers is not None
    assert set(lab.answers.by_run) == {"A", "B", "C"}


def test_the_texts_behind_a_cell_are_those_of_the_cell(train: AppTest) -> None:
    lab = state_of(train).lab
    command(train, {"do": "epoch"})
    run_until(train, lambda: not lab.busy)
    runs = runs_of(lab)
    matrix = runs.matrices["A"]
    for true in range(4):
        for predicted in range(4):
            table = texts_behind(runs, lab.held_out_texts, "A", (true, predicted))
            assert len(table) == matrix.counts[true, predicted]
            assert set(table["true"]) <= {matrix.labels[true]}
            assert set(table["A says"]) <= {matrix.labels[predicted]}
    originals = dict(zip(lab.dataset.texts, lab.dataset.class_index.tolist(), strict=True))
    wrong = texts_behind(runs, lab.held_out_texts, "A", (0, 1))
    assert all(text in originals for text in wrong["text"])


def test_a_setting_that_does_not_fit_gets_a_sentence(train: AppTest) -> None:
    lab = state_of(train).lab
    experiment = lab.runs["A"].experiment
    lab.put("A", experiment.changed(optimiser={"name": "sgd", "learning_rate": 1000.0,
                                               "batch_size": 32, "weight_decay": 0.0},
                                    component_weights=(1000.0, 1000.0),
                                    model={"kind": "hidden", "width": 4}))  # fmt: skip
    lab.speed = "full"
    command(train, {"do": "play"})
    run_until(train, lambda: lab.runs["A"].state == "diverged")
    run_until(train, lambda: not lab.busy)
    train.run()
    assert any("Run A stopped itself" in own.value for own in train.warning)
    assert lab.runs["B"].state == "finished"
