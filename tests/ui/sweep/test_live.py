"""The Trade-off page without a browser."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lossviz.compute.campaigns import Sweep
from lossviz.losses.objectives import OBJECTIVES
from lossviz.ui.state.bench import SweepBench
from lossviz.ui.sweep.live import shown_sweep
from tests.ui.conftest import open_page, press, run_until, state_of, words


@pytest.fixture
def page(app: AppTest) -> AppTest:
    return open_page(app, "trade_off")


def sweep_of(app: AppTest) -> SweepBench:
    bench = state_of(app).bench.sweep
    assert bench is not None
    return bench


def make_small(app: AppTest) -> Sweep:
    app.button_group(key="sweep-steps").set_value(5).run()
    app.number_input(key="sweep-seeds").set_value(3).run()
    app.number_input(key="sweep-epochs").set_value(2).run()
    sweep = sweep_of(app).campaign
    assert sweep.plan == sweep.chosen
    assert sweep.total == 3 * 9
    return sweep


def test_sweeps_to_the_end_and_gives_a_verdict(page: AppTest) -> None:
    sweep = make_small(page)
    press(page, "sweep-start")
    run_until(page, lambda: sweep.complete)
    page.run()
    said = words(page).replace("\\", "")
    assert "α and β" in said
    assert "Moving α : β from 1:100 to 100:1" in said
    assert "Nadeau & Bengio" in said
    assert "a wrong feeling costs 1 and a wrong polarity 1" in said
    assert "How sure:" in said
    assert "At decision time alone" in said
    assert page.button(key="sweep-start").disabled


def test_of_new_combinations_it_says_what_the_errors_are_about(page: AppTest) -> None:
    sweep = make_small(page)
    page.radio(key="sweep-combinations").set_value("new").run()
    assert sweep.plan.experiment.split.combinations == "new"
    press(page, "sweep-start")
    run_until(page, lambda: sweep.complete)
    page.run()
    assert "These errors are about new combinations" in words(page)


def test_costs_change_the_recommendation_without_training(page: AppTest) -> None:
    sweep = make_small(page)
    press(page, "sweep-start")
    run_until(page, lambda: sweep.complete)
    page.number_input(key="cost-0").set_value(7.0).run()
    assert "a wrong feeling costs 7 and a wrong polarity 1" in words(page)
    page.number_input(key="cost-2").set_value(2.0).run()
    assert "a wrong whole label 2 besides" in words(page)
    for k in range(3):
        page.number_input(key=f"cost-{k}").set_value(0.0).run()
    assert "any weights will do" in words(page)
    assert sweep.complete


def test_a_slider_stands_on_trained_points(page: AppTest) -> None:
    bench = sweep_of(page)
    slider = page.select_slider(key="point-ratio")
    assert slider.value == "1:1"
    slider.set_value("100:1").run()
    assert bench.look.point == len(bench.campaign.plan.grid.points) - 1
    page.button_group(key="sweep-kind").set_value("map").run()
    assert page.select_slider(key="point-0").value == "1"
    page.select_slider(key="point-0").set_value("10").run()
    page.select_slider(key="point-1").set_value("0.1").run()
    assert bench.campaign.plan.grid.points[bench.look.point] == (10.0, 0.1)
    assert not page.exception


@pytest.mark.parametrize("formulation", [n for n, each in OBJECTIVES.items() if each.weighted])
def test_the_size_of_the_weights_varies_only_where_it_is_asked_for(
    page: AppTest, formulation: str
) -> None:
    page.selectbox(key="sweep-formulation").select(formulation).run()
    assert not page.exception
    plan = sweep_of(page).campaign.chosen
    assert plan.experiment.formulation == formulation
    assert np.array(plan.grid.points).mean(axis=1) == pytest.approx(1.0)
    page.button_group(key="sweep-kind").set_value("map").run()
    assert not page.exception
    assert np.ptp(np.array(sweep_of(page).campaign.chosen.grid.points).mean(axis=1)) > 1.0


def test_more_than_two_parts_choose_a_pair_and_hold_the_others(page: AppTest) -> None:
    state_of(page).use_sample("helpdesk")
    page.run()
    names = state_of(page).data.dataset.schema.names
    assert len(names) == 3
    page.selectbox(key="sweep-pair").set_value((0, 2)).run()
    page.number_input(key="sweep-held").set_value(0.5).run()
    grid = sweep_of(page).campaign.plan.grid
    assert grid.pair == (0, 2)
    assert grid.kind == "ratio"
    assert {own[1] for own in grid.points} == {0.5}
    assert not page.exception


def test_learned_weights_stand_beside_the_grid_if_the_model_is_the_same(page: AppTest) -> None:
    own, bench = state_of(page), sweep_of(page)
    assert shown_sweep(own, bench).learned == ()
    make_small(page)
    page.button_group(key="sweep-width").set_value(1).run()
    open_page(page, "weights")
    page.multiselect(key="study-weightings").set_value(["free", "random"]).run()
    page.number_input(key="study-seeds").set_value(3).run()
    page.number_input(key="study-epochs").set_value(2).run()
    study = own.bench.study
    assert study is not None
    press(page, "study-start")
    run_until(page, lambda: study.complete)
    open_page(page, "trade_off")
    assert [spot.arm.label for spot in shown_sweep(own, bench).learned] == ["free", "random"]
    page.number_input(key="sweep-epochs").set_value(3).run()
    assert shown_sweep(own, bench).learned == ()
    assert "stand here too once both pages train the same" in words(page)
