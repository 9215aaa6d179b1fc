"""Those who do the work, as whoever hands it out sees them; and this very process among them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future as PoolFuture
from functools import partial
from typing import Generic, Protocol, TypeVar

from lossviz.compute.turns import Claim, Turns, Visitor

Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)


class Answer(Protocol[Result_co]):
    """A result on its way."""

    @property
    def done(self) -> bool:
        """Whether it is there."""

    def result(self, timeout: float = ...) -> Result_co:
        """What came of it.

        :raises TimeoutError: when it is not there after so many seconds.
        """

    def cancel(self) -> None:
        """Nobody wants it any more."""


class Workers(Protocol):
    """Those who do the work: :class:`lossviz.compute.cluster.Compute`, or this very process."""

    @property
    def lanes(self) -> int:
        """Blocks that are trained at the same time."""

    def claim(self, rest: Callable[[], None]) -> Claim:
        """A place among those who want work done.

        :param rest: takes back what is handed out; a method, which is held weakly.
        """

    def lend(self, value: object) -> PoolFuture[object]:
        """Put the data where the workers find them.

        :raises WorkerLost: in the future's result, when none answers.
        """

    def submit(
        self, function: Callable[..., Result], *arguments: object, priority: int
    ) -> Answer[Result]:
        """Let a worker call the function."""


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

    def claim(self, rest: Callable[[], None]) -> Claim:
        """Nobody else asks."""
        return Turns().claim(Visitor())

    def lend(self, value: object) -> PoolFuture[object]:
        """The value is here already."""
        lent: PoolFuture[object] = PoolFuture()
        lent.set_result(value)
        return lent

    def submit(
        self, function: Callable[..., Result], *arguments: object, priority: int
    ) -> Later[Result]:
        """Remember the call."""
        return Later(partial(function, *arguments))
