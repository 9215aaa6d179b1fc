"""Thousands of files that nobody meant: each is a data set or a sentence, and soon."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Callable, Iterable

import pytest

from tests.conftest import ROOT
from tests.fuzz.mutations import broken
from tests.fuzz.outcome import check_outcome, check_soon
from tests.fuzz.seeds import SEEDS

FILES = {
    **{"array.json": 1_500, "book.xlsx": 1_200, "columns.parquet": 1_200, "comma.csv": 900},
    **{"lines.jsonl": 1_500, "packed.csv.gz": 900, "packed.zip": 900, "semicolon.csv": 800},
    **{"labels.txt": 600, "survey.csv": 600, "tasks.json": 900},
    **{"sheet.ods": 600, "tab.tsv": 700, "western.csv": 800},
}
"""How many broken files are made of each: 13,000 together, more of those that are read fast."""
GATE = 20
"""The gate tries a twentieth of them, always the same."""
GUIDED, GUIDED_IN_THE_GATE = 10_000, 1_000


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_a_file_as_it_was_meant_is_a_data_set(name: str) -> None:
    assert check_outcome(SEEDS[name](), name)


def check_broken(name: str, seeds: Iterable[int], check: Callable[[bytes, str], object]) -> None:
    for seed in seeds:
        try:
            check(broken(name, seed), name)
        except Exception as error:
            raise AssertionError(f"broken({name!r}, {seed})") from error


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_a_broken_file_is_a_data_set_or_a_sentence(name: str) -> None:
    check_broken(name, range(FILES[name] // GATE), check_outcome)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SEEDS))
def test_whatever_breaks_a_file_it_is_read_or_refused_soon(name: str) -> None:
    first = secrets.randbits(32)
    check_broken(name, range(first, first + FILES[name]), check_soon)


@pytest.mark.parametrize("runs", [GUIDED_IN_THE_GATE, pytest.param(GUIDED, marks=pytest.mark.slow)])
def test_the_reader_withstands_files_made_to_reach_every_line_of_it(runs: int) -> None:
    options = [f"-runs={runs}", "-seed=1", "-rss_limit_mb=2000"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.guided", *options],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert f"Done {runs} runs" in done.stderr
