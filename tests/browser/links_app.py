"""An app of linked charts and nothing else: ``streamlit run tests/browser/links_app.py``."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from lossviz.ui.server import middleware, routes  # noqa: E402

app = st.App(ROOT / "tests" / "browser" / "links_page.py", routes=routes(), middleware=middleware())
