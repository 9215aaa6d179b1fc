"""Blocks of surfaces: put together they are what is computed at once."""

from __future__ import annotations

import pickle
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from lossviz.data import Dataset
from lossviz.engine.landscape.blocks import surface_block
from lossviz.engine.landscape.curvature import sharpness
from lossviz.engine.landscape.layout import share
from lossviz.engine.landscape.loss import Loss
from lossviz.engine.landscape.retrained import Remembered, retrain
from lossviz.engine.landscape.surfaces import surface
from lossviz.errors import LossVizError
from lossviz.experiments.reference import RunReference
from lossviz.experiments.surfaces import plan as surface_plan
from lossviz.experiments.surfaces.pieces import Piece, put_together
from lossviz.experiments.surfaces.plan import SurfaceBlock, SurfacePlan
from lossviz.experiments.surfaces.planes import PLANES
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.weights import WeightChange, Weights
from tests.support.surface_runs import DATA, OWN, OWN_JOINT, THREE, close, plain_parts, reference

WEIGHTS = (*OWN, OWN_JOINT)
MOVED = WeightChange(4, Weights((1.0, 2.0, 3.0)))
A = reference("A")
B = reference("B", formulation="components", seed=1)
C = reference("C", formulation="joint", seed=2)
ALL = (A, B, C)
REMEMBERED = Remembered()


def piece(block: SurfaceBlock, data: Dataset = DATA) -> Piece:
    found = surface_block(data, block, remembered=REMEMBERED)
    assert found is not None
    return found


def blocks(plan: SurfacePlan, *key: str, data: Dataset = DATA) -> list[SurfaceBlock]:
    found = [own for own in plan.blocks(data) if own.key[: len(key)] == key]
    assert found
    return found


