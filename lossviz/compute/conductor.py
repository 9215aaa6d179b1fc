"""The conductor: one call at a time to a worker, for all sessions whose runs it holds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from concurrent.futures import Future as PoolFuture
from dataclasses import dataclass, field
from typing import Protocol

from tornado.ioloop import IOLoop

from lossviz.compute.workers import REPLY_SECONDS, WorkerLost
from lossviz.experiments.runs.progress import ProgressReport, ReportOrError, Want


class RunsHolder(Protocol):
    """Where a session's runs are: a way to call their worker."""

    def tick(
        self, wants: Mapping[str, Want], seconds: float
    ) -> Awaitable[Mapping[str, ReportOrError]]:
        """What comes of these sessions there, by name; those that are not there are left out."""


@dataclass(frozen=True)
class _Asked:
    place: RunsHolder
    want: Want
    seconds: float
    reply: PoolFuture[ProgressReport] = field(default_factory=PoolFuture)


class Conductor:
    """Gathers what sessions ask while their worker is at work, and passes it on in one call.

    So a worker is called as often as it answers, however many sessions there are: their runs take
    their steps together, and with more sessions all wait a little longer, evenly.

    :param loop: in which it waits; it needs no thread.
    :param patience: seconds after which a worker that does not answer counts as lost.
    """

    def __init__(self, loop: IOLoop, patience: float = REPLY_SECONDS) -> None:
        self.calls = 0
        self._loop = loop
        self._patience = patience
        self._waiting: dict[str, _Asked] = {}
        self._at_work = False

    def ask(
        self, session: str, place: RunsHolder, want: Want, seconds: float
    ) -> PoolFuture[ProgressReport]:
        """Return at once; the report comes with the next call, or why there is none.

        :param session: its name; asking again takes the place of what has not been passed on yet.
        :param seconds: how long its runs may train; nobody who is passed on with it trains longer.
        """
        asked = _Asked(place, want, seconds)
        self._loop.add_callback(self._take, session, asked)
        return asked.reply

    async def _take(self, session: str, asked: _Asked) -> None:
        earlier = self._waiting.pop(session, None)
        if earlier is not None:
            earlier.reply.cancel()
        self._waiting[session] = asked
        if self._at_work:
            return
        self._at_work = True
        while self._waiting:
            together, self._waiting = self._waiting, {}
            await self._call(together)
        self._at_work = False

    async def _call(self, together: Mapping[str, _Asked]) -> None:
        first = next(iter(together.values()))
        wants = {session: asked.want for session, asked in together.items()}
        seconds = min(asked.seconds for asked in together.values())
        self.calls += 1
        outcomes: Mapping[str, ReportOrError | Exception]
        try:
            outcomes = await asyncio.wait_for(first.place.tick(wants, seconds), self._patience)
        except Exception as error:  # whatever it is, everybody is told and nobody waits
            outcomes = dict.fromkeys(together, error)
        for session, asked in together.items():
            outcome = outcomes.get(session) or WorkerLost("The runs are not there any more.")
            if isinstance(outcome, Exception):
                asked.reply.set_exception(outcome)
            else:
                asked.reply.set_result(outcome)
