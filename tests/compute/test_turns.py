"""Turns: work is shared by visitors, and taken back from those who went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.compute.turns import (
    AHEAD_SECONDS,
    GRACE_SECONDS,
    LEAD_SECONDS,
    MOST_AHEAD,
    PRESENT_SECONDS,
    Claim,
    Turns,
    Visitor,
)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def turns(clock: Clock) -> Turns:
    return Turns(clock)


class Work:
    """Somebody who has blocks of one length without end, and a claim on their behalf."""

    def __init__(self, turns: Turns, visitor: Visitor, seconds: float = 3.0) -> None:
        self.claim = turns.claim(visitor, self.rest)
        self.seconds = seconds
        self.out = self.had = self.rests = 0

    def ask(self, lanes: int = 1) -> None:
        self.tell()
        while self.claim.comes(lanes):
            self.out += 1
            self.tell()

    def tell(self) -> None:
        self.claim.tell([self.seconds] * self.out, self.seconds, measured=True)

    def rest(self) -> None:
        self.rests += 1
        self.out = 0
        self.claim.leave()


def worked(clock: Clock, works: Sequence[Work], rounds: int, lanes: int = 1) -> Counter[int]:
    """What each has had, in seconds, after so many blocks: the one that came first ends first."""
    order: list[int] = []
    had: Counter[int] = Counter()
    for _ in range(rounds):
        for k, work in enumerate(works):
            before = work.out
            work.ask(lanes)
            order += [k] * (work.out - before)
        first = order.pop(0)
        works[first].out -= 1
        had[first] += int(works[first].seconds * 10)
        clock.now += 0.25
    return had


def visitors(counts: Sequence[int]) -> list[Visitor]:
    """So many sessions at each of the addresses."""
    return [
        Visitor(f"10.0.0.{place}", f"session {k}")
        for place, count in enumerate(counts)
        for k in range(count)
    ]


def test_ten_tabs_of_one_person_get_as_much_as_another_person_s_one(
    turns: Turns, clock: Clock
) -> None:
    works = [Work(turns, visitor) for visitor in visitors([10, 1])]
    had = worked(clock, works, 200)
    tabs = [had[k] for k in range(10)]
    assert sum(tabs) == pytest.approx(had[10], rel=0.1)
    assert max(tabs) - min(tabs) <= 30


@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=3),
    st.lists(st.sampled_from([0.1, 0.5, 2.0, 7.0]), min_size=12, max_size=12),
    st.integers(1, 3),
)
def test_whatever_their_blocks_take_everybody_gets_as_much(
    counts: list[int], seconds: list[float], lanes: int
) -> None:
    clock = Clock()
    turns = Turns(clock)
    works = [
        Work(turns, visitor, each) for visitor, each in zip(visitors(counts), seconds, strict=False)
    ]
    had = worked(clock, works, 500, lanes)
    most = max(work.seconds for work in works)
    by_address: Counter[str] = Counter()
    for k, work in enumerate(works):
        by_address[work.claim.visitor.address] += had[k]
    # What one may be ahead, and a block of the longest for each that is handed out.
    slack = 10 * (2 * LEAD_SECONDS + (lanes + 2) * most * 2)
    assert max(by_address.values()) - min(by_address.values()) <= slack
    for address in by_address:
        here = [had[k] for k, w in enumerate(works) if w.claim.visitor.address == address]
        assert max(here) - min(here) <= slack


def test_who_comes_anew_begins_with_the_others_neither_before_nor_behind_them(
    turns: Turns, clock: Clock
) -> None:
    old = [Work(turns, Visitor("a")), Work(turns, Visitor("b"))]
    worked(clock, old, 100)
    for work in old:
        work.out = 0
    had = worked(clock, [*old, Work(turns, Visitor("c"))], 60)
    assert max(had.values()) - min(had.values()) <= 60


def test_little_is_handed_out_at_a_time_whoever_asks(turns: Turns) -> None:
    long = [Work(turns, visitor) for visitor in visitors([3, 3])]
    for work in long * 3:
        work.ask()
    assert sum(work.out for work in long) == 2, "one that is computed, and one behind it"
    short = Work(Turns(), Visitor(), seconds=0.001)
    short.ask()
    assert short.out == 1 + MOST_AHEAD
    medium = Work(Turns(), Visitor(), seconds=0.3)
    medium.ask(lanes=2)
    assert medium.out * 0.3 == pytest.approx(2 * AHEAD_SECONDS, abs=0.6)


def test_of_what_nobody_has_measured_yet_no_more_than_is_computed_and_one(turns: Turns) -> None:
    claim, out = turns.claim(Visitor()), 0
    claim.tell([], 0.001, measured=False)
    while claim.comes(1):
        out += 1
    assert out == 2


def test_who_is_not_there_any_more_is_not_waited_for(turns: Turns, clock: Clock) -> None:
    gone, here = Work(turns, Visitor("a")), Work(turns, Visitor("b"))
    here.ask()
    here.out = 0
    gone.tell()
    clock.now += PRESENT_SECONDS / 2
    here.ask()
    assert here.out == 0, "it is the other one's turn"
    clock.now += PRESENT_SECONDS
    here.ask()
    assert here.out == 2


def test_what_is_handed_out_is_taken_back_once_its_page_has_been_gone_for_a_while(
    turns: Turns, clock: Clock
) -> None:
    work = Work(turns, Visitor())
    work.ask()
    clock.now += GRACE_SECONDS - 0.1
    turns.take_back()
    assert (work.rests, work.out) == (0, 2)
    clock.now += 0.2
    turns.take_back()
    turns.take_back()
    assert (work.rests, work.out) == (1, 0)
    work.ask()
    assert work.out == 2, "it goes on where somebody looks again"


def test_those_who_wait_are_told_how_many_there_are_and_when_theirs_begins(turns: Turns) -> None:
    first, second, third = (Work(turns, visitor) for visitor in visitors([1, 1, 1]))
    first.ask()
    second.ask()
    third.ask()
    assert [work.out for work in (first, second, third)] == [2, 0, 0]
    queue = third.claim.queue(1)
    assert (queue.others, queue.seconds) == (2, 6.0)
    alone: Claim = Turns().claim(Visitor())
    assert alone.queue(1) == (0, 0.0)
