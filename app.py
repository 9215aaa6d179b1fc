"""LossViz as an ASGI application: ``streamlit run app.py``."""

import streamlit as st

from lossviz.ui.server import SHELL, lifespan, middleware, on_script_error, routes

app = st.App(
    SHELL,
    lifespan=lifespan,
    routes=routes(),
    middleware=middleware(),
    on_script_error=on_script_error,
)
