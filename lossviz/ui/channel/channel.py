"""A channel: one open page's line to its browser, whoever is at its other end at the moment."""

from __future__ import annotations

import json
import logging
import threading
import time
from asyncio import AbstractEventLoop
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from secrets import token_urlsafe
from typing import Any
from weakref import WeakValueDictionary

from lossviz.compute.frames import Watch, message
from lossviz.compute.lab import Lab, Nobody
from lossviz.compute.turns import GRACE_SECONDS
from lossviz.figures import AT_FIRST, Chart, Look
from lossviz.guards import MAX_COMMAND
from lossviz.ui.channel.commands import COMMANDS

log = logging.getLogger(__name__)

REDRAW_SECONDS = 2.0
"""A part that is out of date that long after its browser was told is told again, and nobody waits
for it: Streamlit drops what it is asked to run where something else is run meanwhile."""

MOST_UNREAD = 64
"""Messages that wait for a browser; one that is further behind is told everything anew."""

Compose = Callable[[], Mapping[str, Chart]]


@dataclass
class Topic:
    """A part of a page that is drawn again once it shows something else.

    :param look: what it would show now.
    :param drawn: what it shows.
    :param number: counts its drawings.
    :param whole: whether it is the page as a whole.
    :param told: when its browser was told last that it is out of date.
    """

    look: Callable[[], Hashable]
    drawn: Hashable
    number: int
    whole: bool
    told: float = -inf

    def outdated(self, name: str) -> bool:
        """Whether it would show something else; one that cannot say so keeps no other from it."""
        try:
            return bool(self.look() != self.drawn)
        except Exception:
            log.exception("%s cannot say whether it is up to date", name)
            return False


@dataclass
class _Post:
    """What the browser has still to be sent, in order; of what is said only the latest.

    :param frames: JSON as text, and pieces of a worker's stream as bytes.
    """

    frames: list[bytes | str] = field(default_factory=list)
    say: dict[str, Any] = field(default_factory=dict)
    wake: dict[str, int] = field(default_factory=dict)
    overdue: bool = False

    def put(self, frame: bytes | str) -> None:
        """One more, unless nobody reads them."""
        self.overdue |= len(self.frames) >= MOST_UNREAD
        self.frames = [] if self.overdue else [*self.frames, frame]

    def take(self) -> list[bytes | str]:
        """All of it; nothing is left.

        :raises BufferError: there was too much of it to be kept.
        """
        if self.overdue:
            raise BufferError(f"{MOST_UNREAD} messages were not taken")
        rest = {name: part for name, part in (("say", self.say), ("wake", self.wake)) if part}
        letters = [*self.frames, *([json.dumps(rest)] if rest else [])]
        self.frames, self.say, self.wake = [], {}, {}
        return letters


