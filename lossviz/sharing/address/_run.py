"""A run in an address: what about its experiment is not as it is at first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.setting import Setting
from lossviz.losses.weighting import WEIGHTINGS
from lossviz.sharing.address._notation import (
    BEHIND_KEY,
    BETWEEN,
    joined,
    number,
    numbers,
    read_fields,
    value_text,
    whole,
    wholes,
)

FORMULATION, WEIGHTS = "formulation", "w"
SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for member in (*OBJECTIVES.values(), *WEIGHTINGS.values())
    for setting in member.settings
}
"""What formulations and weightings have besides weights: in an address under their own names."""


@dataclass(frozen=True)
class _Field:
    """A field of an experiment: where it is, and how its text is read."""

    path: tuple[str, ...]
    read: Callable[[str], Any] = str

    def of(self, experiment: Experiment) -> Any:
        """Its value."""
        value: Any = experiment
        for name in self.path:
            value = getattr(value, name)
        return value


_FIELDS = {
    FORMULATION: _Field(("formulation",)),
    "by": _Field(("weighting",)),
    WEIGHTS: _Field(("component_weights",), numbers),
    "j": _Field(("joint_weight",), number),
    "dec": _Field(("decoder",)),
    "m": _Field(("model", "kind")),
    "h": _Field(("model", "width"), whole),
    "o": _Field(("optimiser", "name")),
    "lr": _Field(("optimiser", "learning_rate"), number),
    "b": _Field(("optimiser", "batch_size"), whole),
    "wd": _Field(("optimiser", "weight_decay"), number),
    "e": _Field(("epochs",), whole),
    "s": _Field(("seed",), whole),
    "t": _Field(("split", "test_size"), number),
    "ts": _Field(("split", "seed"), whole),
    "a": _Field(("features", "analyser")),
    "v": _Field(("features", "limit"), whole),
}
_GRAMS = "n"
"""The shortest and the longest n-gram, which depend on each other."""


def _every(experiment: Experiment) -> dict[str, str]:
    """All fields as text."""
    found = {key: value_text(field.of(experiment)) for key, field in _FIELDS.items()}
    found[_GRAMS] = value_text((experiment.features.shortest, experiment.features.longest))
    weights = list(experiment.component_weights)
    while len(weights) > 1 and weights[-1] == 1.0:  # of many parts few are weighed
        weights.pop()
    found[WEIGHTS] = value_text(tuple(weights))
    return found | {name: value_text(setting) for name, setting in experiment.settings.items()}


def run_text(experiment: Experiment, usual: Experiment) -> str:
    """The run as a value of an address.

    :param usual: the experiment on these data where nothing is chosen.
    """
    implied = _every(usual) | {"dec": experiment.objective.decoder}
    implied |= {name: value_text(setting.default) for name, setting in SETTINGS.items()}
    every = _every(experiment)
    return joined(
        {key: text for key, text in every.items() if key == FORMULATION or text != implied[key]},
        first=FORMULATION,
    )


def read_run(text: str, usual: Experiment, about: str) -> tuple[Experiment, tuple[str, ...]]:
    """The experiment, and a note for every field that was left out.

    :param about: what the notes begin with.
    """
    first, _, others = text.partition(BETWEEN)
    whole_text = BETWEEN.join(filter(None, [f"{FORMULATION}{BEHIND_KEY}{first}", others]))

    def add(values: Mapping[str, Any], key: str, value: str) -> Mapping[str, Any] | None:
        return _add(values, key, value, len(usual.component_weights))

    def build(values: Mapping[str, Any]) -> Experiment:
        return usual.changed(**{"decoder": None, **values})

    start = usual.model_dump(include={"split", "features", "model", "optimiser"})
    return read_fields(about, whole_text, start, add, build, _every)


def _add(
    values: Mapping[str, Any], key: str, text: str, components: int
) -> Mapping[str, Any] | None:
    """The fields of an experiment with one more of them."""
    if key in SETTINGS:
        setting = SETTINGS[key].check(number(text))
        return {**values, "settings": {**values.get("settings", {}), key: setting}}
    if key == _GRAMS:
        lengths = wholes(text)
        if len(lengths) != 2:
            raise LossVizError("expected the shortest and the longest n-gram, as in 1_2")
        both = {"shortest": lengths[0], "longest": lengths[1]}
        return {**values, "features": {**values["features"], **both}}
    if key not in _FIELDS:
        return None
    field = _FIELDS[key]
    value = field.read(text)
    if key == WEIGHTS:
        value = (*value, *(1.0,) * (components - len(value)))
    if len(field.path) == 1:
        return {**values, field.path[0]: value}
    group, name = field.path
    return {**values, group: {**values[group], name: value}}
