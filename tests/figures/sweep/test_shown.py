"""A sweep as it is shown: its maps, and what the study adds."""

from __future__ import annotations

from dataclasses import replace

from lossviz.experiments.study.plan import StudyPlan
from lossviz.experiments.study.result import Repeats
from lossviz.experiments.sweep.grid import Grid
from lossviz.figures.exhibits import EXHIBITS
from lossviz.figures.sweep.shown import ShownSweep
from tests.support.outcomes import outcome
from tests.support.sweep_results import result, trade


def shown(kind: str = "map") -> ShownSweep:
    grid = Grid(2, steps=3, kind=kind)
    return ShownSweep(result(trade(grid, seeds=3), grid=grid), (1.0, 1.0, 0.0), 1)


def studied(sweep: ShownSweep, **changed: int) -> Repeats:
    experiment = sweep.result.plan.experiment
    plan = StudyPlan(
        formulation=experiment.formulation, width=0, epochs=experiment.epochs, weightings=("free",)
    )
    outcomes = {("free", seed): outcome([0.2, 0.3, 0.4], [1.0, 2.0]) for seed in range(3)}
    return Repeats(sweep.result.schema, replace(plan, **changed), outcomes)


def test_learned_weights_stand_beside_the_grid_if_the_model_is_the_same() -> None:
    own = shown()
    assert own.learned == ()
    same = replace(own, repeats=studied(own))
    assert [spot.arm.label for spot in same.learned] == ["free"]
    assert replace(own, repeats=studied(own, epochs=99)).learned == ()


def test_each_part_and_the_cost_have_a_map_and_ratios_a_line_chart() -> None:
    assert list(shown().maps) == ["wrong1", "wrong2", "wrong3", "cost"]
    assert list(shown("ratio").maps) == ["errors", "cost"]


def test_the_point_that_is_looked_at_is_marked_on_every_map() -> None:
    own = shown()
    charts = [EXHIBITS["map"].make(own, view) for view in own.maps]
    assert [chart.marked for chart in [*charts, EXHIBITS["front"].make(own, "")]] == [1] * 5


def test_other_costs_draw_the_cost_anew_and_nothing_else() -> None:
    own = shown()
    other = replace(own, costs=(5.0, 1.0, 0.0))
    changed = {
        exhibit.key(view)
        for exhibit in (EXHIBITS["map"], EXHIBITS["front"], EXHIBITS["effects"])
        for view in exhibit.views(own)
        if exhibit.state(own, view) != exhibit.state(other, view)
    }
    assert changed == {"map-cost"}
