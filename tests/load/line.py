"""A page's line as its browser sees it: what ``assets/line.js`` and ``assets/chart.js`` do."""

from __future__ import annotations

import asyncio
import json
import re
import zlib
from collections.abc import Callable, Collection
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from lossviz.compute.differences import changed
from lossviz.compute.frames import BEGINS

PATIENCE = 20.0
"""Seconds without an answer after which a person would say that it hangs."""
LOSSES = "losses-A"
STEPS = re.compile(r"([\d,]+) steps")
WAITS = "answered for"
"""In what is said while an answer takes longer than two seconds; how long it takes is measured."""


class Line:
    """What comes over a line is kept, and counted; what is pressed goes back over it.

    :param woken: told the topic and the drawing of a part of the page that is outdated.
    :param charts: the keys of those that are kept; the others are read and thrown away.
    """

    def __init__(
        self, host: str, woken: Callable[[str, int], None], charts: Collection[str] = (LOSSES,)
    ) -> None:
        self.opened = asyncio.Event()
        self.trained = asyncio.Event()
        """Whether there is a curve of run A."""
        self.ended: float | None = None
        """When all runs were over the last time, by the loop's clock."""
        self.errors: list[str] = []
        self.notices: list[str] = []
        self.messages = 0
        self.bytes = 0
        self.waited = False
        """Whether the house was full at some time."""
        self.updates = 0
        """Messages with a new step of run A in them."""
        self.steps = 0
        """Of run A, those of earlier starts included."""
        self.charts: dict[str, Any] = {}
        self.said: dict[str, Any] = {}
        self.wakes: dict[str, int] = {}
        self.token = ""
        self._host = host
        self._woken = woken
        self._kept = frozenset(charts)
        self._inflated = zlib.decompressobj(-zlib.MAX_WBITS)
        self._socket: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self._number = 0
        self._shown = 0
        self._answers: dict[int, asyncio.Future[None]] = {}

    def open(self, token: str) -> None:
        """Open it, unless it is open: a session has one as long as it lives."""
        if token != self.token:
            self.token = token
            self._task = asyncio.create_task(self._listen(token))

    def again(self) -> Line:
        """Another browser takes this line over."""
        line = Line(self._host, lambda *_: None, self._kept)
        line.open(self.token)
        return line

    async def close(self) -> None:
        """Close it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()

    @property
    def lab(self) -> dict[str, Any]:
        """What the controls of the page show."""
        return dict(self.said.get("lab", {}))

    @property
    def queued(self) -> bool:
        """Whether the house is full."""
        return "in the queue" in self.lab.get("notice", "")

    async def send(self, **command: Any) -> float:
        """Press something.

        :returns: seconds until its effect was known here.
        :raises TimeoutError: when that does not come about.
        """
        loop = asyncio.get_running_loop()
        assert self._socket is not None
        self._number += 1
        number, start = self._number, loop.time()
        answer = self._answers[number] = loop.create_future()
        try:
            await self._socket.send(json.dumps({"n": number, **command}))
            await asyncio.wait_for(answer, PATIENCE)
        finally:
            self._answers.pop(number, None)
        return loop.time() - start

    async def _listen(self, token: str) -> None:
        try:
            async with connect(
                f"ws://{self._host}/live/{token}",
                origin=f"http://{self._host}",  # type: ignore[arg-type]
                max_size=None,
                open_timeout=PATIENCE,
            ) as socket:
                self._socket = socket
                self.opened.set()
                async for data in socket:
                    self.messages += 1
                    self.bytes += len(data)
                    self._take(json.loads(data if isinstance(data, str) else self._text(data)))
            self.errors.append(f"the line was closed: {socket.close_code}")
        except (ConnectionClosed, OSError) as error:
            self.errors.append(f"the line was lost: {error}")
        except Exception as error:
            self.errors.append(f"the simulated line failed: {error!r}")
            raise

    def _text(self, frame: bytes) -> bytes:
        """A piece of a worker's stream."""
        if frame[:1] == BEGINS:
            self._inflated = zlib.decompressobj(-zlib.MAX_WBITS)
        text = self._inflated.decompress(frame[1:])
        if not text.endswith(b"\n"):
            raise ValueError("a message broke off")
        return text.strip() or b"{}"

    def _take(self, message: dict[str, Any]) -> None:
        charts = message.get("charts", {})
        for key in self._kept & charts.keys():
            self.charts[key] = changed(self.charts.get(key), charts[key])
        if LOSSES in charts:
            self._look()
        say = message.get("say", {})
        if say.get("lab", {}).get("over") and not self.lab.get("over"):
            self.ended = asyncio.get_running_loop().time()
        self.said |= say
        notice = say.get("lab", {}).get("notice")
        if notice and self.queued:
            self.waited = True
        elif notice and not notice.startswith("Slower") and WAITS not in notice:
            self.notices.append(notice)
        if "done" in say:
            for number, answer in self._answers.items():
                if number <= say["done"] and not answer.done():
                    answer.set_result(None)
        for topic, number in message.get("wake", {}).items():
            self.wakes[topic] = number
            self._woken(topic, number)

    def _look(self) -> None:
        """At the step that stands above the losses of run A."""
        named = STEPS.search(self.charts[LOSSES]["title"])
        step = int(named[1].replace(",", "")) if named else 0
        if step != self._shown:
            self.updates += step > 0
            self.trained.set()
            self.steps += step - self._shown if step > self._shown else step
            self._shown = step