def picture(own: Sequence[SurfaceBlock], data: Dataset = DATA) -> Surface:
    return put_together([piece(each, data) for each in own])


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row in each block."""
    monkeypatch.setattr(surface_plan, "BLOCK_SECONDS", 0.0)


# The plan


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("resolution", [2, 9])
def test_every_row_of_every_picture_is_in_one_block(plane: str, resolution: int) -> None:
    every = SurfacePlan(ALL, plane, resolution=resolution).blocks(DATA)
    rows: dict[tuple[str, ...], list[int]] = {}
    for own in every:
        rows.setdefault(own.key, []).extend(own.rows)
        assert own.cost > 0
        assert own.size == own.points[0] * len(own.rows) > 0
    expected = {("surface", own.name): resolution for own in ALL}
    expected |= {("sharpness", own.name): 1 for own in ALL} | {("walk",): 1}
    expected |= {("plane", seed): surface_plan.COARSE for seed in "123"}
    expected |= {("seed", seed): 1 for seed in "0123"}
    assert rows == {key: list(range(count)) for key, count in expected.items()}


def test_blocks_take_about_the_time_that_is_planned_for_them() -> None:
    plan = SurfacePlan((A,), resolution=201)
    costs = [own.cost for own in blocks(plan, "surface")]
    assert max(costs) <= 1.5 * surface_plan.BLOCK_SECONDS
    assert len(blocks(SurfacePlan((A,), resolution=9), "surface")) == 1


def test_the_pictures_come_before_what_says_how_far_to_trust_them() -> None:
    kinds = [own.key[0] for own in SurfacePlan(ALL).blocks(DATA)]
    last = max(k for k, own in enumerate(kinds) if own == "surface")
    assert set(kinds[: last + 1]) == {"surface"}


def test_a_plan_without_runs_has_nothing_to_do() -> None:
    assert SurfacePlan(()).blocks(DATA) == ()


def test_of_one_run_there_is_no_walk() -> None:
    assert not [own for own in SurfacePlan((A,)).blocks(DATA) if own.kind == "walk"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"plane": "flat"}, "found 'flat', expected one of random, pca, hessian, runs"),
        ({"resolution": 1}, "expected 2 to 201, found 1"),
        ({"resolution": 202}, "expected 2 to 201, found 202"),
    ],
)
def test_what_cannot_be_planned_gets_a_sentence(fields: dict[str, object], says: str) -> None:
    with pytest.raises(LossVizError, match=says):
        SurfacePlan((A,), **fields)  # type: ignore[arg-type]


# Surfaces


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("plane", ["random", "pca", "hessian"])
@pytest.mark.parametrize("own", ALL, ids="ABC")
def test_blocks_together_are_the_surface_made_at_once(plane: str, own: RunReference) -> None:
    plan = SurfacePlan((own,), plane, seed=3, resolution=5)
    several = blocks(plan, "surface")
    assert len(several) == 5
    random.Random(1).shuffle(several)
    found = picture(several)
    run = retrain(DATA, own)
    expected = surface(run.loss(3), run.plane(plane, 3)[0], 5)
    np.testing.assert_allclose(found.grids, expected.grids, 1e-6, 1e-6)
    np.testing.assert_array_equal(found.x, expected.x)
    np.testing.assert_array_equal(found.y, expected.y)
    assert (found.names, found.mix) == (expected.names, expected.mix)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("of", range(3), ids="ABC")
def test_on_a_plane_through_runs_each_loss_is_that_of_its_run(of: int) -> None:
    found = picture(blocks(SurfacePlan(ALL, "runs", resolution=4), "surface", "ABC"[of]))
    placed = share([retrain(DATA, own) for own in ALL], 0)
    plane = PLANES["runs"].lay(placed, 0)
    expected = surface(placed[of].loss, plane, 4)
    np.testing.assert_allclose(found.grids, expected.grids, 1e-6, 1e-6)
    assert found.formulation == ALL[of].experiment.formulation
    assert [own.name for own in found.tracks] == ["A", "B", "C"]
    ends = np.array([(own.x[-1], own.y[-1]) for own in found.tracks])
    assert ends[:2] == pytest.approx(np.array([[0.0, 0.0], [1.0, 0.0]]), abs=1e-5)
    assert [own.steps for own in found.tracks] == [(12,)] * 3
    assert found.slice is not None
    assert found.slice.weights == pytest.approx(WEIGHTS)


@pytest.mark.usefixtures("small")
def test_rows_that_are_not_there_yet_are_nan_and_the_others_right() -> None:
    several = blocks(SurfacePlan((A,), resolution=6), "surface")
    whole, some = picture(several), picture([several[4], several[1]])
    np.testing.assert_array_equal(some.grids[:, [1, 4]], whole.grids[:, [1, 4]])
    assert np.isnan(some.grids[:, [0, 2, 3, 5]]).all()
    assert not np.isnan(whole.grids).any()
    np.testing.assert_array_equal(np.isnan(some.at(WEIGHTS)).all(axis=1), [1, 0, 1, 1, 0, 1])


@pytest.mark.usefixtures("small")
def test_putting_together_leaves_the_pieces_as_they_were() -> None:
    several = blocks(SurfacePlan((A,), resolution=3), "surface")
    pieces = [piece(own) for own in several]
    before = [own.surfaces[0][1].grids.copy() for own in pieces]
    put_together(pieces)
    for own, grids in zip(pieces, before, strict=True):
        np.testing.assert_array_equal(own.surfaces[0][1].grids, grids)
        assert grids.shape[1:] == (1, 3)


def test_a_surface_says_what_it_is_a_slice_of() -> None:
    own = replace(A, changes=(MOVED,))
    found = picture(blocks(SurfacePlan((own,), "pca", seed=2), "surface"))
    about, run = found.slice, retrain(DATA, own)
    assert about is not None
    assert (about.plane, about.seed, about.rows, about.of) == ("pca", 2, 96, 96)
    assert about.weights == pytest.approx((1.0, 2.0, 3.0))
    assert about.explained == run.plane("pca", 2)[0].explained
    assert about.axes == run.plane("pca", 2)[0].axes


def test_the_way_of_the_training_lies_on_the_surface() -> None:
    own = replace(A, changes=(MOVED,))
    found = picture(blocks(SurfacePlan((own,), "pca"), "surface"))
    (track,) = found.tracks
    assert track.name == "A"
    assert track.steps == tuple(range(13))
    assert track.moved == (4,)
    assert (track.x[-1], track.y[-1]) == pytest.approx((0.0, 0.0), abs=1e-6)
    assert found.x[0] < track.x.min() < track.x.max() < found.x[-1]
    assert found.y[0] < track.y.min() < track.y.max() < found.y[-1]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("formulation", ["soft_targets", "chain", "semantic"])
def test_blocks_of_three_parts_put_together_as_well(formulation: str) -> None:
    own = reference(data=THREE, formulation=formulation)
    found = picture(blocks(SurfacePlan((own,), resolution=3), "surface", data=THREE), THREE)
    run = retrain(THREE, own)
    expected = surface(run.loss(0), run.plane("random", 0)[0], 3)
    np.testing.assert_allclose(found.grids, expected.grids, 1e-6, 1e-6)
    assert found.mix == expected.mix


# What says how far to trust them


def test_other_random_planes_are_those_of_the_next_seeds() -> None:
    plan = SurfacePlan(ALL, "runs", seed=5)
    for seed in (6, 7, 8):
        found = picture(blocks(plan, "plane", str(seed)))
        run = retrain(DATA, A)
        expected = surface(run.loss(seed), run.plane("random", seed)[0], surface_plan.COARSE)
        np.testing.assert_allclose(found.grids, expected.grids, 1e-6, 1e-6)


def test_lines_of_other_seeds_are_trained_from_there() -> None:
    own = replace(A, experiment=A.experiment.changed(seed=7), changes=(MOVED,))
    for seed in range(7, 11):
        found = picture(blocks(SurfacePlan((own,)), "seed", str(seed)))
        run = retrain(DATA, replace(own, experiment=own.experiment.changed(seed=seed)))
        expected = surface(run.loss(0), run.plane("random", 0)[0], (surface_plan.LINE, 1))
        np.testing.assert_allclose(found.grids, expected.grids, 1e-6, 1e-6)


@pytest.mark.parametrize("own", ALL, ids="ABC")
def test_sharpness_is_that_of_the_runs_own_loss(own: RunReference) -> None:
    (block,) = blocks(SurfacePlan(ALL, seed=4), "sharpness", own.name)
    found, run = piece(block).sharpness, retrain(DATA, own)
    held_out = Loss.of(run.trainer, 4, side=run.trainer.data.test)
    assert found == sharpness(run.loss(4), run.end, held_out, seed=4)
    assert found is not None
    assert found.loss == pytest.approx(plain_parts(run.loss(4), run.end)["total"], rel=1e-5)
    assert found.eigenvalue > 0.0


@pytest.mark.parametrize("runs", [ALL[:2], ALL, (*ALL, replace(A, name="D", step=5))])
def test_at_the_stops_of_a_walk_each_loss_is_the_loss_of_that_runs_weights(
    runs: tuple[RunReference, ...],
) -> None:
    (block,) = blocks(SurfacePlan(runs), "walk")
    lines = dict(piece(block).surfaces)
    walked = runs[:3]
    legs = 1 if len(walked) == 2 else 3
    assert list(lines) == [own.name for own in walked]
    placed = share([retrain(DATA, own) for own in walked], 0)
    last = surface_plan.LINE - 1
    for own in placed:
        found = lines[own.name]
        losses = found.at(WEIGHTS)[0]
        assert losses.shape == found.x.shape == (legs * surface_plan.LINE,)
        for leg in range(legs):
            ends = (leg, (leg + 1) % len(placed))
            for stop, place in zip(ends, (0, last), strict=True):
                at = leg * surface_plan.LINE + place
                assert found.x[at] == pytest.approx(leg + place / last)
                expected = plain_parts(own.loss, placed[stop].end)["total"]
                close(losses[at], expected)
        assert found.formulation == own.loss.objective.id
    assert (np.diff(next(iter(lines.values())).x) >= 0).all()


def test_between_two_stops_a_walk_is_straight() -> None:
    (block,) = blocks(SurfacePlan(ALL), "walk")
    found = dict(piece(block).surfaces)["B"]
    placed = share([retrain(DATA, own) for own in ALL], 0)
    half = {name: (own + placed[1].end[name]) / 2 for name, own in placed[0].end.items()}
    place = surface_plan.LINE // 2
    assert found.x[place] == 0.5
    close(found.at(WEIGHTS)[0, place], plain_parts(placed[1].loss, half)["total"])


def test_two_letters_of_the_same_run_are_two_lines() -> None:
    (block,) = blocks(SurfacePlan((A, replace(A, name="B"))), "walk")
    assert list(dict(piece(block).surfaces)) == ["A", "B"]


# What cannot be, and what nobody wants


@pytest.mark.parametrize(
    ("runs", "plane", "says"),
    [
        (ALL[:2], "runs", "A plane goes through three runs; found 2"),
        ((A, replace(A, name="B"), C), "runs", "A and B have the same weights"),
        ((A, B, reference("C", formulation="chain")), "runs", "C is a chain"),
        ((reference(step=1),), "pca", "training of A has not gone in two directions"),
        ((reference(step=0),), "pca", "training of A has not gone in two directions"),
    ],
)
def test_a_plane_that_cannot_be_laid_is_a_sentence(
    runs: tuple[RunReference, ...], plane: str, says: str
) -> None:
    own = piece(blocks(SurfacePlan(runs, plane), "surface")[0])
    assert says in own.problem
    assert own.surfaces == ()


@pytest.mark.parametrize("kind", ["surface", "sharpness", "walk"])
@pytest.mark.parametrize("known", [True, False], ids=["trained", "not trained"])
def test_a_block_that_nobody_wants_is_given_up(kind: str, known: bool) -> None:
    block = blocks(SurfacePlan(ALL), kind)[0]
    remembered = Remembered()
    if known:
        for own in ALL:
            remembered.of(DATA, own, lambda: True)
    assert surface_block(DATA, block, wanted=lambda: False, remembered=remembered) is None


def test_what_a_worker_is_sent_and_reports_is_read_without_torch() -> None:
    plan = SurfacePlan(ALL, resolution=3)
    own = [each for key in ("surface", "sharpness", "walk") for each in blocks(plan, key)]
    sent = pickle.dumps((SurfacePlan(ALL).blocks(DATA), [piece(each) for each in own]))
    code = (
        "import sys, pickle; _, found = pickle.load(sys.stdin.buffer); print(len(found)); "
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=sent, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert int(done.stdout) == len(own)
