"""The Weights page: a study from the first press to its conclusion."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.compute.campaigns import Study
from lossviz.experiments.study.plan import FIRST, LEARNABLE, TELLABLE
from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.losses.weighting import WEIGHTINGS
from tests.ui.conftest import open_page, press, run_until, state_of, words


@pytest.fixture
def weights(app: AppTest) -> AppTest:
    return open_page(app, "weights")


def study_of(app: AppTest) -> Study:
    study = state_of(app).bench.study
    assert study is not None
    return study


def make_small(app: AppTest) -> Study:
    app.multiselect(key="study-weightings").set_value(["free", "random"]).run()
    app.number_input(key="study-seeds").set_value(3).run()
    app.number_input(key="study-epochs").set_value(2).run()
    study = study_of(app)
    assert study.plan == study.chosen
    assert study.plan.weightings == ("free", "random")
    assert study.total == 3 * 9
    return study


def test_trains_to_the_end_and_concludes(weights: AppTest) -> None:
    study = make_small(weights)
    press(weights, "study-start")
    run_until(weights, lambda: study.complete)
    weights.run()
    said = words(weights)
    assert "equal fixed weights" in said
    assert "comparisons" in said
    assert "**random**: drawn at random in every step" in said
    assert weights.button(key="study-start").disabled


def test_one_press_trains_the_same_without_the_squeeze(weights: AppTest) -> None:
    study = make_small(weights)
    assert not any(button.key == "study-unsqueezed" for button in weights.button)
    press(weights, "study-start")
    run_until(weights, lambda: study.complete)
    weights.run()
    squeezed = study.plan
    assert "1 hidden unit on purpose" in words(weights)
    press(weights, "study-unsqueezed")
    assert study.plan == replace(squeezed, width=0)
    elsewhere = SweepPlan.usual(study.dataset).experiment.model
    assert study.plan.model["kind"] == elsewhere.kind == "linear"
    run_until(weights, lambda: study.complete)
    weights.run()
    assert "Trained with the linear model" in words(weights)
    assert "on purpose" not in words(weights)
    assert weights.segmented_control(key="study-width").value == 0
    assert not any(button.key == "study-unsqueezed" for button in weights.button)


def test_other_settings_leave_the_pictures_until_the_next_start(weights: AppTest) -> None:
    study = make_small(weights)
    press(weights, "study-start")
    run_until(weights, lambda: study.complete)
    weights.number_input(key="study-seeds").set_value(4).run()
    assert study.complete
    assert "The pictures show what was trained before" in words(weights)
    assert "36 models" in weights.button(key="study-start").label


def test_what_each_one_does_comes_from_its_description(weights: AppTest) -> None:
    said = words(weights)
    for name in ("fixed", *FIRST):
        own = WEIGHTINGS[name]
        assert own.pitfall in said
        assert own.source in said
        assert own.title in [expander.label for expander in weights.expander]
    assert len(weights.latex) == 1 + len(FIRST)


@pytest.mark.parametrize("formulation", TELLABLE)
def test_every_formulation_that_can_be_weighed_is_offered(
    weights: AppTest, formulation: str
) -> None:
    weights.selectbox(key="study-formulation").select(formulation).run()
    assert not weights.exception
    assert study_of(weights).chosen.formulation == formulation


def test_every_weighting_can_be_chosen(weights: AppTest) -> None:
    weights.multiselect(key="study-weightings").set_value(list(LEARNABLE)).run()
    assert not weights.exception
    assert study_of(weights).plan.weightings == LEARNABLE


def test_whole_combinations_can_be_held_out(weights: AppTest) -> None:
    weights.radio(key="study-combinations").set_value("new").run()
    assert not weights.exception
    assert study_of(weights).chosen.combinations == "new"
    assert state_of(weights).visit.url["weights"] == "tc-new"
