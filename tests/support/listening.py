"""A browser's end of a channel, without a browser."""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Callable
from typing import Any

from lossviz.compute.differences import changed
from lossviz.compute.frames import BEGINS
from lossviz.ui.channel.channel import Channel


class Listener:
    """Takes at once what a channel has to send, and knows what a browser would."""

    def __init__(self, channel: Channel) -> None:
        self.charts: dict[str, Any] = {}
        self.said: dict[str, Any] = {}
        self.woken: dict[str, int] = {}
        self.sizes: list[int] = []
        self._channel = channel
        self._lock = threading.Lock()
        self._stream = zlib.decompressobj()
        self._signal = self._take
        channel.connect(self, self._signal)  # type: ignore[arg-type]

    def call_soon_threadsafe(self, call: Callable[[], None]) -> None:
        """It is its own loop."""
        call()

    def leave(self) -> None:
        """Close the tab."""
        self._channel.disconnect(self._signal)

    def _take(self) -> None:
        with self._lock:
            for letter in self._channel.take():
                self.sizes.append(len(letter))
                self._learn(json.loads(letter if isinstance(letter, str) else self._text(letter)))

    def _text(self, frame: bytes) -> str:
        if frame[:1] == BEGINS:
            self._stream = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        return self._stream.decompress(frame[1:]).decode() or "{}"

    def _learn(self, letter: dict[str, Any]) -> None:
        for key, change in letter.get("charts", {}).items():
            self.charts[key] = changed(self.charts.get(key), change)
        self.said |= letter.get("say", {})
        self.woken |= letter.get("wake", {})
