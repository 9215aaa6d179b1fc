"""What a file of a million rows takes: memory in proportion to the file, time in proportion to
its rows."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
ROWS = (10_000, 100_000, 1_000_000)
BASE_MB, PER_MB = 500, 4
"""The bound that the README states: so much for the libraries, and so many times the file."""
WORDS = 30_000


class Measured(NamedTuple):
    file_mb: float
    peak_mb: float
    seconds: float
    used: int


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """A file with so many rows of 32 words: a million of them are 216 MB."""
    folder = tmp_path_factory.mktemp("size")

    def write(rows: int) -> Path:
        path = folder / f"{rows}.csv"
        generator = np.random.default_rng(rows)
        words = np.array([f"w{n}" for n in range(WORDS)])
        with path.open("w", encoding="utf-8") as file:
            file.write("text,label\n")
            for start in range(0, rows, 10_000):
                texts = words[generator.integers(WORDS, size=(min(10_000, rows - start), 32))]
                labels = generator.choice(["A|C", "A|D", "B|C", "B|D"], len(texts))
                file.writelines(
                    f"{' '.join(text)},{label}\n"
                    for text, label in zip(texts.tolist(), labels.tolist(), strict=True)
                )
        return path

    return write


# A process begins with the peak of the one that started it, so a small one does.
LAUNCH = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, check=True)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
used = json.loads(done.stdout)["used"]
print(json.dumps([usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime, used]))
"""


def _measure(path: Path, *options: str) -> Measured:
    """Peak memory and processor time of the profile of a file."""
    command = [sys.executable, "-m", "lossviz", "profile", str(path), "--json", *options]
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH, *command], cwd=ROOT, capture_output=True, check=True
    )
    return Measured(path.stat().st_size / 2**20, *json.loads(done.stdout))


@pytest.mark.parametrize("options", [("--quick",), pytest.param((), marks=pytest.mark.load)])
def test_memory_and_time_grow_in_proportion(
    written: Callable[[int], Path], options: tuple[str, ...]
) -> None:
    """What is counted, and, in a run of its own (``-m load``), with what is looked at closely."""
    found = []
    for rows in ROWS:
        path = written(rows)
        found.append(_measure(path, *options))
        path.unlink()
    for rows, own in zip(ROWS, found, strict=True):
        print(f"{rows:,} rows: {own}")
        assert own.used == rows
        assert own.peak_mb < BASE_MB + PER_MB * own.file_mb
    tenfold = (found[2].seconds - found[0].seconds) / (found[1].seconds - found[0].seconds)
    assert tenfold < 20  # 11 in proportion to the rows, 110 to their square
