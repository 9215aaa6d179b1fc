"""How far trainings are, in words."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from lossviz.compute.turns import Queue
from lossviz.ui.parts import progress
from lossviz.ui.parts.progress import _left_words


def campaign(**state: Any) -> progress.Trainings:
    usual = {"busy": True, "seconds_left": 30.0, "queue": Queue(0, 0.0)}
    return cast(progress.Trainings, SimpleNamespace(**usual | state))


def test_a_bar_that_stands_still_says_since_when_nobody_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compute = SimpleNamespace(silence=0)
    monkeypatch.setattr(progress, "COMPUTE", compute)
    assert "30 s left" in _left_words(campaign())
    compute.silence = 7
    assert "for 7 s" in _left_words(campaign())


def test_it_says_who_waits_too_and_when_this_begins() -> None:
    waiting = campaign(seconds_left=None, queue=Queue(2, 40.0))
    assert _left_words(waiting) == "; 2 other visitors wait too, yours starts in about 40 s"
    going = campaign(queue=Queue(1, 0.0))
    assert _left_words(going) == ", about 30 s left, shared with 1 other visitor"
