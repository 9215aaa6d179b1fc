"""Nannies and schedulers that go, and come back."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from lossviz.compute.cluster import Compute
from lossviz.compute.node import HOST
from tests.faults.conftest import goes_on, lab_of, playing, processes, said, whole
from tests.support.clusters import Cluster
from tests.support.serving import free_port
from tests.support.waiting import wait_until

pytestmark = pytest.mark.slow


def test_a_nanny_that_is_killed_is_replaced_and_its_runs_are_rebuilt(compute: Compute) -> None:
    assert compute.health == "ok"
    lab, idle = playing(compute), lab_of(compute)
    nanny = processes(compute).nannies[0]
    os.kill(nanny.process.pid, signal.SIGKILL)
    wait_until(lambda: compute.health == "lost")
    said(lab, "was lost")
    goes_on(lab)
    wait_until(lambda: compute.health == "ok")
    assert processes(compute).nannies[0] is not nanny
    assert not idle.notice
    whole(lab)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_scheduler_that_is_gone_is_replaced_with_its_workers(
    compute: Compute, how: signal.Signals
) -> None:
    lab, idle, ready = playing(compute), lab_of(compute), lab_of(compute)
    ready.wake()
    wait_until(lambda: not ready.busy)
    before = processes(compute)
    os.kill(before.scheduler.process.pid, how)
    said(lab, "was lost")
    goes_on(lab)
    wait_until(lambda: compute.health == "ok")
    assert processes(compute) is not before
    assert all(node.ended for node in (before.scheduler, *before.nannies))
    assert not idle.notice
    ready.play()
    goes_on(ready)
    assert not ready.notice, "it had taken no step"
    whole(lab)


@pytest.fixture
def named(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler that somebody else keeps, with a worker."""
    cluster = Cluster(tmp_path)
    try:
        yield cluster
    finally:
        cluster.close()


def test_a_scheduler_that_goes_away_and_comes_back_is_found_again(named: Cluster) -> None:
    port = str(free_port())

    def start() -> None:
        named.start("dask_scheduler", "--port", port)
        named.start("dask_worker", "--nthreads", "1", "--local-directory", ".")

    compute = Compute(f"tcp://{HOST}:{port}")
    start()
    wait_until(named.file.is_file, told=named.logs)
    compute.warm_up()
    lab, idle = playing(compute), lab_of(compute)
    named.close()
    said(lab, "was lost")
    wait_until(lambda: compute.health == "lost")
    said(lab, "No training process has answered for 15 s")
    start()
    goes_on(lab)
    wait_until(lambda: compute.health == "ok")
    assert "were rebuilt" in lab.notice
    assert not idle.notice
    whole(lab)
    compute.close()
