"""What a shell hands down to the programs that it starts must not decide what a test finds."""

from __future__ import annotations

import os
import signal

SETTINGS = ("DASK_", "LOSSVIZ_", "STREAMLIT_")
KEPT = ("LOSSVIZ_CHROMIUM",)
"""Where the browser is says nothing about what is tested in it."""


def forget_the_shell() -> None:
    """Let this process, and all that it starts, begin as from a terminal.

    A shell lets what it starts in the background ignore SIGINT and SIGQUIT; whatever a program
    ignores its children ignore as well.
    """
    for name in os.environ.keys() - set(KEPT):
        if name.startswith(SETTINGS):
            del os.environ[name]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
