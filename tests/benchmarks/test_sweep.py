"""A sweep against the loop a user would write: one training for each point of the grid."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from math import ceil
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lossviz.compute.campaigns import sweep
from lossviz.data import build_dataset, load_sample, propose_mapping, read_table
from lossviz.engine import sweep as scoring
from lossviz.engine import trainer as training
from lossviz.engine.batches import batches
from lossviz.engine.csr import Csr
from lossviz.engine.features import SPLITS, EncodedSplit, Splits
from lossviz.engine.first_layers import FirstLayers
from lossviz.engine.model import HiddenModel, LinearModel, build_model
from lossviz.engine.optimisers import Optimiser
from lossviz.engine.trainer import Trainer
from lossviz.experiments.code import snippet
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.plan import starts
from lossviz.experiments.sweep.result import SweepResult
from lossviz.losses.decoding import DECODERS
from lossviz.losses.heads import HEADS
from lossviz.losses.objectives import Objective
from lossviz.losses.weights import LossWeights
from tests.benchmarks.conftest import seconds

FEELINGS = load_sample("feelings")[2]
EXPERIMENT = Experiment.for_dataset(FEELINGS)
MOST_DIFFERENT = 0.01
"""Share of the held-out rows that float noise may decide otherwise."""


class Loop(ABC):
    """Plain PyTorch, point by point: printed loss, autograd, ``torch.optim``. What is the same for
    every point, the features and how they fall into batches, is made once and not timed."""

    title: str

    def __init__(self, data: EncodedSplit, experiment: Experiment) -> None:
        self.data, self.experiment = data, experiment
        self.steps = experiment.epochs * ceil(len(data.targets) / experiment.optimiser.batch_size)
        self.names: dict[str, Any] = {"__name__": "printed"}
        exec(snippet(experiment, data.schema), self.names)
        outputs = HEADS[experiment.objective.head].size(data.schema)
        vocabulary = data.train.features.shape[1]
        self.model = build_model(
            experiment.model, vocabulary, outputs, members=1, seed=experiment.seed
        )
        self.table = self.model.table
        self.tail = {name: own[0] for name, own in self.model.dense.items()}

    @abstractmethod
    def batches(self) -> Iterator[tuple[Any, Tensor]]:
        """The rows of each step, and their labels."""

    @abstractmethod
    def held_out(self) -> Any: ...

    @abstractmethod
    def layer(self) -> nn.Module:
        """The first layer, with its initial weights."""

    @abstractmethod
    def apply(self, layer: nn.Module, rows: Any) -> Tensor: ...

    def logits(self, layer: nn.Module, tail: dict[str, Tensor], rows: Any) -> Tensor:
        own = self.apply(layer, rows)
        if "outer" in tail:
            own = torch.tanh(own + tail["inner bias"]) @ tail["outer"]
        return own + tail["bias"]

    def train_all(self, grid: Grid, places: Sequence[int]) -> list[np.ndarray]:
        return [self.train(grid.points[place]) for place in places]

    def train(self, weights: Sequence[float]) -> np.ndarray:
        """The labels of the held-out rows ``(N, K)``, from a model trained for this point."""
        layer = self.layer()
        tail = {name: nn.Parameter(own.clone()) for name, own in self.tail.items()}
        self.names["WEIGHTS"] = list(weights)
        loss_fn = self.names["loss_fn"]
        optimiser = torch.optim.Adagrad(
            [*layer.parameters(), *tail.values()],
            lr=self.experiment.optimiser.learning_rate,
        )
        for step, (rows, labels) in enumerate(self.batches()):
            optimiser.zero_grad()
            loss_fn(self.logits(layer, tail, rows), labels).backward()
            if step == 0:
                self.begin(optimiser, layer, tail)
            optimiser.step()
        with torch.no_grad():
            logits = self.logits(layer, tail, self.held_out())
        head = HEADS[self.experiment.objective.head]
        given = LossWeights(torch.tensor(weights), torch.tensor(1.0))
        codes, _ = DECODERS[self.experiment.decoder].decode(logits, head, self.data.schema, given)
        return codes.numpy()

    def begin(
        self, optimiser: torch.optim.Optimizer, layer: nn.Module, tail: dict[str, Tensor]
    ) -> None:
        """The sums of squares as ours start."""
        parts = HEADS[self.experiment.objective.head].parts(self.data.schema)
        table = next(layer.parameters())
        for name, weight in {"table": table, **tail}.items():
            assert weight.grad is not None
            pair = [weight.grad.to_dense(), optimiser.state[weight]["sum"]]
            if name == "table":
                pair = [own if own.shape == self.table.shape else own.T for own in pair]
            else:
                pair = [own[None] for own in pair]
            groups = (self.model.groups(parts, name, own) for own in pair)
            for gradient, squares in zip(*groups, strict=True):
                squares.add_(gradient.square().sum() / gradient.count_nonzero().clamp(min=1))


class DenseLoop(Loop):
    title = "dense features, nn.Linear"

    def __init__(self, data: EncodedSplit, experiment: Experiment) -> None:
        super().__init__(data, experiment)
        self.sides = [torch.from_numpy(own.features.toarray()) for own in (data.train, data.test)]
        self.orders = [
            torch.from_numpy(np.random.default_rng([experiment.seed, epoch]).permutation(count))
            for epoch in range(experiment.epochs)
            for count in [len(data.targets)]
        ]

    def batches(self) -> Iterator[tuple[Any, Tensor]]:
        for order in self.orders:
            for rows in order.split(self.experiment.optimiser.batch_size):
                yield self.sides[0][rows], self.data.targets.joint[rows]

    def held_out(self) -> Tensor:
        return self.sides[1]

    def layer(self) -> nn.Module:
        own = nn.Linear(*self.table.shape, bias=False)
        with torch.no_grad():
            own.weight.copy_(self.table.T)
        return own

    def apply(self, layer: nn.Module, rows: Tensor) -> Tensor:
        result: Tensor = layer(rows)
        return result


class SparseLoop(Loop):
    title = "nn.EmbeddingBag with sparse gradients"

    def __init__(self, data: EncodedSplit, experiment: Experiment) -> None:
        super().__init__(data, experiment)
        self.pairs = []
        for batch in islice(batches(data, experiment), self.steps):
            count = int(batch.share.count_nonzero())
            columns, rows = batch.features[batch.rows.indices], batch.rows
            self.pairs.append(
                (Csr(columns, rows.offsets[:count], rows.values), batch.targets.joint[:count])
            )
        self.test = Csr.of(data.test.features)

    def batches(self) -> Iterator[tuple[Any, Tensor]]:
        return iter(self.pairs)

    def held_out(self) -> Csr:
        return self.test

    def layer(self) -> nn.Module:
        return nn.EmbeddingBag.from_pretrained(
            self.table.clone(), freeze=False, mode="sum", sparse=True
        )

    def apply(self, layer: nn.Module, rows: Csr) -> Tensor:
        result: Tensor = layer(rows.indices, rows.offsets, per_sample_weights=rows.values)
        return result


class Stopwatch:
    """Where the time goes: seconds by name, without those of what is measured inside."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.spent: dict[str, float] = {}
        self._inside = [0.0]
        self._patch = patch

    def call(self, name: str, work: Callable[[], Any]) -> Any:
        started = perf_counter()
        self._inside.append(0.0)
        try:
            return work()
        finally:
            took = perf_counter() - started
            own = took - self._inside.pop()
            self._inside[-1] += took
            self.spent[name] = self.spent.get(name, 0.0) + own

    def watch(self, name: str, owner: Any, attribute: str) -> None:
        real = getattr(owner, attribute)
        self._patch.setattr(
            owner, attribute, lambda *own, **more: self.call(name, lambda: real(*own, **more))
        )

    def watch_batches(self, name: str) -> None:
        def timed(*arguments: Any) -> Iterator[Any]:
            stream = batches(*arguments)
            while True:
                yield self.call(name, lambda: next(stream))

        self._patch.setattr(training, "batches", timed)


