"""An app of one page of this folder, the one that ``LOSSVIZ_TEST_PAGE`` names."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import streamlit as st

from lossviz.ui.server import middleware, routes

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))


PAGE = os.environ.get("LOSSVIZ_TEST_PAGE", "links_page.py")
app = st.App(HERE / PAGE, routes=routes(), middleware=middleware())
