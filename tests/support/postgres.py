"""A PostgreSQL of one's own, from Debian's packages: there in two seconds, and gone afterwards."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=16MB")
"""Nothing in it has to survive."""


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a new, empty database; the test is skipped where there is no PostgreSQL."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="lossviz-postgres-", dir="/tmp"))
    user = server_user()
    if user:
        shutil.chown(folder, user)
    data, port = folder / "data", _free_port()
    made = _started(
        [programs / "initdb", "-D", data, "-U", "lossviz", "-A", "trust", "-E", "UTF8",
         "--locale=C", "--no-sync", "--no-instructions"], user,
    )  # fmt: skip
    assert made.wait(60) == 0
    options = [part for option in QUICK for part in ("-c", option)]
    server = _started(
        [programs / "postgres", "-D", data, "-k", folder, "-h", "127.0.0.1", "-p", port, *options],
        user,
    )
    try:
        _wait_until_up(programs, port, server)
        yield f"postgresql://lossviz@127.0.0.1:{port}/postgres"
    finally:
        # "Immediate": it lets go of whoever is connected, and there is nothing to keep.
        server.send_signal(signal.SIGQUIT)
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found:
        if os.environ.get("CI"):
            pytest.fail("no PostgreSQL: apt-get install postgresql")
        pytest.skip("no PostgreSQL: apt-get install postgresql")
    return found[-1].parent


def server_user() -> str | None:
    """Who runs it: as root it refuses to start."""
    if os.geteuid() != 0:
        return None
    known = {own.pw_name for own in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _started(command: list[object], user: str | None) -> subprocess.Popen[bytes]:
    more: dict[str, Any] = {}
    if user:
        more = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    environment = os.environ | {"USER": user or getpass.getuser()}
    return subprocess.Popen(
        [str(own) for own in command],
        cwd="/",
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **more,
    )


def _free_port() -> int:
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        return int(own.getsockname()[1])


def _wait_until_up(programs: Path, port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        assert server.poll() is None, "PostgreSQL ended"
        ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        if subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise AssertionError("PostgreSQL did not start")
