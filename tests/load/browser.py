"""A browser without a screen: what Streamlit's frontend says over the websocket.

As the frontend does, it sends the state of all widgets with every message, polls fragments by a
plain timer whether or not the last answer has come, and drops the timers when the whole page runs.
It keeps no cache of messages: those of this app that are large enough never come twice.
"""

from __future__ import annotations

import asyncio
import random
import re
from dataclasses import dataclass
from typing import Any

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.load.timers import Timers
from tests.load.widgets import BUTTONS, content, mounted

STEPS = re.compile(rb'"title":\s*"A\b[^"]*?([\d,]+) steps"')
WHOLE_RUNS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
PATIENCE = 20.0
"""Seconds without an answer after which a person would say that it hangs."""


@dataclass
class _Move:
    """A slider that was moved and whose page has not been drawn yet."""

    widget: str
    value: str
    done: asyncio.Future[None]
    before: str
    """The script run that was the last to start when it was moved."""
    run: str | None = None
    """The script run in which the slider came back with its new value."""


class Browser:
    """One session on one page.

    :param host: name and port of the server.
    """

    def __init__(self, host: str, rng: random.Random) -> None:
        self.errors: list[str] = []
        self.notices: list[str] = []
        self.feeds = 0
        self.updates = 0
        """Feeds with a new step of run A in them."""
        self.steps = 0
        """Of run A, those of earlier starts included."""
        self._host = host
        self._rng = rng
        self._socket: ClientConnection | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._timers = Timers(lambda fragment: self._send(fragment, auto=True))
        self._page = ""
        self._states: dict[str, WidgetState] = {}
        self._elements: dict[str, Any] = {}
        self._owners: dict[str, str] = {}
        self._run = ""
        self._drawn: set[str] = set()
        """The widgets that the present run has drawn."""
        self._move: _Move | None = None
        self._finished = asyncio.Event()
        self._shown = 0

    async def open(self, page: str) -> None:
        """Open a page and wait until it is drawn."""
        self._socket = await connect(
            f"ws://{self._host}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=f"http://{self._host}",  # type: ignore[arg-type]
            max_size=None,
            open_timeout=PATIENCE,
        )
        self._tasks.append(asyncio.create_task(self._listen()))
        first = BackMsg()
        first.rerun_script.page_name = page
        await self._socket.send(first.SerializeToString())
        await asyncio.wait_for(self._finished.wait(), 3 * PATIENCE)

    async def close(self) -> None:
        """Close the tab."""
        self._timers.stop()
        if self._socket is not None:
            await self._socket.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def label(self, key: str) -> str:
        """What stands on the widget with this key."""
        return str(self._elements[self._id(key)].label)

    async def press(self, key: str) -> None:
        """Press a button; the answer is not waited for."""
        widget = self._id(key)
        await self._send(self._owners[widget], WidgetState(id=widget, trigger_value=True))

    async def move(self, key: str) -> float:
        """Move a slider somewhere else.

        :returns: seconds until the fragment that holds it was drawn with the new value.
        :raises TimeoutError: when that does not happen.
        """
        loop = asyncio.get_running_loop()
        widget = self._id(key)
        state = self._states[widget]
        now = state.string_array_value.data[0]
        value = self._rng.choice([own for own in self._elements[widget].options if own != now])
        state.string_array_value.data[:] = [value]
        self._move = _Move(widget, value, loop.create_future(), self._run)
        start = loop.time()
        await self._send(self._owners[widget])
        try:
            await asyncio.wait_for(self._move.done, PATIENCE)
        finally:
            self._move = None
        return loop.time() - start

    def _id(self, key: str) -> str:
        return next(own for own in self._elements if own.endswith(f"-{key}"))

    async def _send(
        self, fragment: str = "", trigger: WidgetState | None = None, auto: bool = False
    ) -> None:
        message = BackMsg()
        rerun = message.rerun_script
        rerun.page_script_hash = self._page
        rerun.fragment_id = fragment
        rerun.is_auto_rerun = auto
        rerun.context_info.timezone = "UTC"
        rerun.context_info.locale = "en-GB"
        rerun.context_info.url = f"http://{self._host}/train"
        rerun.widget_states.widgets.extend(self._states.values())
        if trigger is not None:
            rerun.widget_states.widgets.append(trigger)
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())

    async def _listen(self) -> None:
        assert self._socket is not None
        try:
            async for data in self._socket:
                self._take(ForwardMsg.FromString(data if isinstance(data, bytes) else b""))
            self.errors.append("the server closed the connection")
        except ConnectionClosed as error:
            self.errors.append(f"connection lost: {error}")
        except Exception as error:
            self.errors.append(f"the simulated browser failed: {error!r}")
            raise

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "delta":
            if message.delta.WhichOneof("type") == "new_element":
                self._show(message.delta.fragment_id, message.delta.new_element)
        elif kind == "new_session":
            self._run = message.metadata.run.script_run_id
            self._drawn.clear()
            if not message.metadata.run.fragment_ids:
                self._timers.stop()
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash
        elif kind == "auto_rerun":
            self._timers.start(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            self._timers.stop(message.stop_auto_rerun.fragment_ids)
        elif kind == "script_finished":
            self._end(message)
        elif kind == "session_event":
            if message.session_event.WhichOneof("type") == "script_compilation_exception":
                self.errors.append(message.session_event.script_compilation_exception.message)
        elif kind == "page_not_found":
            self.errors.append("page not found")

    def _show(self, fragment: str, element: Any) -> None:
        kind, own = content(element)
        if kind == "exception":
            self.errors.append(f"{own.type}: {own.message}")
        elif kind == "alert":
            to = self.errors if own.format == Alert.Format.ERROR else self.notices
            to.append(own.body)
        elif kind == "bidi_component" and own.component_name == "lossviz.feed":
            self._feed(own.bytes or (own.json or own.mixed.json).encode())
        state = mounted(element)
        if state is not None or kind in BUTTONS:
            self._elements[own.id] = own
            self._owners[own.id] = fragment
            self._drawn.add(own.id)
        if state is not None and (own.set_value or own.id not in self._states):
            self._states[own.id] = state
        move = self._move
        if move is not None and own is not None and self._run != move.before:
            self._answer(move, own)

    def _answer(self, move: _Move, element: Any) -> None:
        if getattr(element, "id", "") == move.widget:
            drawn = self._states[move.widget].string_array_value.data[0]
            move.run = self._run if drawn == move.value else None

    def _feed(self, text: bytes) -> None:
        self.feeds += 1
        found = STEPS.search(text)
        if found is None:
            return
        step = int(found[1].replace(b",", b""))
        if step != self._shown:
            self.updates += 1
            self.steps += step - self._shown if step > self._shown else step
            self._shown = step

    def _end(self, message: ForwardMsg) -> None:
        self._finished.set()
        if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.errors.append("the script does not compile")
        if message.script_finished in WHOLE_RUNS:
            self._forget(set(message.metadata.run.fragment_ids))
        move = self._move
        ended = message.metadata.run.script_run_id
        if move is not None and move.run == ended and not move.done.done():
            move.done.set_result(None)

    def _forget(self, fragments: set[str]) -> None:
        """Drop the widgets that a run of these fragments, or of the page, has not drawn again."""
        for widget in self._elements.keys() - self._drawn:
            if not fragments or self._owners[widget] in fragments:
                self._states.pop(widget, None)
                del self._elements[widget], self._owners[widget]
