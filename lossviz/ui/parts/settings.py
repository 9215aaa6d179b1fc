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
        own.name: st.number_input(
            own.title[:1].upper() + own.title[1:],
            own.low,
            own.high,
            values.get(own.name, own.default),
            format="%.4g",
            help=own.meaning,
        )
        for member in members
        for own in member.settings
    }
