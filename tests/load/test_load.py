"""Thirty sessions train at once, and a slider still answers at once."""

from __future__ import annotations

from statistics import median

import pytest

from tests.load.crowd import Result, measure

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def result() -> Result:
    # Shorter than a run under this load, so that everybody trains all the time.
    own = measure(sessions=30, seconds=22.0)
    print(own.table())
    return own


def test_a_moved_slider_answers_at_once(result: Result) -> None:
    # A move in the moment in which the page is run as a whole may be drawn by another run than its
    # own; it counts as unanswered then.
    assert result.unanswered <= 0.02 * len(result.latencies)
    assert result.p95 < 150, result.table()


def test_nobody_sees_an_error(result: Result) -> None:
    assert not result.errors
    assert not result.tracebacks


def test_everyone_gets_a_fair_share_of_the_training(result: Result) -> None:
    assert min(result.steps) > 0
    assert min(result.steps) >= median(result.steps) / 3, result.table()


def test_the_web_process_does_not_load_torch(result: Result) -> None:
    assert not result.holds_torch
