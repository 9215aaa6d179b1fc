"""Surfaces: every point is the loss of a model with those weights, or with those outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch

from lossviz.engine.landscape import surfaces
from lossviz.engine.landscape.loss import MOST_ROWS, Loss
from lossviz.engine.landscape.retrained import Retrained
from lossviz.engine.landscape.surfaces import grids, line, output_surface, surface
from lossviz.engine.training import GivenUp
from lossviz.experiments.surfaces.planes import Plane
from lossviz.experiments.surfaces.surface import OutputPlane
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.targets import Targets
from lossviz.schema import TEXTBOOK, LabelSchema
from tests.support.objectives import loss_weights
from tests.support.schemas import schema_of
from tests.support.surface_runs import (
    OWN,
    OWN_JOINT,
    acting,
    close,
    plain,
    trained,
    trained_on_three,
)

every_objective = pytest.mark.parametrize("formulation", OBJECTIVES)
every_model = pytest.mark.parametrize("kind", ["linear", "hidden"])
WEIGHTS = (*OWN, OWN_JOINT)
OTHERS = ((1.0, 1.0, 1.0), (0.0, 5.0, 0.0), (0.2, 0.1, 20.0))


def scene(run: Retrained) -> tuple[Loss, Plane]:
    """Off the middle, and not a square: an x taken for a y is seen."""
    return run.loss(0), replace(run.plane("random", 1)[0], x=(-0.7, 1.1), y=(-0.4, 0.9))


# Every point is the loss there


@every_objective
@every_model
def test_every_point_is_the_loss_of_the_model_with_those_weights(
    formulation: str, kind: str
) -> None:
    loss, plane = scene(trained(formulation, kind))
    found = surface(loss, plane, (5, 4))
    assert found.formulation == formulation
    close(found.at(WEIGHTS), plain(loss, plane, found.x, found.y))


@every_objective
@every_model
def test_biases_and_every_other_weight_move_along_too(formulation: str, kind: str) -> None:
    run = trained(formulation, kind)
    start, middle = run.path[0], run.path[len(run.path) // 2]
    towards = {name: start[name] - own for name, own in run.end.items()}
    aside = {name: middle[name] + 0.1 for name in run.end}
    plane = Plane(run.end, towards, aside, ("", ""), (-0.5, 1.5), (0.3, -0.2))
    loss = run.loss(0)
    found = surface(loss, plane, (4, 3))
    close(found.at(WEIGHTS), plain(loss, plane, found.x, found.y))


@every_objective
@every_model
@pytest.mark.parametrize("numbers", [1, 1500])
def test_how_many_points_are_computed_at_once_changes_no_number(
    formulation: str, kind: str, numbers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    loss, plane = scene(trained(formulation, kind))
    whole = surface(loss, plane, (5, 4))
    asked: list[int] = []
    monkeypatch.setattr(surfaces, "NUMBERS_AT_ONCE", numbers)
    found = surface(loss, plane, (5, 4), wanted=lambda: not asked.append(1))
    assert len(asked) > 1
    assert found.names == whole.names
    np.testing.assert_allclose(found.grids, whole.grids, 2e-6, 2e-6)


def test_the_trained_models_own_loss_is_in_the_middle() -> None:
    run = trained()
    loss = run.loss(0)
    found = surface(loss, run.plane("random", 0)[0], 3).at(WEIGHTS)
    logits = run.trainer.logits(run.trainer.data.train.features)
    expected = run.trainer.losses(logits, run.trainer.data.targets)["total"]
    assert found[1, 1] == pytest.approx(float(expected), rel=1e-5)


def test_the_trained_model_is_not_touched() -> None:
    run = trained(kind="hidden")
    before = {name: own.clone() for name, own in run.trainer.model.weights().items()}
    surface(*scene(run), 3)
    for name, own in run.trainer.model.weights().items():
        assert torch.equal(own, before[name])
        assert not own.requires_grad


# Weights act afterwards


@every_objective
@every_model
@pytest.mark.parametrize("weights", OTHERS)
def test_stored_parts_mixed_at_other_weights_are_the_surface_computed_there(
    formulation: str, kind: str, weights: Sequence[float]
) -> None:
    loss, plane = scene(trained(formulation, kind))
    stored = surface(loss, plane, (3, 2))
    other = acting(loss, weights)
    close(stored.at(weights), surface(other, plane, (3, 2)).at(weights), 1e-6)
    close(stored.at(weights), plain(other, plane, stored.x, stored.y))


@every_objective
@pytest.mark.parametrize("weights", [(1.0, 1.0, 1.0, 1.0), (4.0, 0.0, 0.5, 2.0)])
def test_three_parts_of_which_some_combinations_never_occur_mix_as_well(
    formulation: str, weights: Sequence[float]
) -> None:
    loss, plane = scene(trained_on_three(formulation))
    assert len(np.unique(loss.targets.joint)) < len(loss.whole.classes) < loss.whole.possible
    stored = surface(loss, plane, (3, 2))
    close(stored.at(weights), plain(acting(loss, weights), plane, stored.x, stored.y))


def test_soft_targets_of_labels_with_other_neighbours_are_kept_apart() -> None:
    loss, plane = scene(trained_on_three("soft_targets"))
    names = surface(loss, plane, (2, 1)).names
    assert len(set(names)) == len(names)
    assert any(name.endswith("group 2") for name in names)


@pytest.mark.parametrize("temperature", [0.05, 7.0])
def test_soft_targets_mix_at_every_temperature(temperature: float) -> None:
    loss, plane = scene(trained_on_three("soft_targets", "hidden"))
    objective = loss.objective.configured({"temperature": temperature})
    own = acting(replace(loss, objective=objective), (2.0, 0.5, 0.1, 0.3))
    stored = surface(replace(loss, objective=objective), plane, (3, 2))
    close(stored.at((2.0, 0.5, 0.1, 0.3)), plain(own, plane, stored.x, stored.y))


@pytest.mark.parametrize("formulation", ["marginals", "hybrid", "semantic", "chain"])
def test_one_part_by_itself_needs_no_weights(formulation: str) -> None:
    loss, plane = scene(trained(formulation))
    for part in loss.objective.terms(2):
        own = surface(loss, plane, (3, 2), part)
        assert own.names == (part,)
        close(own.at(WEIGHTS), plain(loss, plane, own.x, own.y, part))
        np.testing.assert_array_equal(own.at((9.0, 9.0, 9.0)), own.at(WEIGHTS))


# Which points, and which texts


@pytest.mark.parametrize("ends", [(-1.0, 1.0), (0.1, 0.7), (-3.3, -1e-3)])
@pytest.mark.parametrize("count", [2, 41, 1001])
def test_places_are_computed_from_their_index(ends: tuple[float, float], count: int) -> None:
    places = line(ends, count)
    assert places.dtype == np.float32
    assert (places[0], places[-1]) == tuple(np.float32(ends))
    for k, own in enumerate(places.tolist()):
        exact = ends[0] + (ends[1] - ends[0]) * k / (count - 1)
        assert own == pytest.approx(exact, rel=1e-7, abs=1e-9)


def test_the_middle_of_an_odd_number_of_places_is_exact() -> None:
    for count in (1, 3, 25, 61, 201):
        assert line((-1.0, 1.0), count)[count // 2] == 0.0


def test_with_one_place_along_y_it_is_a_line_through_the_middle() -> None:
    loss, plane = scene(trained())
    found = surface(loss, plane, (7, 1))
    assert found.grids.shape == (2, 1, 7)
    assert found.y.tolist() == pytest.approx([0.25])
    close(found.at(WEIGHTS), plain(loss, plane, found.x, found.y))


def test_rows_are_y_and_columns_are_x() -> None:
    loss, plane = scene(trained())
    nowhere = {name: own * 0.0 for name, own in plane.second.items()}
    along_x = surface(loss, replace(plane, second=nowhere), (4, 3)).at(WEIGHTS)
    assert along_x.shape == (3, 4)
    np.testing.assert_array_equal(along_x[0], along_x[2])
    assert len(set(along_x[0])) == 4


def test_a_part_of_a_grid_is_that_part_of_the_whole() -> None:
    loss, plane = scene(trained(kind="hidden"))
    x, y = line(plane.x, 6), line(plane.y, 5)
    whole = grids(loss, plane, x, y)
    some = grids(loss, plane, x[2:4], y[3:])
    for name, own in some.items():
        np.testing.assert_allclose(own, whole[name][3:, 2:4], 2e-6)


def test_what_nobody_wants_is_given_up() -> None:
    loss, plane = scene(trained())
    with pytest.raises(GivenUp):
        surface(loss, plane, 3, wanted=lambda: False)


def test_half_way_it_is_given_up_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    loss, plane = scene(trained())
    monkeypatch.setattr(surfaces, "NUMBERS_AT_ONCE", 1)
    answers = iter([True, True, True, False])
    with pytest.raises(GivenUp):
        surface(loss, plane, 3, wanted=lambda: next(answers))
    assert list(answers) == []


def test_of_many_texts_some_are_drawn_by_the_seed() -> None:
    trainer = trained().trainer
    count = len(trainer.data.targets)
    some, again, others = (Loss.of(trainer, seed, 20) for seed in (0, 0, 1))
    assert len(some) == len(others) == 20 < count == len(Loss.of(trainer)) < MOST_ROWS
    assert (some.features != again.features).nnz == 0
    assert (some.features != others.features).nnz > 0
    # Each text once, with its own label.
    rows = [
        np.flatnonzero(np.abs(trainer.data.train.features - own).sum(axis=1) == 0)
        for own in some.features.toarray()
    ]
    assert all(len(own) for own in rows)
    plane = trained().plane("random", 1)[0]
    found = surface(some, plane, 2)
    close(found.at(WEIGHTS), plain(some, plane, found.x, found.y))
    kept = trainer.data.train.codes[[own[0] for own in rows]]
    np.testing.assert_array_equal(some.codes, kept)


JOINT = [name for name, objective in OBJECTIVES.items() if objective.head == "joint"]
THREE = LabelSchema(TEXTBOOK.components, TEXTBOOK.classes[:3], "")


def output_plane(formulation: str, **fields: object) -> OutputPlane:
    base = OutputPlane(formulation, (), TEXTBOOK, (0, 1), resolution=9)
    return replace(base, **fields)  # type: ignore[arg-type]


def joint_logits(u: float, v: float, t: float, classes: int = 4) -> torch.Tensor:
    """z of AC, AD, BC, BD, written out."""
    row = [u + v + t, u - v - t, -u + v - t, -u - v + t]
    return torch.tensor([row[:classes]], dtype=torch.float64) / 2


@pytest.mark.parametrize("formulation", JOINT)
@pytest.mark.parametrize("schema", [TEXTBOOK, THREE])
def test_every_point_is_the_loss_at_its_logits(formulation: str, schema: LabelSchema) -> None:
    surface = output_surface(output_plane(formulation, coupling=1.5, schema=schema))
    weights = loss_weights([3.0, 0.5], 0.7)
    mixed = surface.at([3.0, 0.5, 0.7])
    objective = OBJECTIVES[formulation]
    targets = Targets.from_codes(np.array([[0, 1]]), schema)
    for i, v in enumerate(surface.y.tolist()):
        for j, u in enumerate(surface.x.tolist()):
            z = joint_logits(u, v, 1.5, len(schema.classes))
            parts = objective.parts(z, targets, schema, weights)
            expected = objective.total(parts, weights).item()
            assert mixed[i, j] == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_separate_logits_know_nothing_of_the_coupling() -> None:
    for formulation in ("components", "semantic"):
        first, second = (output_surface(output_plane(formulation, coupling=t)) for t in (0.0, 3.0))
        np.testing.assert_array_equal(first.grids, second.grids)


def test_without_a_coupling_the_parts_of_all_heads_are_the_same() -> None:
    marginals, components, chain = (
        output_surface(output_plane(name)).grids for name in ("marginals", "components", "chain")
    )
    np.testing.assert_allclose(marginals, components, atol=1e-5)
    np.testing.assert_allclose(chain, components, atol=1e-5)


@every_objective
def test_the_loss_is_small_at_the_true_label_and_large_at_the_opposite(formulation: str) -> None:
    mixed = output_surface(output_plane(formulation)).at([1.0, 1.0, 1.0])
    assert mixed[0, -1] < mixed[-1, 0]  # u large and v small is A and D: the true label


@every_objective
def test_a_pair_inside_a_larger_label(formulation: str) -> None:
    large = schema_of(("one", "two", "three"), ["axp", "ayq", "bxq", "bzp", "cyp"], separator="")
    pair = large.pair((0, 0, 1), (1, 0, 1))
    assert pair.names == ("one", "two")
    assert pair.class_names == ("ax", "ay", "bx")
    surface = output_surface(output_plane(formulation, schema=pair, true=(1, 0)))
    assert np.isfinite(surface.grids).all()