def shares(work: Callable[[], object], features: float) -> dict[str, float]:
    """Of the seconds of a sweep, those of its parts; ``features`` come on top of it."""
    with pytest.MonkeyPatch.context() as patch:
        watch = Stopwatch(patch)
        watch.watch("judging", scoring, "_labels")
        watch.watch("starting the model and the optimiser", Trainer, "__init__")
        watch.watch_batches("cutting batches")
        watch.watch("first layer, rows taken out", FirstLayers, "touched")
        watch.watch("first layer, both ways", Csr, "times")
        for own in (LinearModel, HiddenModel):
            watch.watch("behind the first layer, forward", own, "logits")
        watch.watch("objective, forward", type(EXPERIMENT.objective), "parts")
        watch.watch("objective, forward", Objective, "total")
        watch.watch("autograd behind the first layer", torch.autograd, "grad")
        for name in ("update_together", "update_rows"):
            watch.watch("optimiser", Optimiser, name)
        watch.call("the rest", work)
    spent = watch.spent | {"features": features}
    whole = sum(spent.values())
    ordered = sorted(spent.items(), key=lambda pair: -pair[1])
    return {name: round(own / whole, 3) for name, own in ordered}


@pytest.mark.filterwarnings("ignore:Sparse invariant checks")
@pytest.mark.parametrize(
    ("name", "model", "steps", "target"),
    [
        ("linear model", {"kind": "linear"}, 15, 20.0),
        ("16 hidden units", {"kind": "hidden", "width": 16}, 7, 6.0),
    ],
)
def test_a_sweep_is_many_times_faster_than_the_loop(
    name: str, model: dict[str, object], steps: int, target: float, report: dict[str, object]
) -> None:
    experiment = EXPERIMENT.changed(model=model)
    grid = Grid(2, steps=steps, kind="map")
    encoding = seconds(lambda: Splits().encoded(FEELINGS, experiment))
    data, _ = SPLITS.encoded(FEELINGS, experiment)
    assert torch.get_num_threads() == 1
    places = (0, grid.equal, len(grid.points) - 1)
    often = starts(experiment.model)
    share = often * len(grid.points) / len(places)
    loops = [kind(data, experiment) for kind in (DenseLoop, SparseLoop)]

    def ours() -> SweepResult:
        return sweep(FEELINGS, experiment, grid, [0])

    works = [ours, *(partial(own.train_all, grid, places) for own in loops)]
    found, *others = [work() for work in works]  # and a warm-up
    turns = np.array([[seconds(work) for work in works] for _ in range(3)])
    times = share * np.median(turns[:, 1:] / turns[:, :1], axis=0)
    best = int(times.argmin())
    different = []
    for place, other in zip(places, others[best], strict=True):
        different.append(float((found.predicted[place, 0, 0] != other).any(axis=1).mean()))
        wrong = other != data.test.codes
        errors = [*wrong.mean(axis=0), wrong.any(axis=1).mean()]
        assert found.first_errors[place, 0] == pytest.approx(errors, abs=MOST_DIFFERENT)
    took = np.median(turns, axis=0)
    report[f"sweep, {name}"] = {
        "points": len(grid.points),
        "the loop": f"{len(places)} points measured, times {share:.4g}",
        "seconds, ours": round(float(took[0]), 2),
        "seconds, the loop": {
            own.title: round(share * float(each), 1)
            for own, each in zip(loops, took[1:], strict=True)
        },
        "times faster than the better loop": round(float(times[best]), 1),
        "share of rows that differ, at most": round(max(different), 5),
        "where the time goes": shares(ours, encoding),
    }
    assert max(different) <= MOST_DIFFERENT
    assert times[best] >= target, report


def test_a_map_of_real_data_takes_seconds(shared_data: Path, report: dict[str, object]) -> None:
    file = shared_data / "emobank_arousal_valence.csv"
    table = read_table(file.read_bytes(), file.name)
    dataset = build_dataset(table, propose_mapping(table))
    experiment = Experiment.for_dataset(dataset)
    took = seconds(lambda: sweep(dataset, experiment, Grid(2, kind="map"), range(3)))
    report["sweep, EmoBank"] = {
        "rows": len(dataset),
        "points": 49,
        "seeds": 3,
        "seconds, features included": round(took, 1),
    }
    assert took < 20.0
