"""What is promised before a start is what the latest of its kind took here."""

from __future__ import annotations

import pytest

from lossviz.compute.campaigns import Study, Sweep
from lossviz.compute.pace import MachinePace
from lossviz.compute.workers import InProcess
from lossviz.experiments.study.plan import StudyPlan
from lossviz.experiments.sweep.plan import SweepPlan
from tests.support.factories import dataset

DATA = dataset()


def test_before_anything_was_measured_a_plan_is_believed() -> None:
    assert MachinePace().factor == 1.0


def test_the_latest_weighs_most() -> None:
    pace = MachinePace()
    pace.took(1.0, 1.0)
    assert pace.factor == 1.0
    for _ in range(20):
        pace.took(6.0, 2.0)
    assert pace.factor == pytest.approx(3.0, rel=0.01)


@pytest.mark.parametrize(("kind", "plan"), [(Sweep, SweepPlan.usual(DATA)), (Study, StudyPlan())])
def test_what_one_took_is_what_the_next_is_promised(
    kind: type, plan: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kind, "pace", MachinePace())
    campaign = kind(InProcess(), DATA, plan)
    assert campaign.promise == pytest.approx(campaign.planned(plan))
    campaign.start()
    while campaign.done < 3:
        campaign.tick()
    campaign.stop()
    assert campaign.pace.factor != 1.0
    assert kind(InProcess(), DATA, plan).promise == pytest.approx(
        campaign.planned(plan) * campaign.pace.factor
    )
