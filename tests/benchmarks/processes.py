"""Whole processes from a file to an error: what they cost, imports and all."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.conftest import ROOT

PEAK = """
import atexit, sys
from pathlib import Path
lines = Path("/proc/self/status").read_text
peak = lambda: next(line.split()[1] for line in lines().splitlines() if line[:6] == "VmHWM:")
atexit.register(lambda: print(peak(), file=sys.stderr))
"""
"""What the system says of a child counts its parent's memory as well."""
FIT = """
import runpy
sys.argv = ["lossviz", "fit", *sys.argv[1:], "--json"]
runpy.run_module("lossviz", run_name="__main__")
"""
IMPORTS = """
import json
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
"""
REGRESSION = f"""{IMPORTS}
frame = pd.read_csv(sys.argv[1])
label = frame.drop(columns="text").astype(str).agg("|".join, axis=1)
train, test, true, judged = train_test_split(frame["text"], label, test_size=0.2, random_state=0)
vectoriser = TfidfVectorizer()
model = LogisticRegression(max_iter=1000).fit(vectoriser.fit_transform(train), true)
said = model.predict(vectoriser.transform(test))
print(json.dumps({{"error": float((said != judged).mean())}}))
"""
"""What one would write."""
LIBRARIES = "import click, pandas, pydantic, scipy.sparse, torch"
"""The libraries of a fit."""


@dataclass(frozen=True)
class Cost:
    """Of one process.

    :param cpu: seconds of a core; other work on the machine hardly changes it.
    :param memory: bytes at the most.
    """

    cpu: float
    memory: int
    said: Any

    @classmethod
    def of(cls, program: str, *arguments: str) -> Self:
        """A program in Python, a thread each."""
        environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        process = subprocess.Popen(
            [sys.executable, "-c", PEAK + program, *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None and process.stderr is not None
        with process.stdout, process.stderr:
            said, last = process.stdout.read(), process.stderr.read().split()[-1]
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        seconds = usage.ru_utime + usage.ru_stime
        return cls(seconds, int(last) << 10, json.loads(said or "null"))


@dataclass(frozen=True)
class Beside:
    """A fit and a regression of the same file, in turn."""

    turns: Sequence[Mapping[str, Cost]]

    @classmethod
    def of(cls, file: Path, turns: int) -> Self:
        """So many times."""
        calls = {
            "fit": (FIT, str(file)),
            "regression": (REGRESSION, str(file)),
            "fit, libraries": (LIBRARIES,),
            "regression, libraries": (IMPORTS,),
        }
        return cls([{name: Cost.of(*call) for name, call in calls.items()} for _ in range(turns)])

    @property
    def ratio(self) -> float:
        """Of the CPU of the whole processes."""
        return statistics.median(each["fit"].cpu / each["regression"].cpu for each in self.turns)

    def memory(self, name: str) -> int:
        """Bytes at the most."""
        return max(each[name].memory for each in self.turns)

    @property
    def json(self) -> dict[str, object]:
        """What was measured."""
        cpu = {
            name: round(statistics.median(each[name].cpu for each in self.turns), 2)
            for name in self.turns[0]
        }
        last = self.turns[-1]
        return {
            "CPU seconds": cpu,
            "CPU ratio": round(self.ratio, 2),
            "MB": {name: self.memory(name) >> 20 for name in cpu},
            "error": last["fit"].said["errors"]["joint"]["error"],
            "regression, error": last["regression"].said["error"],
        }