class Channel:
    """What a page shows that moves, and what its browser knows of it.

    A page registers what it shows while its script runs (:meth:`turn_page` forgets it before);
    whoever has news hands them over from any thread; the socket takes them as it can. A browser
    that comes back is told everything that it shows, and nothing has to be repeated.
    """

    def __init__(self) -> None:
        self.token = token_urlsafe(24)
        self.command = 0
        """The number of the last one that the browser sent."""
        self.topics: dict[str, Topic] = {}
        self.drawing = threading.RLock()
        """Held while the page, or a part of it, is drawn: nothing moves under its hands."""
        self._lock = threading.Lock()
        self._post = _Post()
        self._said: dict[str, Any] = {}
        self._composers: dict[str, Compose] = {}
        self._bound: dict[str, Callable[[], Any]] = {}
        self._lab: Lab | None = None
        self._watch: Watch | None = None
        self._line = 0
        self._signal: tuple[AbstractEventLoop, Callable[[], None]] | None = None
        self._rung = False
        self._left = inf
        """When its browser went."""
        self._passed_over = False
        """Whether a lab had news when there was no room for them."""
        self._drawings = 0
        CHANNELS[self.token] = self

    # What a page registers

    def turn_page(self) -> None:
        """The page is run as a whole: what it showed before is forgotten."""
        with self._lock:
            self.topics = {}
            self._composers = {}
            for topic in self._bound:
                self._said.pop(topic, None)
            self._bound = {}
            self._watch = None

    def attend(
        self,
        lab: Lab,
        exhibits: tuple[str, ...] = (),
        look: Look = AT_FIRST,
        *,
        surfaces: bool = False,
    ) -> None:
        """Show the runs of a lab while they train, and listen to what is pressed.

        :param exhibits: ids of those whose charts are on the page.
        :param surfaces: whether coarse surfaces of them are.
        """
        before = self._lab
        if before is not None and before is not lab:
            before.outlet = Nobody()
        with self._lock:
            self._line += 1
            self._lab = lab
            self._watch = Watch(self._line, exhibits, look, surfaces)
        lab.command = self.command
        lab.show_on(self)

    def show(self, name: str, compose: Compose) -> None:
        """Charts that are on the page, as they are, and again for a browser that comes back.

        :param name: of the part that they are in.
        """
        with self._lock:
            self._composers[name] = compose
        if self.connected:
            self.tell(compose())

    def follow(
        self, name: str, look: Callable[[], Hashable], drawn: Hashable, *, whole: bool = False
    ) -> int:
        """A part of the page was drawn: it is woken once it would show something else.

        :param whole: whether that is the page as a whole.
        :returns: the number of the drawing.
        """
        with self._lock:
            self._drawings += 1
            self.topics[name] = Topic(look, drawn, self._drawings, whole)
            return self._drawings

    def bind(self, topic: str, look: Callable[[], Any]) -> Any:
        """Parts of the page listen for what this says, and it says something else by and by.

        :returns: what it says now.
        """
        with self._lock:
            self._bound[topic] = look
        now = look()
        self.say(topic, now)
        return now

    # What there is to tell

    def tell(self, charts: Mapping[str, Chart]) -> None:
        """Charts that show something else now."""
        text = message(charts, {})
        if not text:
            return
        with self._lock:
            self._post.put(text.decode())
            # What a worker says next must not build on what these take the place of.
            covered = self._watch is not None and bool(self._watch.exhibits)
            if self._watch is not None and covered:
                self._line += 1
                self._watch = replace(self._watch, line=self._line)
        self._ring()
        if covered and self._lab is not None:
            self._lab.missed()

    def say(self, topic: str, value: Any) -> None:
        """What parts of the page listen for; said again only where it is something else."""
        with self._lock:
            if topic in self._said and self._said[topic] == value:
                return
            self._said[topic] = self._post.say[topic] = value
        self._ring()

    @property
    def awaited(self) -> bool:
        """Whether a part of the page was woken and is not drawn yet; for a while."""
        now = time.monotonic()
        topics = list(self.topics.values())
        return any(now - topic.told < REDRAW_SECONDS for topic in topics)

    def look(self) -> None:
        """Wake the parts of the page that would show something else. A page that is being drawn
        is looked at the next time."""
        if self.drawing.acquire(blocking=False):
            try:
                self._look()
            finally:
                self.drawing.release()

    def _look(self) -> None:
        outdated = {
            name: topic for name, topic in list(self.topics.items()) if topic.outdated(name)
        }
        # One or the other: Streamlit gives up a run of the page where a part is to run meanwhile.
        whole = {name: topic for name, topic in outdated.items() if topic.whole}
        now = time.monotonic()
        for name, topic in (whole or outdated).items():
            if now - topic.told < REDRAW_SECONDS:
                continue
            topic.told = now
            with self._lock:
                self._post.wake[name] = topic.number
            self._ring()
        for listened, say in list(self._bound.items()):
            try:
                self.say(listened, say())
            except Exception:
                log.exception("%s cannot say what it is at", listened)

    # As the outlet of a lab

    def watch(self) -> Watch | None:
        """What its browser shows of the runs; None where there is no browser, or it has not taken
        yet what there was."""
        with self._lock:
            watch, lab = self._watch, self._lab
            if watch is None or lab is None or not self.connected:
                return None
            self._passed_over = bool(self._post.frames)
            return None if self._passed_over else replace(watch, sentence=lab.sentence)

    def deliver(self, line: int, frame: bytes) -> bool:
        """A message from where the runs are; one that was made for an earlier page is dropped.

        :returns: whether it was taken.
        """
        with self._lock:
            if line != self._line:
                return False
            self._post.put(frame)
        self._ring()
        return True

    def news(self) -> None:
        """The lab is in another state: what it says, and the last command that is done."""
        lab = self._lab
        if lab is not None:
            done = lab.done
            self.say("lab", state_of(lab))
            self.say("done", done)

    # As the socket sees it

    @property
    def connected(self) -> bool:
        """Whether there is a browser."""
        return self._signal is not None

    @property
    def gone(self) -> bool:
        """Whether its browser went, and has not come back for longer than a page takes to load."""
        return self.left_for > GRACE_SECONDS

    @property
    def left_for(self) -> float:
        """Seconds since its browser went; negative while one is there, or before there was any."""
        return time.monotonic() - self._left

    def connect(self, loop: AbstractEventLoop, signal: Callable[[], None]) -> None:
        """A browser is there, which knows nothing.

        :param signal: called in the loop once there is something to take.
        """
        with self._lock:
            before, self._signal, self._left = self._signal, (loop, signal), inf
            self._rung = False
            self._line += 1
            if self._watch is not None:
                self._watch = replace(self._watch, line=self._line)
            self._post = _Post(say=dict(self._said))
            for topic in self.topics.values():
                topic.told = -inf
            composers = list(self._composers.values())
        with self.drawing:  # nothing newer is told meanwhile
            for compose in composers:
                self.tell(compose())
        if self._lab is not None:
            self._lab.wake()
        self._ring()
        if before is not None:
            before[0].call_soon_threadsafe(before[1])

    def belongs_to(self, signal: object) -> bool:
        """Whether this browser is still the last one that came."""
        return self._signal is not None and self._signal[1] == signal

    def disconnect(self, signal: Callable[[], None]) -> None:
        """It is gone, unless another one has come."""
        with self._lock:
            if self._signal is not None and self._signal[1] == signal:
                self._signal, self._left = None, time.monotonic()
                self._post = _Post()

    def take(self) -> list[bytes | str]:
        """Everything that has to be sent.

        :raises BufferError: the browser is too far behind: it has to come anew.
        """
        with self._lock:
            self._rung = False
            letters = self._post.take()
            passed_over, self._passed_over = self._passed_over, False
        if passed_over and self._lab is not None:
            self._lab.wake()
        return letters

    def obey(self, text: str | bytes) -> None:
        """Do what a browser sent; a number that was done before is not done again.

        :raises ValueError: it is no command, such as pydantic's ``ValidationError``.
        """
        if len(text) > MAX_COMMAND:
            raise ValueError(f"{len(text):,} characters are no command")
        command = COMMANDS.validate_json(text)
        lab = self._lab
        if lab is None or command.n <= self.command:
            return
        self.command = command.n
        command.act(lab)
        lab.command = command.n  # only now: what is asked in between is not its effect
        lab.wake()

    def _ring(self) -> None:
        """Once until something is taken: each time wakes the event loop."""
        with self._lock:
            signal, rung, self._rung = self._signal, self._rung, True
        if signal is not None and not rung:
            try:
                signal[0].call_soon_threadsafe(signal[1])
            except RuntimeError:
                log.debug("the server ends")


def state_of(lab: Lab) -> dict[str, Any]:
    """What the controls of a page show of a lab."""
    return {
        "playing": lab.playing,
        "over": lab.finished,
        "speed": lab.speed,
        "sentence": lab.sentence,
        "notice": lab.words,
        "runs": {letter: {"weights": list(run.weights)} for letter, run in lab.runs.items()},
    }


CHANNELS: WeakValueDictionary[str, Channel] = WeakValueDictionary()
"""Those of this process, by tokens that cannot be guessed."""
