"""The Dockerfile's lines without a container: what it copies is enough to start and to answer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.serving import free_port
from tests.support.waiting import wait_until

LINES = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if line[:1] not in "# "]
IGNORED = (ROOT / ".dockerignore").read_text().splitlines()


def of(instruction: str) -> list[str]:
    """What stands behind an instruction, each time it occurs."""
    return [own.partition(" ")[2] for own in LINES if own.startswith(f"{instruction} ")]


def command(instruction: str) -> list[str]:
    """The command of an instruction, with this Python and its programs."""
    text = of(instruction)[-1].removeprefix("CMD ")
    program, *words = json.loads(text)
    return [str(Path(sys.executable).parent / program), *words]


def copied(folder: Path) -> None:
    """What COPY takes, of what .dockerignore leaves."""
    for line in of("COPY"):
        *sources, target = line.split()
        for source in sources:
            allowed = [own[1:] for own in IGNORED if own.startswith(f"!{source}")]
            assert allowed, f".dockerignore keeps {source} away"
            for path in allowed:
                to = folder / (path if target == source or target.startswith(".") else target)
                to.parent.mkdir(parents=True, exist_ok=True)
                if (ROOT / path).is_dir():
                    leave = shutil.ignore_patterns("__pycache__")
                    shutil.copytree(ROOT / path, to, ignore=leave)
                else:
                    shutil.copy(ROOT / path, to)


@pytest.mark.slow
def test_what_it_copies_starts_answers_and_keeps_its_library(tmp_path: Path) -> None:
    app, data = tmp_path / "app", tmp_path / "data"
    app.mkdir()
    data.mkdir()
    copied(app)
    port = str(free_port())
    start = [word.replace("8501", port) for word in command("CMD")]
    healthy = [word.replace("8501", port) for word in command("HEALTHCHECK")]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment |= dict(own.replace("/data", str(data)).split("=", 1) for own in of("ENV"))
    with (tmp_path / "log.txt").open("w") as log:
        server = subprocess.Popen(start, cwd=app, env=environment, stdout=log, stderr=log)
    try:

        def is_healthy() -> bool:
            assert server.poll() is None, (tmp_path / "log.txt").read_text()
            return not subprocess.run(healthy, check=False, capture_output=True).returncode

        wait_until(is_healthy)
        code = "from lossviz.ui.library.database import library; print(library().used())"
        subprocess.run([sys.executable, "-c", code], cwd=app, env=environment, check=True)
        assert (data / "library.db").is_file()
    finally:
        server.terminate()
        server.wait(20)


def test_the_port_of_the_space_is_the_one_that_is_opened() -> None:
    front = (ROOT / "README.md").read_text().split("---")[1]
    said = dict(line.split(": ", 1) for line in front.strip().splitlines())
    assert said["sdk"] == "docker"
    assert of("EXPOSE") == [said["app_port"]]
    assert f"--server.port={said['app_port']}" in command("CMD")


@pytest.mark.parametrize("name", ["requirements.txt", "lossviz", "pages", "assets", "app.py"])
def test_it_takes_what_the_app_is_made_of(name: str) -> None:
    assert any(name in line.split()[:-1] for line in of("COPY"))
