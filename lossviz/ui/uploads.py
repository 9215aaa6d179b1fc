"""What is uploaded: how much of it may wait in memory, and how it is put on disk.

Streamlit takes a file in before any page knows of it, and keeps it until the session ends.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from lossviz.apart import Stored
from lossviz.guards import MAX_UPLOAD, MAX_UPLOADS, MAX_UPLOADS_TOGETHER
from lossviz.ui.state.session import every_session

TOO_MUCH = (
    f"There is too much on its way: up to {MAX_UPLOADS >> 20} MB of a visitor are taken in at a "
    f"time, and {MAX_UPLOADS_TOGETHER >> 20} MB of all. Try again in a moment, one file at a time."
)
_PATH = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+/?$")


def taken(file: UploadedFile) -> Stored:
    """The content of a file that was uploaded, on disk; nothing of it stays in memory."""
    stored = Stored(file.getvalue())
    context = get_script_run_ctx()
    if context is not None:
        uploads = context.uploaded_file_mgr
        if isinstance(uploads, MemoryUploadedFileManager):
            uploads.remove_file(context.session_id, file.file_id)
    file.truncate(0)  # Streamlit keeps it as the field's value, and copies that
    return stored


def taken_together(files: Sequence[UploadedFile]) -> Stored:
    """What :func:`taken` gives of one file; of several a zip of them."""
    if len(files) == 1:
        return taken(files[0])
    return Stored.together(
        (f"{place}/{file.name}", taken(file)) for place, file in enumerate(files)
    )


class UploadBudget:
    """Refuses more than a visitor may have in memory, and all of them together, before it is taken
    in. A page takes what arrives at once, so nobody meets this who uses the pages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._arriving: Counter[str] = Counter()
        """Bytes on their way, by session."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        path = _PATH.search(scope["path"]) if scope["type"] == "http" else None
        if path is None or scope["method"] != "PUT":
            await self._app(scope, receive, send)
            return
        session, size = path[1], _declared(Headers(scope=scope))
        waiting = waiting_uploads() + self._arriving
        if waiting[session] + size > MAX_UPLOADS or waiting.total() + size > MAX_UPLOADS_TOGETHER:
            _told(session, refused=True)
            await _refusal(scope, receive, send)
            return
        if not waiting[session]:
            _told(session, refused=False)
        self._arriving[session] += size
        try:
            await self._app(scope, receive, send)
        finally:
            self._arriving[session] -= size
            self._arriving = +self._arriving


def _told(session: str, *, refused: bool) -> None:
    """Whether some of the files that arrive together were refused: the field that sends them shows
    no answer's words, so the page says it, and reads no part of them.

    :param session: Streamlit's name of it.
    """
    for each in every_session():
        if each.holder == session:
            each.refused = refused
            if refused:
                each.upload_problem = TOO_MUCH


def waiting_uploads() -> Counter[str]:
    """Bytes of the files that no page has taken yet, by session."""
    waiting: Counter[str] = Counter()
    with suppress(RuntimeError):  # no server
        uploads = get_instance().uploaded_file_mgr
        if isinstance(uploads, MemoryUploadedFileManager):
            for session, files in list(uploads.file_storage.items()):
                waiting[session] = sum(len(file.data) for file in list(files.values()))
    return waiting


def _declared(headers: Headers) -> int:
    """Bytes that an upload says it has; the most where it does not say."""
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else MAX_UPLOAD


_refusal = PlainTextResponse(TOO_MUCH, 413)
