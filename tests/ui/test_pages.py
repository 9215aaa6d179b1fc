"""Every page opens cold, by itself and after the others."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import PAGES, open_page, state_of, words


@pytest.mark.parametrize("name", PAGES)
def test_opens_cold_and_says_something(app: AppTest, name: str) -> None:
    open_page(app, name)
    assert not app.error
    assert len(words(app)) > 40


def test_every_page_can_follow_every_other(app: AppTest) -> None:
    for name in (*PAGES, *reversed(PAGES)):
        open_page(app, name)
        assert not app.error


def test_home_states_what_this_is_and_opens_three_ways(app: AppTest) -> None:
    open_page(app, "home")
    assert app.title[0].value == "What does your loss function really ask for?"
    assert [own.value for own in app.subheader] == ["See it", "Try it", "Decide it"]


def press(app: AppTest, label: str) -> None:
    open_page(app, "home")
    next(own for own in app.button if own.label == label).click().run()
    assert not app.exception


def test_see_it_opens_ready_and_running(app: AppTest) -> None:
    press(app, "Watch three formulations")
    lab = state_of(app).lab
    formulations = [run.experiment.formulation for run in lab.runs.values()]
    assert formulations == ["marginals", "joint", "components"]
    assert lab.playing
    assert state_of(app).look_for in words(app)


def test_decide_it_opens_with_a_sweep_under_way(app: AppTest) -> None:
    press(app, "Sweep α and β")
    bench = state_of(app).bench.sweep
    assert bench is not None
    assert bench.campaign.busy or bench.campaign.complete
    assert app.title[0].value == "Does it matter what α and β are?"
