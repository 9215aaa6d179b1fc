"""Small trained runs, and the plain way to the loss at their weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from lossviz.arrays import Doubles, Floats
from lossviz.data import Dataset
from lossviz.engine.landscape.loss import Loss
from lossviz.engine.landscape.retrained import Retrained, retrain
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.reference import RunReference
from lossviz.experiments.surfaces.planes import Plane
from lossviz.experiments.surfaces.vectors import Vector
from lossviz.experiments.weights import WeightChange
from lossviz.losses.weights import LossWeights
from lossviz.schema import LabelSchema
from tests.support.factories import dataset
from tests.support.schemas import schema_of

DATA = dataset(120, seed=31)
OWN = (3.0, 0.5)
"""α and β of the small runs, and below γ: none is 1."""
OWN_JOINT = 0.7
STEPS = 12


def _from(labels: list[str], unseen: int, digest: str) -> Dataset:
    """Texts of these labels but the last ones; one letter is one part."""
    names = ("one", "two", "three")[: len(labels[0])]
    schema = schema_of(names, labels, separator="")
    random = np.random.default_rng(5)
    words = {
        value: [f"{value}{k}" for k in range(6)]
        for own in schema.components
        for value in own.values
    }
    parts = [labels[k] for k in random.integers(len(labels) - unseen, size=150)]
    texts = [" ".join(np.concatenate([random.choice(words[v], 3) for v in own])) for own in parts]
    codes = np.array([schema.encode(tuple(own)) for own in parts], dtype=np.int64)
    return Dataset("made", digest, schema, tuple(texts), codes, np.arange(1, 151), ())


THREE = _from(["axp", "axq", "axr", "ayp", "ayr", "bxp", "bxr", "byq", "byr"], 1, "three-5")
"""Three parts, 9 of their 12 combinations allowed; no text has the last one."""
SIX = _from(["ap", "aq", "ar", "bp", "bq", "br"], 0, "six-5")
"""A part of two values and one of three, every combination allowed."""


def reference(
    name: str = "A",
    step: int = STEPS,
    changes: tuple[WeightChange, ...] = (),
    data: Dataset = DATA,
    **fields: Any,
) -> RunReference:
    if len(data.schema.names) == 2:
        fields = {"component_weights": OWN, "joint_weight": OWN_JOINT, **fields}
    return RunReference(name, Experiment.for_dataset(data, **fields), changes, step)


@lru_cache
def trained(
    formulation: str = "marginals",
    kind: str = "linear",
    *,
    name: str = "A",
    step: int = STEPS,
    seed: int = 0,
    width: int = 5,
) -> Retrained:
    model = {"kind": kind, "width": width}
    own = reference(name, step, formulation=formulation, model=model, seed=seed)
    return retrain(DATA, own)


@lru_cache
def trained_on_six(formulation: str, kind: str = "linear") -> Retrained:
    model = {"kind": kind, "width": 5}
    return retrain(SIX, reference(data=SIX, formulation=formulation, model=model))


@lru_cache
def trained_on_three(formulation: str, kind: str = "linear") -> Retrained:
    weights = (2.0, 0.3, 1.5)
    own = reference(
        data=THREE,
        formulation=formulation,
        model={"kind": kind, "width": 4},
        component_weights=weights,
        joint_weight=OWN_JOINT,
    )
    return retrain(THREE, own)


@dataclass
class Made:
    """A model of a single first layer, for planes that look at nothing but its weights."""

    path: Sequence[Vector]
    name: str = "A"
    leading: Callable[[], tuple[Vector, Vector]] = field(default=NotImplemented)

    @property
    def end(self) -> Vector:
        return self.path[-1]


def acting(loss: Loss, weights: Sequence[float]) -> Loss:
    """The same with these weights: the components', then the whole label's."""
    own = LossWeights(torch.tensor([weights[:-1]]), torch.tensor([weights[-1]]))
    return replace(loss, weights=own)


def plain_parts(loss: Loss, at: Vector) -> dict[str, float]:
    """The means of the parts, and their ``total``: dense features, double precision, no plane."""
    features = torch.from_numpy(loss.features.toarray()).double()
    dense = {name: own.double() for name, own in at.items() if name != "table"}
    logits = loss.model.tail((features @ at["table"].double())[None], dense)
    if loss.layout != loss.objective.head:
        logits = _separate(logits, loss.schema)
    parts = loss.objective.parts(logits, loss.targets, loss.schema, loss.weights)
    parts["total"] = loss.objective.total(parts, loss.weights)
    return {name: float(own.mean()) for name, own in parts.items()}


def _separate(logits: torch.Tensor, schema: LabelSchema) -> torch.Tensor:
    """Logits of each part from those of whole labels: what their probabilities add up to."""
    pieces = []
    for k, size in enumerate(schema.sizes):
        values = [
            logits[..., schema.class_codes[:, k] == value].logsumexp(-1) for value in range(size)
        ]
        pieces += [values[0] - values[1]] if size == 2 else values
    return torch.stack(pieces, dim=-1)


def plain(loss: Loss, plane: Plane, x: Floats, y: Floats, part: str = "total") -> Doubles:
    """The surface ``(Y, X)``, point by point: weights made, put into the model, loss."""
    return np.array(
        [[plain_parts(loss, at(plane, own, other))[part] for own in x] for other in y], np.float64
    )


def at(plane: Plane, x: float, y: float) -> Vector:
    """The weights at a point of a plane, in double precision."""
    return {
        name: own.double() + float(x) * plane.first[name] + float(y) * plane.second[name]
        for name, own in plane.origin.items()
    }


def close(found: npt.ArrayLike, expected: npt.ArrayLike, tolerance: float = 1e-5) -> None:
    """To 1e-5 of a loss that is larger than 1, and to 1e-5 below."""
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape
    worst = np.max(np.abs(found - expected) / np.maximum(1.0, np.abs(expected)))
    assert worst <= tolerance, worst
