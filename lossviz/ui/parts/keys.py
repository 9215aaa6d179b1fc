"""Keys that press buttons."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lossviz.ui.parts.chart import module

Key = tuple[str, str, str]
"""The button it presses, its name, and what it does."""
KEYS: dict[str, Key] = {
    " ": ("play", "Space", "play or pause"),
    ".": ("batch", ".", "one batch"),
    "e": ("epoch", "e", "one epoch"),
    "r": ("reset", "r", "reset: same seed, same curve"),
    "f": ("present-page", "f", "presenter mode"),
    "?": ("keys", "?", "this list"),
}
_BOOTSTRAP = f"""
export default async function (component) {{
  const {{ default: keys }} = await import({module("keys.js")});
  return keys(component);
}}
"""


def listen(keys: Mapping[str, Key] = KEYS) -> None:
    """Let the keys act on the buttons of these widget keys, while nobody types."""
    component = st.components.v2.component("lossviz.keys", js=_BOOTSTRAP, isolate_styles=False)
    component(data={"buttons": {key: widget for key, (widget, _, _) in keys.items()}}, key="listen")


def key_list() -> None:
    """A button that lists them."""
    with st.popover("Keys", icon=":material/keyboard:", key="keys"):
        for _, name, meaning in KEYS.values():
            st.markdown(f"`{name}` {meaning}")
