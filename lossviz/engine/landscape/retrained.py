"""A run trained again to where it stands, with the way it went; its weights as a file."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from copy import copy
from time import perf_counter
from typing import Any, Self

import numpy as np
from safetensors.torch import save

from lossviz.arrays import Floats
from lossviz.data import Dataset
from lossviz.engine.features import SPLITS, Splits
from lossviz.engine.landscape.curvature import leading
from lossviz.engine.landscape.loss import Loss, weights_of
from lossviz.engine.temperatures import tempering
from lossviz.engine.trainer import Trainer
from lossviz.engine.training import Wanted, always, none_if_given_up, steps
from lossviz.errors import LossVizError
from lossviz.experiments.reference import RunReference, TrainedWeights
from lossviz.experiments.surfaces.planes import PLANES, Plane
from lossviz.experiments.surfaces.vectors import Vector, size
from lossviz.experiments.weights import Weights, moves

POINTS, LEAST_POINTS = 25, 3
"""Of a path: evenly spread over the steps, besides those where weights were moved."""
PATH_WEIGHTS = 20_000_000
"""Of all points of a path, 80 MB; a larger model has fewer points."""
KEPT_PLANES = 2
"""Of a run: as long as two to six points of its path."""
KEPT_WEIGHTS = 100_000_000
"""Of all paths that a worker remembers: those of a session's four runs, and one more. Forgetting
one of them would train it again for each of its blocks."""


class Retrained:
    """The same experiment gives the same weights, so a run is known by how it was made.

    :param trainer: at its end.
    :param steps: at which :attr:`path` has a point.
    :param moved: positions of the points from which on other weights acted.
    """

    def __init__(
        self,
        reference: RunReference,
        trainer: Trainer,
        path: tuple[Vector, ...],
        steps: tuple[int, ...],
        moved: tuple[int, ...],
    ) -> None:
        self.name = reference.name
        self.trainer = trainer
        self.path = path
        self.steps = steps
        self.moved = moved
        self._leading: tuple[Vector, Vector] | None = None
        self._losses: dict[int, Loss] = {}
        self._planes: OrderedDict[tuple[str, int], tuple[Plane, Floats]] = OrderedDict()

    def called(self, name: str) -> Self:
        """The same run under another letter."""
        if name == self.name:
            return self
        renamed = copy(self)
        renamed.name = name
        return renamed

    @property
    def end(self) -> Vector:
        """Its weights."""
        return self.path[-1]

    @property
    def weights(self) -> Weights:
        """Those that acted in the last step."""
        return self.trainer.acting

    def loss(self, seed: int) -> Loss:
        """What it was trained to lower, on some of its texts."""
        if seed not in self._losses:
            self._losses[seed] = Loss.of(self.trainer, seed)
        return self._losses[seed]

    def leading(self) -> tuple[Vector, Vector]:
        """The two directions in which its loss bends upwards most."""
        if self._leading is None:
            eigenpairs = leading(self.loss(0), self.end)
            if len(eigenpairs) < 2:
                raise LossVizError(
                    f"The loss of {self.name} bends in one direction only. Take another plane."
                )
            self._leading = eigenpairs[0].vector, eigenpairs[1].vector
        return self._leading

    def plane(self, kind: str, seed: int) -> tuple[Plane, Floats]:
        """A plane through this run alone, and where the path is on it, ``(P, 2)``. Laying it may
        take longer than a block of its surface."""
        key = (kind, seed)
        if key not in self._planes:
            plane = PLANES[kind].lay((self,), seed)
            self._planes[key] = plane, plane.places(self.path).astype(np.float32)
        self._planes.move_to_end(key)
        while len(self._planes) > KEPT_PLANES:
            self._planes.popitem(last=False)
        return self._planes[key]


def retrain(
    dataset: Dataset,
    reference: RunReference,
    *,
    wanted: Wanted = always,
    splits: Splits = SPLITS,
) -> Retrained:
    """Train a run again to the step where it stands.

    :raises GivenUp: when it is wanted no longer.
    :raises Diverged: when the loss leaves the numbers on the way.
    """
    data, _ = splits.encoded(dataset, reference.experiment)
    trainer = Trainer(data, reference.experiment)
    changes = {change.step: change.weights for change in reference.changes}
    each = size(trainer.model.weights())
    count = min(max(PATH_WEIGHTS // each, LEAST_POINTS), POINTS)
    due = {*np.linspace(0, reference.step, count).round().astype(int).tolist(), reference.step}
    due |= {step for step in changes if step <= reference.step}
    path: dict[int, Vector] = {}

    def arrive() -> None:
        if change := changes.get(trainer.step):
            trainer.prefer(change)
        if trainer.step in due:
            path[trainer.step] = weights_of(trainer.model)

    arrive()
    for _ in steps(trainer, reference.step, wanted):
        arrive()
    ends = {move.step for move in moves(reference.changes)}
    moved = tuple(place for place, step in enumerate(path) if step in ends)
    return Retrained(reference, trainer, tuple(path.values()), tuple(path), moved)


class Remembered:
    """Runs that this worker trained again, for the next block of the same picture."""

    def __init__(self, most: int = KEPT_WEIGHTS) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._runs: OrderedDict[tuple[object, ...], Retrained] = OrderedDict()
        self._turns: dict[tuple[object, ...], threading.Lock] = {}

    def of(self, dataset: Dataset, reference: RunReference, wanted: Wanted) -> Retrained:
        """The run, known from before or trained now; see :func:`retrain`."""
        written = reference.experiment.model_dump_json()
        key = (dataset.digest, written, reference.changes, reference.step)
        with self._lock:
            turn = self._turns.setdefault(key, threading.Lock())
        # A long task steps aside for the next, which may want the very run that it trains.
        with turn:
            retrained = self._known(key)
            if retrained is None:
                retrained = retrain(dataset, reference, wanted=wanted)
                self._keep(key, retrained)
        return retrained.called(reference.name)

    def _known(self, key: tuple[object, ...]) -> Retrained | None:
        with self._lock:
            if key in self._runs:
                self._runs.move_to_end(key)
            return self._runs.get(key)

    def _keep(self, key: tuple[object, ...], retrained: Retrained) -> None:
        with self._lock:
            self._runs[key] = retrained
            while len(self._runs) > 1 and self._weights() > self._most:
                forgotten, _ = self._runs.popitem(last=False)
                self._turns.pop(forgotten, None)

    def _weights(self) -> int:
        return sum(len(run.path) * size(run.end) for run in self._runs.values())


REMEMBERED = Remembered()
"""Those of this worker."""


@none_if_given_up
def trained_weights(
    dataset: Dataset,
    reference: RunReference,
    *,
    wanted: Wanted = always,
    remembered: Remembered = REMEMBERED,
) -> TrainedWeights:
    """The model of a run as it stands, as a safetensors file: numbers and names, nothing that can
    be executed. ``safetensors.torch.load`` reads it.

    ==============  ========================================================================
    ``table``       ``(V, H)``, the first layer: a row for each feature
    ``bias``        ``(O,)``
    ``inner bias``  ``(H,)``, and ``outer`` ``(H, O)``: only where there are hidden units
    ==============  ========================================================================

    Logits are ``X @ table + bias``, or ``tanh(X @ table + inner bias) @ outer + bias``. The file's
    metadata has a JSON text ``lossviz``: ``experiment``, ``step``, and what makes X of texts:
    ``features``, the n-grams in the order of the rows, and ``idf``, their inverse document
    frequencies; and of a run with ``temperatures`` what its logits are divided by.

    :returns: None when it was given up.
    """
    started = perf_counter()
    run = remembered.of(dataset, reference, wanted)
    vectoriser = run.trainer.data.vectoriser
    about: dict[str, Any] = {
        "experiment": reference.experiment.model_dump(mode="json"),
        "step": reference.step,
        "features": vectoriser.features,
        "idf": vectoriser.idf,
    }
    if set_on := tempering(run.trainer):
        about["temperatures"] = dict(zip(set_on.names, set_on.values[0].tolist(), strict=True))
    weights = {
        name: (tensor if name == "table" else tensor[0]).detach().contiguous()
        for name, tensor in run.end.items()
    }
    metadata = {"lossviz": json.dumps(about, ensure_ascii=False)}
    return TrainedWeights(save(weights, metadata=metadata), perf_counter() - started)
