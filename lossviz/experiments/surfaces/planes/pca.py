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

    ``explained`` is the share of their squared lengths: of the squared distance from the end. Even
    a random walk of many dimensions has most of it in two components (:func:`random_walk`), so a
    high share says less than it seems to. What is added to all logits of a softmax alike is left in
    it: with linear models of a sample 6 and 8 % of the squared distance, and less than a twentieth
    of a point of the shares.
    """

    id = "pca"
    order = 1
    title = "the training's path"
    shows = (
        "The plane in which this run moved most while it was trained, seen from its end. How much "
        "of the way lies in it stands beside how much of a random walk would. Each run has its own "
        "plane."
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


def random_walk(steps: Sequence[int]) -> tuple[float, float]:
    """What :class:`PathComponents` would explain along x and y if the weights had walked at random.

    The limit of many weights, where what differs from one walk to the next is averaged away: two
    points with r and s steps left to the end have the product min(r, s). Evenly spaced, many points
    have 8 / π² and 8 / 9π² of their sum, 90 % together; Antognini and Sohl-Dickstein (PCA of high
    dimensional random walks, NeurIPS 2018), who measure from the mean of the path, have 6 / π² and
    6 / 4π², 76 %.

    :param steps: of the training, at which the path has a point; the last is its end.

    >>> first, second = random_walk(range(1000))
    >>> f"{first:.3f} {second:.3f}"
    '0.811 0.090'
    """
    left = steps[-1] - np.asarray(steps[:-1], np.float64)
    values = np.linalg.eigvalsh(np.minimum(left[:, None], left))
    shares = values[::-1] / values.sum()
    return float(shares[0]), float(shares[1])
