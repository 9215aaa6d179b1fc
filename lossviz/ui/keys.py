"""Keys that press buttons."""

from __future__ import annotations

import streamlit as st

KEYS = {
    " ": ("play", "Space", "play or pause"),
    ".": ("batch", ".", "one batch"),
    "e": ("epoch", "e", "one epoch"),
    "r": ("reset", "r", "reset: same seed, same curve"),
    "?": ("keys", "?", "this list"),
}
_BOOTSTRAP = """
export default async function (component) {
  const address = new URL("assets/app/keys.js", document.baseURI);
  const { default: keys } = await import(address);
  return keys(component);
}
"""


def listen() -> None:
    """Let the keys act on the buttons of these widget keys, while nobody types."""
    component = st.components.v2.component("lossviz.keys", js=_BOOTSTRAP, isolate_styles=False)
    component(data={"buttons": {key: widget for key, (widget, _, _) in KEYS.items()}}, key="listen")


def key_list() -> None:
    """A button that lists them."""
    with st.popover("Keys", icon=":material/keyboard:", key="keys"):
        for _, name, meaning in KEYS.values():
            st.markdown(f"`{name}` {meaning}")
