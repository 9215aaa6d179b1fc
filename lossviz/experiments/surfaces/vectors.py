"""Vectors: all weights of a model, or a direction among them, by name.

Only methods of the tensors given are used, so reading about planes needs no torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lossviz.arrays import Doubles

if TYPE_CHECKING:
    from torch import Tensor

Vector = dict[str, "Tensor"]
"""``table`` ``(V, H)``, and the dense end by name, each ``(1, …)``: one ensemble member."""
AT_ONCE = 100_000
"""Weights of each vector that are held in double precision."""


def added(origin: Vector, *steps: tuple[float, Vector]) -> Vector:
    """``origin + Σ factor · direction``."""
    result = {name: tensor.clone() for name, tensor in origin.items()}
    for factor, direction in steps:
        for name, tensor in direction.items():
            result[name].add_(tensor, alpha=factor)
    return result


def difference(one: Vector, other: Vector) -> Vector:
    """``one − other``."""
    return {name: tensor - other[name] for name, tensor in one.items()}


def inner(one: Vector, other: Vector) -> float:
    """The inner product, added up in double precision."""
    return sum(
        float((tensor.double() * other[name].double()).sum()) for name, tensor in one.items()
    )


def products(ones: Sequence[Vector], others: Sequence[Vector]) -> Doubles:
    """The inner product of each with each, ``(P, Q)``, likewise; some weights of all at a time."""
    result = np.zeros((len(ones), len(others)))
    for name in ones[0] if ones else ():
        left, right = ([vector[name].reshape(-1) for vector in side] for side in (ones, others))
        for start in range(0, len(left[0]), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            rows, columns = (
                np.stack([vector[some].double().numpy() for vector in side])
                for side in (left, right)
            )
            result += rows @ columns.T
    return result


def length(vector: Vector) -> float:
    """Euclidean."""
    return float(inner(vector, vector) ** 0.5)


def scaled(vector: Vector, factor: float) -> Vector:
    """``factor · vector``."""
    return {name: tensor * factor for name, tensor in vector.items()}


def size(vector: Vector) -> int:
    """Number of weights ``D``."""
    return sum(tensor.numel() for tensor in vector.values())


def gaussian(like: Vector, random: np.random.Generator) -> Vector:
    """Independent standard normal numbers in the same shape."""
    return {
        name: tensor.new_tensor(random.standard_normal(tuple(tensor.shape), np.float32))
        for name, tensor in like.items()
    }
