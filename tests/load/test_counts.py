"""What a class costs, in counts and ratios that hold on a busy machine too."""

from __future__ import annotations

import pytest

from tests.load.crowd import Crowd, measure
from tests.load.result import Result

WEB_LOOPS, WORKER_LOOPS = 0.08, 0.4
"""CPU for an update of one of three sessions, in fixed loops. Polling took the web process 0.4 to
0.8; of sixty sessions each takes half of what each of three does, as they share their calls."""


@pytest.fixture(scope="module")
def result() -> Result:
    # Shorter than a run, so that no page is run again because its runs are over.
    measured = measure(Crowd(sessions=3, seconds=8.0))
    print(measured.table())
    return measured


def test_a_moved_weight_runs_no_script(result: Result) -> None:
    assert len(result.latencies) >= 6
    assert sum(count.script_runs for count in result.counts) == 0


def test_an_update_of_three_runs_takes_less_than_a_kilobyte(result: Result) -> None:
    assert min(count.updates for count in result.counts) >= 8
    assert result.bytes_per_update < 1000, result.table()


def test_the_web_process_passes_an_update_on_without_work(result: Result) -> None:
    assert result.web_ms < WEB_LOOPS * result.loop.cpu, result.table()


def test_a_worker_makes_an_update_of_little(result: Result) -> None:
    assert result.worker_update_ms < WORKER_LOOPS * result.loop.cpu, result.table()


def test_nothing_is_lost(result: Result) -> None:
    assert not result.errors
    assert not result.notices
    assert not result.unanswered
    assert not result.tracebacks
    assert not result.holds_torch
