"""The socket: a browser at the other end of a channel."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from urllib.parse import urlparse

from pydantic import ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit import config
from streamlit.web.server.server_util import is_allowed_origin

from lossviz.ui.channel.channel import CHANNELS, Channel

log = logging.getLogger(__name__)

RATE, BURST = 60.0, 120.0
"""Commands a second, and at once; more than a dragged slider sends. Others wait."""
AT_ONCE = 2
"""Pages that are woken at the same time. A page takes 0.1 s of the web process: sixty whose runs
ended together kept every slider waiting for 3.6 s."""
LOOK_SECONDS, SOON_SECONDS = 0.25, 0.05
"""Between two looks whether parts of pages would show something else; and where pages wait to be
woken."""
REFUSED, FAULT, TAKEN_OVER, UNKNOWN = 1008, 1011, 4001, 4004
"""Why a socket is closed: it breaks the rules; something went wrong here; another one has come;
nobody has this token."""


async def live(socket: WebSocket) -> None:
    """One page's socket, for as long as the browser holds it."""
    channel = CHANNELS.get(socket.path_params["token"])
    if not _same_origin(socket):
        await socket.close(REFUSED)
        return
    await socket.accept()
    if channel is None:
        await socket.close(UNKNOWN)
        return
    news = asyncio.Event()
    signal = news.set
    sending: asyncio.Task[None] | None = None
    try:
        # It makes every chart of the page: nobody else waits for that.
        await asyncio.to_thread(channel.connect, asyncio.get_running_loop(), signal)
        sending = asyncio.create_task(_send(socket, channel, news, signal))
        await _receive(socket, channel)
    except (WebSocketDisconnect, RuntimeError):
        pass  # it is gone, in the middle of a message or not
    finally:
        channel.disconnect(signal)
        if sending is not None:
            sending.cancel()


async def _send(socket: WebSocket, channel: Channel, news: asyncio.Event, signal: object) -> None:
    try:
        while channel.belongs_to(signal):
            for letter in channel.take():
                if isinstance(letter, str):
                    await socket.send_text(letter)
                else:
                    await socket.send_bytes(letter)
            await news.wait()
            news.clear()
        await socket.close(TAKEN_OVER)
    except (WebSocketDisconnect, RuntimeError):
        log.debug("a browser went while it was told something")
    except Exception:
        log.exception("a line is closed, so that its browser opens another one")
        await socket.close(FAULT)


async def _receive(socket: WebSocket, channel: Channel) -> None:
    allowance, last = BURST, time.monotonic()
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        text = message.get("text") or ""
        now = time.monotonic()
        allowance, last = min(BURST, allowance + RATE * (now - last)) - 1, now
        if allowance < 0:
            await asyncio.sleep(-allowance / RATE)
        try:
            channel.obey(text)
        except (ValidationError, ValueError) as error:
            log.warning("what a browser sent is no command: %s", type(error).__name__)
            await socket.close(REFUSED)
            return


def _same_origin(socket: WebSocket) -> bool:
    """Whether the page that opens it is one of this server's; as for Streamlit's own socket."""
    origin = socket.headers.get("origin", "")
    if not config.get_option("server.enableCORS"):
        return True
    return urlparse(origin).netloc == socket.headers.get("host") or is_allowed_origin(origin)


class Lookout(threading.Thread):
    """Looks whether parts of open pages would show something else, a few times a second, and wakes
    a few at a time, in turn."""

    def __init__(self) -> None:
        super().__init__(name="lossviz-lookout", daemon=True)
        self._ended = threading.Event()
        self._turn: deque[str] = deque()

    def run(self) -> None:
        """Until it is ended."""
        pause = LOOK_SECONDS
        while not self._ended.wait(pause):
            try:
                pause = LOOK_SECONDS if self.look() else SOON_SECONDS
            except Exception:
                log.exception("pages are looked at again in a moment")
                pause = LOOK_SECONDS

    def look(self) -> bool:
        """Once, from where it was left.

        :returns: whether everybody was looked at.
        """
        there = [channel() for channel in CHANNELS.valuerefs()]  # others come meanwhile
        channels = {
            channel.token: channel for channel in there if channel is not None and channel.connected
        }
        new = channels.keys() - set(self._turn)
        self._turn = deque([*filter(channels.__contains__, self._turn), *new])
        awaited = sum(channel.awaited for channel in channels.values())
        for _ in channels:
            if awaited >= AT_ONCE:
                return False
            channel = channels[self._turn[0]]
            self._turn.rotate(-1)
            before = channel.awaited
            try:
                channel.look()
            except Exception:
                log.exception("a page cannot say whether it is up to date")
            awaited += channel.awaited - before
        return True

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
