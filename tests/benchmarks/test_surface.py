"""Surfaces against the loss-landscapes package, and against the loop a user would write."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import ceil
from typing import Any

import loss_landscapes
import numpy as np
import pytest
import torch
from loss_landscapes.metrics import Metric
from loss_landscapes.model_interface.model_wrapper import ModelWrapper
from torch import Tensor, nn
from torch.nn import functional as F

from lossviz.compute.campaigns import Surfaces
from lossviz.compute.workers import InProcess
from lossviz.data import load_sample
from lossviz.engine.csr import Csr
from lossviz.engine.landscape.loss import Loss
from lossviz.engine.landscape.retrained import REMEMBERED, Retrained, retrain
from lossviz.engine.landscape.surfaces import grids, line, surface
from lossviz.experiments.code import snippet
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.reference import RunReference
from lossviz.experiments.surfaces.plan import SurfacePlan
from lossviz.experiments.surfaces.planes import Plane
from lossviz.experiments.surfaces.vectors import Vector, added
from tests.benchmarks.conftest import seconds

FEELINGS = load_sample("feelings")[2]
POINTS = 41
STEP = 2.0 / (POINTS - 1)
WEIGHTS = (1.0, 1.0, 1.0)


@lru_cache
def reference(formulation: str, width: int) -> RunReference:
    """A run to its end; of no hidden units it is linear."""
    model = {"kind": "hidden", "width": width} if width else {"kind": "linear"}
    experiment = Experiment.for_dataset(FEELINGS, formulation=formulation, model=model)
    count = ceil(len(FEELINGS) * (1 - experiment.split.test_size))
    steps = experiment.epochs * ceil(count / experiment.optimiser.batch_size)
    return RunReference("A", experiment, (), steps)


def written_loss(loss: Loss, formulation: str, logits: Tensor) -> Tensor:
    """As fast as plain PyTorch has it, for two parts of two values."""
    if formulation == "joint":
        return F.cross_entropy(logits, loss.targets.joint)
    tables = logits.view(-1, 2, 2)
    first, second = loss.targets.components.T
    own = F.cross_entropy(tables.logsumexp(2), first) + F.cross_entropy(tables.logsumexp(1), second)
    return own / 2


def tail(projected: Tensor, rest: Sequence[Tensor]) -> Tensor:
    if len(rest) == 1:
        return projected + rest[0]
    inner, outer, bias = rest
    return torch.tanh(projected + inner) @ outer + bias


class Other(ABC):
    """Another way to a surface: ``(X, Y)`` points, one after another."""

    title: str

    def __init__(self, run: Retrained, plane: Plane) -> None:
        self.run, self.plane, self.loss = run, plane, run.loss(0)
        self.rows = Csr.of(self.loss.features)

    def mean(self, logits: Tensor) -> float:
        return float(written_loss(self.loss, self.run.trainer.objective.id, logits))

    @abstractmethod
    def draw(self) -> np.ndarray: ...

    def expected(self) -> np.ndarray | None:
        """Ours, at the points that are drawn; None where nobody knows which these are."""
        return None

    def ours(self, y: np.ndarray) -> np.ndarray:
        own = self.loss
        found = grids(own, self.plane, line(self.plane.x, POINTS), y.astype(np.float32))
        mix = own.objective.mix(own.codes, own.schema)
        return mix.of(np.stack(list(found.values())), WEIGHTS).T


class Network(nn.Module):
    """``nn.EmbeddingBag``, and what is behind it."""

    def __init__(self, weights: Vector) -> None:
        super().__init__()
        self.first = nn.EmbeddingBag.from_pretrained(weights["table"].clone(), mode="sum")
        own = [weights[name][0].clone() for name in weights if name != "table"]
        self.rest = nn.ParameterList(own)

    def forward(self, rows: Csr) -> Tensor:
        own = self.first(rows.indices, rows.offsets, per_sample_weights=rows.values)
        return tail(own, list(self.rest))


class Interpolation(Other, Metric):
    """Its plane through three models: the same points as ours, and the fastest loss.

    It walks to and fro along y in steps that it adds up, and looks after each: on the way back it
    is one step lower than on the way there.
    """

    title = "planar_interpolation"
    asked = 0

    def __call__(self, model: ModelWrapper) -> float:
        self.asked += 1
        return self.mean(model.forward(self.rows))

    def draw(self) -> np.ndarray:
        first, second = self.plane.first, self.plane.second
        start = added(self.run.end, (-1.0, first), (-1.0 - STEP, second))
        far = POINTS * STEP
        corners = [start, added(start, (far, first)), added(start, (far, second))]
        models = [Network(own) for own in corners]
        found: np.ndarray = loss_landscapes.planar_interpolation(*models, self, steps=POINTS)
        return found

    def expected(self) -> np.ndarray:
        there = -1.0 + STEP * np.arange(POINTS)
        ways = [self.ours(there), self.ours(there - STEP)]
        return np.stack([ways[i % 2][i] for i in range(POINTS)])


class Package(Interpolation):
    """Its own random plane, normalised filter by filter as it does that, of the loss as the app
    prints it: what people call."""

    title = "random_plane"

    def __init__(self, run: Retrained, plane: Plane) -> None:
        super().__init__(run, plane)
        self.names: dict[str, Any] = {"__name__": "printed"}
        exec(snippet(run.trainer.experiment, run.trainer.data.schema), self.names)

    def mean(self, logits: Tensor) -> float:
        return float(self.names["loss_fn"](logits, self.loss.targets.joint))

    def draw(self) -> np.ndarray:
        model = Network(self.run.end)
        found: np.ndarray = loss_landscapes.random_plane(
            model, self, steps=POINTS, normalization="filter"
        )
        return found

    def expected(self) -> None:
        return None


class Loop(Other):
    """Weights made in place, no graph, the same sparse product as ours."""

    title = "a loop"

    @torch.no_grad()
    def draw(self) -> np.ndarray:
        made = {name: own.clone() for name, own in self.run.end.items()}
        rest = [made[name][0] for name in made if name != "table"]
        losses = []
        for x in line(self.plane.x, POINTS).tolist():
            for y in line(self.plane.y, POINTS).tolist():
                for name, own in made.items():
                    torch.add(self.run.end[name], self.plane.first[name], alpha=x, out=own)
                    own.add_(self.plane.second[name], alpha=y)
                losses.append(self.mean(tail(self.rows.times(made["table"]), rest)))
        return np.array(losses).reshape(POINTS, POINTS)

    def expected(self) -> np.ndarray:
        return self.ours(line(self.plane.y, POINTS))


@pytest.mark.parametrize(
    ("name", "formulation", "width", "turns", "least"),
    [
        ("marginals, linear", "marginals", 0, 3, {Package: 10.0, Interpolation: 4.0, Loop: 5.0}),
        ("joint, linear", "joint", 0, 1, {Package: 3.0, Interpolation: 3.0, Loop: 3.0}),
        ("marginals, 16 hidden units", "marginals", 16, 1, {Package: 1, Interpolation: 1, Loop: 1}),
    ],
)
def test_a_surface_is_many_times_faster_than_point_by_point(
    name: str,
    formulation: str,
    width: int,
    turns: int,
    least: dict[type[Other], float],
    report: dict[str, object],
) -> None:
    run = retrain(FEELINGS, reference(formulation, width))
    assert run.trainer.finished
    assert torch.get_num_threads() == 1
    plane = run.plane("random", 0)[0]

    def ours() -> None:
        surface(run.loss(0), run.plane("random", 0)[0], POINTS)

    ours()  # a warm-up, as the comparison below is for the others
    others = [kind(run, plane) for kind in least]
    apart = []
    for own in others:
        drawn, expected = own.draw(), own.expected()
        assert drawn.shape == (POINTS, POINTS)
        assert getattr(own, "asked", POINTS**2) == POINTS**2
        if expected is not None:
            apart.append(float(np.abs(drawn - expected).max()))
    works: list[Callable[[], object]] = [ours, *(own.draw for own in others)]
    taken = np.array([[seconds(work) for work in works] for _ in range(turns)])
    times = np.median(taken[:, 1:] / taken[:, :1], axis=0).tolist()
    took = np.median(taken, axis=0).tolist()
    titles = [own.title for own in others]
    report[f"surface, {name}"] = {
        "points": POINTS**2,
        "texts": len(run.loss(0)),
        "features": run.end["table"].shape[0],
        "seconds, ours": round(took[0], 3),
        "seconds": {title: round(own, 3) for title, own in zip(titles, took[1:], strict=True)},
        "times faster": {title: round(own, 1) for title, own in zip(titles, times, strict=True)},
        "losses differ by at most": max(apart),
    }
    assert len(apart) == 2
    assert max(apart) <= 1e-4
    for found, expected in zip(times, least.values(), strict=True):
        assert found >= expected, report


def test_a_fine_surface_is_there_in_a_moment(report: dict[str, object]) -> None:
    """Blocks, the plane, what lies on it and what a page reads of it while it is drawn."""
    own = reference("marginals", 0)
    REMEMBERED.of(FEELINGS, own, lambda: True)
    plan = SurfacePlan((own,), resolution=61)
    shown: list[int] = []

    def draw() -> None:
        drawing = Surfaces(InProcess(), FEELINGS, plan)
        drawing.start()
        while not drawing.drawn:
            drawing.tick()
            shown.append(len(drawing.pictures.surfaces))
        assert not np.isnan(drawing.pictures.surfaces["A"].grids).any()

    draw()
    took = float(np.median([seconds(draw) for _ in range(3)]))
    blocks = [each for each in plan.blocks(FEELINGS) if each.kind == "surface"]
    report["surface, 61 × 61 in blocks"] = {
        "blocks": len([each for each in blocks if each.key == ("surface", "A")]),
        "seconds once trained": round(took, 3),
    }
    assert took < 1.5
