"""What a lab says while its worker is silent, and after it is gone."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from lossviz.compute.cluster import Compute
from lossviz.compute.lab import MOST_LOSSES, Lab, Nobody
from lossviz.experiments.experiment import Experiment
from tests.support.factories import dataset

DATA = dataset(60)


class Place:
    """Of a session, in no worker."""

    placed = held = True
    name = "nobody"

    def __init__(self) -> None:
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1

    def lost(self) -> None:
        pass


class Nowhere:
    def open_session(self, *_: object) -> Place:
        return Place()


class Counting(Nobody):
    def __init__(self) -> None:
        self.told = 0

    def news(self) -> None:
        self.told += 1


@pytest.fixture
def lab() -> Lab:
    lab = Lab(cast(Compute, Nowhere()), DATA)
    lab.put("A", Experiment.for_dataset(DATA))
    return lab


def trained(lab: Lab) -> Lab:
    """Whose run has gone somewhere."""
    lab.runs = {"A": replace(lab.runs["A"], step=5, state="training")}
    lab.play()
    return lab


def test_after_two_seconds_it_is_said_how_long_nobody_has_answered(lab: Lab) -> None:
    trained(lab).outlet = outlet = Counting()
    lab.wait(1.9)
    assert (lab.words, outlet.told) == ("", 0)
    lab.wait(2.1)
    assert "has not answered for 2 s" in lab.words
    lab.wait(2.6)
    assert outlet.told == 1, "the same second is said once"
    lab.wait(3.0)
    assert "3 s" in lab.words
    lab.wait(0.0)
    assert (lab.words, outlet.told) == ("", 3)


def test_runs_that_no_worker_holds_yet_wait_in_other_words(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(lab).wait(4.0)
    held = lab.words
    monkeypatch.setattr(lab._session, "held", False)
    assert "4 s" in lab.words
    assert "No training process" in lab.words
    assert lab.words != held


def test_who_waits_for_nothing_is_told_nothing(lab: Lab) -> None:
    lab.runs = {}
    lab.wait(10.0)
    assert lab.words == ""


def test_who_has_runs_is_told_that_they_are_rebuilt_and_nobody_else(lab: Lab) -> None:
    lab.play()
    lab.lose("gone")
    assert lab.playing
    assert lab.words == ""
    trained(lab).lose("gone")
    assert lab.playing
    assert "lost" in lab.words
    assert "rebuilt" in lab.words


def test_what_is_lost_again_and_again_is_not_rebuilt_for_ever(lab: Lab) -> None:
    trained(lab)
    for _ in range(MOST_LOSSES):
        lab.lose("gone")
        assert lab.playing
    lab.lose("gone")
    assert not lab.playing
    assert "training has stopped" in lab.words


def test_runs_that_are_too_large_are_rebuilt_once_until_somebody_wants_it_again(lab: Lab) -> None:
    trained(lab)
    for _ in range(2 * MOST_LOSSES):
        lab.lose("outgrown")
    assert lab.playing, "it was another's fault"
    for _ in range(2):
        lab.lose("largest")
        assert lab.playing
        assert "too large" in lab.words
        lab.lose("largest")
        assert not lab.playing
        lab.play()


def test_the_size_of_runs_counts_texts_and_units(lab: Lab) -> None:
    size = lab.size
    lab.put("B", lab.runs["A"].experiment)
    assert lab.size == 2 * size
    lab.put("B", lab.runs["A"].experiment.changed(model={"kind": "hidden", "width": 64}))
    assert lab.size == 65 * size
