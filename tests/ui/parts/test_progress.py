"""How far trainings are, in words."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from lossviz.ui.parts import progress
from lossviz.ui.parts.progress import _left_words


def campaign(**state: Any) -> progress.Trainings:
    return cast(progress.Trainings, SimpleNamespace(busy=True, seconds_left=30.0, **state))


def test_a_bar_that_stands_still_says_since_when_nobody_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compute = SimpleNamespace(silence=0)
    monkeypatch.setattr(progress, "COMPUTE", compute)
    assert "30 s left" in _left_words(campaign())
    compute.silence = 7
    assert "for 7 s" in _left_words(campaign())
