"""Reading in a process of its own, which may take so much memory and time, and no more.

Whatever a file holds harms nobody but that process. Two read at once, at a low priority, so that
those who train go on; the others wait in a line. A process ends with the one that started it.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Generic, TypeVar
from zipfile import ZipFile

from lossviz.errors import LossVizError
from lossviz.guards import MAX_MEMORY, MAX_SECONDS

log = logging.getLogger(__name__)

AT_ONCE = 2
"""More take no less time together, and twice the memory."""
NICE = 5
"""A third of what a process that trains gets, where both want the same core."""
TEMPO = 1e-7
"""Seconds for a byte, until one has been read: 4 s for 40 MB of CSV."""
_ODD = 3
"""The exit status with a sentence in the answer."""
_ROOT = Path(__file__).resolve().parents[1]
Result = TypeVar("Result")


class Stored:
    """The content of a file, on disk and not in memory. It has no name there: however this process
    ends, nothing is left.

    >>> Stored(b"some text").read()
    b'some text'
    """

    def __init__(self, content: bytes) -> None:
        self.size = len(content)
        self.file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - as long as this is kept
        self.file.write(content)
        self.file.flush()

    @classmethod
    def together(cls, contents: Iterable[tuple[str, Stored]]) -> Stored:
        """A zip of several, by name; one of them at a time is in memory.

        >>> Stored.together([("a.txt", Stored(b"some text"))]).read()[:2]
        b'PK'
        """
        stored = cls(b"")
        with ZipFile(stored.file, "w") as archive:
            for name, content in contents:
                archive.writestr(name, content.read())
        stored.size = stored.file.tell()
        stored.file.flush()
        return stored

    def read(self) -> bytes:
        """All of it; several may at once."""
        return _content(self.file.fileno())


@dataclass(frozen=True)
class Reader(Generic[Result]):
    """How something is read apart.

    :param write: called there, with the content, the file that takes the answer, and the arguments.
    :param read: what comes of it, from that file.
    :param memory: bytes that it may take.
    """

    write: Callable[..., None]
    read: Callable[[IO[bytes]], Result]
    memory: int = MAX_MEMORY


class Reading(Generic[Result]):
    """A file that is being read elsewhere, or waits for its turn; given up once nobody keeps this.

    :param name: what the file is called in sentences.
    :param advice: what to do where it takes too much.
    """

    def __init__(
        self,
        reader: Reader[Result],
        content: Stored,
        name: str,
        *arguments: object,
        advice: str,
    ) -> None:
        self.name = name
        self.since = time.monotonic()
        self.stopped = False
        self._reader, self._advice = reader, advice
        call = pickle.dumps((reader.write, arguments))
        self._child = _Child([b64encode(call).decode(), str(reader.memory)], content)
        LINE.join(self._child)

    def __del__(self) -> None:
        with suppress(AttributeError):  # it was never begun
            LINE.leave(self._child)

    def wait(self, seconds: float) -> bool:
        """Whether it is over within so many seconds."""
        return self._child.over.wait(seconds)

    @property
    def done(self) -> bool:
        """Whether :meth:`result` would not wait."""
        return self._child.over.is_set()

    @property
    def before(self) -> tuple[int, float]:
        """How many have to be read first, and about how many seconds that takes."""
        return LINE.before(self._child)

    def stop(self) -> None:
        """Give it up."""
        self.stopped = True
        LINE.leave(self._child)

    def result(self) -> Result:
        """What came of it, waiting for it if need be.

        :raises LossVizError: what there is to say about the file, or that it takes too much.
        """
        self._child.over.wait()
        if self.stopped:
            raise LossVizError(f"Reading {self.name} was stopped.")
        answer, status = self._child.answer, self._child.status
        answer.seek(0)
        if status == _ODD:
            raise LossVizError(answer.read().decode())
        if status:
            log.warning("reading %r ended with %s", self.name, status)
            raise LossVizError(
                f"{self.name} takes more than {self._reader.memory >> 30} GB of memory or "
                f"{MAX_SECONDS} s to be read, and was given up. {self._advice}"
            )
        return self._reader.read(answer)


class _Child:
    """The process of a reading.

    :param over: set once it has ended, or is given up before it began.
    """

    def __init__(self, arguments: list[str], content: Stored) -> None:
        self.over = threading.Event()
        self.answer: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - open until read
        self.status = -1
        self.size = content.size
        self.begun = 0.0
        self._content, self._arguments = content, arguments
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start it, and a thread that waits for its end."""
        self.begun = time.monotonic()
        life, ours = os.pipe()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, *self._arguments, str(life)],
                stdin=self._content.file,
                stdout=self.answer,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                pass_fds=[life],
                start_new_session=True,  # and so a group of its own for the kernel's scheduler
                # Arrow's own allocators reserve a gigabyte of addresses for their first byte.
                env=os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system"},
            )
        finally:
            os.close(life)
        threading.Thread(
            target=self._wait, args=(self._process, ours), name="lossviz-reading", daemon=True
        ).start()

    def _wait(self, process: subprocess.Popen[bytes], life: int) -> None:
        self.status = process.wait()
        os.close(life)
        LINE.leave(self)

    def end(self) -> None:
        """At once."""
        if self._process is not None:
            self._process.kill()
        self.over.set()


