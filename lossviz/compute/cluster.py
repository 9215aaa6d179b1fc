"""The compute tier: the one place that knows of clusters.

Training needs torch, and a web server that holds torch is slow to answer. So it runs elsewhere: in
worker processes of this machine, or of the Dask cluster that ``LOSSVIZ_SCHEDULER`` names.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future as PoolFuture
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from secrets import token_urlsafe
from typing import Generic, TypeVar
from weakref import WeakSet

from distributed import Client, Future

from lossviz.compute.conductor import ENDLESS, Conductor, Player
from lossviz.compute.connection import (
    ANSWER_SECONDS,
    SILENT_SECONDS,
    Connection,
    Health,
    WorkerLost,
)
from lossviz.compute.crew import LiveActor, warm
from lossviz.compute.placing import LiveSession, PlacedActor
from lossviz.compute.turns import Claim, Turns, Visitor
from lossviz.data import Dataset
from lossviz.errors import LossVizError

log = logging.getLogger(__name__)

MOST_SESSIONS = 200
"""Sessions whose runs are held in workers at once; the one unused longest gives way, and is
rebuilt when it asks again."""
LEASE_SECONDS = 1800.0
"""After so long without a call the workers let go of a session's runs."""
REPLY_SECONDS = 30.0
"""That whoever asks for a result waits for it, if nothing else is said."""
LOOK_SECONDS, SOON_SECONDS = 0.5, 0.05
"""Between two looks how the workers are; and whether there is one that answers."""
MOST_TRIES = 3
"""To find a place in a worker; each has gone while it was given the data."""


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
    """Those who compute, connected on first use and looked after from then on.

    :param address: of a Dask scheduler; without it, worker processes of this machine.
    :param workers: how many of those; one for each spare core by default.
    """

    def __init__(self, address: str | None = None, workers: int | None = None) -> None:
        self._address = address or None
        self._workers = workers or max(1, (os.cpu_count() or 2) - 1)
        self._lock = threading.Lock()
        self._connection = Connection(self._address, self._workers)
        self._watch: threading.Thread | None = None
        self._sessions: WeakSet[LiveSession] = WeakSet()
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="lossviz-place")
        self._conductors: dict[str, Conductor] = {}
        self._rooms: dict[str, int] = {}
        self._turns = Turns()
        self.lanes = 1
        """Tasks that run at the same time, as it was when something was last lent."""

    @property
    def client(self) -> Client:
        """The Dask client, connected.

        :raises WorkerLost: when the scheduler cannot be reached.
        """
        return self._watched().client()

    def _watched(self) -> Connection:
        """The connection, which is looked after from now on."""
        with self._lock:
            if self._watch is None:
                self._watch = threading.Thread(
                    target=self._look_after,
                    args=(self._connection,),
                    name="lossviz-watch",
                    daemon=True,
                )
                self._watch.start()
            return self._connection

    def _look_after(self, connection: Connection) -> None:
        """How the workers are, and how long sessions have been waiting for them."""
        while not connection.closed.wait(LOOK_SECONDS):
            try:
                connection.look()
                with self._lock:
                    sessions = list(self._sessions)
                for session in sessions:
                    session.look()
                self._turns.take_back()
            except Exception:
                log.exception("the workers are looked at again in a moment")

    @property
    def health(self) -> Health:
        """Whether there is a worker that answers."""
        return self._connection.health

    @property
    def silence(self) -> int:
        """Whole seconds for which no worker has answered, once they are worth saying."""
        seconds = self._connection.silent
        return int(seconds) if seconds >= SILENT_SECONDS else 0

    def warm_up(self) -> None:
        """Start the workers, load torch in each of them, and measure what they can hold."""
        self.client.wait_for_workers(1, timeout=REPLY_SECONDS)
        self._rooms = dict(self.client.run(warm))
        log.info("room for %s sessions", self._rooms)

    def worker_ids(self) -> dict[str, int]:
        """Process id of each worker, by address."""
        return {address: int(pid) for address, pid in self.client.run(os.getpid).items()}

    def open_session(self, dataset: Dataset, player: Player) -> LiveSession:
        """A place for one browser session's runs on this data set.

        :param player: who is asked what to do, for as long as somebody keeps it.
        """
        session = LiveSession(self, dataset, player)
        with self._lock:
            self._sessions.add(session)
        return session

    def conductor(self, address: str) -> Conductor:
        """Who calls the worker there. One that came later has the room of those before it."""
        with self._lock:
            room = self._rooms.get(address, min(self._rooms.values(), default=ENDLESS))
            return self._conductors.setdefault(address, Conductor(address, room))

    def doubt(self, address: str) -> None:
        """See :meth:`lossviz.compute.connection.Connection.doubt`."""
        self._connection.doubt(address)

    @property
    def conductors(self) -> tuple[Conductor, ...]:
        """Of all workers that hold runs, or did."""
        return tuple(self._conductors.values())

    def make_room(self) -> None:
        """Release the sessions whose lease is over, and the one unused longest when full."""
        with self._lock:
            sessions = list(self._sessions)
        placed = sorted(
            (session for session in sessions if session.placed),
            key=lambda session: (session.training, session.last_used),
        )
        now = time.monotonic()
        excess = len(placed) - MOST_SESSIONS + 1
        for position, session in enumerate(placed):
            if position < excess or now - session.last_used > LEASE_SECONDS:
                session.release()

    def start_placing(self, dataset: Dataset, session: LiveSession) -> PoolFuture[PlacedActor]:
        """:meth:`place`, in the background."""
        return self._pool.submit(self.place, dataset, session)

    def place(self, dataset: Dataset, session: LiveSession) -> PlacedActor:
        """A new actor for this data set in some worker, waiting for one as long as it is wanted.

        :raises WorkerLost: when the workers go as soon as they are given the data, or nobody wants
            it any more.
        """
        connection, tries = self._watched(), 0
        while session.wanted and tries < MOST_TRIES:
            try:
                client = connection.client(LOOK_SECONDS)
            except WorkerLost:
                if connection.closed.is_set():
                    raise
                continue
            try:
                return self._place(connection, client, dataset, session)
            except TimeoutError:
                connection.closed.wait(SOON_SECONDS)
            except Exception as error:
                log.warning("a session finds no place: %r", error)
                tries += 1
        raise WorkerLost("No training process answered.")

    def _place(
        self, connection: Connection, client: Client, dataset: Dataset, session: LiveSession
    ) -> PlacedActor:
        answering, data = _scattered(connection, client, dataset)
        future = client.submit(
            LiveActor,
            data,
            session.name,
            actor=True,
            pure=False,
            key=f"live-{session.name}-{token_urlsafe(4)}",
            workers=answering,
            allow_other_workers=True,
        )
        while session.wanted and not connection.closed.is_set():
            with suppress(TimeoutError):
                return PlacedActor(connection, client, future, LOOK_SECONDS)
        raise WorkerLost("Nobody waits for a place any more.")

    def claim(self, rest: Callable[[], None], visitor: Visitor = Visitor()) -> Claim:  # noqa: B008
        """See :meth:`lossviz.compute.workers.Workers.claim`."""
        return self._turns.claim(visitor, rest)

    def visited_by(self, visitor: Visitor) -> Visited:
        """The same workers, who work for somebody."""
        return Visited(self, visitor)

    def lend(self, value: object) -> PoolFuture[object]:
        """Put something where workers find it, once for many tasks, in the background.

        What comes of it stands for the value among the arguments of :meth:`submit`; the workers
        keep the value as long as somebody keeps that.
        """
        return self._pool.submit(self._lend, value)

    def _lend(self, value: object) -> object:
        connection, late = self._watched(), time.monotonic() + ANSWER_SECONDS
        try:
            while True:
                client = connection.client(ANSWER_SECONDS)
                self.lanes = max(1, sum(client.nthreads().values()))
                with suppress(TimeoutError):
                    return _scattered(connection, client, value)[1]
                if connection.closed.wait(SOON_SECONDS) or time.monotonic() > late:
                    raise TimeoutError
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
            for conductor in self._conductors.values():
                conductor.close()
            self._conductors = {}
            for session in list(self._sessions):
                session.release()
            connection, self._watch = self._connection, None
            self._connection = Connection(self._address, self._workers)
        connection.close()


class Visited:
    """The compute tier, for one visitor among others."""

    def __init__(self, compute: Compute, visitor: Visitor) -> None:
        self._compute = compute
        self._visitor = visitor
        self.lend = compute.lend
        self.submit = compute.submit

    @property
    def lanes(self) -> int:
        """See :attr:`Compute.lanes`."""
        return self._compute.lanes

    def claim(self, rest: Callable[[], None]) -> Claim:
        """See :meth:`lossviz.compute.workers.Workers.claim`."""
        return self._compute.claim(rest, self._visitor)


def _scattered(connection: Connection, client: Client, value: object) -> tuple[list[str], object]:
    """Put something into a worker that answers; and which do.

    :raises TimeoutError: when none does.
    """
    answering = connection.answering
    if not answering:
        raise TimeoutError
    # Some may be gone already: then it is asked again which answer.
    data = client.scatter(value, hash=False, workers=answering, timeout=LOOK_SECONDS)
    return answering, data


COMPUTE = Compute(os.environ.get("LOSSVIZ_SCHEDULER"))
"""The compute tier of this process."""
