"""A closer look at a data set: what needs a worker for some seconds, once for all who look."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future as PoolFuture
from typing import Generic, TypeVar
from weakref import WeakSet
from zlib import crc32

from lossviz.compute.connection import WorkerLost
from lossviz.compute.tasks import engine
from lossviz.compute.workers import Answer, Workers
from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.closer_look import Hardness, NearDuplicates

MOST_KEPT = 32
"""Data sets whose results are kept: up to a few hundred kilobytes each, mostly listed pairs."""
PRIORITY = -5
"""Before the trainings in the background, after the small questions of other pages."""

Result = TypeVar("Result")


class Finding(Generic[Result]):
    """One thing that a worker finds out.

    :param function: of :mod:`lossviz.compute.tasks`: a data set to the result, or to None when it
        was given up half-way.
    """

    def __init__(self, function: Callable[[Dataset], Result | None]) -> None:
        self._function = function
        self._task: Answer[Result | None] | None = None
        self.result: Result | None = None

    def step(self, compute: Workers, data: object) -> None:
        """Ask for it, or take it if it is there.

        :raises LossVizError: what the worker has to say about the data, or that it is gone.
        """
        if self.result is not None:
            return
        if self._task is None:
            function: Callable[..., Result | None] = self._function
            self._task = compute.submit(function, data, priority=PRIORITY)
        elif self._task.done:
            task, self._task = self._task, None
            self.result = task.result()

    def cancel(self) -> None:
        """Nobody waits for it any more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None


class CloserLook:
    """Near-duplicates and hardness of one data set, shared by the sessions that have it in use.

    Those who look are told apart by any object of theirs that lives as long as they do. Work goes
    on while one of them wants it. Like a campaign it moves only when it is ticked.
    """

    def __init__(self, compute: Workers, dataset: Dataset) -> None:
        self._compute = compute
        self._held = WeakSet([dataset])
        self._lock = threading.Lock()
        self._near = Finding[NearDuplicates](engine.near_duplicates)
        self._hardness = Finding[Hardness](engine.hardness)
        self._lent: PoolFuture[object] | None = None
        self._looking: WeakSet[object] = WeakSet()
        self._declined: WeakSet[object] = WeakSet()
        self.problem = ""

    @property
    def near(self) -> NearDuplicates | None:
        """The near-duplicates, once they are there."""
        return self._near.result

    @property
    def hardness(self) -> Hardness | None:
        """The hardness, once it is there."""
        return self._hardness.result

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.near is not None and self.hardness is not None

    def busy(self, who: object) -> bool:
        """Whether they wait for something."""
        return who in self._looking and not self.complete and not self.problem

    def declined(self, who: object) -> bool:
        """Whether they stopped it."""
        return who in self._declined

    def remember(self, dataset: Dataset) -> None:
        """Somebody holds the data in this form too. Results are kept, and not the data."""
        self._held.add(dataset)

    def start(self, who: object) -> None:
        """Look, for them too."""
        self._declined.discard(who)
        self._looking.add(who)
        self.problem = ""

    def stop(self, who: object) -> None:
        """Not for them; what is under way is given up when nobody else wants it."""
        self._declined.add(who)
        self._looking.discard(who)
        with self._lock:
            if not self._looking:
                self._give_up()

    def tick(self) -> None:
        """Take what is ready, and hand out what is missing."""
        if self.complete or self.problem or not self._looking:
            return
        with self._lock:
            try:
                dataset = next(iter(self._held), None)
                if self._lent is None and dataset is not None:
                    self._lent = self._compute.lend(dataset)
                if self._lent is not None and self._lent.done():
                    data = self._lent.result()
                    self._near.step(self._compute, data)
                    self._hardness.step(self._compute, data)
            except WorkerLost:
                self._give_up()
                self.problem = (
                    "The process that looked at the data was lost. What is above needs none. "
                    "Try again."
                )
            except LossVizError as error:
                self._give_up()
                self.problem = str(error)
            if self.complete:
                self._lent = None  # the workers need not keep the data any longer

    def _give_up(self) -> None:
        self._near.cancel()
        self._hardness.cancel()
        self._lent = None


class Looks:
    """The closer looks of a process, by data set; the one unused longest gives way."""

    def __init__(self, compute: Workers) -> None:
        self._compute = compute
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], CloserLook] = OrderedDict()

    def of(self, dataset: Dataset) -> CloserLook:
        """The look at these texts, labels and rows."""
        key = dataset.digest, crc32(dataset.rows.tobytes())
        with self._lock:
            closer_look = self._kept.pop(key, None) or CloserLook(self._compute, dataset)
            closer_look.remember(dataset)
            self._kept[key] = closer_look
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return closer_look


def seconds_of(dataset: Dataset) -> float:
    """About how long a look takes, as measured on two cores."""
    characters = min(sum(map(len, dataset.texts)), 3_000_000)
    values = sum(dataset.schema.sizes) + len(dataset.schema.classes)
    return 1.0 + characters / 1e6 + min(len(dataset), 5_000) / 5_000 * (1.0 + 0.015 * values)
