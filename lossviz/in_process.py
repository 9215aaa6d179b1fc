"""This very process in the place of workers: for scripts, where nobody waits for a page."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future as PoolFuture
from functools import partial
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Later(Generic[Result]):
    """A call that is made when its result is asked for."""

    done = True

    def __init__(self, call: Callable[[], Result]) -> None:
        self._call = call

    def result(self, timeout: float = 0.0) -> Result:
        """What comes of it, however long it takes."""
        return self._call()

    def cancel(self) -> None:
        """Nothing has begun."""


class InProcess:
    """Does what it is handed when it is asked for the result."""

    lanes = 0
    """Nothing happens at the same time, so one block is handed out at a time."""

    def lend(self, value: object) -> PoolFuture[object]:
        """The value is here already."""
        own: PoolFuture[object] = PoolFuture()
        own.set_result(value)
        return own

    def submit(
        self, function: Callable[..., Result], *arguments: object, priority: int
    ) -> Later[Result]:
        """Remember the call."""
        return Later(partial(function, *arguments))
