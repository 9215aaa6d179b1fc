"""Waiting for something to come, however busy the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 120.0
"""Seconds after which what has not come is not going to. It measures nothing: no test is meant to
come near it."""


def wait_until(
    done: Callable[[], object],
    step: Callable[[], object] = lambda: None,
    *,
    pause: float = 0.05,
    told: Callable[[], object] = lambda: None,
) -> None:
    """Look again and again, until it is so.

    :param step: what brings it about, called before every other look.
    :param pause: seconds between two looks.
    :param told: what is said when it does not come.
    """
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, told()
        step()
        time.sleep(pause)
