"""A browser without a screen: what Streamlit's frontend says over its websocket.

As the frontend does, it sends the state of all widgets with every message; and it runs a part of
the page again where the page's line asks for that (:class:`tests.load.line.Line`). It keeps no
cache of messages: those of this app that are large enough never come twice.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.load.line import Line
from tests.load.widgets import content, mounted

WHOLE_RUNS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
OPENING_SECONDS = 60.0
WAKE = "lossviz.wake"
"""The component that opens the line, and those that run a part of the page again."""


class Browser:
    """One tab.

    :param host: name and port of the server.
    """

    def __init__(self, host: str) -> None:
        self.errors: list[str] = []
        self.notices: list[str] = []
        self.script_runs = 0
        """Of the page, or of a part of it."""
        self.wakes: Counter[str] = Counter()
        """How often the line asked for one, by topic."""
        self.line = Line(host, self._woken)
        self._host = host
        self._socket: ClientConnection | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._page = ""
        self._states: dict[str, WidgetState] = {}
        self._owners: dict[str, str] = {}
        """The fragment of each widget."""
        self._topics: dict[str, tuple[str, int]] = {}
        """The component that runs a part again, and its drawing."""
        self._drawn: set[str] = set()
        """The widgets that the present run has drawn."""
        self._finished = asyncio.Event()

    async def open(self, page: str, query: str = "") -> None:
        """Open a page and wait until it is drawn, and its line is there.

        :param query: of its address.
        :raises TimeoutError: when that does not happen.
        """
        async with asyncio.timeout(OPENING_SECONDS):
            self._socket = await connect(
                f"ws://{self._host}/_stcore/stream",
                subprotocols=["streamlit"],  # type: ignore[list-item]
                origin=f"http://{self._host}",  # type: ignore[arg-type]
                max_size=None,
                open_timeout=OPENING_SECONDS,
            )
            self._begin(self._listen())
            first = BackMsg()
            first.rerun_script.page_name = page
            first.rerun_script.query_string = query
            await self._socket.send(first.SerializeToString())
            await self._finished.wait()
            await self.line.opened.wait()

    async def press(self, key: str) -> None:
        """Press a button.

        :param key: its own, as in the code of its page.
        :raises StopIteration: when there is none.
        """
        button = next(widget for widget in self._owners if widget.endswith(f"-{key}"))
        await self._run(self._owners[button], WidgetState(id=button, trigger_value=True))

    async def close(self) -> None:
        """Close the tab."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.line.close()
        if self._socket is not None:
            await self._socket.close()

    def _begin(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _woken(self, topic: str, number: int) -> None:
        """The line says that this drawing of a part of the page is outdated."""
        component, drawing = self._topics.get(topic, ("", 0))
        if drawing == number:
            self.wakes[topic] += 1
            self._begin(self._run_again(component, number))

    async def _run_again(self, component: str, number: int) -> None:
        trigger = WidgetState(id=_make_trigger_id(component, "events"))
        trigger.json_trigger_value = json.dumps([{"event": "again", "value": number}])
        await self._run(self._owners[component], trigger)

    async def _run(self, fragment: str, trigger: WidgetState) -> None:
        """Have a part of the page run, or the page, as something was used."""
        message = BackMsg()
        rerun = message.rerun_script
        rerun.page_script_hash = self._page
        rerun.fragment_id = fragment
        rerun.context_info.timezone = "UTC"
        rerun.context_info.locale = "en-GB"
        rerun.context_info.url = f"http://{self._host}/train"
        rerun.widget_states.widgets.extend([*self._states.values(), trigger])
        assert self._socket is not None
        try:
            await self._socket.send(message.SerializeToString())
        except ConnectionClosed as error:
            self.errors.append(f"connection lost: {error}")

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
            self.script_runs += 1
            self._drawn.clear()
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash
        elif kind == "script_finished":
            self._end(message)
        elif kind == "session_event":
            if message.session_event.WhichOneof("type") == "script_compilation_exception":
                self.errors.append(message.session_event.script_compilation_exception.message)
        elif kind == "page_not_found":
            self.errors.append("page not found")

    def _show(self, fragment: str, element: Any) -> None:
        kind, shown = content(element)
        if kind == "exception":
            self.errors.append(f"{shown.type}: {shown.message}")
        elif kind == "alert":
            to = self.errors if shown.format == Alert.Format.ERROR else self.notices
            to.append(shown.body)
        elif kind == "bidi_component" and shown.component_name == WAKE:
            self._mark(fragment, shown)
        elif kind == "button":
            self._own(fragment, shown.id)
        state = mounted(element)
        if state is not None:
            self._own(fragment, shown.id)
            if shown.set_value or shown.id not in self._states:
                self._states[shown.id] = state

    def _mark(self, fragment: str, component: Any) -> None:
        data = json.loads(component.json)
        self._own(fragment, component.id)
        self.line.open(data["token"])
        if "topic" in data:
            topic, number = data["topic"], data["number"]
            self._topics[topic] = component.id, number
            if self.line.wakes.get(topic) == number:
                self._woken(topic, number)

    def _own(self, fragment: str, widget: str) -> None:
        self._owners[widget] = fragment
        self._drawn.add(widget)

    def _end(self, message: ForwardMsg) -> None:
        self._finished.set()
        if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.errors.append("the script does not compile")
        if message.script_finished in WHOLE_RUNS:
            self._forget(set(message.metadata.run.fragment_ids))

    def _forget(self, fragments: set[str]) -> None:
        """Drop the widgets that a run of these fragments, or of the page, has not drawn again."""
        for widget in self._owners.keys() - self._drawn:
            if not fragments or self._owners[widget] in fragments:
                self._states.pop(widget, None)
                del self._owners[widget]
        self._topics = {
            topic: mark for topic, mark in self._topics.items() if mark[0] in self._owners
        }
