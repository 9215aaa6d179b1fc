"""Fields for what a formulation or a weighting has besides its weights."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lossviz.losses.setting import Configurable


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
