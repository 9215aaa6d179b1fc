"""Every setting of an experiment has a control, and the Train page shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Widget

from lossviz.experiments.choices import followed
from lossviz.experiments.experiment import SETTINGS, Experiment, by_path
from lossviz.experiments.settings import ExperimentSetting
from lossviz.ui.train.controls import SHARED
from lossviz.ui.train.run_card import TUNED
from tests.support.experiments import another
from tests.support.factories import dataset
from tests.ui.conftest import ids, open_page, state_of

USUAL = Experiment.for_dataset(dataset(40))
OWN = {"formulation", "component_weights", "joint_weight"}
"""Those with a layout of their own on the Train page."""
CONTROLS = [setting for setting in SETTINGS if setting.kind is not tuple]

every_control = pytest.mark.parametrize("setting", CONTROLS, ids=lambda setting: setting.path)


def page(values: dict[str, object]) -> None:
    import streamlit as st

    from lossviz.experiments.experiment import by_path
    from lossviz.ui.parts.settings import setting_control

    st.session_state["read"] = {
        path: setting_control(by_path(path), value) for path, value in values.items()
    }


def shown(values: dict[str, Any]) -> AppTest:
    app = AppTest.from_function(page, args=(values,)).run()
    assert not app.exception, app.exception
    return app


def widgets(app: AppTest) -> list[Widget]:
    return [*app.selectbox, *app.radio, *app.slider, *app.number_input, *app.text_input]


def control(app: AppTest, path: str) -> Any:
    label = by_path(path).described.label
    return next(widget for widget in widgets(app) if widget.label == label)


@pytest.fixture(scope="module")
def controls() -> AppTest:
    return shown({setting.path: setting.of(USUAL) for setting in CONTROLS})


@every_control
def test_its_control_shows_what_is_set_and_says_what_it_means(
    setting: ExperimentSetting, controls: AppTest
) -> None:
    [widget] = [each for each in widgets(controls) if each.label == setting.described.label]
    assert widget.help == setting.described.help
    assert controls.session_state["read"][setting.path] == setting.of(USUAL)


def test_four_kinds_of_widget_are_enough(controls: AppTest) -> None:
    kinds = {widget.type for widget in widgets(controls)}
    assert kinds == {"selectbox", "radio", "slider", "number_input"}


def test_every_control_sets_its_setting() -> None:
    entered = {setting.path: another(setting, USUAL) for setting in CONTROLS}
    entered |= {path: round(value, 2) for path, value in entered.items() if by_path(path).is_share}
    app = shown({setting.path: setting.of(USUAL) for setting in CONTROLS})
    for path, value in entered.items():
        control(app, path).set_value(value)
    app.run()
    assert not app.exception, app.exception
    assert app.session_state["read"] == entered


def test_what_a_link_brought_is_shown_even_where_less_is_offered() -> None:
    brought = {"split.test_size": 0.9, "optimiser.learning_rate": 1e-7}
    assert shown(brought).session_state["read"] == brought


@pytest.fixture
def train(app: AppTest) -> AppTest:
    return open_page(app, "train")


def test_the_train_page_has_a_control_for_every_setting(train: AppTest) -> None:
    assert {setting.path for setting in (*TUNED, *SHARED)} == {s.path for s in SETTINGS} - OWN
    labels = [widget.label for widget in widgets(train)]
    runs = len(state_of(train).lab.runs)
    for setting in TUNED:
        assert labels.count(setting.described.label) == runs, setting.path
    for setting in SHARED:
        assert labels.count(setting.described.label) == 1, setting.path


def apply(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception
    return app


def test_tuning_starts_one_run_again_with_what_was_entered(train: AppTest) -> None:
    lab = state_of(train).lab
    before = dict(lab.runs)
    control(train, "optimiser.weight_decay").set_value(0.001)
    control(train, "model.kind").set_value("hidden")
    apply(train, "Apply and start A again")
    experiment = before["A"].experiment
    assert lab.runs["A"].experiment == experiment.where(
        {"optimiser.weight_decay": 0.001, "model.kind": "hidden"}
    )
    assert lab.runs["A"].run_id != before["A"].run_id
    assert lab.runs["B"].run_id == before["B"].run_id


def test_costs_are_typed_as_numbers_with_commas(train: AppTest) -> None:
    lab = state_of(train).lab
    control(train, "costs").set_value("5, 1")
    control(train, "decoder").set_value("min_cost")
    apply(train, "Apply and start A again")
    assert lab.runs["A"].experiment.costs == (5.0, 1.0)
    assert control(train, "costs").value == "5, 1"
    for typed, sentence in (("5; 1", "numbers with commas"), ("5", "one for each of")):
        control(train, "costs").set_value(typed)
        apply(train, "Apply and start A again")
        assert any(sentence in error.value for error in train.error)
        assert lab.runs["A"].experiment.costs == (5.0, 1.0)


def test_another_optimiser_starts_from_its_own_learning_rate(train: AppTest) -> None:
    lab = state_of(train).lab
    control(train, "optimiser.name").set_value("sgd")
    apply(train, "Apply and start A again")
    assert lab.runs["A"].experiment.optimiser.learning_rate == 5.0


def test_what_is_shared_starts_every_run_again(train: AppTest) -> None:
    lab = state_of(train).lab
    control(train, "epochs").set_value(3)
    control(train, "seed").set_value(7)
    control(train, "features.analyser").set_value("char")
    control(train, "split.test_size").set_value(0.35)
    apply(train, "Apply and start again")
    for run in lab.runs.values():
        experiment = run.experiment
        assert (experiment.epochs, experiment.seed) == (3, 7)
        assert experiment.split.seed == 7
        assert experiment.split.test_size == 0.35
        assert (experiment.features.analyser, experiment.features.longest) == ("char", 3)


def test_what_cannot_be_is_a_sentence_and_changes_nothing(train: AppTest) -> None:
    lab = state_of(train).lab
    before = ids(lab)
    control(train, "features.shortest").set_value(5)
    apply(train, "Apply and start again")
    assert any("longer than the longest" in error.value for error in train.error)
    assert ids(lab) == before


def test_new_combinations_are_held_out_of_all_runs(train: AppTest) -> None:
    lab = state_of(train).lab
    control(train, "split.combinations").set_value("new")
    apply(train, "Apply and start again")
    assert {run.experiment.split.combinations for run in lab.runs.values()} == {"new"}


def test_where_no_combination_can_be_held_out_that_is_said_and_nothing_changes(
    app: AppTest,
) -> None:
    session = state_of(app)
    source, data = session.source, dataset(40, missing=("AD", "BC"))
    session.use(replace(source, data=replace(source.data, dataset=data)))
    train = open_page(app, "train")
    lab = session.lab
    before = ids(lab)
    control(train, "split.combinations").set_value("new")
    apply(train, "Apply and start again")
    assert any("can be held out as a new one" in error.value for error in train.error)
    assert ids(lab) == before


def test_only_what_was_left_alone_follows() -> None:
    entered = {setting.path: setting.of(USUAL) for setting in SHARED}
    assert followed(USUAL, entered) == entered
    seeds = followed(USUAL, {**entered, "seed": 7})
    assert (seeds["seed"], seeds["split.seed"]) == (7, 7)
    seeds = followed(USUAL, {**entered, "seed": 7, "split.seed": 3})
    assert (seeds["seed"], seeds["split.seed"]) == (7, 3)
