"""A suggestion: what is trained where nothing is chosen, by what the data are like."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from lossviz.data import Dataset
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.settings import Values
from lossviz.experiments.specs import FeatureSpec
from lossviz.experiments.words import count

FEW_LABELS, MANY_TEXTS = 8, 20
"""Up to so many whole labels, with as many texts each in the median, a model of whole labels is
trained. Beyond that each part is learned by itself, from all texts: on 542 whole labels that is
right on 10 points more, on 40 of 3,000 synthetic texts on 14 more; and it takes less time."""
MANY_ROWS = 2_000
QUICK: Values = {"epochs": 5, "optimiser.batch_size": 64}
"""Of so many texts: as often right as with ten epochs of batches of 32 (on five data sets within
0.3 points, or ahead), in less than half of the time."""
VERY_MANY_ROWS = 50_000
QUICKER: Values = {"epochs": 3, "optimiser.batch_size": 128}
"""Of so many texts: within 0.1 points of the same on four synthetic sets, or ahead, in a third of
the steps."""
DECIDES = ("formulation", "decoder", "component_weights")
"""Who chooses any of these decides by itself."""


WHOLE: Values = {"formulation": "marginals"}
PARTS: Values = {
    "formulation": "components",
    "decoder": "joint_mode",
    "optimiser.shrinking": 0.01,
}
"""Adagrad moves what is rare as far as what is common. With all of each squared gradient it
is right on 3.4 points fewer of 542 whole labels, and on 8 fewer of 40 synthetic ones."""
TRIED: tuple[Values, ...] = (WHOLE, PARTS, {"formulation": "joint"})
"""What is tried where one is to be chosen by the data."""


@dataclass(frozen=True)
class Suggestion:
    """What is suggested for a data set.

    :param values: settings, by their paths.
    :param why: a line.
    """

    values: Values
    why: str


def suggestion(dataset: Dataset, values: Values) -> Suggestion | None:
    """What is suggested beside what was chosen; None where that leaves nothing to propose.

    :param values: what was chosen, by path.
    """
    schema = dataset.schema
    new = values.get("split.combinations") == "new"  # nothing is kept to those that are known
    if new or len(schema.names) < 2 or any(path in values for path in DECIDES):
        return None
    texts = int(np.median(np.unique(dataset.class_index, return_counts=True)[1]))
    are = f"{count(len(schema.classes), 'whole label')}, {count(texts, 'text')} each in the median"
    quick = {} if set(QUICK) & set(values) else _quick(len(dataset))
    if len(schema.classes) <= FEW_LABELS and texts >= MANY_TEXTS:
        way, words = WHOLE, "one model of whole labels (marginals)"
    else:
        way, words = PARTS, "every part by itself (components), decoded together"
    often = ", {} epochs of batches of {}".format(*quick.values()) if quick else ""
    return Suggestion({**way, **quick}, f"{are}: {words}{often}")


def _quick(rows: int) -> Values:
    if rows >= VERY_MANY_ROWS:
        return QUICKER
    return QUICK if rows >= MANY_ROWS else {}


def alternatives(dataset: Dataset, values: Values) -> tuple[Values, ...]:
    """The settings of a handful of experiments to choose from; first those of the suggestion.

    :param values: what was chosen: that is the same in all of them.
    """
    suggested = suggestion(dataset, values)
    ways: tuple[Values, ...] = ({},)
    if suggested is not None:
        others = (way for way in TRIED if not way.items() <= suggested.values.items())
        quick = {path: value for path, value in suggested.values.items() if path in QUICK}
        ways = (suggested.values, *({**quick, **way} for way in others))
    grams: tuple[Values, ...] = ({},)
    if "features.longest" not in values:
        analyser = values.get("features.analyser") or FeatureSpec.for_texts(dataset.texts).analyser
        grams = ({}, {"features.longest": {"word": 1, "char": 5}[analyser]})
    return tuple({**gram, **way, **values} for gram, way in product(grams, ways))


def named(experiment: Experiment) -> str:
    """``components decoded together, 1 to 2 words``: what sets it apart from the others."""
    together = experiment.formulation == "components" and experiment.decoder == "joint_mode"
    spec = experiment.features
    grams = f"{spec.shortest} to {spec.longest}" if spec.shortest < spec.longest else spec.longest
    unit = {"word": "words", "char": "characters"}[spec.analyser]
    decoded = " decoded together" if together else ""
    return f"{experiment.formulation}{decoded}, {grams} {unit}".replace("1 words", "single words")
