"""A study: learned weightings beside fixed weights, over several seeds."""

from __future__ import annotations

import time
from collections.abc import Callable

from lossviz import tasks
from lossviz.campaign import Campaign, Workers
from lossviz.datasets import Dataset
from lossviz.outcome import Trained
from lossviz.protocol import Block, Protocol
from lossviz.repeats import Repeats


class Study(Campaign[Protocol, Block, Trained]):
    """The arms of a protocol on one data set."""

    function = staticmethod(tasks.train_block)

    def __init__(
        self, compute: Workers, dataset: Dataset, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(compute, dataset, Protocol(), clock)

    def _cut(self, plan: Protocol) -> tuple[Block, ...]:
        return plan.blocks(self.dataset)

    @property
    def repeats(self) -> Repeats:
        """What there is so far."""
        outcomes = {
            (arm.id, block.seed): outcome
            for block, trained in self.reports
            for arm, outcome in zip(block.arms, trained.outcomes, strict=True)
        }
        return Repeats(self.dataset.schema, self.plan, outcomes)
