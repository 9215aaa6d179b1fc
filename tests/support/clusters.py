"""A Dask cluster that somebody else has started, and keeps; and workers of a test's own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lossviz.compute.cluster import Compute
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


@contextmanager
def warm_workers(workers: int | None = None) -> Iterator[Compute]:
    """Workers of this machine that have loaded the engine, until the block is left."""
    compute = Compute(workers=workers)
    compute.warm_up()
    yield compute
    compute.close()
