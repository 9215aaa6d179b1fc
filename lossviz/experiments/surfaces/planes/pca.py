"""The two directions in which a training moved most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lossviz.errors import LossVizError
from lossviz.experiments.surfaces.planes._base import (
    Plane,
    PlaneKind,
    TrainedModel,
    around,
    unit,
    without,
)
from lossviz.experiments.surfaces.vectors import Vector, added, difference, length, products


class PathComponents(PlaneKind):
    """Principal components of ``θ_t − θ_T``, the steps of the way seen from its end, as in Li et
    al. 2018. Found from the products of the steps among each other, ``(P, P)``: there are few of
    them and many weights.

    Even a random walk of many dimensions has most of its variance in two of its own components
    (Antognini and Sohl-Dickstein 2018): a high share says less than it seems to.
    """

    id = "pca"
    order = 1
    title = "the training's path"
    shows = (
        "The plane in which this run moved most while it was trained. The path lies nearly in it; "
        "how nearly is the explained variance. Each run has its own plane."
    )

    def lay(self, models: Sequence[TrainedModel], seed: int) -> Plane:
        """Through the whole path, its end at (0, 0)."""
        model = models[0]
        end, path = model.end, model.path
        steps = [difference(weights, end) for weights in path[:-1]]
        values, vectors = np.linalg.eigh(products(steps, steps))
        long = length(end)
        what = f"The training of {model.name} has not gone in two directions yet"
        if len(values) < 2:
            raise LossVizError(without(what))
        first, second = (
            unit(_combined(steps, vectors[:, -place].tolist()), long, what) for place in (1, 2)
        )
        shares = np.maximum(values, 0.0)[::-1] / max(float(np.maximum(values, 0.0).sum()), 1e-300)
        axes = ("first component of the path", "second component of the path")
        plane = Plane(end, first, second, axes, (0.0, 0.0), (0.0, 0.0))
        seen = plane.places(path)
        return Plane(
            end,
            first,
            second,
            axes,
            around(seen[:, 0]),
            around(seen[:, 1]),
            tuple(shares[:2].tolist()),
        )


def _combined(steps: Sequence[Vector], factors: Sequence[float]) -> Vector:
    nothing = {name: tensor * 0.0 for name, tensor in steps[0].items()}
    return added(nothing, *zip(factors, steps, strict=True))
