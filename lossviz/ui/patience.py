"""How long a connection may take to say what it wants.

Uvicorn waits for the end of a request's header as long as it takes, and has no setting for it: its
``timeout_keep_alive`` counts between requests, and ends with the first byte of the next one. A few
hundred connections that never finish would use up the files that a process may open.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEADER_SECONDS = 10.0
_BUSY = object()
_connection_made = AutoHTTPProtocol.connection_made


def close_what_never_asks() -> None:
    """From now on, in this process: 10 to 20 s after it began a header that is not finished."""
    AutoHTTPProtocol.connection_made = _watched  # type: ignore[assignment, method-assign]


def _watched(protocol: Any, transport: asyncio.BaseTransport) -> None:
    _connection_made(protocol, transport)
    asyncio.get_running_loop().call_later(HEADER_SECONDS, _look, protocol, None)


def _look(protocol: Any, before: object) -> None:
    """Close the connection if it waits for a header, and for the same one as at the last look."""
    transport = protocol.transport
    if transport.is_closing() or transport.get_protocol() is not protocol:
        return  # ended, or a web socket by now
    answered = protocol.cycle
    waits = answered is None or answered.response_complete
    if waits and answered is before:
        transport.close()
        return
    now = answered if waits else _BUSY
    asyncio.get_running_loop().call_later(HEADER_SECONDS, _look, protocol, now)
