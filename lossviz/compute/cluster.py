"""The compute tier: the one place that knows of clusters.

Training needs torch, and a web server that holds torch is slow to answer. So it runs elsewhere: in
worker processes of this machine, or of the Dask cluster that ``LOSSVIZ_SCHEDULER`` names.
"""

from __future__ import annotations

import logging
import os
import pickle
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future as PoolFuture
from concurrent.futures import ThreadPoolExecutor
from math import inf
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Generic, TypeVar
from weakref import WeakSet, finalize, ref

from distributed import Client, Future
from distributed.deploy.spec import SpecCluster
from distributed.deploy.subprocess import SubprocessCluster

from lossviz.compute.conductor import ENDLESS, Conductor, Player, Reply
from lossviz.compute.crew import Ask, Heard, LiveActor, warm
from lossviz.compute.orphans import EndNanny, EndScheduler
from lossviz.data import Dataset
from lossviz.errors import LossVizError

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


class LiveSession:
    """Where the runs of one browser session are held: in some worker, and called by its conductor.

    It holds on to the data, so that the runs can be placed in another worker when theirs is lost.
    """

    def __init__(self, compute: Compute, dataset: Dataset, player: Player) -> None:
        self.last_used = -inf
        """When it asked for something last."""
        self._name = token_urlsafe(16)
        self._compute = compute
        self._dataset = dataset
        self._player = ref(player)
        self._lock = threading.Lock()
        self._placing: PoolFuture[PlacedActor] | None = None
        self._conductor: Conductor | None = None
        finalize(player, self._forget)

    @property
    def placed(self) -> bool:
        """Whether a worker holds the runs, or is about to."""
        return self._placing is not None

    def wake(self) -> None:
        """Have the player asked what it wants, once a worker is found; return at once."""
        self.last_used = time.monotonic()
        with self._lock:
            begun, placing = self._placing is not None, self._placing
            if placing is None:
                self._compute.make_room()
                placing = self._compute.start_placing(self._dataset, self.name)
                self._placing = placing
        if not begun:
            placing.add_done_callback(self._placed)
        elif self._conductor is not None:
            self._conductor.wake()

    def _placed(self, placing: PoolFuture[PlacedActor]) -> None:
        player = self._player()
        if player is None or placing is not self._placing:
            return
        if placing.cancelled() or placing.exception() is not None:
            self.release()
            player.lose()
            return
        place = placing.result()
        self._conductor = self._compute.conductor(place.address)
        self._conductor.add(player, place)

    @property
    def name(self) -> str:
        """By which its worker knows it."""
        return self._name

    def used(self) -> None:
        """It is in use."""
        self.last_used = time.monotonic()

    @property
    def training(self) -> bool:
        """Whether its player wants more before long."""
        player = self._player()
        return player is not None and player.training

    def _forget(self) -> None:
        """The player is gone. This may be called within any allocation, by the garbage collector,
        so it takes no lock; the conductor sees by itself that nobody is there."""
        self._conductor = self._placing = None

    def release(self) -> None:
        """Let the worker forget the runs."""
        conductor, self._conductor, self._placing = self._conductor, None, None
        if conductor is not None:
            conductor.remove(self.name)


class PlacedActor:
    """An actor in a worker, and the future that keeps it alive."""

    def __init__(self, client: Client, future: Future[LiveActor], timeout: float) -> None:
        self._client = client
        self._future = future
        with client.as_current():
            self._actor: Any = future.result(timeout=timeout)

    @property
    def address(self) -> str:
        """Of its worker."""
        return str(self._actor._address)

    @property
    def lost(self) -> bool:
        """Whether the scheduler has given the actor up."""
        return self._future.status in ("error", "lost", "cancelled")

    def tick(self, asks: Mapping[str, Ask], seconds: float) -> Reply:
        """See :meth:`lossviz.compute.crew.LiveActor.tick`."""
        packed = pickle.dumps(dict(asks), pickle.HIGHEST_PROTOCOL)
        with self._client.as_current():
            return Answered(self._actor.call(packed, seconds))


class Answered:
    """A worker's answer on its way, packed."""

    def __init__(self, future: Any) -> None:
        self._future = future

    def result(self, timeout: float | None = None) -> dict[str, Heard]:
        """See :class:`lossviz.compute.conductor.Reply`."""
        heard: dict[str, Heard] = pickle.loads(self._future.result(timeout=timeout))
        return heard


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
        self._sessions: WeakSet[LiveSession] = WeakSet()
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="lossviz-place")
        self._conductors: dict[str, Conductor] = {}
        self._rooms: dict[str, int] = {}
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
        client = Client(self._cluster, set_as_default=False, direct_to_workers=True)
        client.register_plugin(EndNanny())
        client.register_plugin(EndScheduler())
        return client

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
        """Who calls the worker there."""
        with self._lock:
            room = self._rooms.get(address, ENDLESS)
            return self._conductors.setdefault(address, Conductor(address, room))

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
                LiveActor,
                data,
                name,
                actor=True,
                pure=False,
                key=f"live-{name}-{token_urlsafe(4)}",
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
            for conductor in self._conductors.values():
                conductor.close()
            self._conductors = {}
            if self._client is not None:
                self._client.close()
            if self._cluster is not None:
                self._cluster.close()
            self._client = self._cluster = None


COMPUTE = Compute(os.environ.get("LOSSVIZ_SCHEDULER"))
"""The compute tier of this process."""
