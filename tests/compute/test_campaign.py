"""Campaigns, with sweeps as theirs: stopped, gone on with, and with processes that die."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future as PoolFuture
from typing import Any

import numpy as np
import pytest

from lossviz.compute.campaign import MOST_LOSSES
from lossviz.compute.campaigns import Sweep, sweep
from lossviz.compute.cluster import Compute
from lossviz.compute.connection import WorkerLost
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.result import SweepResult
from tests.support.clusters import Cluster
from tests.support.sweeps import (
    DATA,
    GRID,
    SEEDS,
    Reordering,
    identical,
    in_small_blocks,
    made,
    plan_of,
    run_until,
)
from tests.support.waiting import PATIENCE, wait_until


def test_stopping_keeps_what_is_there_and_going_on_trains_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_small_blocks(monkeypatch)
    workers = Reordering(2)
    own = Sweep(workers, DATA, plan_of())
    own.start()
    run_until(own, lambda: own.done > 4)
    own.stop()
    assert own.stopped
    assert not own.busy
    kept = own.result
    own.tick()
    assert own.done == kept.finished.sum() < own.total == 18

    before = len(workers.asked)
    own.start()
    assert own.busy
    run_until(own, lambda: not own.busy)
    assert not own.stopped
    again = [(seed, point) for seed, some in workers.asked[before:] for point in some]
    missing = [(SEEDS[j], GRID.members[place]) for place, j in np.argwhere(~kept.finished).tolist()]
    assert sorted(again) == sorted(missing)
    identical(own.result, sweep(DATA, made(), GRID, SEEDS))


@pytest.mark.parametrize(
    "changes",
    [{"experiment": made(epochs=2)}, {"seeds": (0,)}, {"grid": Grid(2, steps=2, kind="map")}],
)
def test_another_plan_begins_anew_at_the_next_start(changes: dict[str, Any]) -> None:
    own = Sweep(Reordering(0), DATA, plan_of())
    own.start()
    run_until(own, lambda: not own.busy)
    first = own.result
    own.choose(plan_of(**changes))
    assert own.plan == plan_of()
    identical(own.result, first)
    own.start()
    assert own.plan == plan_of(**changes)
    assert own.done == 0
    assert not own.result.finished.any()
    run_until(own, lambda: not own.busy)
    identical(own.result, sweep(DATA, own.plan.experiment, own.plan.grid, own.plan.seeds))


def test_the_same_plan_again_trains_nothing() -> None:
    workers = Reordering(0)
    own = Sweep(workers, DATA, plan_of())
    own.start()
    run_until(own, lambda: not own.busy)
    before = len(workers.asked)
    own.choose(plan_of(experiment=made()))
    own.start()
    assert not own.busy
    assert len(workers.asked) == before


class Unready(Reordering):
    """Workers that are not there the first times that data are handed to them."""

    def __init__(self, times: int) -> None:
        super().__init__(0)
        self._times = times
        self.lent = 0

    def lend(self, value: object) -> PoolFuture[object]:
        self.lent += 1
        if self.lent > self._times:
            return super().lend(value)
        own: PoolFuture[object] = PoolFuture()
        own.set_exception(WorkerLost("No training process answered."))
        return own


def test_data_that_nobody_took_are_handed_out_again() -> None:
    workers = Unready(MOST_LOSSES)
    own = Sweep(workers, DATA, plan_of())
    own.start()
    run_until(own, lambda: not own.busy)
    assert own.complete
    assert workers.lent == MOST_LOSSES + 1


def test_data_that_nobody_ever_takes_end_it_with_a_sentence() -> None:
    own = Sweep(Unready(1000), DATA, plan_of())
    own.start()
    run_until(own, lambda: not own.busy)
    assert own.done == 0
    assert "was lost several times in a row" in own.notice


# Across processes


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Cluster, Compute]]:
    """A scheduler, and a connection to it."""
    own = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        own.start("dask_scheduler", "--port", "0")
        wait_until(lambda: own.file.is_file() and own.file.read_text().endswith("}"), told=own.logs)
        compute = Compute(json.loads(own.file.read_text())["address"])
        yield own, compute
        compute.close()
    finally:
        own.close()


@pytest.fixture
def scheduler(cluster: tuple[Cluster, Compute]) -> Compute:
    """The connection, with two worker processes of one thread each that remember nothing: another
    one where a test has killed one."""
    own, compute = cluster
    for _ in range(2 - len(compute.client.nthreads())):
        own.start("dask_worker", "--nthreads", "1", "--no-nanny", "--local-directory", ".")
    compute.client.wait_for_workers(2, timeout=PATIENCE)
    compute.warm_up()  # so that one does not wait for torch while the other does it all
    compute.client.run(forget)
    return compute


def forget() -> None:
    from lossviz.engine.features import SPLITS

    SPLITS._encoded.clear()


def encoded(compute: Compute) -> dict[int, int]:
    """By process id: how many splits each worker holds. It holds those of blocks it was given."""

    def count() -> int:
        from lossviz.engine.features import SPLITS

        return len(SPLITS._encoded)

    pids = compute.worker_ids()
    return {pids[address]: own for address, own in compute.client.run(count).items()}


LONG = made(epochs=10)
MANY = tuple(range(4))


@pytest.fixture(scope="module")
def alone() -> SweepResult:
    """What one process makes of it."""
    return sweep(DATA, LONG, GRID, MANY)


def test_two_processes_share_a_sweep_and_the_numbers_are_those_of_one(
    scheduler: Compute, alone: SweepResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_small_blocks(monkeypatch)
    assert set(encoded(scheduler).values()) == {0}
    seen: list[int] = []
    found = sweep(
        DATA, LONG, GRID, MANY, workers=scheduler, watch=lambda own: seen.append(own.done)
    )
    assert scheduler.lanes == 2
    assert len(encoded(scheduler)) == 2
    assert min(encoded(scheduler).values()) > 0
    assert os.getpid() not in encoded(scheduler)
    assert seen[-1] == 36
    identical(found, alone)


@pytest.mark.parametrize("holder", [True, False], ids=["with the data", "without"])
def test_a_process_killed_half_way_costs_no_number(
    scheduler: Compute, alone: SweepResult, monkeypatch: pytest.MonkeyPatch, holder: bool
) -> None:
    in_small_blocks(monkeypatch)
    killed: list[int] = []
    kept: list[int] = []

    def kill(own: Sweep) -> None:
        if killed or own.done < 6:
            return
        kept.append(own.done)
        assert own._data is not None
        key = own._data.result().key  # type: ignore[attr-defined]
        at = set(scheduler.client.who_has()[key])
        pids = scheduler.worker_ids()
        # Both have it once both have been at work; then it is all the same which of them goes.
        chosen = sorted(pids, key=lambda address: (address in at) is not holder)[0]
        killed.append(pids[chosen])
        os.kill(pids[chosen], signal.SIGKILL)

    found = sweep(DATA, LONG, GRID, MANY, workers=scheduler, watch=kill)
    assert killed
    assert kept[0] < 36
    assert found.finished.all()
    assert list(scheduler.worker_ids().values()) != killed
    assert len(scheduler.worker_ids()) == 1
    identical(found, alone)
