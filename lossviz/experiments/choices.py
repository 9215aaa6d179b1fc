"""What a person chooses of an experiment: the rest follows it, or the data."""

from __future__ import annotations

from typing import Any

from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import NEEDING_VALIDATION, SETTINGS, Experiment, by_path
from lossviz.experiments.settings import Values, nested
from lossviz.experiments.specs import FeatureSpec, SplitSpec

WATCHED: Values = {"split": SplitSpec(validation=0.1), "patience": 3, "calibration": "temperature"}
"""Of a run on a page, as fields. Three epochs show the dotted curve turn before it stops; on the
samples it falls to the end. A command trains on all that is not held out unless it is told."""


def chosen(dataset: Dataset, values: Values, **fields: Any) -> Experiment:
    """The experiment on this data set in which a person chose some settings.

    :param values: of those, by their paths.
    """
    usual = FeatureSpec.for_texts(dataset.texts)
    values = completed({"features.analyser": usual.analyser, **values})
    return Experiment.for_dataset(dataset, **nested(values), **fields)


def first(dataset: Dataset, **fields: Any) -> Experiment:
    """What a run on a page starts with: a tenth of what is not held out draws its curve, stops it,
    and sets its temperatures, so that the texts that judge it chose nothing."""
    return Experiment.for_dataset(dataset, **{**WATCHED, **fields})


def watched(values: Values) -> Values:
    """What a person chose; where that sets no validation texts aside, without all that needs them:
    nothing is stopped by them then, or set on them."""
    if values.get("split.validation", True):
        return values
    return {**values, **{path: by_path(path).default for path in NEEDING_VALIDATION}}


def choices(experiment: Experiment, dataset: Dataset) -> dict[str, Any]:
    """The fewest settings that :func:`chosen` makes this experiment of, but for its data."""
    rules = [setting.described.follows for setting in SETTINGS]
    leading = {follows.path for follows in rules if follows is not None}
    usual = chosen(dataset, {})
    implied = chosen(dataset, {path: by_path(path).of(experiment) for path in leading})
    return {
        setting.path: setting.of(experiment)
        for setting in SETTINGS
        if setting.of(experiment) != setting.of(usual if setting.path in leading else implied)
    }


def parse_numbers(name: str, given: str, example: str) -> tuple[float, ...]:
    """Numbers that a person wrote.

    :param name: what they are called there.

    >>> parse_numbers("--weights", "2, 1", "2,1")
    (2.0, 1.0)
    """
    try:
        return tuple(float(piece) for piece in given.split(","))
    except ValueError as error:
        raise LossVizError(
            f"{name}: expected numbers with commas between them, such as {example}; "
            f"found {given!r}."
        ) from error


def completed(values: Values) -> Values:
    """With those that follow one of these, and are not among them."""
    rules = [(setting.path, setting.described.follows) for setting in SETTINGS]
    following = {
        path: follows.rule(values[follows.path])
        for path, follows in rules
        if follows is not None and follows.path in values and path not in values
    }
    return {**values, **following}


def followed(experiment: Experiment, values: Values) -> Values:
    """What a person entered in a form: where another value was entered, those settings that follow
    it, and were left as they are, follow."""
    left = [
        setting.path
        for setting in SETTINGS
        if (follows := setting.described.follows) is not None
        and follows.path in values
        and values[follows.path] != by_path(follows.path).of(experiment)
        and values.get(setting.path) == setting.of(experiment)
    ]
    return completed({path: value for path, value in values.items() if path not in left})
