"""Two random directions, as long as the weights they move."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lossviz.experiments.surfaces.planes._base import Plane, PlaneKind, TrainedModel
from lossviz.experiments.surfaces.vectors import Vector, gaussian


class RandomDirections(PlaneKind):
    """Gaussian directions, filter by filter as long as the weights: ``d_j · ‖w_j‖ / ‖d_j‖`` for the
    weights w_j into one unit or logit. So a network of rectified units, in which one layer can be
    made larger and the next one smaller without changing anything, looks the same after it. A
    softmax on linear or tanh units is no such network: with weights twice as large it says
    something else, and has another picture.

    Biases do not move, as with ``ignore="biasbn"`` in the authors' code: one number has no
    direction to be normalised. The two directions are drawn independently; among many weights
    they are nearly at right angles.

    Source: Li et al., Visualizing the loss landscape of neural nets, NeurIPS 2018.
    """

    id = "random"
    order = 0
    title = "two random directions"
    shows = (
        "How the loss changes when all weights move by a share of their size, filter by filter (Li "
        "et al. 2018); biases stay. Runs with larger weights do not compare: that takes rectified "
        "units, not a softmax on linear or tanh ones. Each seed is a slice."
    )
    random = True

    def lay(self, models: Sequence[TrainedModel], seed: int) -> Plane:
        """Around the model's weights, one length each way."""
        end = models[0].end
        generator = np.random.default_rng([seed, 1])
        first, second = (normalised(gaussian(end, generator), end) for _ in range(2))
        axes = ("first random direction", "second random direction")
        return Plane(end, first, second, axes, (-1.0, 1.0), (-1.0, 1.0))


def normalised(direction: Vector, weights: Vector) -> Vector:
    """The direction with each filter as long as that of the weights, and no bias."""
    result = {}
    for name, tensor in direction.items():
        if name.endswith("bias"):
            result[name] = tensor * 0.0
        else:
            # Columns: the weights into one unit.
            lengths = weights[name].norm(dim=-2, keepdim=True)
            result[name] = tensor * lengths / tensor.norm(dim=-2, keepdim=True).clamp_min(1e-30)
    return result
