"""Workers end with the server that started them, also where it had no time to tell them.

Dask's own ``death_timeout`` does not do it: a nanny starts its worker again and again.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from distributed.diagnostics.plugin import NannyPlugin, SchedulerPlugin

LOOK_SECONDS = 2.0


class EndNanny(NannyPlugin):
    """In the process beside each worker, which ends with it."""

    restart = False

    def setup(self, nanny: Any) -> None:
        """See :class:`distributed.diagnostics.plugin.NannyPlugin`."""
        _once_orphaned(lambda: os.kill(nanny.pid, signal.SIGKILL))


class EndScheduler(SchedulerPlugin):
    """In the scheduler's process."""

    async def start(self, scheduler: Any) -> None:
        """See :class:`distributed.diagnostics.plugin.SchedulerPlugin`."""
        _once_orphaned(lambda: None)


def _once_orphaned(last: Callable[[], object]) -> None:
    """End this process once whoever started it is gone.

    :param last: what is done before.
    """

    def look() -> None:
        parent = os.getppid()
        while os.getppid() == parent:
            time.sleep(LOOK_SECONDS)
        with suppress(OSError, TypeError):
            last()
        os._exit(1)

    threading.Thread(target=look, name="lossviz-orphans", daemon=True).start()
