"""The compute tier: the one place that knows of clusters.

Training needs torch, and a web server that holds torch is slow to answer. So it runs elsewhere: in
worker processes of this machine, or of the Dask cluster that ``LOSSVIZ_SCHEDULER`` names.
"""

from __future__ import annotations

import gc
import logging
import os
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from concurrent.futures import Future as PoolFuture
from concurrent.futures import ThreadPoolExecutor, wait
from math import inf
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

from distributed import Client, Future
from distributed.deploy.spec import SpecCluster
from distributed.deploy.subprocess import SubprocessCluster

from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.runs.progress import Order, ProgressReport

if TYPE_CHECKING:
    pass

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
MOST_SESSIONS = 200
"""Sessions whose runs are held in workers at once; the one unused longest gives way, and is
rebuilt when it asks again."""
LEASE_SECONDS = 1800.0
"""After so long without a call the workers let go of a session's runs."""
REPLY_SECONDS = 30.0
"""Longer than any slice under load; then the worker counts as lost."""


class WorkerLost(LossVizError):
    """The process that held the runs is gone. They are rebuilt from their experiments."""


class Reply(Protocol):
    """A report on its way."""

    def done(self) -> bool:
        """Whether it is there."""

    def result(self, timeout: float | None = None) -> ProgressReport:
        """The report, waiting for it if need be."""


class LiveActor:
    """A session's runs inside a worker. The import stays inside: the web process knows this class
    too, and must not load torch by it."""

    def __init__(self, dataset: Dataset) -> None:
        from lossviz.engine.live import ALIVE, LiveRuns

        self._runs = LiveRuns(dataset, ALIVE)

    def advance(
        self, orders: Mapping[str, Order], seconds: float, steps: int, sentence: str
    ) -> ProgressReport:
        """See :meth:`lossviz.engine.live.LiveRuns.advance`."""
        return self._runs.advance(orders, seconds, steps, sentence)


def warm() -> int:
    """Load the engine, so that the first press of play does not wait for it.

    What is loaded stays, so garbage collection need not look at it: with ninety runs it did so in
    nearly every epoch's batches, and took a tenth of all time.
    """
    import lossviz.engine.live
    import lossviz.engine.tasks  # noqa: F401

    gc.freeze()
    return os.getpid()


class LiveSession:
    """The runs of one browser session, held by a worker.

    It holds on to the data, so that the runs can be placed in another worker when theirs is lost.
    """

    def __init__(self, compute: Compute, dataset: Dataset) -> None:
        self.id = token_urlsafe(16)
        self.last_used = -inf
        """When it asked for something last."""
        self._compute = compute
        self._dataset = dataset
        self._placing: PoolFuture[PlacedActor] | None = None

    @property
    def placed(self) -> bool:
        """Whether a worker holds the runs, or is about to."""
        return self._placing is not None

    @property
    def _place(self) -> PlacedActor | None:
        return self._placing.result() if self._placing and self._placing.done() else None

    def prepare(self, patience: float = 0.0) -> PlacedActor | None:
        """Find a worker without waiting for it: None until there is one.

        :raises WorkerLost: when none answered; the next call tries again.
        """
        self.last_used = time.monotonic()
        if self._placing is None:
            self._compute.make_room()
            self._placing = self._compute.start_placing(self._dataset, self.id)
        if not wait([self._placing], timeout=patience).done:
            return None
        try:
            return self._placing.result()
        except WorkerLost:
            self._placing = None
            raise

    def advance(
        self,
        orders: Mapping[str, Order],
        seconds: float,
        steps: int,
        sentence: str = "",
        patience: float = 0.0,
    ) -> Reply | None:
        """Ask for a slice of training; the reply comes when it is done.

        :returns: None while a worker is still being found: ask again.
        :raises WorkerLost: when the worker died; the next call starts in another one.
        """
        place = self.prepare(patience)
        if place is None:
            return None
        try:
            return place.advance(dict(orders), seconds, steps, sentence)
        except (RuntimeError, OSError) as error:
            self._placing = None
            raise WorkerLost("The training process was lost.") from error

    def ready(self, reply: Reply) -> bool:
        """Whether :meth:`collect` would not wait."""
        place = self._place
        return reply.done() or place is None or place.lost

    def collect(self, reply: Reply, timeout: float = REPLY_SECONDS) -> ProgressReport:
        """The result of a call.

        :raises WorkerLost: when the worker died; the next call starts in another one.
        :raises LossVizError: what the worker has to say about the experiment.
        """
        place = self._place
        lost = not reply.done() and (place is None or place.lost)
        try:
            return reply.result(timeout=0.0 if lost else timeout)
        except LossVizError:
            raise
        except Exception as error:
            log.warning("session %s lost its worker: %r", self.id[:6], error)
            self._placing = None
            raise WorkerLost("The training process was lost.") from error

    def release(self) -> None:
        """Let the worker forget the runs."""
        self._placing = None


class PlacedActor:
    """An actor in a worker, and the future that keeps it alive."""

    def __init__(self, client: Client, future: Future[LiveActor], timeout: float) -> None:
        self._client = client
        self._future = future
        with client.as_current():
            self._actor: Any = future.result(timeout=timeout)

    @property
    def lost(self) -> bool:
        """Whether the scheduler has given the actor up."""
        return self._future.status in ("error", "lost", "cancelled")

    def advance(self, *arguments: object) -> Reply:
        """Call the actor; it answers when the calls before have been answered."""
        with self._client.as_current():
            return cast("Reply", self._actor.advance(*arguments))


Result = TypeVar("Result")


