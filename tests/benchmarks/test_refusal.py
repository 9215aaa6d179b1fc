"""What could never be learned from is refused before much time has gone into it."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from lossviz.datasets import build_dataset, propose_mapping, read_table
from lossviz.errors import LossVizError


def refusal(label: str) -> tuple[str, float]:
    """What is said of a million different labels, and after how many seconds."""
    numbers = ((n % 500, n // 500) if "|" in label else n for n in range(1_000_000))
    rows = (f"some text {n % 1000},{label % own}\n" for n, own in enumerate(numbers))
    content = ("text,label\n" + "".join(rows)).encode()
    start = time.process_time()
    try:
        table = read_table(content, "many.csv")
        build_dataset(table, propose_mapping(table))
    except LossVizError as error:
        return str(error), time.process_time() - start
    return "", time.process_time() - start


@pytest.mark.parametrize("label", ["label%d", "l%d|m%d"])
def test_labels_by_the_million_are_refused_soon(label: str) -> None:
    """In a process of its own, as a reader is: not in one that carries what other tests left."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        said, seconds = apart.submit(refusal, label).result()
    assert "1,000,000 different values in 1,000,000 rows" in said
    assert seconds < 5
