"""What a class costs, in counts and ratios that hold on a busy machine too."""

from __future__ import annotations

import pytest

from tests.load.crowd import Crowd, measure
from tests.load.result import Result

MOST_LOOPS = 0.1
"""CPU of the web process for an update of one session, in fixed loops."""


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
    assert result.web_ms < MOST_LOOPS * result.loop.cpu, result.table()


def test_nothing_is_lost(result: Result) -> None:
    assert not result.errors
    assert not result.notices
    assert not result.unanswered
    assert not result.tracebacks
    assert not result.holds_torch
