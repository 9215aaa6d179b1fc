"""An app of one page of this folder, the one that ``LOSSVIZ_TEST_PAGE`` names."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import streamlit as st

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from lossviz.ui.server import middleware, routes  # noqa: E402

app = st.App(HERE / os.environ["LOSSVIZ_TEST_PAGE"], routes=routes(), middleware=middleware())
