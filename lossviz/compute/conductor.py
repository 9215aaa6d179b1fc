"""The conductor: one call at a time to a worker, for all sessions whose runs it holds."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import Literal, Protocol
from weakref import ref

from lossviz.compute.crew import Ask, Heard

log = logging.getLogger(__name__)

TICK_SECONDS = 1 / 30
"""Between two calls, where they take less: as often as a browser can show something else."""
SLICE_SECONDS = 0.05
"""Of training in one call: a moved weight waits no longer than for this and the answer."""
CALL_SECONDS, TURN_SECONDS = 0.05, 0.015
"""That a call is to take, and of training in it, where sessions take turns, or some want many steps
and others few: as many are called for together as that holds, so that whoever moves a
weight waits for one such call and its own, not for all the others."""
MANY_TIMES = 4
"""As many steps as others want, and more, keep those waiting."""
FEWEST = 4
"""Sessions in a call, if there are as many: what steps together takes less."""
RECENT = 0.3
"""How fast it is noticed that a session takes longer."""
ENDLESS = 1_000_000
"""Room that was not measured."""
IDLE_SECONDS = 30.0
"""After so long without a session its thread ends."""
LOOK_SECONDS = 1.0
"""Between two looks whether a worker that does not answer is still there."""


Loss = Literal["gone", "outgrown", "largest"]
"""How a worker is lost: without a known reason; because all its runs together took too much memory;
and so for the session whose runs are the largest of them."""


class Reply(Protocol):
    """An answer on its way."""

    def result(self, timeout: float | None = None) -> dict[str, Heard]:
        """The answer, waiting for it if need be."""


class Holder(Protocol):
    """Where a session's runs are: a way to call their worker."""

    @property
    def address(self) -> str:
        """The worker's."""

    @property
    def lost(self) -> bool:
        """Whether nobody is there any more."""

    @property
    def outgrown(self) -> bool:
        """Whether that is so because its worker took too much memory."""

    def tick(self, asks: Mapping[str, Ask], seconds: float) -> Reply:
        """Call the worker for these sessions, by name."""


class Player(Protocol):
    """A session, as its conductor knows it."""

    @property
    def name(self) -> str:
        """By which its worker knows it."""

    @property
    def training(self) -> bool:
        """Whether it wants more before long."""

    @property
    def hurried(self) -> bool:
        """Whether it wants the next call at once."""

    @property
    def pressed(self) -> bool:
        """Whether somebody waits for what a command does."""

    @property
    def size(self) -> float:
        """How large its runs are, as against those of others."""

    def stand(self, place: int, training: int) -> None:
        """How it stands: its place in the queue, 0 where it does not wait; and how many train."""

    def wait(self, seconds: float) -> None:
        """So long has there been no answer to what was asked."""

    def ask(self, turn_seconds: float) -> Ask | None:
        """What it wants now; None where there is nothing.

        :param turn_seconds: since it was asked last.
        """

    def hear(self, heard: Heard) -> None:
        """What comes of it."""

    def lose(self, loss: Loss) -> None:
        """Its runs are not there any more."""


