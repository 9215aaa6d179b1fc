"""A run in an address: what about its experiment is not as it is at first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lossviz.errors import LossVizError
from lossviz.experiments.choices import watched
from lossviz.experiments.experiment import SETTINGS, Experiment
from lossviz.experiments.words import listed
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.setting import Setting
from lossviz.losses.weighting import WEIGHTINGS
from lossviz.sharing.address._notation import (
    BEHIND_KEY,
    BETWEEN,
    NUMBERS,
    joined,
    number,
    numbers,
    read_fields,
    value_text,
    whole,
)

FORMULATION, WEIGHTS = "formulation", "w"
MEMBER_SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for member in (*OBJECTIVES.values(), *WEIGHTINGS.values())
    for setting in member.settings
}
"""What formulations and weightings have besides weights: in an address under their own names."""
_BY_KEY = {
    key: tuple(setting for setting in SETTINGS if setting.described.key == key)
    for key in dict.fromkeys(setting.described.key for setting in SETTINGS)
}
_READ: dict[type, Callable[[str], Any]] = {float: number, int: whole, tuple: numbers, str: str}


def _every(experiment: Experiment) -> dict[str, str]:
    """All settings as text."""
    texts = {
        key: NUMBERS.join(value_text(setting.of(experiment)) for setting in settings)
        for key, settings in _BY_KEY.items()
    }
    weights = list(experiment.component_weights)
    while len(weights) > 1 and weights[-1] == 1.0:  # of many parts few are weighed
        weights.pop()
    texts[WEIGHTS] = value_text(tuple(weights))
    return texts | {name: value_text(value) for name, value in experiment.settings.items()}


def run_text(experiment: Experiment, usual: Experiment) -> str:
    """The run as a value of an address.

    :param usual: the experiment on these data where nothing is chosen.
    """
    implied = _every(usual) | {"dec": experiment.objective.decoder}
    implied |= {name: value_text(setting.default) for name, setting in MEMBER_SETTINGS.items()}
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
        return usual.where(watched({"decoder": None, **values}))

    return read_fields(about, whole_text, {}, add, build, _every)


def _add(
    values: Mapping[str, Any], key: str, text: str, components: int
) -> Mapping[str, Any] | None:
    """The values of settings, by their paths, with one more key of them."""
    if key in MEMBER_SETTINGS:
        value = MEMBER_SETTINGS[key].check(number(text))
        return {**values, "settings": {**values.get("settings", {}), key: value}}
    settings = _BY_KEY.get(key)
    if settings is None:
        return None
    if key == WEIGHTS:
        weights = numbers(text)
        return {**values, "component_weights": (*weights, *(1.0,) * (components - len(weights)))}
    texts = [text] if len(settings) == 1 else text.split(NUMBERS)
    if len(texts) != len(settings):
        asked = listed([f"the {setting.described.label.lower()}" for setting in settings])
        usual = NUMBERS.join(value_text(setting.default) for setting in settings)
        raise LossVizError(f"expected {asked}, as in {usual}")
    read = {
        setting.path: _READ[setting.kind](part)
        for setting, part in zip(settings, texts, strict=True)
    }
    return {**values, **read}
