"""What the web server does around the pages: start and stop, assets, headers, errors."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import plotly
import pyarrow as pa
import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import get_instance

from lossviz import __version__
from lossviz.compute.cluster import COMPUTE
from lossviz.compute.memory import Tidying, give_back
from lossviz.data.files.apart import put_away
from lossviz.errors import LossVizError
from lossviz.ui.browser import Browsers
from lossviz.ui.channel.socket import Lookout, live
from lossviz.ui.keeper import Keeper
from lossviz.ui.patience import close_what_never_asks
from lossviz.ui.root import ROOT
from lossviz.ui.state.session import leave_behind
from lossviz.ui.uploads import UploadBudget

log = logging.getLogger(__name__)

SHELL = ROOT / "lossviz" / "ui" / "shell.py"
PLOTLY = Path(plotly.__file__).parent / "package_data"

# Streamlit's own front end needs inline styles, and blobs for downloads and workers. Everything
# else comes from this server; nothing outside is asked for anything. There are no frame-ancestors:
# pages are made to be embedded (?embed=true), and there are no accounts for a frame to misuse.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": POLICY,
}
FORGET_SECONDS = 10.0
MANY_LEFT = 50
METRICS, METRICS_PATH = "LOSSVIZ_METRICS", "/_stcore/metrics"
"""What switches them on, and where they are then."""


@dataclass
class Warmth:
    """Whether the server has done what it does before the first visitor comes."""

    pending: bool = True
    problems: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, bool | str]:
        """For a health check: ``warm``, and where it is not, the ``reason``."""
        if self.problems:
            return {"warm": False, "reason": " ".join(self.problems)}
        if self.pending:
            return {"warm": False, "reason": "The training processes are still starting."}
        return {"warm": True}


WARMTH = Warmth()
"""Of this process."""


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[None]:
    """Start the workers with the server, and end them with it.

    The first visitor does not wait for them: pages are served while torch loads.
    """
    send_at_once()
    close_what_never_asks()
    warming = asyncio.create_task(asyncio.to_thread(_warm_up))
    forgetting = asyncio.create_task(_forget_sessions())
    threads = Lookout(), Keeper(), Tidying(put_away, give_back)
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.end()
    forgetting.cancel()
    warming.cancel()
    await asyncio.to_thread(COMPUTE.close)


async def _forget_sessions() -> None:
    """Let go of sessions that nobody came back to.

    Streamlit does so only once another one is left, and has no name for it that is meant for
    others. They stand in cycles, and garbage is seldom collected here; so where many were left and
    this process does not rest, it is done once for all of them.
    """
    left = 0
    while True:
        await asyncio.sleep(FORGET_SECONDS)
        try:
            left += leave_behind(st.get_option("server.disconnectedSessionTTL"))
            if left >= MANY_LEFT:
                left = 0
                await asyncio.to_thread(give_back)
        except Exception:
            log.exception("sessions are left in a moment")
        with suppress(AttributeError, RuntimeError):
            get_instance()._session_mgr._session_storage._cache.expire()  # type: ignore[attr-defined]


def send_at_once() -> None:
    """Have no message wait for the one before it to be acknowledged.

    Streamlit binds the port by itself, without the protocol by which asyncio knows a socket for
    whose connections it turns that off (Nagle's algorithm): an answer came up to 40 ms later.
    """
    for descriptor in Path("/dev/fd").iterdir():
        with suppress(OSError), socket.socket(fileno=os.dup(int(descriptor.name))) as listening:
            if listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _warm_up() -> None:
    """Each step on its own: what fails is logged and said, and keeps no other from being done."""
    for step, otherwise in (
        (_settle_memory, "The web process runs with Python's own garbage collection."),
        (COMPUTE.warm_up, "The training processes did not start; the first use tries again."),
    ):
        try:
            step()
        except Exception as error:
            log.exception("the server did not warm up: %s", otherwise)
            WARMTH.problems.append(f"{otherwise} {type(error).__name__}: {error}")
    WARMTH.pending = False


def _settle_memory() -> None:
    """Keep the garbage collector from stopping every session at once, and Arrow from keeping what
    it needs no more: its own pool had 50 MB left of a file of 42 MB.

    With thirty sessions a full collection took 110 to 190 ms, every two seconds: longer than
    anything else on the pages. What is loaded at the start stays, so it need not be looked at;
    and what remains is collected less often, in larger portions.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    _load_pages()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _load_pages() -> None:
    """Import all that a page can need: every module beside this one but the shell, a script."""
    for module in walk_packages([str(SHELL.parent)], f"{__package__}."):
        if module.name != f"{__package__}.{SHELL.stem}":
            import_module(module.name)


def _health(_: Request) -> JSONResponse:
    health = {"status": "ok", "version": __version__, "compute": COMPUTE.health}
    return JSONResponse(health | WARMTH.to_json())


def routes() -> list[Route | Mount | WebSocketRoute]:
    """A health check, the pages' sockets, and the files that charts need: cached, sent once."""
    return [
        Route("/healthz", _health),
        WebSocketRoute("/live/{token}", live),
        Mount("/assets/plotly", StaticFiles(directory=PLOTLY)),
        Mount("/assets/app", StaticFiles(directory=ROOT / "assets")),
    ]


class SecurityHeaders:
    """Adds the security headers to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Metrics:
    """Hides Streamlit's figures of the server, until they are switched on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        hidden = scope["type"] == "http" and scope["path"].rstrip("/").endswith(METRICS_PATH)
        if hidden and os.environ.get(METRICS, "") != "1":
            await PlainTextResponse("Not Found", 404)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def middleware() -> list[Middleware]:
    """The middleware stack."""
    return [Middleware(each) for each in (SecurityHeaders, Metrics, UploadBudget, Browsers)]


def on_script_error(error: Exception) -> bool:
    """Show a sentence; the traceback goes to the log."""
    if isinstance(error, LossVizError):
        st.error(str(error), icon=":material/error:")
        return True
    log.error("a page failed", exc_info=error)
    st.error(
        "Something went wrong on our side, and has been noted. Your data and runs are still "
        "here: reload the page, or go on from another one.",
        icon=":material/error:",
    )
    return True
