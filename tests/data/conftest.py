"""Fixtures: the collection of real files, and small data sets made on the spot."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from lossviz.data import Dataset, Table, build_dataset, propose_mapping, read_table

REAL_FILES = Path(__file__).resolve().parents[2].parent / "shared" / "data"


@pytest.fixture(scope="session")
def real_file() -> Callable[[str], bytes]:
    """The bytes of a real file; they are not part of the project, but CI must have them."""

    def read(name: str) -> bytes:
        path = REAL_FILES / name
        if not path.exists():
            message = f"the real data files are not beside the repository: {name}"
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
        return path.read_bytes()

    return read


@pytest.fixture(scope="session")
def real_table(real_file: Callable[[str], bytes]) -> Callable[[str], Table]:
    cache: dict[str, Table] = {}

    def read(name: str) -> Table:
        if name not in cache:
            cache[name] = read_table(real_file(name), Path(name).name)
        return cache[name]

    return read


def as_csv(
    rows: Sequence[Sequence[str]],
    *,
    delimiter: str = ",",
    quoting: int = csv.QUOTE_MINIMAL,
    end: str = "\n",
) -> str:
    out = io.StringIO()
    kind = {0: csv.QUOTE_MINIMAL, 1: csv.QUOTE_ALL, 3: csv.QUOTE_NONE}[quoting]
    csv.writer(out, delimiter=delimiter, quoting=kind, lineterminator=end).writerows(rows)
    return out.getvalue()


@pytest.fixture(scope="session")
def written() -> Callable[..., str]:
    return as_csv


@pytest.fixture(scope="session")
def make_table() -> Callable[..., Table]:
    def make(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
        return read_table(as_csv([header, *rows]).encode(), "made.csv", header=True, delimiter=",")

    return make


@pytest.fixture(scope="session")
def make_dataset(make_table: Callable[..., Table]) -> Callable[..., Dataset]:
    def make(rows: Sequence[tuple[str, str]], separator: str | None = None) -> Dataset:
        table = make_table(["text", "label"], rows)
        mapping = propose_mapping(table, text="text", labels=["label"], separator=separator)
        return build_dataset(table, mapping)

    return make
