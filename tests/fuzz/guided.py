"""The reader under atheris, which keeps what reaches new lines: ``python -m tests.fuzz.guided``.

Options are libFuzzer's, such as ``-runs=10000`` or ``-max_total_time=60``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

# Whoever imports the reader first decides whether the lines that a file reaches are seen.
with atheris.instrument_imports(include=["lossviz.data"]):
    from tests.fuzz.outcome import check_soon
    from tests.fuzz.seeds import SEEDS

NAMES = sorted(SEEDS)


def one_file(data: bytes) -> None:
    """The first byte chooses the name, the rest is the file."""
    if data:
        check_soon(data[1:], NAMES[data[0] % len(NAMES)])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as corpus:
        for place, name in enumerate(NAMES):
            (Path(corpus) / name).write_bytes(bytes([place]) + SEEDS[name]())
        atheris.Setup([sys.argv[0], *sys.argv[1:], corpus], one_file)
        atheris.Fuzz()
