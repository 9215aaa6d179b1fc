"""The README's example of more than one replica, started as it stands there on ports of its own."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.browser.conftest import free_port, wait_until_up
from tests.conftest import ROOT
from tests.postgres import postgres


@contextmanager
def replicas(log: Path) -> Iterator[list[tuple[str, subprocess.Popen[bytes]]]]:
    """The address and the process of each replica."""
    text = (ROOT / "README.md").read_text()
    lines = text.split("<!-- replicas -->")[1].split("```")[1].splitlines()[1:]
    with ExitStack() as stack:
        database = stack.enter_context(postgres())
        ports = {own: str(free_port()) for own in ("8786", "8501", "8502")}
        script = "\n".join(lines).replace("postgresql://postgres@127.0.0.1:5432/postgres", database)
        for own, free in ports.items():
            script = script.replace(own, free)
        environment = dict(os.environ)
        found = []
        for line in script.splitlines():
            words = shlex.split(line.replace("$PWD", str(ROOT)))
            if words[0] == "export":
                environment |= dict(word.split("=", 1) for word in words[1:])
                continue
            assert words[-1] == "&"
            program = str(Path(sys.executable).parent / words[0])
            output = stack.enter_context((log / f"{len(found)}.txt").open("w"))
            process = subprocess.Popen(
                [program, *words[1:-1]], cwd=ROOT, env=environment, stdout=output, stderr=output
            )
            stack.callback(_end, process)
            found.append(process)
        apps = list(zip((ports["8501"], ports["8502"]), found[-2:], strict=True))
        for port, process in apps:
            wait_until_up(int(port), process, log / "4.txt")
        yield [(f"http://localhost:{port}", process) for port, process in apps]


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
