"""A channel, with a listener in place of a browser and a lab in place of a worker."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from lossviz.compute.cluster import COMPUTE
from lossviz.compute.lab import Lab
from lossviz.experiments.choices import first
from lossviz.experiments.weights import moves
from lossviz.figures import Chart, ShownRuns
from lossviz.figures.base.wall import Wall
from lossviz.figures.exhibits import TRAIN, placed
from lossviz.ui.channel.channel import MOST_UNREAD, Channel
from tests.support.factories import dataset
from tests.support.listening import Listener
from tests.support.waiting import wait_until

DATA = dataset(400)
CHARTS = ("losses-A", "losses-B", "errors", "confusion-A", "sentence", "reliability-B")


@pytest.fixture
def lab() -> Lab:
    lab = Lab(COMPUTE, DATA)
    for letter, formulation in (("A", "marginals"), ("B", "joint")):
        lab.put(letter, first(DATA, formulation=formulation, epochs=4))
    lab.speed = "full"
    return lab


@pytest.fixture
def channel(lab: Lab) -> Channel:
    """Of a page that shows everything of its runs."""
    channel = Channel()
    channel.turn_page()
    channel.attend(lab, TRAIN)
    channel.show("runs", lambda: drawn(lab))
    return channel


def drawn(lab: Lab) -> dict[str, Any]:
    runs = ShownRuns(DATA.schema, lab.runs, lab.answers)
    return Wall().news(placed(TRAIN, ShownRuns), runs)


def shown(lab: Lab) -> dict[str, Any]:
    """What a page that is drawn now would show, as a browser has it."""
    return {key: json.loads(json.dumps(chart.to_json())) for key, chart in drawn(lab).items()}


def send(channel: Channel, **command: Any) -> None:
    channel.obey(json.dumps({"n": channel.command + 1, **command}))


def test_what_came_in_pieces_is_what_a_page_would_show(channel: Channel, lab: Lab) -> None:
    listener = Listener(channel)
    assert set(CHARTS) <= set(listener.charts)
    send(channel, do="ask", text="a wonderful day")
    send(channel, do="speed", speed="steady")  # at full speed they are over before the weight moves
    send(channel, do="play")
    wait_until(lambda: lab.runs["A"].step)
    send(channel, do="weigh", run="A", k=0, value=3.0)
    send(channel, do="speed", speed="full")
    wait_until(lambda: lab.finished and not lab.busy)
    wait_until(lambda: listener.said.get("done") == channel.command)
    assert lab.runs["A"].changes
    assert listener.charts == shown(lab)
    assert listener.said["lab"]["over"] is True


def test_who_comes_back_is_told_everything_and_nothing_was_done_twice(
    channel: Channel, lab: Lab
) -> None:
    early = Listener(channel)
    send(channel, do="epoch")
    wait_until(lambda: not lab.busy)
    early.leave()
    step = lab.runs["A"].step
    again = json.dumps({"n": channel.command, "do": "epoch"})
    channel.obey(again)
    late = Listener(channel)
    send(channel, do="batch")
    wait_until(lambda: lab.runs["A"].step > step and not lab.busy)
    wait_until(lambda: late.said.get("done") == channel.command)
    assert lab.runs["A"].step == step + 1, "the same number does nothing again"
    assert late.charts == shown(lab)


def test_a_command_is_done_once_its_effect_is_known(channel: Channel, lab: Lab) -> None:
    listener = Listener(channel)
    send(channel, do="play")
    wait_until(lambda: listener.said.get("done") == 1)
    assert lab.runs["A"].total_steps
    send(channel, do="pause")
    wait_until(lambda: listener.said.get("done") == 2)
    assert listener.said["lab"]["playing"] is False


def test_nothing_is_made_for_a_browser_that_does_not_take_it(channel: Channel, lab: Lab) -> None:
    class Asleep(Listener):
        def call_soon_threadsafe(self, call: object) -> None:
            """It reads nothing."""

    sleeper = Asleep(channel)
    send(channel, do="play")
    wait_until(lambda: lab.finished and not lab.busy)
    waiting = channel.take()
    frames = [letter for letter in waiting if isinstance(letter, bytes)]
    assert len(frames) <= 1, "the rest is left out, not piled up"
    assert channel.watch() is not None, "now there is room again"
    assert not sleeper.sizes


def test_who_has_slept_is_told_how_it_ended(channel: Channel, lab: Lab) -> None:
    class Drowsy(Listener):
        asleep = True

        def call_soon_threadsafe(self, call: Callable[[], None]) -> None:
            """It reads nothing while it sleeps."""
            if not self.asleep:
                super().call_soon_threadsafe(call)

    sleeper = Drowsy(channel)
    send(channel, do="play")
    wait_until(lambda: lab.finished and not lab.busy)
    sleeper.asleep = False
    sleeper.call_soon_threadsafe(sleeper._signal)
    wait_until(lambda: sleeper.charts == shown(lab))


def test_another_one_takes_the_place_of_the_first(channel: Channel) -> None:
    first_one = Listener(channel)
    second = Listener(channel)
    assert not channel.belongs_to(first_one._signal)
    first_one.leave()
    assert channel.connected
    assert channel.belongs_to(second._signal)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"n": 1}',
        '{"n": 1, "do": "format"}',
        '{"n": -1, "do": "play"}',
        '{"n": 1, "do": "play", "more": 1}',
        '{"n": 1, "do": "weigh", "run": "A", "k": 0, "value": NaN}',
        '{"n": 1, "do": "weigh", "run": "A", "k": 0, "value": -1}',
        '{"n": 1, "do": "weigh", "run": "<b>", "k": 0, "value": 1}',
        '{"n": 1, "do": "speed", "speed": "light"}',
    ],
)
def test_what_is_no_command_is_refused(channel: Channel, lab: Lab, text: str) -> None:
    with pytest.raises(ValidationError):
        channel.obey(text)
    assert not lab.playing


def test_another_labs_runs_are_never_drawn_on_the_page_of_this_one(
    channel: Channel, lab: Lab
) -> None:
    Listener(channel)
    channel.turn_page()  # a page without runs: what comes of them is not seen
    send(channel, do="batch")
    wait_until(lambda: lab.runs["A"].step == 1 and not lab.busy)
    other = Lab(COMPUTE, DATA)
    other.put("A", first(DATA, formulation="hybrid", epochs=4))
    channel.turn_page()
    channel.attend(other, TRAIN)
    channel.show("runs", lambda: drawn(other))
    listener = Listener(channel)
    lab.advance(1)
    send(channel, do="batch")
    wait_until(lambda: other.runs["A"].step == 1 and not other.busy)
    wait_until(lambda: lab.runs["A"].step == 2 and not lab.busy)
    wait_until(lambda: listener.charts == shown(other))


def test_a_page_that_is_drawn_again_while_runs_train_shows_them_as_they_are(
    channel: Channel, lab: Lab
) -> None:
    listener = Listener(channel)
    lab.speed = "steady"
    send(channel, do="play")
    for step in (3, 6, 9):
        wait_until(lambda step=step: lab.runs["A"].step >= step)
        channel.show("part", lambda: drawn(lab))  # in mid-stream, and a little old
    lab.speed = "full"
    wait_until(lambda: lab.finished and not lab.busy)
    wait_until(lambda: listener.charts == shown(lab))


def test_a_browser_that_does_not_read_is_told_everything_anew(channel: Channel) -> None:
    class Loop:
        def call_soon_threadsafe(self, call: Callable[[], None]) -> None:
            pass

    channel.connect(Loop(), lambda: None)  # type: ignore[arg-type]
    for k in range(10 * MOST_UNREAD):
        channel.tell({f"chart-{k}": Chart("title", "alt", (), {}, (), ())})
    with pytest.raises(BufferError):
        channel.take()
    listener = Listener(channel)  # it comes again
    assert listener.charts.keys() >= {"losses-A", "confusion-B"}


def test_what_a_part_listens_for_is_said_when_it_is_something_else_and_wakes_nothing(
    channel: Channel,
) -> None:
    listener, share = Listener(channel), [0.1]
    channel.bind("progress/reading", lambda: share[0])
    for now in (0.1, 0.4, 0.4, 1.0):
        share[0] = now
        channel.look()
        assert listener.said["progress/reading"] == now
    assert not listener.woken
    channel.turn_page()
    share[0] = 2.0
    channel.look()
    assert listener.said["progress/reading"] == 1.0


def test_a_drag_is_recorded_step_by_step_and_marked_once(channel: Channel, lab: Lab) -> None:
    listener = Listener(channel)
    lab.speed = "steady"
    send(channel, do="play")
    wait_until(lambda: lab.runs["A"].step > 1)
    for tenth in range(1, 31):
        send(channel, do="weigh", run="A", k=0, value=1 + tenth / 10, drag=7)
        wait_until(lambda: listener.said.get("done") == channel.command)
    send(channel, do="weigh", run="A", k=1, value=2.0, drag=8)
    wait_until(lambda: lab.runs["A"].applied.components == (4.0, 2.0))
    lab.speed = "full"
    wait_until(lambda: lab.finished and not lab.busy)
    changes = lab.runs["A"].changes
    assert len(changes) > 2
    assert [move.drag for move in moves(changes)] == [7, 8]
    wait_until(lambda: listener.charts == shown(lab))
    layout = listener.charts["losses-A"]["layout"]
    assert sum(mark["text"] == "▾" for mark in layout["annotations"]) == 2


@pytest.mark.parametrize(("run", "k"), [("D", 0), ("A", 7), ("B", 0)])
def test_a_weight_that_is_not_there_is_not_moved(
    channel: Channel, lab: Lab, run: str, k: int
) -> None:
    before = {letter: each.weights for letter, each in lab.runs.items()}
    send(channel, do="weigh", run=run, k=k, value=2.0)
    assert {letter: each.weights for letter, each in lab.runs.items()} == before


def test_a_part_is_woken_once_it_would_show_something_else() -> None:
    channel, state = Channel(), [1]
    number = channel.follow("part", lambda: state[0], state[0])
    listener = Listener(channel)
    channel.look()
    assert not listener.woken
    state[0] = 2
    channel.look()
    assert listener.woken == {"part": number}
    assert channel.follow("part", lambda: state[0], state[0]) > number
    channel.look()
    assert listener.woken == {"part": number}
    channel.turn_page()
    state[0] = 3
    channel.look()
    assert listener.woken == {"part": number}, "what is not on the page is not looked at"


def test_runs_wait_while_their_page_is_closed_and_go_on_when_it_is_back(
    lab: Lab, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lossviz.ui.channel.channel.GRACE_SECONDS", 0.3)
    lab.put("A", first(DATA, epochs=400, patience=0))
    listener = Listener(channel)
    send(channel, do="play")
    wait_until(lambda: lab.runs["A"].step > 20)
    listener.leave()
    assert not channel.gone, "a page that is loaded again is there by then"
    assert lab.training
    wait_until(lambda: channel.gone and lab._asking is None)
    stood = lab.runs["A"].step
    assert lab.playing and not lab.training
    assert lab.ask(0.1) is None
    assert lab.runs["A"].step == stood < lab.runs["A"].total_steps
    Listener(channel)
    assert not channel.gone
    wait_until(lambda: lab.runs["A"].step > stood)
    lab.pause()
