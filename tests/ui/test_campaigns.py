"""Trade-off and Weights: what holds on any page that trains a campaign, and shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.compute.campaigns import Study, Sweep
from lossviz.experiments.study.plan import FIRST
from lossviz.losses.weighting import WEIGHTINGS
from tests.ui.conftest import open_page, press, run_until, state_of, words
from tests.ui.study import test_live as study
from tests.ui.sweep import test_live as sweep


@dataclass(frozen=True)
class CampaignPage:
    """A page, and how its widgets' keys begin.

    :param of: the session's campaign.
    :param small: choose one that is soon over.
    :param promises: what it says before the first press.
    """

    page: str
    keys: str
    of: Callable[[AppTest], Sweep | Study]
    small: Callable[[AppTest], Sweep | Study]
    promises: tuple[str, ...]


CAMPAIGNS = (
    CampaignPage(
        "trade_off",
        "sweep",
        lambda app: sweep.sweep_of(app).campaign,
        sweep.make_small,
        ("in all of the 13 ratios",),
    ),
    CampaignPage(
        "weights",
        "study",
        study.study_of,
        study.make_small,
        ("Can α and β be learned?", *(WEIGHTINGS[name].idea for name in FIRST)),
    ),
)


@pytest.fixture(params=CAMPAIGNS, ids=lambda campaign: campaign.page)
def campaign(request: pytest.FixtureRequest) -> CampaignPage:
    page: CampaignPage = request.param
    return page


@pytest.fixture
def page(app: AppTest, campaign: CampaignPage) -> AppTest:
    return open_page(app, campaign.page)


def test_before_the_first_press_the_page_says_what_it_will_do(
    page: AppTest, campaign: CampaignPage
) -> None:
    assert "Nothing is trained yet" in words(page)
    assert "65 models" in page.button(key=f"{campaign.keys}-start").label
    for promise in campaign.promises:
        assert promise in words(page)


def test_stops_keeps_and_goes_on(page: AppTest, campaign: CampaignPage) -> None:
    training = campaign.small(page)
    page.number_input(key=f"{campaign.keys}-epochs").set_value(40).run()
    press(page, f"{campaign.keys}-start")
    run_until(page, lambda: training.done > 0)
    press(page, f"{campaign.keys}-stop")
    kept = training.done
    assert 0 < kept < training.total
    assert "stopped, and kept" in words(page)
    assert "No claim yet" in words(page)
    open_page(page, "train")
    open_page(page, campaign.page)
    assert campaign.of(page) is training
    assert training.done == kept
    start = page.button(key=f"{campaign.keys}-start")
    assert start.label == f"Train the other {training.total - kept}"
    assert page.number_input(key=f"{campaign.keys}-epochs").value == 40
    press(page, f"{campaign.keys}-start")
    run_until(page, lambda: training.done > kept)
    press(page, f"{campaign.keys}-stop")


def test_other_data_end_it(page: AppTest, campaign: CampaignPage) -> None:
    training = campaign.small(page)
    page.number_input(key=f"{campaign.keys}-epochs").set_value(100).run()
    press(page, f"{campaign.keys}-start")
    state_of(page).use_sample("helpdesk")
    assert not training.busy
    page.run()
    assert campaign.of(page) is not training
    assert campaign.of(page).dataset is state_of(page).data.dataset
    assert not page.exception
