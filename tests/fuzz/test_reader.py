"""Twenty thousand files that nobody meant: each is a data set or a sentence, and soon."""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.mutations import broken
from tests.fuzz.outcome import check_outcome
from tests.fuzz.seeds import SEEDS

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    **{"array.json": 1_500, "book.xlsx": 1_200, "columns.parquet": 1_200, "comma.csv": 900},
    **{"lines.jsonl": 1_500, "packed.csv.gz": 900, "packed.zip": 900, "semicolon.csv": 800},
    **{"sheet.ods": 600, "tab.tsv": 700, "western.csv": 800},
}
"""How many broken files are made of each: 11,000 together, more of those that are read fast."""
GUIDED = 10_000


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_a_file_as_it_was_meant_is_a_data_set(name: str) -> None:
    assert check_outcome(SEEDS[name](), name)


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_a_broken_file_is_a_data_set_or_a_sentence(name: str) -> None:
    first = secrets.randbits(32)
    for seed in range(first, first + FILES[name]):
        try:
            check_outcome(broken(name, seed), name)
        except Exception as error:
            raise AssertionError(f"broken({name!r}, {seed})") from error


def test_the_reader_withstands_files_made_to_reach_every_line_of_it() -> None:
    script = ROOT / "tests" / "fuzz" / "guided.py"
    command = [sys.executable, str(script), f"-runs={GUIDED}", "-seed=1", "-rss_limit_mb=2000"]
    done = subprocess.run(
        command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=400
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert f"Done {GUIDED} runs" in done.stderr
