"""Experiments of every kind, and every setting away from where it is at first."""

from __future__ import annotations

from math import ceil, floor
from typing import Any

from hypothesis import strategies as st

from lossviz.experiments.experiment import NEEDING_VALIDATION, SETTINGS, Experiment, by_path
from lossviz.experiments.settings import ExperimentSetting
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.setting import Configurable
from lossviz.losses.weighting import WEIGHTINGS

ACTING = {"model.kind": "hidden", "split.validation": 0.1}
"""Where every setting acts."""
WIDER = {
    "split.test_size": st.floats(0, 1, exclude_min=True, exclude_max=True),
    "optimiser.learning_rate": st.floats(0, 1000, exclude_min=True),
}
"""Valid values of those whose controls offer fewer."""


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    in_hundredths = st.integers(ceil(100 * low), floor(100 * high)).map(lambda own: own / 100)
    return st.floats(low, high) | in_hundredths


def values(setting: ExperimentSetting) -> st.SearchStrategy[Any]:
    """All that are valid."""
    if setting.path in WIDER:
        return WIDER[setting.path]
    if setting.described.choices is not None:
        return st.sampled_from([*setting.described.choices])
    if setting.kind is tuple:
        return st.tuples(numbers(0, 1000), numbers(0, 1000))
    assert setting.low is not None
    assert setting.high is not None
    if setting.kind is int:
        return st.integers(int(setting.low), int(setting.high))
    return numbers(setting.low, setting.high)


def settings_of(*members: Configurable) -> st.SearchStrategy[dict[str, float]]:
    settings = [setting for member in members for setting in member.settings]
    return st.fixed_dictionaries({}, optional={s.name: numbers(s.low, s.high) for s in settings})


@st.composite
def experiments(draw: st.DrawFn, usual: Experiment) -> Experiment:
    """Every experiment that is valid on the data of the usual one."""
    drawn = {setting.path: draw(values(setting)) for setting in SETTINGS}
    if not drawn["split.validation"]:
        drawn |= {path: by_path(path).default for path in NEEDING_VALIDATION}
    drawn["features.longest"] = max(drawn["features.shortest"], drawn["features.longest"])
    members = OBJECTIVES[drawn["formulation"]], WEIGHTINGS[drawn["weighting"]]
    return usual.where(drawn, settings=draw(settings_of(*members)))


def another(setting: ExperimentSetting, usual: Experiment) -> Any:
    """A value that it does not have in the usual experiment."""
    value = setting.of(usual)
    if setting.described.choices is not None:
        return next(choice for choice in setting.described.choices if choice != value)
    if setting.kind is tuple:
        return (2.0, 1 / 3)
    assert setting.low is not None
    assert setting.high is not None
    other = (2 * setting.low + setting.high) / 3
    if setting.kind is int:
        return int(other) if int(other) != value else int(other) + 1
    return other if other != value else setting.high
