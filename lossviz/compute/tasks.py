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

if TYPE_CHECKING:
    from distributed import Worker

    from lossviz.engine import tasks as engine

__all__ = ["Errand", "engine"]

LONG_SECONDS = 1.0
"""A task that takes longer steps aside, so that short ones need not wait for its end."""


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
        return function(*arguments, wanted=Errand().wanted)


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
    """A task as it sees itself while it runs in a worker."""

    def __init__(self) -> None:
        from distributed import get_worker

        self._started = monotonic()
        self._aside = False
        self._worker: Worker | None = None
        with suppress(ValueError):  # called directly: whoever called it waits
            self._worker = get_worker()

    def wanted(self) -> bool:
        """Whether anybody still waits for the result. To be asked now and then.

        A task that was cancelled goes on in its thread, and nothing tells it; but its worker knows.
        """
        from distributed import secede

        worker = self._worker
        if worker is None:
            return True
        task = worker.state.tasks.get(worker.get_current_task())
        if task is None or task.state not in ("executing", "long-running"):
            return False
        if not self._aside and monotonic() - self._started > LONG_SECONDS:
            self._aside = True
            secede()
        return True
