"""Browsers: each is known by a name that only it and this server know, so that it finds again what
it did, and no other browser does."""

from __future__ import annotations

import re
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from secrets import token_urlsafe

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lossviz.sharing.library import KEPT_FOR

COOKIE = "lossviz-browser"
_NAME = re.compile(r"[A-Za-z0-9_-]{32}")


def this_browser() -> str:
    """What the name of the browser hashes to, as in the database; "" where it takes no cookies."""
    name = str(st.context.cookies.get(COOKIE, ""))
    return sha256(name.encode()).hexdigest() if _NAME.fullmatch(name) else ""


class Browsers:
    """Gives a name to each browser that opens a page, for a day after it did so last.

    No script in a page can read it, and no other site can send it along.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        headers = Headers(scope=scope) if scope["type"] == "http" else None
        if headers is None or "text/html" not in headers.get("accept", ""):
            await self._app(scope, receive, send)
            return
        cookie = _cookie(_known(headers) or token_urlsafe(24), scope)

        async def send_with_name(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        await self._app(scope, receive, send_with_name)


def _known(headers: Headers) -> str:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(headers.get("cookie", ""))
    except CookieError:
        return ""
    name = cookies[COOKIE].value if COOKIE in cookies else ""
    return name if _NAME.fullmatch(name) else ""


def _cookie(name: str, scope: Scope) -> str:
    cookie: SimpleCookie = SimpleCookie({COOKIE: name})
    written = cookie[COOKIE]
    written["path"], written["max-age"] = "/", str(int(KEPT_FOR.total_seconds()))
    written["httponly"], written["samesite"] = True, "Lax"
    written["secure"] = scope.get("scheme") == "https"
    return cookie.output(header="").strip()
