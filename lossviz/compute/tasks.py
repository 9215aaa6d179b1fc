"""What workers compute besides live runs: ``engine`` has every function of
:mod:`lossviz.engine.tasks` under its name, as the web process may know it. The engine is imported
in the worker, where it is called.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from inspect import signature
from time import monotonic
from typing import TYPE_CHECKING, Any

from lossviz.compute.seats import Seats

if TYPE_CHECKING:
    from distributed import Worker

    from lossviz.engine import tasks as engine

__all__ = ["Errand", "engine"]

LONG_SECONDS = 1.0
"""A task that takes longer steps aside, so that short ones need not wait for its end."""
LOOK_SECONDS = 0.1
"""Between two looks whether a result is still wanted."""
SEATS = Seats()
"""Of this process, for tasks that may take long."""


@dataclass(frozen=True)
class EngineFunction:
    """A function of the engine, by its name. One that asks whether its result is still wanted is
    told by the task that it runs in."""

    __name__: str

    def __call__(self, *arguments: Any) -> Any:
        """Import it, and call it: in a worker."""
        from lossviz.engine import tasks

        function = getattr(tasks, self.__name__)
        if "wanted" not in signature(function).parameters:
            return function(*arguments)
        errand = Errand()
        try:
            return function(*arguments, wanted=errand.wanted) if errand.begin() else None
        finally:
            errand.end()


class EngineFunctions:
    """Any function of the engine. Types are checked against the engine's list; so that no torch is
    loaded here, a worker is the first to look whether there is one of this name."""

    def __getattr__(self, name: str) -> EngineFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return EngineFunction(name)


if not TYPE_CHECKING:  # there it is the engine, with its types
    engine = EngineFunctions()


class Errand:
    """A task as it sees itself while it runs in a worker.

    Of those that may take long as many compute at a time as the worker has threads, one after the
    other: together they would take the memory of all, and leave the less to live runs the more they
    are. None gives its seat up before its end: it may hold what the next one waits for, as a model
    that both need.
    """

    def __init__(self) -> None:
        from distributed import get_worker

        self._since = self._looked = monotonic()
        self._aside = False
        self._worker: Worker | None = None
        with suppress(ValueError):  # called directly: whoever called it waits
            self._worker = get_worker()

    def begin(self) -> bool:
        """Wait for a seat; whether the result is still wanted then."""
        return self._worker is None or self._seated(self._worker)

    def end(self) -> None:
        """The seat is free."""
        SEATS.leave(self)

    def wanted(self) -> bool:
        """Whether anybody still waits for the result. To be asked often.

        A task that was cancelled goes on in its thread, and nothing tells it; but its worker knows.
        """
        worker, now = self._worker, monotonic()
        if worker is None or now - self._looked < LOOK_SECONDS:
            return True
        self._looked = now
        if not self._awaited(worker):
            return False
        if now - self._since > LONG_SECONDS:
            self._step_aside()
        return True

    def _seated(self, worker: Worker) -> bool:
        seats = worker.state.nthreads
        if not SEATS.take(self, seats):
            self._step_aside()
            while not SEATS.comes(self, seats, LOOK_SECONDS):
                if not self._awaited(worker):
                    return False
        self._since = self._looked = monotonic()
        return True

    def _step_aside(self) -> None:
        from distributed import secede

        if not self._aside:
            self._aside = True
            secede()

    @staticmethod
    def _awaited(worker: Worker) -> bool:
        task = worker.state.tasks.get(worker.get_current_task())
        return task is not None and task.state in ("executing", "long-running")
