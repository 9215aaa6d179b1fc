"""A worker that takes more memory than it may."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from lossviz.compute import processes
from lossviz.compute.cluster import Compute
from lossviz.compute.connection import WorkerLost
from tests.faults.conftest import goes_on, lab_of, playing, said, whole
from tests.support.clusters import warm_workers
from tests.support.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.slow

LIMIT = 2**31
"""Enough for torch and a few runs."""


@pytest.fixture
def compute(monkeypatch: pytest.MonkeyPatch) -> Iterator[Compute]:
    monkeypatch.setattr(processes, "worker_limit", lambda _: LIMIT)
    with warm_workers(1) as compute:
        yield compute


def eat() -> None:
    """As what is too large does: step by step, until it is ended."""
    eaten = []
    while True:
        eaten.append(bytearray(b"x") * (LIMIT // 50))
        time.sleep(0.02)


def test_its_nanny_ends_it_the_largest_is_told_and_all_go_on(compute: Compute) -> None:
    small, large, idle = playing(compute), playing(compute), lab_of(compute)
    large.put("B", large.runs["A"].experiment.changed(model={"kind": "hidden", "width": 64}))
    goes_on(large)
    before = compute.worker_ids()
    compute.submit(eat)
    said(large, "a run here is too large")
    said(small, "for all who train in it")
    goes_on(small)
    goes_on(large)
    assert compute.worker_ids() != before
    assert not idle.notice
    whole(small)


def test_who_takes_it_down_again_and_again_is_rebuilt_no_more(compute: Compute) -> None:
    lab = playing(compute)
    compute.submit(eat)
    said(lab, "are being rebuilt")
    goes_on(lab)
    compute.submit(eat)
    said(lab, "training has stopped")
    assert not lab.playing
    lab.play()
    goes_on(lab)


def test_a_task_that_takes_it_down_is_not_tried_again_by_itself(compute: Compute) -> None:
    before = compute.worker_ids()
    task = compute.submit(eat)
    with pytest.raises(WorkerLost, match="lost with its process"):
        task.result(PATIENCE)
    wait_until(lambda: compute.worker_ids().keys() - before.keys())
    after = compute.worker_ids()
    time.sleep(2.0)
    assert compute.worker_ids() == after
