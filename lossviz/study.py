"""A study: the arms of a protocol, trained in the background, as one browser session sees it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future as PoolFuture
from math import ceil

from lossviz import tasks
from lossviz.compute import Compute, Task, WorkerLost
from lossviz.datasets import Dataset
from lossviz.errors import LossVizError
from lossviz.outcome import Outcome, Trained
from lossviz.protocol import Block, Protocol
from lossviz.repeats import Repeats

AHEAD_SECONDS = 2.0
"""Work handed out at once: enough that workers do not wait for the next poll, and all that is
computed for nothing when nobody polls any more."""
MOST_AHEAD = 16
MOST_LOSSES = 3
"""A worker that is lost so often without a block in between is not the worker's fault."""
LONGEST_TICK = 2.0
"""A tick that comes later was on another page; that time is not training time."""
PRIORITY = -10
"""Below the small questions of other pages."""


class Study:
    """The outcomes so far, and how to get the others.

    :attr:`protocol` is what the outcomes belong to, :attr:`chosen` what the next start trains.

    :meth:`tick` does what is due without waiting: it takes the blocks that are ready and hands
    out the next. Not calling it is a pause: what is handed out is finished, and nothing more is
    computed, so a closed tab costs two seconds at most.

    :param clock: seconds; replaced in tests.
    """

    def __init__(
        self, compute: Compute, dataset: Dataset, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.dataset = dataset
        self.protocol = Protocol()
        self.chosen = self.protocol
        self.notice = ""
        self.stopped = False
        self._compute = compute
        self._clock = clock
        self._outcomes: dict[tuple[str, int], Outcome] = {}
        self._waiting: deque[Block] = deque()
        self._under_way: list[tuple[Block, Task[Trained | None]]] = []
        self._data: PoolFuture[object] | None = None
        self._worked = self._elapsed = self._cost = 0.0
        self._losses = 0
        self._ticked = 0.0

    # What a person does

    def choose(self, protocol: Protocol) -> None:
        """What the next start trains. What is there stays until then."""
        self.chosen = protocol
        if not self.busy and not self.done:
            self.protocol = protocol

    def start(self) -> None:
        """Train what was chosen; if it is the same as before, what is missing of it."""
        protocol = self.chosen
        if protocol != self.protocol:
            self._outcomes = {}
        self.stop()
        self.protocol = protocol
        self.notice = ""
        self.stopped = False
        self._waiting.extend(
            block for block in protocol.blocks(self.dataset) if not self._known(block)
        )
        self._worked = self._elapsed = self._cost = 0.0
        self._losses = 0
        self._ticked = self._clock()

    def stop(self) -> None:
        """Train no further; what is there is kept. A block that is half done is given up."""
        self.stopped = self.busy
        self._waiting.clear()
        for _, task in self._under_way:
            task.cancel()
        self._under_way.clear()
        self._data = None

    # What the page asks

    @property
    def busy(self) -> bool:
        """Whether another tick has something to do."""
        return bool(self._waiting or self._under_way)

    @property
    def done(self) -> int:
        """Models that are trained."""
        return len(self._outcomes)

    @property
    def total(self) -> int:
        """Models to be trained."""
        return self.protocol.trainings(len(self.dataset.schema.components))

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.done == self.total

    @property
    def seconds_left(self) -> float | None:
        """About how long it will take; None before the first block is done."""
        left = sum(own.cost for own in (*self._waiting, *(own for own, _ in self._under_way)))
        return left * self._elapsed / self._cost if self._cost else None

    @property
    def repeats(self) -> Repeats:
        """What there is so far."""
        return Repeats(self.dataset.schema, self.protocol, dict(self._outcomes))

    def tick(self) -> None:
        """Take the blocks that are ready, and hand out the next."""
        if not self.busy:
            return
        now = self._clock()
        self._elapsed += min(now - self._ticked, LONGEST_TICK)
        self._ticked = now
        try:
            self._take()
            self._hand_out()
        except WorkerLost:
            self._lost()
        except LossVizError as error:
            self.stop()
            self.notice = str(error)

    # How it is done

    def _known(self, block: Block) -> bool:
        return all((arm.id, block.seed) in self._outcomes for arm in block.arms)

    def _take(self) -> None:
        for own in [pair for pair in self._under_way if pair[1].done]:
            block, task = own
            trained = task.result()
            self._under_way.remove(own)
            if trained is None:
                self._waiting.appendleft(block)
                continue
            for arm, outcome in zip(block.arms, trained.outcomes, strict=True):
                self._outcomes[arm.id, block.seed] = outcome
            self._worked += trained.seconds
            self._cost += block.cost
            self._losses = 0
            self.notice = ""

    def _hand_out(self) -> None:
        if not self._waiting:
            return
        if self._data is None:
            self._data = self._compute.lend(self.dataset)
        if not self._data.done():
            return
        ahead = 2
        if self._worked:
            blocks_a_second = self._cost / self._worked
            ahead = min(1 + ceil(AHEAD_SECONDS * blocks_a_second), MOST_AHEAD)
        while self._waiting and len(self._under_way) < ahead:
            block = self._waiting[0]
            task = self._compute.submit(
                tasks.train_block,
                self._data.result(),
                block.experiment,
                block.members,
                priority=PRIORITY,
            )
            self._under_way.append((block, task))
            self._waiting.popleft()

    def _lost(self) -> None:
        """What was under way is trained again: same experiment, same numbers."""
        self._losses += 1
        again = [block for block, _ in self._under_way]
        for _, task in self._under_way:
            task.cancel()
        self._under_way.clear()
        self._waiting.extendleft(reversed(again))
        self._data = None
        self.notice = (
            "A training process was lost. What it had not finished is trained again; no number "
            "changes."
        )
        if self._losses > MOST_LOSSES:
            self.stop()
            self.notice = (
                "The study stopped: the training process was lost several times in a row. What "
                "is there is kept. Choose fewer hidden units or fewer texts, and go on."
            )
