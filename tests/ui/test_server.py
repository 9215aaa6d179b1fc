"""The server warms up before its first visitor, and says so where it did not."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys

import pytest

from lossviz.ui import server
from tests.conftest import ROOT
from tests.support.loops import run

WARM = """
import asyncio, gc, json, sys
from streamlit.testing.v1 import AppTest
import app
from lossviz.compute.cluster import COMPUTE
from lossviz.ui.server import SHELL, WARMTH, lifespan

def ours():
    return {name for name in sys.modules if name.startswith("lossviz")}

def holds_torch():
    import sys
    return "torch" in sys.modules

def open_every_page():
    shell = AppTest.from_file(str(SHELL), default_timeout=600).run()
    for page in sys.argv[1:]:
        shell.switch_page(f"../../pages/{page}.py").run()
        assert not shell.exception, shell.exception

async def main():
    async with lifespan(None):
        while WARMTH.pending:
            await asyncio.sleep(0.05)
        found = {
            "health": WARMTH.to_json(),
            "thresholds": gc.get_threshold(),
            "frozen": gc.get_freeze_count(),
            "torch": list(COMPUTE.client.run(holds_torch).values()),
        }
        before = ours()
        await asyncio.to_thread(open_every_page)
        heavy = {"torch", "sklearn"} & set(sys.modules)
        print(json.dumps(found | {"late": sorted(ours() - before), "heavy": sorted(heavy)}))

asyncio.run(main())
"""


def test_all_is_loaded_before_the_first_visitor_and_torch_by_the_workers_alone() -> None:
    pages = [page.stem for page in sorted((ROOT / "pages").glob("*.py"))]
    done = subprocess.run(
        [sys.executable, "-c", WARM, *pages], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["health"] == {"warm": True}
    assert found["thresholds"] == [20_000, 20, 20]
    assert found["frozen"] > 100_000
    assert found["torch"] and all(found["torch"])
    assert found["late"] == [], "pages import what was not loaded at the start"
    assert found["heavy"] == []


def test_no_message_waits_for_the_one_before_it() -> None:
    with socket.socket() as listening:  # as Streamlit binds it
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server.send_at_once()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_step_that_fails_is_said_and_keeps_no_other_from_being_done(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    warmth, done = server.Warmth(), []

    def broken() -> None:
        raise ModuleNotFoundError("no page of that name")

    monkeypatch.setattr(server, "WARMTH", warmth)
    monkeypatch.setattr(server, "_settle_memory", broken)
    monkeypatch.setattr(server.COMPUTE, "warm_up", lambda: done.append("workers"))
    monkeypatch.setattr(server.COMPUTE, "close", lambda: done.append("closed"))

    async def visit() -> None:
        async with server.lifespan(None):
            assert warmth.to_json()["warm"] is False
            while warmth.pending:
                await asyncio.sleep(0.01)

    run(visit())
    assert done == ["workers", "closed"]
    monkeypatch.setattr(type(server.COMPUTE), "health", "lost")
    health = json.loads(bytes(server._health(None).body))  # type: ignore[arg-type]
    assert health["status"] == "ok"
    assert health["compute"] == "lost"
    assert health["warm"] is False
    assert "no page of that name" in health["reason"]
    assert "no page of that name" in caplog.text
