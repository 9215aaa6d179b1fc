"""The connection to the workers: looked after, and made anew where it is lost."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future as PoolFuture
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from distributed import Client

from lossviz.compute.processes import Processes
from lossviz.errors import LossVizError

log = logging.getLogger(__name__)

Health = Literal["starting", "ok", "lost"]
CONNECT_SECONDS, AGAIN_SECONDS = 10.0, 2.0
"""For an attempt to reach a scheduler that is named, and between two."""
SILENT_SECONDS = 2.0
"""After so long without an answer it is said, and nothing new is given to such a worker."""
ANSWER_SECONDS = 30.0
"""A worker that says nothing for so long is ended, and a scheduler is given up; what is only slow
has always answered by then. Dask waits for 5 minutes."""
OUTGROWN = "worker-restart-memory"
"""Under which nannies say that they have ended a worker of too much memory."""


class WorkerLost(LossVizError):
    """The process that held the runs is gone. They are rebuilt from their experiments."""


@dataclass
class Pulse:
    """How long there has been no sign of life, as far as somebody looked.

    :param sign: the last one, whatever it is; another one is the next.
    :param doubted: whether somebody has reason to think that there will be no other.
    """

    sign: object = None
    silent: float = 0.0
    doubted: bool = False

    def feel(self, sign: object, passed: float) -> None:
        """So many seconds after the last look there is this sign."""
        if sign == self.sign:
            self.silent += passed
        else:
            self.sign, self.silent, self.doubted = sign, 0.0, False


@dataclass(frozen=True)
class Link:
    """A connection that stands, and the processes that it has started, if any."""

    client: Client
    comm: object
    processes: Processes | None = None

    @property
    def broken(self) -> bool:
        """Whether the scheduler is gone, be it for a moment: then all it knew of is."""
        if self.processes is not None and self.processes.ended:
            return True
        return self.client.status != "running" or self.client.scheduler_comm is not self.comm

    def close(self) -> None:
        """Leave the scheduler, and end what was started."""
        with suppress(Exception):
            self.client.close(timeout=SILENT_SECONDS)
        if self.processes is not None:
            self.processes.close()


class Connection:
    """The way to the workers: made once somebody asks for it, and kept up by :meth:`look`.

    :param address: of a Dask scheduler; without it, worker processes of this machine.
    :param workers: how many of those.
    :param clock: seconds; replaced in tests.
    """

    def __init__(
        self,
        address: str | None,
        workers: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address = address
        self._workers = workers
        self._clock = clock
        self._changed = threading.Condition()
        self._link: Link | None = None
        self._attempt: threading.Thread | None = None
        self._problem: Exception | None = None
        self.closed = threading.Event()
        """Set once it is not used any more."""
        self._looked = clock()
        self._asked: PoolFuture[dict[str, Any]] | None = None
        self._scheduler = Pulse()
        self._pulses: dict[str, Pulse] = {}
        self._stood = False
        self.silent = 0.0
        """Seconds for which there has been no sign of life from anybody."""
        self.outgrown: set[str] = set()
        """Addresses of workers that were ended because they took too much memory; another one may
        get such an address later."""

    def client(self, patience: float = 0.0) -> Client:
        """The Dask client, once it is connected.

        :param patience: seconds to wait for further attempts where one has failed.
        :raises WorkerLost: when the last attempt has failed.
        """
        late = time.monotonic() + patience
        with self._changed:
            while self._link is None:
                if self.closed.is_set() or (self._problem and time.monotonic() >= late):
                    raise WorkerLost("No training process answered.") from self._problem
                if self._attempt is None:
                    self._begin()
                self._changed.wait(0.2)
            return self._link.client

    @property
    def health(self) -> Health:
        """Whether there is a worker that answers."""
        if any(pulse.silent < ANSWER_SECONDS for pulse in self._pulses.values()):
            return "ok"
        return "lost" if self._stood or self._problem else "starting"

    @property
    def answering(self) -> list[str]:
        """The addresses of the workers that answer at the moment; of those that did, where none
        does."""
        known = {at: pulse for at, pulse in self._pulses.items() if not pulse.doubted}
        return [at for at, pulse in known.items() if pulse.silent < SILENT_SECONDS] or [*known]

    def doubt(self, address: str) -> None:
        """Do not count a worker among those that answer before there is another sign of it."""
        pulse = self._pulses.get(address)
        if pulse is not None:
            pulse.doubted = True

    def look(self) -> None:
        """See how all are: to be called a few times a second."""
        now, before = self._clock(), self._looked
        self._looked = now
        # Where nobody looked, as this process slept itself, nobody was silent.
        passed = min(now - before, SILENT_SECONDS / 2)
        self.silent += passed
        link = self._link
        if link is None:
            return
        if link.processes is not None:
            link.processes.look()
        if link.broken or self._scheduler.silent > ANSWER_SECONDS:
            log.warning("the scheduler is lost; the workers are looked for anew")
            self._renew(link)
            return
        self._listen(link, passed)
        for address, pulse in self._pulses.items():
            if pulse.silent > ANSWER_SECONDS:
                log.warning("the worker %s says nothing, and is ended", address)
                pulse.silent = 0.0
                _end(link.client, address)

    def close(self) -> None:
        """Leave, and end what was started."""
        with self._changed:
            self.closed.set()
            link, self._link = self._link, None
            self._pulses = {}
            self._changed.notify_all()
        if link is not None:
            link.close()
        attempt = self._attempt
        if attempt is not None:
            attempt.join(SILENT_SECONDS)

    # How it is done

    def _begin(self, left: Link | None = None) -> None:
        self._attempt = threading.Thread(
            target=self._connect, args=(left,), name="lossviz-connect", daemon=True
        )
        self._attempt.start()

    def _connect(self, left: Link | None) -> None:
        """Try until it is done."""
        if left is not None:
            left.close()
        while not self.closed.is_set():
            try:
                link = self._made()
            except Exception as error:
                log.warning("no connection to the workers: %r", error)
                with self._changed:
                    self._problem = error
                    self._changed.notify_all()
                self.closed.wait(AGAIN_SECONDS)
                continue
            with self._changed:
                closed = self.closed.is_set()
                if not closed:
                    self._link, self._problem, self._attempt = link, None, None
                    self._scheduler, self._asked = Pulse(), None
                    self._changed.notify_all()
            if closed:
                link.close()
            return

    def _made(self) -> Link:
        processes = None if self._address else Processes(self._workers)
        try:
            address = self._address or processes.address  # type: ignore[union-attr]
            client = Client(
                address,
                timeout=CONNECT_SECONDS,
                set_as_default=False,
                direct_to_workers=True if processes else None,
            )
        except BaseException:
            if processes is not None:
                processes.close()
            raise
        # A worker that stands still takes no new connection either; how long it is waited for is
        # decided here, and not by a call that gives up before.
        client.rpc.timeout = 2 * ANSWER_SECONDS
        client.subscribe_topic(OUTGROWN, self._hear_of_memory)
        return Link(client, client.scheduler_comm, processes)

    def _renew(self, link: Link) -> None:
        with self._changed:
            self._link, self._pulses = None, {}
            self._begin(link)

    def _listen(self, link: Link, passed: float) -> None:
        """Take what the scheduler knows of the workers, and ask again."""
        asked, news = self._asked, None
        if asked is not None and asked.done() and not asked.cancelled():
            news = asked.exception() or asked.result()
        self._scheduler.feel(asked if news is None else object(), passed)
        if isinstance(news, dict):
            known = self._pulses
            self.outgrown -= news["workers"].keys() - known.keys()
            self._pulses = {address: known.get(address, Pulse()) for address in news["workers"]}
            self._stood = self._stood or bool(self._pulses)
            for address, worker in news["workers"].items():
                self._pulses[address].feel(worker["last_seen"], passed)
            if not all(pulse.silent for pulse in self._pulses.values()):
                self.silent = 0.0
        if asked is None or asked.done():
            self._asked = _ask(link.client, "identity", n_workers=-1)

    def _hear_of_memory(self, event: tuple[float, dict[str, Any]]) -> None:
        self.outgrown.add(str(event[1]["worker"]))


def _ask(client: Client, operation: str, **arguments: Any) -> PoolFuture[Any]:
    """Have the scheduler do something, in the client's own loop; nobody waits for it here."""
    loop, scheduler = client.loop, client.scheduler
    if loop is None or scheduler is None:
        raise WorkerLost("The scheduler was just left.")
    call = getattr(scheduler, operation)(**arguments)
    return asyncio.run_coroutine_threadsafe(call, loop.asyncio_loop)  # type: ignore[attr-defined]


def _end(client: Client, address: str) -> None:
    """Have a worker ended by its nanny, which starts another one; or be forgotten, where it has
    none."""
    _ask(
        client,
        "restart_workers",
        workers=[address],
        timeout=ANSWER_SECONDS,
        wait_for_workers=False,
        on_error="return",
        stimulus_id=f"lossviz-silent-{address}",
    )
