"""Trainings in the background, as a page shows them: how far they are."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lossviz.campaign import Campaign
from lossviz.ui.words import duration

PACE = 0.5
"""Seconds between two updates; results come about as often."""


def progress(campaign: Campaign[Any, Any, Any]) -> None:
    """How many models are trained, how long the others take, and what there is to say."""
    said = f"{campaign.done:,} of {campaign.total:,} trained"
    if campaign.busy:
        left = campaign.seconds_left
        said += ", starting" if left is None else f", about {duration(left)} left"
    elif campaign.stopped:
        said += "; stopped, and kept"
    st.progress(campaign.done / max(campaign.total, 1), text=said)
    if campaign.notice:
        st.info(campaign.notice, icon=":material/info:")
