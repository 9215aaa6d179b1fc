"""The README's example of more than one replica, started as it stands there on ports of its own."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT
from tests.support.postgres import postgres
from tests.support.serving import free_port, wait_until_up


@dataclass
class Started:
    """One line of the example, running.

    :param port: of a replica; 0 for what is no web server.
    """

    words: list[str]
    environment: Mapping[str, str]
    log: Path
    port: int = 0
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        program = Path(sys.executable).parent / self.words[0]
        command = [str(program), *self.words[1:]]
        with self.log.open("a") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=dict(self.environment), stdout=output, stderr=output
            )

    def wait(self) -> None:
        """Until it answers."""
        wait_until_up(self.port, self.process, self.log)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def replicas(folder: Path) -> Iterator[list[Started]]:
    """The replicas, once all of the example runs."""
    text = (ROOT / "README.md").read_text()
    script = text.split("<!-- replicas -->")[1].split("```")[1].partition("\n")[2]
    with ExitStack() as stack:
        database = stack.enter_context(postgres())
        script = script.replace("postgresql://postgres@127.0.0.1:5432/postgres", database)
        ports = {own: str(free_port()) for own in ("8786", "8501", "8502")}
        for own, free in ports.items():
            script = script.replace(own, free)
        environment, started = dict(os.environ), []
        for number, line in enumerate(script.replace("$PWD", str(ROOT)).splitlines()):
            words = shlex.split(line)
            if words[0] == "export":
                environment |= dict(word.split("=", 1) for word in words[1:])
                continue
            assert words.pop() == "&"
            port = int(words[-1]) if words[0] == "streamlit" else 0
            started.append(Started(words, environment, folder / f"{number}.txt", port))
            stack.callback(started[-1].stop)
        servers = [each for each in started if each.port]
        for server in servers:
            server.wait()
        yield servers
