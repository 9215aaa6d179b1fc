"""A campaign: many trainings in the background, as one browser session sees them."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future as PoolFuture
from typing import Any, ClassVar, Generic, Self, TypeVar

from lossviz.compute.connection import WorkerLost
from lossviz.compute.pace import MachinePace
from lossviz.compute.turns import Queue
from lossviz.compute.workers import Answer, Workers
from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.findings import Block, BlockReport, Findings, Plan

MOST_LOSSES = 3
"""A worker that is lost so often without a block in between is not the worker's fault."""
LONGEST_TICK = 2.0
"""A tick that comes later was on another page; that time is not training time."""
HAND_OVER_SECONDS = 0.1
"""Until the result of a block that is ready is here; then it is asked for again."""
PAUSE = 0.02
"""Seconds between two looks at workers elsewhere."""
PRIORITY = -10
"""Below the small questions of other pages."""


B = TypeVar("B", bound=Block)
R = TypeVar("R", bound=BlockReport)
P = TypeVar("P", bound=Plan)
Made = TypeVar("Made")


class Campaign(Generic[P, B, R]):
    """The reports so far, and how to get the others.

    :attr:`plan` is what the reports belong to, :attr:`chosen` what the next start trains.

    :meth:`tick` does what is due without waiting: it takes the blocks that are ready and hands
    out the next, when it is this visitor's turn (:mod:`lossviz.compute.turns`). Not calling it is a
    pause: nothing more is handed out, and what is under way is taken back after a while.

    :attr:`version` changes whenever there is something else to show.

    :param clock: seconds; replaced in tests.
    """

    function: ClassVar[Callable[..., object]]
    """Of :mod:`lossviz.compute.tasks`: data set and a block's arguments to a report, or to None
    when it was given up half-way."""

    unit: ClassVar[str] = "trained"
    """What :attr:`done` counts, behind the number."""

    pace: ClassVar[MachinePace]
    """Of all of its kind on this server; only where :meth:`planned` says something."""

    def __init__(
        self,
        compute: Workers,
        dataset: Dataset,
        plan: P,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.dataset = dataset
        self.plan = plan
        self.chosen = plan
        self.notice = ""
        self.stopped = False
        self.version = 0
        self._compute = compute
        self._claim = compute.claim(self.rest)
        self._clock = clock
        self._blocks: Sequence[B] = plan.blocks(dataset)
        self._reports: dict[int, R] = {}
        self._waiting: deque[int] = deque()
        self._under_way: list[tuple[int, Answer[R | None]]] = []
        self._data: PoolFuture[object] | None = None
        self._worked = self._elapsed = self._cost = 0.0
        self._unit = 0.0
        self._losses = 0
        self._ticked = 0.0
        self._shown: dict[str, tuple[tuple[object, ...], Any]] = {}
        self._lock = threading.RLock()
        """A press of a button comes in another thread than what goes on by itself."""

    # What a person does

    def choose(self, plan: P) -> None:
        """What the next start trains. What is there stays until then."""
        with self._lock:
            self.chosen = plan
            if not self.busy and not self.done:
                self._begin(plan)

    def start(self) -> None:
        """Train what was chosen; if it is the same as before, what is missing of it."""
        with self._lock:
            self.stop()
            if self.chosen != self.plan:
                self._begin(self.chosen)
            self.notice = ""
            self.stopped = False
            self._waiting.extend(
                place for place in range(len(self._blocks)) if place not in self._reports
            )
            self._worked = self._elapsed = self._cost = 0.0
            costs = sum(block.cost for block in self._blocks)
            self._unit = self.planned(self.plan) / costs if costs else 0.0
            self._losses = 0
            self._ticked = self._clock()

    def _begin(self, plan: P) -> None:
        self.plan = plan
        self._blocks = plan.blocks(self.dataset)
        self._reports = {}
        self.version += 1

    def stop(self) -> None:
        """Train no further; what is there is kept. A block that is half done is given up."""
        with self._lock:
            self.stopped = self.busy
            self._take_back()
            self._waiting.clear()
            self._tell()

    def rest(self) -> None:
        """What is under way is given up, and handed out again once somebody looks."""
        with self._lock:
            self._take_back()
            self._claim.leave()

    @property
    def findings(self) -> Findings[P, R]:
        """The plan and the reports so far: what :meth:`resumed` takes."""
        return Findings(self.plan, dict(sorted(self._reports.items())))

    @classmethod
    def resumed(cls, compute: Workers, dataset: Dataset, findings: Findings[P, R]) -> Self:
        """Go on from what was found before; equal plans have equal blocks.

        :raises LossVizError: for a report on a block that the plan does not have.
        """
        campaign = cls(compute, dataset, findings.plan)
        if not set(findings.reports) <= set(range(len(campaign._blocks))):
            raise LossVizError("There are results for something that the plan does not train.")
        campaign._reports = dict(findings.reports)
        campaign.version += 1
        return campaign

    # What the page asks

    @property
    def busy(self) -> bool:
        """Whether another tick has something to do."""
        return bool(self._waiting or self._under_way)

    @property
    def reports(self) -> list[tuple[B, R]]:
        """What there is so far, in the order of the blocks."""
        return [(self._blocks[place], self._reports[place]) for place in sorted(self._reports)]

    @property
    def done(self) -> int:
        """Of :attr:`total`, what is there."""
        return sum(self._blocks[place].size for place in self._reports)

    @property
    def total(self) -> int:
        """The sizes of all blocks: models to be trained, or points to be computed."""
        return sum(block.size for block in self._blocks)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return len(self._reports) == len(self._blocks)

    @property
    def seconds_left(self) -> float | None:
        """About how long it will take; None before the first block is done."""
        waiting = (*self._waiting, *(place for place, _ in self._under_way))
        left = sum(self._blocks[place].cost for place in waiting)
        return left * self._elapsed / self._cost if self._cost else None

    def planned(self, _: P) -> float:
        """About how many seconds a plan takes on one core, as it was measured once; 0 where nobody
        did."""
        return 0.0

    @property
    def promise(self) -> float:
        """About how many seconds what was chosen will take, by the latest of its kind."""
        return self.planned(self.chosen) * self.pace.factor / max(self._compute.lanes, 1)

    @property
    def queue(self) -> Queue:
        """Who wants the same workers; and where nothing of this is under way, when it is."""
        queue = self._claim.queue(self._compute.lanes)
        return queue if not self._under_way else queue._replace(seconds=0.0)

    def tick(self) -> None:
        """Take the blocks that are ready, and hand out the next."""
        with self._lock:
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

    def finish(self, watch: Callable[[Self], None] = lambda _: None) -> None:
        """Go on until nothing is missing, and wait for it.

        :param watch: called now and then.
        :raises LossVizError: when it cannot go on, or was stopped.
        """
        self.start()
        while self.busy:
            done = self.done
            self.tick()
            watch(self)
            if self.busy and self.done == done:
                time.sleep(PAUSE)
        if not self.complete:
            raise LossVizError(self.notice or "The training was stopped before its end.")

    def latest(self, name: str, make: Callable[[], Made], *of: object) -> Made:
        """What is to be shown, made anew for every version; and where ``of`` is something else."""
        state = (self.version, *of)
        if name not in self._shown or self._shown[name][0] != state:
            self._shown[name] = state, make()
        shown: Made = self._shown[name][1]
        return shown

    # How it is done

    def _take(self) -> None:
        for place, task in [pair for pair in self._under_way if pair[1].done]:
            try:
                report = task.result(HAND_OVER_SECONDS)
            except TimeoutError:  # its worker stands still just now
                continue
            self._under_way.remove((place, task))
            if report is None:
                self._waiting.appendleft(place)
                continue
            self._reports[place] = report
            self.version += 1
            self._worked += report.seconds
            self._cost += self._blocks[place].cost
            if self._unit:
                self.pace.took(report.seconds, self._unit * self._blocks[place].cost)
            self._losses = 0
            self.notice = ""

    def _hand_out(self) -> None:
        self._tell()
        if not self._waiting:
            return
        if self._data is None:
            self._data = self._compute.lend(self.dataset)
        if not self._data.done():
            return
        data = self._data.result()
        while self._claim.comes(self._compute.lanes):
            block = self._blocks[self._waiting[0]]
            task: Answer[R | None] = self._compute.submit(
                type(self).function,  # type: ignore[arg-type]
                data,
                *block.arguments,
                priority=PRIORITY,
            )
            self._under_way.append((self._waiting.popleft(), task))
            self._tell()

    def _tell(self) -> None:
        """How long what is under way takes, and what waits behind it."""
        measured = self._cost > 0
        each = self._worked / self._cost if measured else 1.0
        under_way = [each * self._blocks[place].cost for place, _ in self._under_way]
        waiting = each * self._blocks[self._waiting[0]].cost if self._waiting else None
        self._claim.tell(under_way, waiting, measured)

    def _take_back(self) -> None:
        """What is under way waits again."""
        again = [place for place, _ in self._under_way]
        for _, task in self._under_way:
            task.cancel()
        self._under_way.clear()
        self._waiting.extendleft(reversed(again))
        self._data = None

    def _lost(self) -> None:
        """What was under way is trained again: same experiment, same numbers."""
        self._losses += 1
        self._take_back()
        self._tell()
        self.notice = (
            "A training process was lost. What it had not finished is trained again; no number "
            "changes."
        )
        if self._losses > MOST_LOSSES:
            self.stop()
            self.notice = (
                "Training stopped: the training process was lost several times in a row. What "
                "is there is kept. Choose fewer hidden units or fewer texts, and go on."
            )
