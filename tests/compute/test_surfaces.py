"""Surfaces while they are drawn: stopped, gone on with, and by several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from lossviz.compute.campaigns import Surfaces
from lossviz.compute.cluster import Compute
from lossviz.compute.workers import InProcess, Workers
from lossviz.engine.landscape.layout import share
from lossviz.engine.landscape.retrained import retrain
from lossviz.engine.landscape.surfaces import surface
from lossviz.experiments.surfaces import plan as surface_plan
from lossviz.experiments.surfaces.plan import SurfaceBlock, SurfacePlan
from lossviz.experiments.surfaces.planes import PLANES
from lossviz.experiments.surfaces.surface import Surface
from tests.support.surface_runs import DATA, OWN, OWN_JOINT, plain_parts, reference
from tests.support.sweeps import Answer, Reordering, run_until
from tests.support.waiting import PATIENCE

WEIGHTS = (*OWN, OWN_JOINT)
A = reference("A")
B = reference("B", formulation="components", seed=1)
C = reference("C", formulation="joint", seed=2)
PLAN = SurfacePlan((A, B, C), resolution=7)


class Shuffling(Reordering):
    """Workers that are ready in any order, and remember the blocks that they were given."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.blocks: list[SurfaceBlock] = []

    def submit(self, function: Callable[..., Any], *arguments: Any, priority: int) -> Any:
        self.blocks.append(arguments[1])
        return Answer(lambda: function(*arguments), self._random)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row in each block."""
    monkeypatch.setattr(surface_plan, "BLOCK_SECONDS", 0.0)


def started(plan: SurfacePlan, workers: Workers | None = None) -> Surfaces:
    own = Surfaces(workers or InProcess(), DATA, plan)
    own.start()
    return own


def drawn(plan: SurfacePlan, workers: Workers | None = None) -> Surfaces:
    own = started(plan, workers)
    run_until(own, lambda: not own.busy)  # type: ignore[arg-type]
    assert own.complete, own.notice
    return own


def pictures(own: Surfaces) -> dict[tuple[str, str], Surface]:
    groups = {
        "surface": own.pictures.surfaces,
        "plane": own.pictures.planes,
        "seed": own.pictures.seeds,
        "walk": own.pictures.walk,
    }
    return {
        (group, name): surface for group, some in groups.items() for name, surface in some.items()
    }


def identical(first: Surfaces, second: Surfaces) -> None:
    """The same pictures, with the same numbers where both are drawn."""
    mine, its = pictures(first), pictures(second)
    assert mine.keys() == its.keys()
    for key, one in mine.items():
        other = its[key]
        np.testing.assert_allclose(one.grids, other.grids, 1e-6, 1e-6, err_msg=str(key))
        for name in ("x", "y"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        assert one.slice == other.slice
        assert (one.names, one.mix, one.formulation) == (other.names, other.mix, other.formulation)
        for own, track in zip(one.tracks, other.tracks, strict=True):
            assert (own.name, own.steps, own.moved) == (track.name, track.steps, track.moved)
            np.testing.assert_array_equal(own.x, track.x)
    assert first.pictures.sharpness == second.pictures.sharpness
    assert first.pictures.problems == second.pictures.problems


# All of it


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("plane", ["random", "pca", "hessian"])
def test_each_run_has_the_surface_that_is_made_at_once(plane: str) -> None:
    own = drawn(replace(PLAN, plane=plane, seed=2))
    assert list(own.pictures.surfaces) == ["A", "B", "C"]
    for run in own.plan.runs:
        alone = retrain(DATA, run)
        expected = surface(alone.loss(2), alone.plane(plane, 2)[0], 7)
        np.testing.assert_allclose(
            own.pictures.surfaces[run.name].grids, expected.grids, 1e-6, 1e-6
        )
        assert own.pictures.surfaces[run.name].tracks[0].name == run.name
    assert own.pictures.problems == {}


@pytest.mark.usefixtures("small")
def test_on_one_plane_all_runs_are_at_the_same_places_of_every_surface() -> None:
    own = drawn(replace(PLAN, plane="runs"))
    placed = share([retrain(DATA, run) for run in (A, B, C)], 0)
    plane = PLANES["runs"].lay(placed, 0)
    for each in placed:
        found = own.pictures.surfaces[each.name]
        expected = surface(each.loss, plane, 7)
        np.testing.assert_allclose(found.grids, expected.grids, 1e-6, 1e-6)
        places = [(track.name, track.x[-1], track.y[-1]) for track in found.tracks]
        assert places == [(t.name, t.x[-1], t.y[-1]) for t in own.pictures.surfaces["A"].tracks]


def test_each_run_has_its_sharpness() -> None:
    own = drawn(PLAN)
    assert list(own.pictures.sharpness) == ["A", "B", "C"]
    for run in (A, B, C):
        alone = retrain(DATA, run)
        expected = plain_parts(alone.loss(0), alone.end)["total"]
        assert own.pictures.sharpness[run.name].loss == pytest.approx(expected, rel=1e-5)


def test_other_planes_and_seeds_are_those_of_the_first_run() -> None:
    first = replace(A, experiment=A.experiment.changed(seed=5))
    own = drawn(replace(PLAN, runs=(first, B), seed=10))
    assert list(own.pictures.planes) == ["11", "12", "13"]
    assert list(own.pictures.seeds) == ["5", "6", "7", "8"]
    assert {each.grids.shape[1:] for each in own.pictures.planes.values()} == {(25, 25)}
    assert {each.grids.shape[1:] for each in own.pictures.seeds.values()} == {(1, 61)}
    assert {
        each.formulation for each in (*own.pictures.planes.values(), *own.pictures.seeds.values())
    } == {"marginals"}
    for one, other in pairwise([*own.pictures.planes.values(), *own.pictures.seeds.values()]):
        assert one.grids.shape != other.grids.shape or (one.grids != other.grids).any()


def test_in_the_middle_of_every_picture_of_a_run_is_its_own_loss() -> None:
    own = drawn(SurfacePlan((A,), resolution=5))
    run = retrain(DATA, A)
    expected = pytest.approx(plain_parts(run.loss(0), run.end)["total"], rel=1e-5)
    assert own.pictures.surfaces["A"].at(WEIGHTS)[2, 2] == expected
    for seed in ("1", "2", "3"):
        assert own.pictures.planes[seed].at(WEIGHTS)[12, 12] == expected
    assert own.pictures.seeds["0"].at(WEIGHTS)[0, 30] == expected
    assert own.pictures.walk == {}


def test_at_the_stops_of_the_walk_a_loss_is_that_of_the_weights_there() -> None:
    own = drawn(PLAN)
    assert list(own.pictures.walk) == ["A", "B", "C"]
    placed = share([retrain(DATA, run) for run in (A, B, C)], 0)
    for each in placed:
        losses = own.pictures.walk[each.name].at(WEIGHTS)[0]
        for leg in range(3):
            here, there = placed[leg], placed[(leg + 1) % 3]
            start, end = losses[61 * leg], losses[61 * leg + 60]
            assert start == pytest.approx(plain_parts(each.loss, here.end)["total"], rel=1e-5)
            assert end == pytest.approx(plain_parts(each.loss, there.end)["total"], rel=1e-5)


# While it runs


@pytest.mark.usefixtures("small")
def test_what_there_is_so_far_can_be_read() -> None:
    whole = drawn(PLAN)
    own = started(PLAN, Shuffling(1))
    assert pictures(own) == {}
    assert own.pictures.sharpness == {}
    seen = []
    while own.busy:
        own.tick()
        seen.append(own.done)
        assert own.drawn == all(
            name in own.pictures.surfaces and not np.isnan(own.pictures.surfaces[name].grids).any()
            for name in "ABC"
        )
        for (group, name), part in pictures(own).items():
            if group == "walk":
                continue
            rows = sorted(row for b, _ in own.reports if b.key == (group, name) for row in b.rows)
            full = pictures(whole)[group, name]
            missing = np.setdiff1d(np.arange(len(full.y)), rows)
            np.testing.assert_array_equal(part.grids[:, rows], full.grids[:, rows])
            assert np.isnan(part.grids[:, missing]).all()
    assert len(set(seen)) > 20
    assert seen[-1] == own.total == 3 * 49 + 3 + 61 + 3 * 25 * 25 + 4 * 61
    identical(own, whole)


@pytest.mark.usefixtures("small")
def test_stopping_keeps_what_is_there_and_going_on_draws_the_rest() -> None:
    whole = drawn(PLAN)
    workers = Shuffling(2)
    own = started(PLAN, workers)
    run_until(own, lambda: own.done > 60)  # type: ignore[arg-type]
    own.stop()
    assert own.stopped
    assert not own.busy
    kept = pictures(own)
    before = own.done
    assert np.isnan(next(reversed(kept.values())).grids).any()
    own.tick()
    assert own.done == before < own.total

    asked = len(workers.blocks)
    own.start()
    run_until(own, lambda: not own.busy)  # type: ignore[arg-type]
    again = [(*own.key, own.rows.start) for own in workers.blocks[asked:]]
    assert len(again) == len(set(again))
    assert sum(block.size for block in workers.blocks[asked:]) == own.total - before
    identical(own, whole)


def test_the_same_plan_again_draws_nothing() -> None:
    own = drawn(PLAN)
    own.choose(SurfacePlan((reference("A"), B, C), resolution=7))
    own.start()
    assert not own.busy
    assert own.complete


@pytest.mark.parametrize(
    "changes", [{"plane": "pca"}, {"seed": 1}, {"resolution": 5}, {"runs": (A, B)}]
)
def test_another_plan_begins_anew_at_the_next_start(changes: dict[str, object]) -> None:
    own = drawn(PLAN)
    other = replace(PLAN, **changes)  # type: ignore[arg-type]
    own.choose(other)
    assert list(own.pictures.surfaces) == ["A", "B", "C"]
    own.start()
    assert own.pictures.surfaces == {}
    run_until(own, lambda: not own.busy)  # type: ignore[arg-type]
    identical(own, drawn(other))


# What cannot be drawn


def test_a_plane_that_cannot_be_laid_is_told_and_the_other_pictures_come() -> None:
    own = drawn(SurfacePlan((A, B), "runs", resolution=5))
    assert list(own.pictures.problems) == [("surface", "A"), ("surface", "B")]
    assert all("three runs; found 2" in each for each in own.pictures.problems.values())
    assert own.pictures.surfaces == {}
    assert own.drawn
    assert list(own.pictures.sharpness) == ["A", "B"]
    assert list(own.pictures.walk) == ["A", "B"]
    assert len(own.pictures.planes) == 3
    assert len(own.pictures.seeds) == 4


def test_runs_that_share_no_layout_have_no_walk_and_everything_else() -> None:
    chain = reference("B", formulation="chain")
    own = drawn(SurfacePlan((A, chain), resolution=5))
    assert list(own.pictures.problems) == [("walk",)]
    assert "B is a chain" in own.pictures.problems[("walk",)]
    assert list(own.pictures.surfaces) == ["A", "B"]


def test_the_same_run_under_two_letters_is_shown_under_both() -> None:
    own = drawn(SurfacePlan((A, replace(A, name="B")), resolution=5))
    assert [each.tracks[0].name for each in own.pictures.surfaces.values()] == ["A", "B"]
    assert list(own.pictures.walk) == ["A", "B"]


# Across processes


@pytest.fixture(scope="module")
def two_processes() -> Iterator[Compute]:
    own = Compute(workers=2)
    own.client.wait_for_workers(2, timeout=PATIENCE)
    own.warm_up()
    yield own
    own.close()


def asked(compute: Compute) -> list[int]:
    """How many runs each worker remembers."""

    def count() -> int:
        from lossviz.engine.landscape.retrained import REMEMBERED

        return len(REMEMBERED._runs)

    return list(compute.client.run(count).values())


@pytest.mark.slow  # starts processes, as others in the gate do
@pytest.mark.parametrize("plane", ["random", "runs"])
def test_two_processes_draw_the_numbers_of_one(plane: str, two_processes: Compute) -> None:
    plan = replace(PLAN, plane=plane, resolution=41)
    own = drawn(plan, two_processes)
    assert two_processes.lanes == 2
    assert min(asked(two_processes)) > 0
    identical(own, drawn(plan))
