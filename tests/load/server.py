"""The app in a process of its own, and what it takes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from lossviz import apart
from lossviz.compute import node

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 60.0


@dataclass(frozen=True)
class Server:
    """A running app."""

    host: str
    process: psutil.Process
    log: Path

    @property
    def memory(self) -> tuple[float, float]:
        """Resident memory of the web process, and of its workers, in MB."""
        return _memory(self.process), self._of_workers(_memory)

    @property
    def by_kind(self) -> dict[str, float]:
        """Resident memory in MB: of the web process, of what reads files, and comes and goes, and
        of workers, nannies and the scheduler."""
        memory = dict.fromkeys(("web", "workers", "readers", "scheduler", "nannies"), 0.0)
        memory["web"] = _memory(self.process)
        for child in self.process.children(recursive=True):
            with suppress(psutil.Error):
                memory[_kind(child.cmdline())] += _memory(child)
        return memory

    @property
    def seconds(self) -> tuple[float, float]:
        """CPU seconds used so far: by the web process, and by its workers."""
        return _seconds(self.process), self._of_workers(_seconds)

    @property
    def warm(self) -> bool:
        """Whether it has done what it does before the first visitor comes."""
        with urlopen(f"http://{self.host}/healthz", timeout=5) as answer:
            return bool(json.load(answer)["warm"])

    def _of_workers(self, figure: Callable[[psutil.Process], float]) -> float:
        total = 0.0
        for child in self.process.children(recursive=True):
            with suppress(psutil.Error):
                total += figure(child)
        return total

    @property
    def holds_torch(self) -> bool:
        """Whether torch is loaded into the web process. Where that cannot be read: no."""
        maps = Path(f"/proc/{self.process.pid}/maps")
        return maps.exists() and "libtorch" in maps.read_text()

    @property
    def tracebacks(self) -> int:
        """How many the log holds."""
        return self.log.read_text(errors="replace").count("Traceback (most recent call last)")


@contextmanager
def serve(**environment: str) -> Iterator[Server]:
    """Run the app on a free port until the block is left."""
    host = f"127.0.0.1:{_free_port()}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", host.rpartition(":")[2]]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as output:
            child = subprocess.Popen(
                command,
                cwd=ROOT,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env=os.environ | environment,
            )
        try:
            _wait(host, child, log)
            yield Server(host, psutil.Process(child.pid), log)
        finally:
            child.terminate()
            try:
                child.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def _wait(host: str, child: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        with suppress(URLError, OSError), urlopen(f"http://{host}/healthz", timeout=2):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the app did not start:\n{log.read_text(errors='replace')[-4000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _kind(command: list[str]) -> str:
    if apart.__name__ in command:
        return "readers"
    if node.__name__ in command:
        last = command[-1]
        return "nannies" if last.isdigit() and command[-2].startswith("tcp://") else "scheduler"
    return "workers"


def _seconds(process: psutil.Process) -> float:
    own = process.cpu_times()
    return float(own.user + own.system)


def _memory(process: psutil.Process) -> float:
    return float(process.memory_info().rss / 2**20)
