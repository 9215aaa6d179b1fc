"""A Dask cluster that somebody else has started, and keeps."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT
from tests.support.waiting import PATIENCE


@dataclass
class Cluster:
    """A scheduler and worker processes of its own, on this machine's loopback."""

    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def file(self) -> Path:
        return self.folder / "scheduler.json"

    def start(self, module: str, *options: str) -> None:
        log = (self.folder / f"{module}-{len(self.processes)}.log").open("wb")
        with log:
            self.processes.append(
                subprocess.Popen(
                    [
                        *(sys.executable, "-m", f"distributed.cli.{module}"),
                        *("--scheduler-file", str(self.file), "--host", "127.0.0.1"),
                        *("--no-dashboard", *options),
                    ],
                    env=os.environ | {"PYTHONPATH": str(ROOT)},
                    cwd=self.folder,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            )

    def logs(self) -> str:
        return "\n".join(log.read_text() for log in sorted(self.folder.glob("*.log")))

    def close(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait(PATIENCE)
        self.processes.clear()
