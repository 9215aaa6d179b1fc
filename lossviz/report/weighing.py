"""Which weights do something."""

from __future__ import annotations

from lossviz.decoding import DECODERS
from lossviz.experiment import Experiment


def acting(experiment: Experiment) -> tuple[int, ...]:
    """The weights that a person sets with effect: 0 .. K-1 for components, K for the whole label.

    In the loss, or in what is predicted, where that follows the costs.
    """
    objective, decoder = experiment.objective, DECODERS[experiment.decoder]
    components = range(len(experiment.component_weights))
    asked = experiment.acting_weighting.takes_preference
    positions = list(components) if decoder.weighted or (objective.weighted and asked) else []
    if objective.joint_weighted or decoder.weighted:
        positions.append(len(components))
    return tuple(positions)
