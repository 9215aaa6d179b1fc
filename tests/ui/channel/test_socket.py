"""The socket, with a server and clients that behave badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from socket import SHUT_RDWR

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from lossviz.guards import MAX_COMMAND
from lossviz.ui.channel.channel import CHANNELS, Channel
from lossviz.ui.channel.socket import BURST, REFUSED, TAKEN_OVER, UNKNOWN, live
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    app = Starlette(routes=[WebSocketRoute("/live/{token}", live)])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


def open_line(host: str, token: str, origin: str | None = None) -> ClientConnection:
    return connect(f"ws://{host}/live/{token}", origin=origin or f"http://{host}")  # type: ignore[arg-type]


def closed_with(line: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as closing_error:
        while True:
            line.recv(timeout=10)
    assert closing_error.value.rcvd is not None
    return closing_error.value.rcvd.code


def test_what_is_said_arrives(host: str) -> None:
    channel = Channel()
    with open_line(host, channel.token) as line:
        channel.say("greeting", "hello")
        assert json.loads(line.recv(timeout=10)) == {"say": {"greeting": "hello"}}


def test_a_page_of_another_origin_gets_nothing(host: str) -> None:
    channel = Channel()
    with pytest.raises(InvalidStatus):
        open_line(host, channel.token, "https://elsewhere.example")
    assert not channel.connected


def test_a_token_that_nobody_has_gets_nothing(host: str) -> None:
    with open_line(host, "guessed") as line:
        assert closed_with(line) == UNKNOWN


def test_a_second_tab_takes_over_and_the_first_is_told(host: str) -> None:
    channel = Channel()
    with open_line(host, channel.token) as early:
        wait_until(lambda: channel.connected)
        with open_line(host, channel.token) as late:
            assert closed_with(early) == TAKEN_OVER
            channel.say("greeting", "hello")
            assert json.loads(late.recv(timeout=10)) == {"say": {"greeting": "hello"}}
            assert channel.connected


@pytest.mark.parametrize(
    "text", ["nonsense", b"\x01", json.dumps({"n": 1, "do": "ask", "text": "x" * MAX_COMMAND})]
)
def test_what_is_no_command_ends_the_line(host: str, text: str | bytes) -> None:
    channel = Channel()
    with open_line(host, channel.token) as line:
        line.send(text)
        assert closed_with(line) == REFUSED
    wait_until(lambda: not channel.connected)


def test_a_line_that_is_cut_in_the_middle_leaves_room_for_the_next(host: str) -> None:
    channel = Channel()
    with open_line(host, channel.token) as line:
        wait_until(lambda: channel.connected)
        line.socket.sendall(b"\x81\xfe\x10")  # the head of a message that never comes
        line.socket.shutdown(SHUT_RDWR)
        wait_until(lambda: not channel.connected)
    with open_line(host, channel.token):
        wait_until(lambda: channel.connected)


def test_a_thousand_commands_a_second_wait_in_their_own_line(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, obeyed = Channel(), [0]
    monkeypatch.setattr(channel, "obey", lambda _: obeyed.__setitem__(0, obeyed[0] + 1))
    other = Channel()
    with (
        open_line(host, channel.token) as rude,
        open_line(host, other.token) as calm,
    ):
        for n in range(1000):
            rude.send(json.dumps({"n": n + 1, "do": "pause"}))
        other.say("greeting", "hello")
        assert json.loads(calm.recv(timeout=10)) == {"say": {"greeting": "hello"}}
        assert obeyed[0] <= BURST + 100


def test_a_client_that_never_reads_keeps_nobody_waiting_and_piles_up_nothing(host: str) -> None:
    channel, other = Channel(), Channel()
    with open_line(host, channel.token), open_line(host, other.token) as calm:
        wait_until(lambda: channel.connected and other.connected)
        for n in range(300):
            channel.say("much", "x" * 100_000 + str(n))
        other.say("greeting", "hello")
        assert json.loads(calm.recv(timeout=10)) == {"say": {"greeting": "hello"}}
        assert sum(len(letter) for letter in channel.take()) < 1_000_000


def test_a_channel_ends_with_its_session() -> None:
    token = Channel().token
    assert token not in CHANNELS
