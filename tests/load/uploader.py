"""A visitor who chooses a file: what Streamlit's frontend does where one is dropped."""

from __future__ import annotations

import asyncio
import http.client
import re
from typing import Any
from uuid import uuid4

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.load.browser import Browser
from tests.load.widgets import content

COOKIE = "_streamlit_xsrf"
BOUNDARY = "lossviz"
PATIENCE = 240.0


class Uploader(Browser):
    """A browser with a file field on its page."""

    def __init__(self, host: str) -> None:
        super().__init__(host)
        self.shown: set[str] = set()
        """The texts of headings and alerts."""
        self._field = ""
        self._urls: asyncio.Future[FileURLs] | None = None

    async def upload(self, name: str, file: bytes) -> None:
        """Choose a file, as far as the page's next run."""
        assert self._socket is not None
        self._urls = asyncio.get_running_loop().create_future()
        asking = BackMsg()
        asking.file_urls_request.request_id = str(uuid4())
        asking.file_urls_request.file_names.append(name)
        await self._socket.send(asking.SerializeToString())
        urls = await self._urls
        status = await asyncio.to_thread(put, self._host, urls.upload_url, name, file)
        if status >= 300:
            self.errors.append(f"the upload of {name} ended with {status}")
            return
        chosen = WidgetState(id=self._field)
        info = chosen.file_uploader_state_value.uploaded_file_info.add()
        info.file_id, info.name, info.size = urls.file_id, name, len(file)
        info.file_urls.CopyFrom(urls)
        self._states[self._field] = chosen
        message = BackMsg()
        message.rerun_script.page_script_hash = self._page
        message.rerun_script.widget_states.widgets.extend(self._states.values())
        await self._socket.send(message.SerializeToString())

    async def read(self, name: str, file: bytes) -> None:
        """Choose a file, and wait until the page says what came of it."""
        self.shown.clear()
        await self.upload(name, file)
        async with asyncio.timeout(PATIENCE):
            while not self.outcome(name) and not self.errors:
                await asyncio.sleep(0.05)

    def outcome(self, name: str) -> str:
        """What is said of a file once it was read; "" before."""
        return next((text for text in self.shown if name in text), "")

    def _take(self, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "file_urls_response" and self._urls is not None:
            self._urls.set_result(message.file_urls_response.file_urls[0])
        super()._take(message)

    def _show(self, fragment: str, element: Any) -> None:
        kind, shown = content(element)
        if kind == "file_uploader":
            self._field = shown.id
            self._own(fragment, shown.id)
        if kind in ("heading", "alert"):
            self.shown.add(shown.body.replace("\\", ""))
        if kind == "alert":
            return  # a refused file is no error of the page
        super()._show(fragment, element)


def put(host: str, path: str, name: str, file: bytes) -> int:
    """Send a file to the server; the answer's status."""
    connection = http.client.HTTPConnection(host, timeout=PATIENCE)
    connection.request("GET", "/_stcore/health")
    answer = connection.getresponse()
    cookie = re.search(rf"{COOKIE}=([^;]+)", answer.headers.get("Set-Cookie") or "")
    answer.read()
    token = cookie[1] if cookie else ""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode() + file + f"\r\n--{BOUNDARY}--\r\n".encode()
    headers = {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Cookie": f"{COOKIE}={token}",
        "X-Xsrftoken": token,
    }
    connection.request("PUT", path, body, headers)
    try:
        return connection.getresponse().status
    finally:
        connection.close()
