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

ROOT = Path(__file__).resolve().parents[2]
ROWS = (10_000, 100_000, 1_000_000)
QUICK, CLOSE, FIT = ("profile", "--quick"), ("profile",), ("fit", "--epochs", "1")
BOUNDS = {QUICK: (500, 4), CLOSE: (500, 4), FIT: (1000, 5)}
"""What the README states, in MB: so much anyhow, and so many times the file."""
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
said = json.loads(done.stdout)
used = said["used"] if "used" in said else sum(said["rows"].values())
print(json.dumps([usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime, used]))
"""


def _measure(path: Path, subcommand: str, *options: str) -> Measured:
    """Peak memory and processor time of what the command line does with a file."""
    command = [sys.executable, "-m", "lossviz", subcommand, str(path), "--json", *options]
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH, *command], cwd=ROOT, capture_output=True, check=True
    )
    return Measured(path.stat().st_size / 2**20, *json.loads(done.stdout))


def test_every_row_of_many_is_used(written: Callable[[int], Path]) -> None:
    assert _measure(written(20_000), *QUICK).used == 20_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        pytest.param(QUICK, id="counted"),
        pytest.param(CLOSE, id="looked at closely"),
        pytest.param(FIT, id="trained on"),
    ],
)
def test_memory_and_time_grow_in_proportion(
    written: Callable[[int], Path], command: tuple[str, ...]
) -> None:
    base_mb, per_mb = BOUNDS[command]
    found = []
    for rows in ROWS:
        path = written(rows)
        found.append(_measure(path, *command))
        path.unlink()
    for rows, own in zip(ROWS, found, strict=True):
        print(f"{rows:,} rows: {own}")
        assert own.used == rows
        assert own.peak_mb < base_mb + per_mb * own.file_mb
    tenfold = (found[2].seconds - found[0].seconds) / (found[1].seconds - found[0].seconds)
    assert tenfold < 20  # 11 in proportion to the rows, 110 to their square
