"""A new live run on its way: its texts are encoded beside the other sessions' steps."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from weakref import ref

from lossviz.data import Dataset
from lossviz.engine.features import Splits
from lossviz.engine.live_run import LiveRun
from lossviz.experiments.runs.progress import Curve, Order, Progress

ENCODING = ThreadPoolExecutor(1, "encoding")
"""One text after another, so that sessions on the same ones encode them once; a million take
minutes, in which everybody else trains on."""


class Newcomer:
    """A run that is not there yet. Whoever lets go of it is rid of it: what was not begun is not
    done, and what comes of the rest nobody has.

    :param splits: of its session.
    """

    def __init__(self, splits: Splits, dataset: Dataset, order: Order) -> None:
        self.run_id = order.run_id
        self._wanted = (splits, dataset, order)
        self._run: Future[LiveRun | None] = ENCODING.submit(_made, ref(self))

    @property
    def run(self) -> LiveRun | None:
        """The run, once it is there.

        :raises LossVizError: when it cannot be had.
        """
        return self._run.result() if self._run.done() else None

    def wait(self) -> None:
        """Until it is there, or cannot be had."""
        self._run.exception()

    def make(self) -> LiveRun:
        """Encode its texts, and start it.

        :raises LossVizError: when it cannot be had.
        """
        splits, dataset, order = self._wanted
        return LiveRun(*splits.encoded(dataset, order.experiment), order)

    @staticmethod
    def progress(order: Order) -> Progress:
        """Where it stands."""
        return Progress("ready", 0, 0, 0, order.known, Curve.empty(), ())


def _made(wanted: ref[Newcomer]) -> LiveRun | None:
    newcomer = wanted()
    return None if newcomer is None else newcomer.make()
