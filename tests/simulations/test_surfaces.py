"""What is said of pictures of the loss, held against numbers that are made another way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch

from lossviz.arrays import Doubles
from lossviz.data import Dataset, load_sample
from lossviz.engine.landscape.curvature import leading, sharpness
from lossviz.engine.landscape.layout import share
from lossviz.engine.landscape.loss import Loss
from lossviz.engine.landscape.retrained import Retrained, retrain
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.reference import RunReference
from lossviz.experiments.surfaces.planes.pca import random_walk
from lossviz.experiments.surfaces.planes.random import normalised
from lossviz.experiments.surfaces.vectors import (
    Vector,
    added,
    difference,
    gaussian,
    inner,
    scaled,
)
from tests.support.generator import generate


def trained(dataset: Dataset, **fields: object) -> Retrained:
    """To its end."""
    experiment = Experiment.for_dataset(dataset, **fields)
    rows = len(dataset) - round(experiment.split.test_size * len(dataset))
    steps = int(np.ceil(rows / experiment.optimiser.batch_size)) * experiment.epochs
    return retrain(dataset, RunReference("A", experiment, (), steps))


@pytest.mark.parametrize(("kind", "times"), [("linear", 2.0), ("hidden", 5.0)])
def test_the_loss_bends_more_over_held_out_texts_than_over_those_it_was_fitted_to(
    kind: str, times: float
) -> None:
    run = trained(generate(600, 0), model={"kind": kind, "width": 16})
    held_out = Loss.of(run.trainer, side=run.trainer.data.test)
    found = sharpness(run.loss(0), run.end, held_out, probes=2)
    assert found.held_out is not None
    assert found.held_out.rows == 120
    assert found.held_out.eigenvalue > times * found.eigenvalue
    # Far outside of the standard error, which is about other texts and the same weights.
    assert found.held_out.eigenvalue > found.eigenvalue + 4 * found.eigenvalue_error


def losses(loss: Loss, at: Vector, direction: Vector, distances: Sequence[float]) -> Doubles:
    """In double precision, so far along a direction."""
    double = {name: tensor.double() for name, tensor in at.items()}
    x = torch.from_numpy(loss.features.toarray()).double()
    values = []
    for distance in distances:
        there = added(double, (distance, direction))
        dense = {name: tensor for name, tensor in there.items() if name != "table"}
        values.append(float(loss.rows((x @ there["table"])[None], dense).mean()))
    return np.array(values)


def unit(direction: Vector) -> Vector:
    double = {name: tensor.double() for name, tensor in direction.items()}
    return scaled(double, inner(double, double) ** -0.5)


@pytest.mark.parametrize("kind", ["linear", "hidden"])
def test_beyond_its_slope_the_loss_rises_by_at_most_half_of_the_eigenvalue(kind: str) -> None:
    run = trained(generate(200, 0), model={"kind": kind, "width": 4}, epochs=3)
    loss, random = run.loss(0), np.random.default_rng(0)
    top, _ = leading(loss, run.end)
    far, rises = 0.02, []
    for direction in (top.vector, *(gaussian(run.end, random) for _ in range(20))):
        back, here, on = losses(loss, run.end, unit(direction), (-far, 0.0, far))
        rises.append((back + on - 2 * here) / far**2)  # its slope falls out
    assert rises[0] == pytest.approx(top.value, rel=0.02)
    assert max(rises[1:]) < rises[0]


def test_where_the_loss_bends_most_it_need_not_be_steepest() -> None:
    run = trained(generate(200, 0), epochs=3)
    loss = run.loss(0)
    at = {name: tensor.double().requires_grad_() for name, tensor in run.end.items()}
    x = torch.from_numpy(loss.features.toarray()).double()
    dense = {name: tensor for name, tensor in at.items() if name != "table"}
    value = loss.rows((x @ at["table"])[None], dense).mean()
    slope = dict(zip(at, torch.autograd.grad(value, list(at.values())), strict=True))
    steepest = inner(slope, slope) ** 0.5
    inside = [inner(slope, unit(pair.vector)) for pair in leading(loss, run.end)]
    assert np.hypot(*inside) < 0.8 * steepest


def test_much_of_the_distance_between_trained_linear_models_changes_nothing() -> None:
    _, _, dataset = load_sample("feelings")
    formulations = ("marginals", "joint", "components")
    balanced = share([trained(dataset, formulation=name) for name in formulations], 0)
    none = -torch.ones(4, dtype=torch.int64)
    raw = [replace(placed, softmaxes=none) for placed in balanced]
    shifts = []
    for one, other in ((0, 1), (0, 2), (1, 2)):
        apart, real = (difference(placed[one].end, placed[other].end) for placed in (raw, balanced))
        shifts.append(1 - inner(real, real) / inner(apart, apart))
    assert shifts == pytest.approx([0.27, 0.80, 0.75], abs=0.1)


def measured(points: int, dimensions: int, seed: int) -> Doubles:
    """Shares of the squared distance from the end of a random walk that was walked."""
    steps = np.random.default_rng(seed).standard_normal((points, dimensions))
    way = np.cumsum(steps, axis=0)
    values = np.linalg.svd(way[:-1] - way[-1], compute_uv=False) ** 2
    return values[:2] / values.sum()


@pytest.mark.parametrize("points", [5, 25])
def test_a_random_walk_has_as_much_in_two_components_as_is_said(points: int) -> None:
    walks = [measured(points, 2_000, seed) for seed in range(5)]
    assert random_walk(range(points)) == pytest.approx(np.mean(walks, axis=0), abs=0.01)
    assert 0.87 < sum(random_walk(range(points))) < 0.97


def rectified(weights: Vector, x: torch.Tensor) -> torch.Tensor:
    return torch.relu(x @ weights["table"]) @ weights["outer"]


def straight(weights: Vector, x: torch.Tensor) -> torch.Tensor:
    return x @ weights["table"]


def along(net, weights: Vector, scales: Sequence[float]) -> tuple[Doubles, Doubles]:  # type: ignore[no-untyped-def]
    """The softmax loss along one random direction, of these weights and of the same weights scaled
    layer by layer."""
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(50, 6, generator=generator)
    true = torch.randint(3, (50,), generator=generator)
    direction = gaussian(weights, np.random.default_rng(2))
    losses = []
    for factors in ((1.0,) * len(weights), scales):
        at = {
            name: tensor * factor
            for (name, tensor), factor in zip(weights.items(), factors, strict=True)
        }
        step = normalised(direction, at)
        logits = [net(added(at, (share, step)), x) for share in (-0.5, 0.0, 0.5)]
        losses.append([float(torch.nn.functional.cross_entropy(own, true)) for own in logits])
    return np.array(losses[0]), np.array(losses[1])


def test_filters_make_rectified_units_scale_free_and_a_softmax_on_linear_ones_not() -> None:
    generator = torch.Generator().manual_seed(0)
    table, outer = torch.randn(6, 8, generator=generator), torch.randn(8, 3, generator=generator)
    before, after = along(rectified, {"table": table, "outer": outer}, (4.0, 0.25))
    assert after == pytest.approx(before, rel=1e-5)
    before, after = along(straight, {"table": table[:, :3]}, (4.0,))
    assert abs(after - before).min() > 0.1
    rises = [loss.max() - loss[1] for loss in (before, after)]
    assert rises[1] > 2 * rises[0]
