"""LossViz as an ASGI application: ``streamlit run app.py``."""

import streamlit as st

from lossviz.ui.server import ROOT, lifespan, middleware, on_script_error, routes

app = st.App(
    ROOT / "lossviz" / "ui" / "shell.py",
    lifespan=lifespan,
    routes=routes(),
    middleware=middleware(),
    on_script_error=on_script_error,
)
