"""Those who train for a command, from their start to their end, however that comes."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lossviz.data import Dataset
from lossviz.errors import LossVizError

if TYPE_CHECKING:
    from lossviz.compute.cluster import Compute
    from lossviz.compute.workers import Workers
    from lossviz.experiments.sweep.plan import SweepPlan

SHORT_SECONDS = 8.0
"""Shorter sweeps are done in this process: other processes need 3 s before their first step."""
ENDS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What would end this process on the spot, and leave those that it started behind."""


@contextmanager
def workers_for(plan: SweepPlan, dataset: Dataset, asked: int | None) -> Iterator[Workers | None]:
    """Those who train, or None for this process. They end with what is inside, however it ends."""
    if asked is not None and asked < 1:
        raise LossVizError(f"--workers: expected 1 or more, found {asked}.")
    address = os.environ.get("LOSSVIZ_SCHEDULER") if asked is None else None
    count = min(asked or os.cpu_count() or 1, len(plan.blocks(dataset)))
    short = asked is None and plan.seconds(dataset) < SHORT_SECONDS
    if not address and (count == 1 or short):
        yield None
        return
    from lossviz.compute.cluster import Compute

    compute = Compute(address, count)
    with _ends_raised():
        try:
            _connect(compute, address)
            yield compute
        finally:
            with _signals_held():
                compute.close()


def _connect(compute: Compute, address: str | None) -> None:
    try:
        with _signals_held():
            compute.client  # noqa: B018
    except LossVizError as error:
        failed = f"No scheduler answers at {address}" if address else "No process can be started"
        why = error.__cause__ or error
        raise LossVizError(f"{failed}: {why}. --workers 1 trains in this process.") from error


@contextmanager
def _signals_held() -> Iterator[None]:
    """Signals wait until the end of what is inside: half a start cannot be undone, and half an end
    leaves processes behind."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, *ENDS))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _ends_raised() -> Iterator[None]:
    """Signals that end a process are raised as an exception, as Ctrl-C is."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [(number, signal.signal(number, _end)) for number in ENDS]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _end(number: int, _: object) -> None:
    sys.exit(128 + number)
