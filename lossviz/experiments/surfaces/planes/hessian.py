"""The two directions in which the loss bends upwards most."""

from __future__ import annotations

from collections.abc import Sequence

from lossviz.experiments.surfaces.planes._base import Plane, PlaneKind, TrainedModel
from lossviz.experiments.surfaces.vectors import length, scaled


class LeadingCurvature(PlaneKind):
    """The eigenvectors of the Hessian with the two largest eigenvalues, by Lanczos on
    Hessian-vector products; as long as the weights.

    Source: Yao et al., PyHessian, 2020.
    """

    id = "hessian"
    order = 2
    title = "where it bends upwards most"
    shows = (
        "The two eigenvectors of the Hessian with the largest eigenvalues, by value, not size: no "
        "other plane bends upwards more here. Others may be steeper: the slope may lie elsewhere. "
        "The worst case, where random directions show the usual one."
    )

    def lay(self, models: Sequence[TrainedModel], seed: int) -> Plane:
        """Around the model's weights, one length each way."""
        end = models[0].end
        first, second = (scaled(direction, length(end)) for direction in models[0].leading())
        axes = ("direction of the largest eigenvalue", "direction of the second largest")
        return Plane(end, first, second, axes, (-1.0, 1.0), (-1.0, 1.0))