class Task(Generic[Result]):
    """Something a worker computes, once, and hands over, once."""

    def __init__(self, future: Future[Result]) -> None:
        self._future: Future[Result] | None = future
        self._result: tuple[Result] | None = None

    @property
    def done(self) -> bool:
        """Whether :meth:`result` would not wait."""
        return self._future is None or bool(self._future.done())

    def result(self, timeout: float = REPLY_SECONDS) -> Result:
        """What came of it.

        :raises LossVizError: what the worker has to say about what it was given.
        :raises TimeoutError: when it is not there yet.
        :raises WorkerLost: when nobody computes it any more.
        """
        future = self._future
        if future is None:
            return self._kept()
        try:
            self._result = (future.result(timeout=timeout),)
            self._future = None  # the worker need not keep it any longer
            return self._kept()
        except (LossVizError, TimeoutError):
            raise
        except Exception as error:
            log.warning("a task failed: %r", error)
            raise WorkerLost("The computation was lost with its process. Try again.") from error

    def _kept(self) -> Result:
        assert self._result is not None
        return self._result[0]

    def cancel(self) -> None:
        """Nobody wants it any more. A task that looks (:class:`lossviz.compute.tasks.Errand`) gives
        up."""
        if self._future is not None:
            self._future.cancel()


class Compute:
    """A connection to the workers, started on first use.

    :param address: of a Dask scheduler; without it, worker processes of this machine.
    :param workers: how many of those; one for each spare core by default.
    """

    def __init__(self, address: str | None = None, workers: int | None = None) -> None:
        self._address = address or None
        self._workers = workers or max(1, (os.cpu_count() or 2) - 1)
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._cluster: SpecCluster | None = None
        self._sessions: weakref.WeakSet[LiveSession] = weakref.WeakSet()
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="lossviz-place")
        self.lanes = 1
        """Tasks that run at the same time, as it was when something was last lent."""

    @property
    def client(self) -> Client:
        """The Dask client, connected."""
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _connect(self) -> Client:
        if self._address:
            return Client(self._address, timeout="20s", set_as_default=False)
        # The scheduler and the workers import this package, wherever the app was started from.
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
        self._cluster = SubprocessCluster(
            n_workers=self._workers,
            threads_per_worker=1,
            dashboard_address=None,  # type: ignore[arg-type]  # its docstring allows None
            worker_kwargs={"dashboard": False},
        )
        return Client(self._cluster, set_as_default=False, direct_to_workers=True)

    def warm_up(self) -> None:
        """Start the workers and load torch in each of them."""
        self.client.wait_for_workers(1, timeout=REPLY_SECONDS)
        self.client.run(warm)

    def worker_ids(self) -> dict[str, int]:
        """Process id of each worker, by address."""
        return {address: int(pid) for address, pid in self.client.run(os.getpid).items()}

    def open_session(self, dataset: Dataset) -> LiveSession:
        """A place for one browser session's runs on this data set."""
        session = LiveSession(self, dataset)
        self._sessions.add(session)
        return session

    def make_room(self) -> None:
        """Release the sessions whose lease is over, and the one unused longest when full."""
        placed = sorted(
            (session for session in self._sessions if session.placed), key=lambda s: s.last_used
        )
        now = time.monotonic()
        excess = len(placed) - MOST_SESSIONS + 1
        for position, session in enumerate(placed):
            if position < excess or now - session.last_used > LEASE_SECONDS:
                session.release()

    def active_sessions(self, within: float = 30.0) -> int:
        """Sessions that asked for something in the last seconds.

        On a crowded server a page asks late. Were it then counted out, the others would ask more
        often, and all would come later still.
        """
        now = time.monotonic()
        return sum(now - session.last_used < within for session in self._sessions)

    def start_placing(self, dataset: Dataset, name: str) -> PoolFuture[PlacedActor]:
        """:meth:`place`, in the background."""
        return self._pool.submit(self.place, dataset, name)

    def place(self, dataset: Dataset, name: str) -> PlacedActor:
        """A new actor for this data set in some worker.

        :raises WorkerLost: when no worker answers.
        """
        client = self.client
        try:
            data = client.scatter(dataset, hash=False)
            future = client.submit(
                LiveActor, data, actor=True, pure=False, key=f"live-{name}-{token_urlsafe(4)}"
            )
            return PlacedActor(client, future, REPLY_SECONDS)
        except Exception as error:
            raise WorkerLost("No training process answered.") from error

    def lend(self, value: object) -> PoolFuture[object]:
        """Put something where workers find it, once for many tasks, in the background.

        What comes of it stands for the value among the arguments of :meth:`submit`; the workers
        keep the value as long as somebody keeps that.
        """
        return self._pool.submit(self._lend, value)

    def _lend(self, value: object) -> object:
        try:
            self.lanes = max(1, sum(self.client.nthreads().values()))
            return self.client.scatter(value, hash=False)
        except Exception as error:
            raise WorkerLost("No training process answered.") from error

    def submit(
        self, function: Callable[..., Result], *arguments: object, priority: int = 0
    ) -> Task[Result]:
        """Let a worker call a function of :mod:`lossviz.compute.tasks`; return at once.

        :param priority: higher ones go first. Live runs are not in this queue.
        :raises WorkerLost: when the scheduler cannot be reached.
        """
        try:
            future = self.client.submit(function, *arguments, pure=False, priority=priority)
        except Exception as error:
            raise WorkerLost("No training process answered. Try again in a moment.") from error
        return Task(future)

    def close(self) -> None:
        """End the workers that this process started."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            if self._cluster is not None:
                self._cluster.close()
            self._client = self._cluster = None


COMPUTE = Compute(os.environ.get("LOSSVIZ_SCHEDULER"))
"""The compute tier of this process."""
