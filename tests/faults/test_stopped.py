"""A worker that stands still."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from lossviz.compute.campaigns import Sweep, sweep
from lossviz.compute.cluster import Compute
from lossviz.ui.channel.channel import Channel
from tests.faults.conftest import goes_on, playing, said, whole
from tests.support.sweeps import DATA, GRID, SEEDS, identical, made, plan_of, run_until
from tests.support.waiting import wait_until

pytestmark = pytest.mark.slow


@contextmanager
def stopped(pid: int, seconds: float) -> Iterator[None]:
    """The process, while what is inside is done and for so long at least."""
    os.kill(pid, signal.SIGSTOP)
    begun = time.monotonic()
    try:
        yield
        time.sleep(max(begun + seconds - time.monotonic(), 0.0))
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def only_worker(compute: Compute) -> int:
    (pid,) = compute.worker_ids().values()
    return pid


def test_one_that_is_slow_is_waited_for_in_words(compute: Compute) -> None:
    lab = playing(compute)
    channel = Channel()
    channel.attend(lab)
    pid = only_worker(compute)
    with stopped(pid, 10.0):
        said(lab, "has not answered for")
        wait_until(lambda: "has not answered for" in channel._said["lab"]["notice"])
        wait_until(lambda: compute.silence)
    goes_on(lab)
    wait_until(lambda: not channel._said["lab"]["notice"])
    wait_until(lambda: not compute.silence)
    assert only_worker(compute) == pid
    assert not lab.notice
    assert lab._losses == 0


def test_one_that_stands_still_for_forty_seconds_is_ended_and_its_runs_go_on(
    compute: Compute,
) -> None:
    lab = playing(compute)
    pid = only_worker(compute)
    with stopped(pid, 40.0):
        said(lab, "has not answered for")
        said(lab, "was lost")
        goes_on(lab)
    assert only_worker(compute) != pid
    assert "were rebuilt" in lab.notice
    whole(lab)


def test_new_runs_are_placed_where_somebody_answers_and_after_a_while_the_old_ones() -> None:
    two = Compute(workers=2)
    two.client.wait_for_workers(2)
    two.warm_up()
    lab = playing(two)
    (conductor,) = two.conductors
    with stopped(two.worker_ids()[conductor.address], 40.0):
        said(lab, "has not answered for")
        wait_until(lambda: conductor.address not in two._connection.answering)
        other = playing(two)
        assert lab.words, "it stands still meanwhile"
        said(lab, "was lost")
        goes_on(lab)
    assert lab._session._conductor is not conductor
    assert not other.notice
    whole(lab)
    two.close()


def test_a_sweep_does_not_wait_for_one_for_ever(compute: Compute) -> None:
    campaign = Sweep(compute, DATA, plan_of(experiment=made(epochs=200)))
    pid = only_worker(compute)
    campaign.start()
    run_until(campaign, lambda: campaign._under_way)
    with stopped(pid, 40.0):
        run_until(campaign, lambda: not campaign.busy)
    assert campaign.complete
    assert only_worker(compute) != pid
    identical(campaign.result, sweep(DATA, campaign.plan.experiment, GRID, SEEDS))