class Conductor:
    """Calls one worker, for all sessions that want something of it, as often as it answers.

    So the runs of all sessions take their steps together; more sessions than a short call holds
    take turns, and all wait a little longer, evenly. A worker that is slow is waited for: it is
    lost only once nobody is there.
    """

    def __init__(self, address: str, room: int = ENDLESS) -> None:
        self.address = address
        self.room = room
        """Sessions that train at the same time; the others wait for their turn."""
        self.since = inf
        """When it began to wait for an answer; in the future while it does not."""
        self.calls = 0
        self.seconds_each = 0.0
        """Of a call for each session in it, beside the training, lately."""
        self._players: dict[str, tuple[ref[Player], Holder]] = {}
        self._admitted: list[str] = []
        self._broken_off = False
        """Whether the last call broke off, as its worker has ended."""
        self._largest = ""
        """Of the sessions whose runs took too much memory together."""
        self._asked: dict[str, float] = {}
        self._crowded = False
        """Whether there were more than one call holds."""
        self._mixed = False
        """Whether some in the last call want many more steps than others."""
        self._lock = threading.Lock()
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False

    def add(self, player: Player, place: Holder) -> None:
        """Take a session on, until it is removed or lost, or nobody has it any more."""
        with self._lock:
            self._players[player.name] = ref(player), place
            if self._thread is None:
                name = f"lossviz-conductor {self.address}"
                self._thread = threading.Thread(target=self._conduct, name=name, daemon=True)
                self._thread.start()
        self._wanted.set()

    def remove(self, name: str) -> None:
        """Call no more for this session."""
        with self._lock:
            self._players.pop(name, None)

    def close(self) -> None:
        """Call nobody any more; who is under way is not told that it is lost."""
        with self._lock:
            self._players.clear()
            self._closed = True
        self._wanted.set()

    def wake(self) -> None:
        """Somebody wants something."""
        self._wanted.set()

    @property
    def training(self) -> int:
        """How many sessions train."""
        return sum(player.training for player, _ in self._present().values())

    @property
    def names(self) -> tuple[str, ...]:
        """Of the sessions that it calls for."""
        return tuple(self._players)

    def _present(self) -> dict[str, tuple[Player, Holder]]:
        with self._lock:
            known = [(name, player(), place) for name, (player, place) in self._players.items()]
        return {name: (player, place) for name, player, place in known if player is not None}

    def _conduct(self) -> None:
        while self._go_on():
            self._wanted.clear()
            pause = self._turn()
            if pause > 0:
                self._wanted.wait(pause)

    def _turn(self) -> float:
        """One call, if anybody wants something. Between two turns sessions are held weakly.

        :returns: seconds until the next one, unless somebody wants something before.
        """
        begun = time.monotonic()
        players = self._present()
        asks = self._gathered(players)
        if asks:
            self._call(players, asks)
            each = max(time.monotonic() - begun - TURN_SECONDS, 0.0) / len(asks)
            self.seconds_each += RECENT * (each - self.seconds_each)
        present = [player for player, _ in players.values()]
        self._crowded = min(self._asked.values(), default=begun) < begun
        if self._crowded or any(player.hurried for player in present):
            return 0.0
        if asks or any(player.training for player in present):
            return TICK_SECONDS - (time.monotonic() - begun)
        return IDLE_SECONDS

    def _go_on(self) -> bool:
        with self._lock:
            gone = [name for name, (player, _) in self._players.items() if player() is None]
            for name in gone:
                del self._players[name]
            if self._players:
                return True
            self._thread = None
            return False

    def _admit(self, players: Mapping[str, tuple[Player, Holder]]) -> dict[str, int]:
        """Who trains stays until it does no more; then whoever has waited longest comes in.

        :returns: the place in the queue of those that wait, from 1.
        """
        training = [name for name, (player, _) in players.items() if player.training]
        stay = [name for name in self._admitted if name in training]
        come = [name for name in training if name not in stay]
        self._admitted = stay + come[: max(self.room - len(stay), 0)]
        waiting = come[max(self.room - len(stay), 0) :]
        return {name: place for place, name in enumerate(waiting, start=1)}

    def _gathered(self, players: Mapping[str, tuple[Player, Holder]]) -> dict[str, Ask]:
        """As many as a short call holds: those who wait for a command, then those who have waited
        longest for their turn."""
        queue, now = self._admit(players), time.monotonic()
        self._asked = {name: self._asked.get(name, -inf) for name in players}
        most = max(FEWEST, int((CALL_SECONDS - TURN_SECONDS) / max(self.seconds_each, 1e-6)))
        asks: dict[str, Ask] = {}
        for name in sorted(players, key=lambda it: (not players[it][0].pressed, self._asked[it])):
            player, waits = players[name][0], name in queue
            last = self._asked[name]
            if waits or len(asks) < most:
                self._asked[name] = now
            try:
                player.stand(queue.get(name, 0), len(self._admitted))
                if waits or len(asks) == most:
                    continue
                ask = player.ask(min(now - last, LOOK_SECONDS))
            except Exception:
                log.exception("session %s cannot say what it wants", name[:6])
                continue
            if ask is not None:
                asks[name] = ask
        return asks

    def _call(self, players: Mapping[str, tuple[Player, Holder]], asks: Mapping[str, Ask]) -> None:
        places = {name: players[name][1] for name in asks}
        there = {name: ask for name, ask in asks.items() if not places[name].lost}
        steps = [ask.want.steps for ask in there.values()]
        self._mixed = max(steps, default=0) > MANY_TIMES * (min(steps, default=0) + 1)
        answers = self._answers(places[next(iter(there))], there) if there else {}
        losses = self._losses([name for name in asks if name not in answers], players)
        for name in asks:
            player, heard = players[name][0], answers.get(name)
            if self._closed:
                return
            try:
                if heard is None:
                    self.remove(name)
                    player.lose(losses[name])
                else:
                    player.hear(heard)
            except Exception:
                log.exception("session %s cannot take its answer", name[:6])
        self.since = inf

    def _losses(
        self, lost: Sequence[str], players: Mapping[str, tuple[Player, Holder]]
    ) -> dict[str, Loss]:
        losses: dict[str, Loss] = dict.fromkeys(lost, "gone")
        place = players[lost[0]][1] if lost else None
        if place is not None and (self._broken_off or place.lost) and place.outgrown:
            if not self._largest:
                self._largest = max(players, key=lambda name: players[name][0].size)
            losses = dict.fromkeys(lost, "outgrown")
            if self._largest in losses:
                losses[self._largest] = "largest"
        return losses

    def _answers(self, place: Holder, asks: Mapping[str, Ask]) -> dict[str, Heard]:
        """By name; those for whom there is none are lost."""
        self.calls += 1
        self.since, self._broken_off = time.monotonic(), False
        try:
            shared = self._crowded or self._mixed
            reply = place.tick(asks, TURN_SECONDS if shared else SLICE_SECONDS)
            while True:
                try:
                    return reply.result(timeout=LOOK_SECONDS)
                except TimeoutError:
                    if place.lost:
                        raise
        except Exception as error:
            log.warning("a call to %s failed: %r", self.address, error)
            self._broken_off = isinstance(error, OSError)
            if place.lost or self._broken_off or len(asks) == 1:
                return {}
        # One session's fault is no other's business. Nobody trains twice for it: what is due is
        # asked for again.
        still = {name: replace(ask, want=replace(ask.want, steps=0)) for name, ask in asks.items()}
        alone = [self._answers(place, {name: ask}) for name, ask in still.items()]
        return {name: heard for answer in alone for name, heard in answer.items()}
