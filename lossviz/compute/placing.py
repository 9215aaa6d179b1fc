"""Where the runs of a session are: in some worker, in which its conductor finds them."""

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future as PoolFuture
from math import inf
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any
from weakref import finalize, ref

from distributed import Client, Future

from lossviz.compute.conductor import Conductor, Player, Reply
from lossviz.compute.connection import Connection
from lossviz.compute.crew import Ask, Heard, LiveActor
from lossviz.data import Dataset

if TYPE_CHECKING:
    from lossviz.compute.cluster import Compute

LOST_SECONDS, OUTGROWN_SECONDS = 5.0, 2.0
"""A worker that breaks off a call is known to have ended so much later, on a busy machine; and its
nanny's word, why, may come so much after that."""


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
        self._since = inf
        self._conductor: Conductor | None = None
        finalize(player, self._forget)

    @property
    def placed(self) -> bool:
        """Whether a worker holds the runs, or is about to."""
        return self._placing is not None

    @property
    def held(self) -> bool:
        """Whether a worker holds the runs."""
        return self._conductor is not None

    def wake(self) -> None:
        """Have the player asked what it wants, once a worker is found; return at once."""
        self.last_used = time.monotonic()
        with self._lock:
            begun, placing = self._placing is not None, self._placing
            if placing is None:
                self._compute.make_room()
                self._since = time.monotonic()
                placing = self._compute.start_placing(self._dataset, self)
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
            player.lose("gone")
            return
        place = placing.result()
        self._since = inf
        self._conductor = self._compute.conductor(place.address)
        player.wait(0.0)
        self._conductor.add(player, place)

    @property
    def name(self) -> str:
        """By which its worker knows it."""
        return self._name

    def used(self) -> None:
        """It is in use."""
        self.last_used = time.monotonic()

    @property
    def wanted(self) -> bool:
        """Whether somebody waits for a place, or has one."""
        with self._lock:  # it is being asked for while its placing begins
            return self._player() is not None and self.placed

    @property
    def training(self) -> bool:
        """Whether its player wants more before long."""
        player = self._player()
        return player is not None and player.training

    def look(self) -> None:
        """Tell the player how long it has been waiting for an answer: to be called now and then."""
        player, conductor = self._player(), self._conductor
        if player is not None:
            since = self._since if conductor is None else conductor.since
            player.wait(max(time.monotonic() - since, 0.0))

    def _forget(self) -> None:
        """The player is gone. This may be called within any allocation, by the garbage collector,
        so it takes no lock; the conductor sees by itself that nobody is there."""
        self._conductor = self._placing = None

    def lost(self) -> None:
        """The worker is gone; nothing is placed there before it gives a sign of life."""
        conductor = self._conductor
        self.release()
        if conductor is not None:
            self._compute.doubt(conductor.address)

    def release(self) -> None:
        """Let the worker forget the runs."""
        conductor, self._conductor, self._placing = self._conductor, None, None
        self._since = inf
        if conductor is not None:
            conductor.remove(self.name)


class PlacedActor:
    """An actor in a worker, and the future that keeps it alive."""

    def __init__(
        self, connection: Connection, client: Client, future: Future[LiveActor], timeout: float
    ) -> None:
        self._connection = connection
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
        """Whether the scheduler has given the actor up, or is gone itself."""
        gone = self._client.status != "running"
        return gone or self._future.status in ("error", "lost", "cancelled")

    @property
    def outgrown(self) -> bool:
        """Whether it was lost because its worker took too much memory."""
        begun = time.monotonic()
        while self.address not in self._connection.outgrown:
            if time.monotonic() - begun > (OUTGROWN_SECONDS if self.lost else LOST_SECONDS):
                return False
            time.sleep(0.02)
        return True

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
