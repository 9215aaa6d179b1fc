"""Connections that never finish their header, against a server that is started as ours is."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from uvicorn.protocols.http.auto import AutoHTTPProtocol
from websockets.sync.client import connect

from lossviz.ui import patience
from tests.support.waiting import PATIENCE, wait_until

SECONDS = 0.2
ASKED = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def _answer(request: Request) -> PlainTextResponse:
    body = await request.body()
    await asyncio.sleep(float(body or 0))
    return PlainTextResponse("answer")


async def _echo(line: WebSocket) -> None:
    await line.accept()
    await line.send_text(await line.receive_text())


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    monkeypatch.setattr(patience, "HEADER_SECONDS", SECONDS)
    monkeypatch.setattr(AutoHTTPProtocol, "connection_made", AutoHTTPProtocol.connection_made)
    patience.close_what_never_asks()
    routes = [Route("/", _answer, methods=["GET", "POST"]), WebSocketRoute("/line", _echo)]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    yield server.servers[0].sockets[0].getsockname()
    server.should_exit = True
    thread.join(10)


def receive_answer(line: socket.socket) -> None:
    answer = b""
    while not answer.endswith(b"answer"):
        piece = line.recv(1000)
        assert piece, answer
        answer += piece


@pytest.mark.parametrize("first", [b"", ASKED], ids=["at once", "after an answer"])
@pytest.mark.parametrize("header", [b"", b"GET / HTTP/1.1\r\nHost:"], ids=["nothing", "a half"])
def test_a_header_that_never_ends_is_not_waited_for(
    address: tuple[str, int], first: bytes, header: bytes
) -> None:
    with socket.create_connection(address, timeout=PATIENCE) as line:
        if first:
            line.sendall(first)
            receive_answer(line)
        line.sendall(header)
        began = time.monotonic()
        assert line.recv(1000) == b""
        assert time.monotonic() - began < 25 * SECONDS, (
            "uvicorn's own five seconds between requests"
        )


def test_one_that_dribbles_is_not_waited_for_either(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=PATIENCE) as line, pytest.raises(OSError):
        line.sendall(ASKED[:-2])
        for letter in range(1000):
            line.sendall(b"X-%d: y\r\n" % letter)
            time.sleep(SECONDS / 10)


def test_an_answer_and_a_body_may_take_their_time(address: tuple[str, int]) -> None:
    wait = f"{3 * SECONDS:.1f}".encode()
    with socket.create_connection(address, timeout=PATIENCE) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(wait))
        time.sleep(3 * SECONDS)
        line.sendall(wait)
        receive_answer(line)


def test_a_web_socket_may_be_silent(address: tuple[str, int]) -> None:
    with connect(f"ws://{address[0]}:{address[1]}/line") as line:
        time.sleep(4 * SECONDS)
        line.send("still there")
        assert line.recv(timeout=PATIENCE) == "still there"