class Line:
    """Who reads, and who waits for that: who came first is first. A visitor has one file in it at a
    time, so that is fair."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # whoever leaves may do so wherever garbage is collected
        self._children: list[_Child] = []
        self._pace = TEMPO

    def join(self, child: _Child) -> None:
        """Come last."""
        with self._lock:
            self._children.append(child)
            self._go_on()

    def leave(self, child: _Child) -> None:
        """It is over, or not wanted any more."""
        with self._lock:
            if child in self._children:
                self._children.remove(child)
                if child.status == 0:
                    self._pace = (time.monotonic() - child.begun) / max(child.size, 1)
                child.end()
                self._go_on()

    def before(self, child: _Child) -> tuple[int, float]:
        """How many are before it that have to end first, and the seconds that they take."""
        with self._lock:
            place = self._children.index(child) if child in self._children else 0
            first = self._children[:place]
        if place < AT_ONCE:
            return 0, 0.0
        return place, sum(each.size for each in first) * self._pace / AT_ONCE

    def _go_on(self) -> None:
        for child in self._children[:AT_ONCE]:
            if child.begun:
                continue
            try:
                child.begin()
            except OSError:
                log.exception("no process could be started for a file")
                self._children.remove(child)
                child.end()


LINE = Line()
"""Of this process."""


def _content(descriptor: int) -> bytes:
    """All of a file, wherever it was read before."""
    size = os.fstat(descriptor).st_size
    pieces: list[bytes] = []
    while (done := sum(map(len, pieces))) < size and (
        piece := os.pread(descriptor, size - done, done)
    ):
        pieces.append(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _end_with(life: int) -> None:
    """End once the other end of a pipe is closed, as it is when the process there has ended. The
    kernel does it by a signal, so it needs no part of this process, which may be at work in C."""
    if sys.platform != "linux":  # it ends after its seconds
        return
    import fcntl
    import select

    fcntl.fcntl(life, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(life, fcntl.F_SETFL, fcntl.fcntl(life, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([life], [], [], 0)[0]:  # it has ended already
        sys.exit(1)


def _give_way() -> None:
    """Let others go first. On a desktop Linux shares time among sessions (``sched_autogroup``), and
    a process's own priority counts within its session alone."""
    os.nice(NICE)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICE))


def _bound(memory: int) -> None:
    """Take no more memory from now on, where the system can see to it, nor time."""
    try:
        import resource
    except ImportError:  # Windows
        return
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if sys.platform == "linux" else 0
    limit = pages * resource.getpagesize() + memory
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))


def main(call: str, memory: str, life: str) -> None:
    """Read what standard input is; the answer goes to standard output."""
    _end_with(int(life))
    _give_way()
    write: Callable[..., None]
    arguments: tuple[Any, ...]
    write, arguments = pickle.loads(b64decode(call))  # by whoever started this process
    _bound(int(memory))
    out = sys.stdout.buffer
    try:
        write(_content(sys.stdin.fileno()), out, *arguments)
    except LossVizError as error:
        out.seek(0)
        out.truncate()
        out.write(str(error).encode())
        out.flush()
        sys.exit(_ODD)


if __name__ == "__main__":
    main(*sys.argv[1:])
