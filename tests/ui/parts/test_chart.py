"""What is sent to the browser, and when."""

from __future__ import annotations

import json

from lossviz.figures import Chart
from lossviz.figures.data.classes import class_counts
from lossviz.ui.parts.chart import RESEND, Outbox


def chart(count: int) -> Chart:
    return class_counts(("A",), (count,), 0)


def names(message: str) -> list[str]:
    return list(json.loads(message))


def message(outbox: Outbox, charts: dict[str, Chart], now: float) -> str:
    outbox.put(charts, now)
    return outbox.due(now)


def test_a_chart_is_sent_at_once_and_again_until_it_must_have_arrived() -> None:
    outbox = Outbox()
    assert names(message(outbox, {"one": chart(1)}, 0.0)) == ["one"]
    sent = [t / 10 for t in range(1, 60) if names(message(outbox, {}, t / 10))]
    assert sent == list(RESEND[1:])


def test_a_newer_chart_takes_the_place_of_the_older() -> None:
    outbox = Outbox()
    first = json.loads(message(outbox, {"one": chart(1)}, 0.0))["one"]
    second = json.loads(message(outbox, {"one": chart(2)}, 0.4))["one"]
    assert first[0] != second[0]
    assert names(message(outbox, {}, 0.6)) == []
    assert json.loads(message(outbox, {}, 1.0))["one"] == second


def test_a_chart_that_changes_all_the_time_is_never_sent_twice() -> None:
    outbox = Outbox()
    versions = [
        json.loads(message(outbox, {"one": chart(tick)}, tick / 10))["one"][0]
        for tick in range(1, 30)
    ]
    assert len(set(versions)) == len(versions)


def test_the_same_chart_has_the_same_version() -> None:
    one, other = Outbox(), Outbox()
    assert message(one, {"a": chart(3)}, 0.0) == message(other, {"a": chart(3)}, 7.0)


def test_what_a_page_at_rest_sends_holds_what_may_not_have_arrived() -> None:
    outbox = Outbox()
    message(outbox, {"one": chart(1)}, 0.0)
    outbox.put({"two": chart(2)}, 0.2)
    assert names(outbox.unsure()) == ["one", "two"]
    assert names(outbox.unsure()) == ["one", "two"]
    message(outbox, {}, 10.0)
    assert names(outbox.unsure()) == []
