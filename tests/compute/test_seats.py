"""Seats: in the order in which one came, and no more at a time than there are."""

from __future__ import annotations

import threading

from lossviz.compute.seats import Seats


def test_they_are_taken_in_order_and_given_on() -> None:
    seats = Seats()
    assert seats.take("a", 2) and seats.take("b", 2)
    assert not seats.take("c", 2) and not seats.take("d", 2)
    seats.leave("a")
    assert not seats.comes("d", 2, 0.0)
    assert seats.comes("c", 2, 0.0)
    assert not seats.comes("d", 2, 0.0)
    seats.leave("b")
    assert seats.comes("d", 2, 0.0)


def test_who_wants_none_any_more_keeps_nobody_waiting() -> None:
    seats = Seats()
    seats.take("a", 1)
    for who in "bc":
        seats.take(who, 1)
    seats.leave("b")
    seats.leave("a")
    assert seats.comes("c", 1, 0.0)
    seats.leave("nobody")


def test_a_free_seat_is_given_at_once_to_who_waits() -> None:
    seats, came = Seats(), threading.Event()
    seats.take("a", 1)
    seats.take("b", 1)

    def wait() -> None:
        if seats.comes("b", 1, 60.0):
            came.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert not came.is_set()
    seats.leave("a")
    thread.join(30)
    assert came.is_set()
