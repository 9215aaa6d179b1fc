"""Controls for settings: of an experiment, and of what a formulation or a weighting has besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from lossviz.errors import LossVizError
from lossviz.experiments.choices import parse_numbers
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.settings import ExperimentSetting
from lossviz.losses.setting import Configurable

FEW = 2
"""Choices that are shown side by side; more are in a list."""
SHARE_STEP = 0.01


def controls_for(settings: Iterable[ExperimentSetting], experiment: Experiment) -> dict[str, Any]:
    """A field of a form for each; their values by path."""
    return {setting.path: setting_control(setting, setting.of(experiment)) for setting in settings}


def setting_control(
    setting: ExperimentSetting,
    value: Any,
    *,
    choices: Iterable[str] | None = None,
    most: int | None = None,
    **widget: Any,
) -> Any:
    """The control of one setting: a list, a few choices side by side, a slider or a number.

    :param choices: if not all of them.
    :param most: if less than may be.
    :param widget: what else the widget is given: its tie, unless it is a field of a form.
    """
    widget.setdefault("help", setting.described.help)
    if setting.described.choices is not None:
        return _choice(setting, value, [*(choices or setting.described.choices)], widget)
    if setting.kind is tuple:
        return _numbers(setting, value, widget)
    if "key" not in widget:
        widget["value"] = value
    # What a link brought may be more than is offered.
    least = setting.kind(min(setting.low or 0, value))
    highest = setting.kind(max(most or setting.high or 0, value))
    label = setting.described.label
    if setting.is_share:
        share = st.slider(label, least, highest, step=SHARE_STEP, format="percent", **widget)
        return value if share == value else round(share, 4)
    return st.number_input(
        label, least, highest, format="%.5g" if setting.kind is float else None, **widget
    )


def _numbers(
    setting: ExperimentSetting, value: tuple[float, ...], widget: dict[str, Any]
) -> tuple[float, ...]:
    """As people write them, with commas. What cannot be read is said, and changes nothing."""
    written = ", ".join(f"{number:.15g}" for number in value)
    described = setting.described
    typed = st.text_input(described.label, written, placeholder=described.default, **widget).strip()
    if typed == written:
        return value
    try:
        return parse_numbers(described.label, typed, "5, 1") if typed else ()
    except LossVizError as error:
        st.error(str(error))
        return value


def _choice(
    setting: ExperimentSetting, value: Any, choices: list[str], widget: dict[str, Any]
) -> Any:
    names = setting.described.choices or {}
    if "key" not in widget:
        widget["index"] = choices.index(value)
    widget["format_func"] = names.__getitem__
    if len(choices) <= FEW:
        return st.radio(setting.described.label, choices, horizontal=True, **widget)
    return st.selectbox(setting.described.label, choices, **widget)


def setting_fields(values: Mapping[str, float], *members: Configurable) -> dict[str, float]:
    """A number field for each setting of these; their values by name.

    :param values: those so far; others start at their defaults.
    """
    return {
        setting.name: st.number_input(
            setting.title[:1].upper() + setting.title[1:],
            setting.low,
            setting.high,
            values.get(setting.name, setting.default),
            format="%.4g",
            help=setting.meaning,
        )
        for member in members
        for setting in member.settings
    }
