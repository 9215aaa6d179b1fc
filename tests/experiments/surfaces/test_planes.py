"""Planes: where they lie, and how far a picture of them goes."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch

from lossviz.engine.landscape.curvature import leading
from lossviz.engine.landscape.retrained import Retrained
from lossviz.errors import LossVizError
from lossviz.experiments.surfaces.planes import PLANES, Plane
from lossviz.experiments.surfaces.vectors import Vector, added, difference, inner, length, scaled
from tests.support.surface_runs import Made, plain_parts, trained

STEP = 0.005
"""Of a second difference, in lengths of the weights."""

every_plane = pytest.mark.parametrize("kind", PLANES)
every_model = pytest.mark.parametrize("kind", ["linear", "hidden"])


def flat(vector: Vector) -> np.ndarray:
    return torch.cat([own.flatten() for own in vector.values()]).double().numpy()


def point(*numbers: float) -> Vector:
    return {"table": torch.tensor([[own] for own in numbers], dtype=torch.float32)}


def runs() -> list[Retrained]:
    return [trained(name=name, seed=seed) for seed, name in enumerate("ABC")]


# The contract


def test_ids_titles_and_places_in_the_list_are_unique() -> None:
    for field in ("id", "title", "order"):
        assert len({getattr(own, field) for own in PLANES.values()}) == len(PLANES) >= 4
    assert list(PLANES) == sorted(PLANES, key=lambda name: PLANES[name].order)
    assert all(own.id == name for name, own in PLANES.items())


@every_plane
def test_it_says_what_it_shows_in_a_sentence(kind: str) -> None:
    own = PLANES[kind]
    assert own.shows.endswith(".")
    assert own.shows[0].isupper()
    assert len(own.shows) < 250
    assert type(own).__doc__
    assert not own.title.endswith(".")


@every_plane
@pytest.mark.parametrize("model", ["linear", "hidden"])
def test_it_has_two_directions_with_the_shapes_of_the_weights(kind: str, model: str) -> None:
    models = [trained(kind=model, name=name, seed=seed) for seed, name in enumerate("ABC")]
    plane = PLANES[kind].lay(models[: PLANES[kind].models], 0)
    for own in (plane.origin, plane.first, plane.second):
        assert {n: w.shape for n, w in own.items()} == {
            n: w.shape for n, w in models[0].end.items()
        }
        assert all(torch.isfinite(w).all() for w in own.values())
    cosine = inner(plane.first, plane.second) / length(plane.first) / length(plane.second)
    assert abs(cosine) < 0.2
    assert all(own for own in plane.axes)
    assert len(set(plane.axes)) == 2
    for low, high in (plane.x, plane.y):
        assert low <= 0.0 <= high
        assert low < high


@every_plane
def test_the_seed_decides_only_where_it_is_said_to(kind: str) -> None:
    models = runs()[: PLANES[kind].models]
    first, again, other = (PLANES[kind].lay(models, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(flat(first.first), flat(again.first))
    np.testing.assert_array_equal(flat(first.second), flat(again.second))
    assert (flat(first.first) != flat(other.first)).any() == PLANES[kind].random
    assert (flat(first.second) != flat(other.second)).any() == PLANES[kind].random


@every_plane
def test_the_models_stay_as_they_are(kind: str) -> None:
    models = runs()[: PLANES[kind].models]
    before = [flat(own.end) for own in models]
    PLANES[kind].lay(models, 0)
    for own, kept in zip(models, before, strict=True):
        np.testing.assert_array_equal(flat(own.end), kept)


def test_reading_about_planes_needs_no_torch() -> None:
    code = "import sys, lossviz.experiments.surfaces.planes; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Points of a plane


@pytest.mark.parametrize("seed", range(4))
def test_a_point_of_the_plane_is_found_where_it_lies(seed: int) -> None:
    random = np.random.default_rng(seed)
    origin, first, second = (point(*random.normal(size=9)) for _ in range(3))
    skewed = added(second, (2.0, first))
    plane = Plane(origin, first, skewed, ("", ""), (0.0, 1.0), (0.0, 1.0))
    expected = random.normal(size=(5, 2))
    points = [added(origin, (x, first), (y, skewed)) for x, y in expected.tolist()]
    np.testing.assert_allclose(plane.places(points), expected, atol=1e-4)


def test_a_point_beside_the_plane_is_seen_at_the_nearest_point() -> None:
    plane = Plane(point(1, 1, 0), point(2, 0, 0), point(1, 1, 0), ("", ""), (0.0, 1.0), (0.0, 1.0))
    np.testing.assert_allclose(plane.places([point(4, 3, 7)]), [[0.5, 2.0]])


def test_along_a_line_there_is_one_coordinate() -> None:
    plane = Plane(point(0, 0), point(2, 0), point(0, 0), ("", ""), (0.0, 1.0), (0.0, 0.0))
    np.testing.assert_allclose(plane.places([point(3, 5)]), [[1.5, 0.0]])


# Two random directions


@every_model
def test_each_filter_of_a_random_direction_is_as_long_as_that_of_the_weights(kind: str) -> None:
    end = trained(kind=kind).end
    plane = PLANES["random"].lay([trained(kind=kind)], 3)
    for own in (plane.first, plane.second):
        matrices = {"table"} if kind == "linear" else {"table", "outer"}
        for name in matrices:
            columns = end[name].reshape(-1, end[name].shape[-1])
            mine = own[name].reshape(columns.shape)
            for j in range(columns.shape[1]):
                assert float(mine[:, j].norm()) == pytest.approx(float(columns[:, j].norm()), 1e-5)
        for name in end.keys() - matrices:
            assert not own[name].any()
    assert flat(plane.origin) == pytest.approx(flat(end))
    assert (plane.x, plane.y) == ((-1.0, 1.0), (-1.0, 1.0))


def test_a_filter_without_weights_does_not_move() -> None:
    table = torch.tensor([[1.0, 0.0], [2.0, 0.0]])
    plane = PLANES["random"].lay([Made([{"table": table, "bias": torch.ones(1, 2)}])], 0)
    assert not plane.first["table"][:, 1].any()
    assert float(plane.first["table"][:, 0].norm()) == pytest.approx(5**0.5, rel=1e-6)


def test_random_directions_point_everywhere() -> None:
    own = trained()
    found = np.stack([flat(PLANES["random"].lay([own], seed).first) for seed in range(20)])
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    assert np.abs(found @ found.T - np.eye(20)).max() < 0.2


# The path's components


@every_model
def test_explained_shares_and_directions_are_those_of_a_singular_value_decomposition(
    kind: str,
) -> None:
    run = trained(kind=kind)
    plane = PLANES["pca"].lay([run], 0)
    steps = np.stack([flat(own) - flat(run.end) for own in run.path[:-1]])
    _, values, rows = np.linalg.svd(steps, full_matrices=False)
    shares = values**2 / (values**2).sum()
    assert plane.explained == pytest.approx(shares[:2], abs=1e-5)
    assert plane.explained[0] > plane.explained[1] > 0.0
    assert sum(plane.explained) < 1.0 + 1e-9
    for own, row in zip((plane.first, plane.second), rows, strict=False):
        assert abs(flat(own) @ row) == pytest.approx(length(run.end), rel=1e-4)


@every_model
def test_the_components_are_at_right_angles_and_as_long_as_the_weights(kind: str) -> None:
    run = trained(kind=kind)
    plane = PLANES["pca"].lay([run], 0)
    long = length(run.end)
    assert length(plane.first) == pytest.approx(long, rel=1e-5)
    assert length(plane.second) == pytest.approx(long, rel=1e-5)
    assert abs(inner(plane.first, plane.second)) < 1e-4 * long**2


@every_model
def test_the_whole_path_is_in_the_picture_and_ends_in_the_origin(kind: str) -> None:
    run = trained(kind=kind)
    plane = PLANES["pca"].lay([run], 0)
    seen = plane.places(run.path)
    assert seen[-1] == pytest.approx([0.0, 0.0], abs=1e-9)
    for k, (low, high) in enumerate((plane.x, plane.y)):
        assert low < seen[:, k].min() < seen[:, k].max() < high
    # The start is on the plane as far as the explained variance says.
    missed = difference(
        run.path[0], added(run.end, (seen[0, 0], plane.first), (seen[0, 1], plane.second))
    )
    assert length(missed) < length(difference(run.path[0], run.end)) * 0.5


@pytest.mark.parametrize("step", [0, 1])
def test_a_path_of_one_step_at_most_has_no_components(step: int) -> None:
    with pytest.raises(LossVizError, match="training of A has not gone in two directions yet"):
        PLANES["pca"].lay([trained(step=step)], 0)


@pytest.mark.parametrize("places", [(0.0, 1.0, 2.0), (0.1, 0.37, 0.72, 1.3)])
def test_a_path_along_a_line_has_no_second_component(places: tuple[float, ...]) -> None:
    random = np.random.default_rng(1)
    start, towards = point(*random.normal(size=500)), point(*random.normal(size=500))
    path = [added(start, (own, towards)) for own in places]
    with pytest.raises(LossVizError, match="not gone in two directions"):
        PLANES["pca"].lay([Made(path)], 0)


def test_a_run_that_did_not_move_has_no_components() -> None:
    with pytest.raises(LossVizError, match="not gone in two directions"):
        PLANES["pca"].lay([Made([point(1, 2)] * 4)], 0)


# Where it bends most


def bend(run: Retrained, axis: Vector) -> float:
    """The second difference of the loss along an axis that is as long as the weights."""
    left, here, right = (
        plain_parts(run.loss(0), added(run.end, (own, axis)))["total"] for own in (-STEP, 0.0, STEP)
    )
    return (left - 2 * here + right) / STEP**2


@every_model
def test_along_the_axes_the_loss_bends_as_the_eigenvalues_say(kind: str) -> None:
    run = trained(kind=kind)
    plane = PLANES["hessian"].lay([run], 0)
    long = length(run.end)
    first, second = leading(run.loss(0), run.end)
    assert abs(inner(plane.first, plane.second)) < 1e-4 * long**2
    assert length(plane.first) == pytest.approx(long, rel=1e-5)
    assert length(plane.second) == pytest.approx(long, rel=1e-5)
    assert bend(run, plane.first) == pytest.approx(first.value * long**2, rel=0.01)
    assert bend(run, plane.second) == pytest.approx(second.value * long**2, rel=0.01)
    assert first.value >= second.value > 0.0
    assert (plane.x, plane.y) == ((-1.0, 1.0), (-1.0, 1.0))


def test_no_random_direction_bends_more_than_the_first_axis() -> None:
    run = trained()
    axes = [PLANES["random"].lay([run], seed).first for seed in range(10)]
    bends = [bend(run, scaled(own, length(run.end) / length(own))) for own in axes]
    assert 0.0 < max(bends) < bend(run, PLANES["hessian"].lay([run], 0).first)


# Through three runs


def test_runs_lie_where_their_distances_say() -> None:
    a, b, c = runs()
    plane = PLANES["runs"].lay([a, b, c], 0)
    seen = plane.places([own.end for own in (a, b, c)])
    apart = length(difference(b.end, a.end))
    assert seen[:2] == pytest.approx(np.array([[0.0, 0.0], [1.0, 0.0]]), abs=1e-5)
    assert seen[2, 1] > 0.0
    for own, (x, y) in ((a, (0.0, 0.0)), (b, (1.0, 0.0))):
        true = length(difference(c.end, own.end)) / apart
        assert np.hypot(seen[2, 0] - x, seen[2, 1] - y) == pytest.approx(true, rel=1e-5)
    missed = difference(
        c.end, added(plane.origin, (seen[2, 0], plane.first), (seen[2, 1], plane.second))
    )
    assert length(missed) < 1e-5 * length(c.end)
    for k, (low, high) in enumerate((plane.x, plane.y)):
        assert low < seen[:, k].min() < seen[:, k].max() < high
    assert plane.axes == ("from A to B", "at right angles, towards C")


@pytest.mark.parametrize(
    ("places", "says"),
    [
        ((0, 0, 1), "A and B have the same weights"),
        ((0, 1, 0), "A, B and C lie on one line"),
        ((0, 1, 1), "A, B and C lie on one line"),
        ((0, 0, 0), "A and B have the same weights"),
    ],
)
def test_identical_runs_get_a_sentence(places: tuple[int, ...], says: str) -> None:
    models = [Made(trained(seed=own).path, name) for own, name in zip(places, "ABC", strict=True)]
    with pytest.raises(LossVizError, match=f"^{says}\\. Train further"):
        PLANES["runs"].lay(models, 0)


@pytest.mark.parametrize("place", [0.3, 0.5, -1.7])
def test_three_runs_on_one_line_get_a_sentence(place: float) -> None:
    a, b, _ = runs()
    between = added(a.end, (place, difference(b.end, a.end)))
    with pytest.raises(LossVizError, match="A, B and C lie on one line"):
        PLANES["runs"].lay([a, b, Made([between], "C")], 0)


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_than_three_runs_get_a_sentence(count: int) -> None:
    with pytest.raises(LossVizError, match=f"three runs; found {count}.*Train page"):
        PLANES["runs"].lay(runs()[:count], 0)
