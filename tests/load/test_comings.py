"""What visitors leave behind who come and go."""

from __future__ import annotations

import pytest

from tests.load.comings import Comings, measure

pytestmark = pytest.mark.slow
GROWN, WEB_LEFT, WORKERS_LEFT = 1.15, 1.25, 1.35
"""Of the memory after a third of the time; and of that before the first visit, once all rest."""


def test_memory_is_level_and_given_back_once_everybody_has_gone() -> None:
    level = measure(Comings(8, minutes=3.0, stays="5", rest=(60.0,)), print)
    print(level.table())
    assert level.moments[-1].visits > 60
    assert not level.errors
    assert not level.tracebacks
    for kind in ("web", "workers", "scheduler"):
        assert level.grown(kind) < GROWN, level.table()
    assert level.left("web") < WEB_LEFT, level.table()
    assert level.left("workers") < WORKERS_LEFT, level.table()
