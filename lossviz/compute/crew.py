"""The crew of a worker: the sessions whose runs it holds, which are called together."""

from __future__ import annotations

import gc
import logging
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from weakref import WeakValueDictionary

from lossviz.compute.frames import Composer, Watch
from lossviz.data import Dataset, load_sample, samples
from lossviz.errors import LossVizError
from lossviz.experiments.choices import first
from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.runs.progress import Order, Progress, ProgressReport, Want
from lossviz.experiments.runs.run import LETTERS, Run
from lossviz.figures.exhibits import TRAIN

REPORT_SECONDS = 1.0
"""Between two times that a session gets the curves and judgements of runs that train."""
SKIPPED = 2**31
"""More points than a curve has."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ask:
    """What a session wants of its worker.

    :param watch: what its browser shows; None where nobody has room for news.
    """

    want: Want
    watch: Watch | None = None


@dataclass(frozen=True)
class Heard:
    """What comes of it.

    :param outcome: what the session does not know yet, or why there is nothing.
    :param frame: the message to its browser; empty where nothing is new to that.
    """

    outcome: ProgressReport | LossVizError
    frame: bytes = b""


class LiveActor:
    """A session's runs inside a worker. The engine is imported inside: the web process knows this
    class too, and must not load torch by it."""

    def __init__(self, dataset: Dataset, name: str) -> None:
        from lossviz.engine.live import ALIVE, LiveRuns

        self.runs = LiveRuns(dataset, ALIVE)
        self.composer = Composer(dataset.schema)
        self._reported = 0.0
        self._sent: dict[str, Evaluation | None] = {}
        CREW[name] = self

    def call(self, asks: bytes, seconds: float) -> bytes:
        """:meth:`tick`, packed: Dask would send each array by itself, hundreds in an answer to
        thirty sessions, and take twice as long over them as over all the rest."""
        return pickle.dumps(self.tick(pickle.loads(asks), seconds), pickle.HIGHEST_PROTOCOL)

    def tick(
        self, asks: Mapping[str, Ask], seconds: float, *, even: bool = False
    ) -> dict[str, Heard]:
        """Train the runs of all these sessions together, for about so many seconds.

        :param asks: by the session's name; those that are not held here are left out.
        :param even: whether all take their steps, however long that takes.
        """
        from lossviz.engine import live
        from lossviz.engine.tempo import EVEN, TEMPO

        here = {name: CREW[name] for name in asks if name in CREW}
        wants = {actor.runs: actor.wanted(asks[name].want) for name, actor in here.items()}
        outcomes = live.tick(wants, seconds, EVEN if even else TEMPO)
        return {
            name: actor.answer(asks[name], outcomes[actor.runs]) for name, actor in here.items()
        }

    def answer(self, ask: Ask, outcome: ProgressReport | LossVizError) -> Heard:
        """:meth:`heard`; what goes wrong with one session's runs is told to it alone, as the
        others have trained already."""
        try:
            return self.heard(ask, outcome)
        except Exception:
            log.exception("a session's runs cannot be shown")
            return Heard(LossVizError("Something went wrong on our side; Reset starts again."))

    def wanted(self, want: Want) -> Want:
        """The same, from where the composer's curves end."""
        known = self.composer.known
        orders = {k: replace(order, known=known(k, order)) for k, order in want.orders.items()}
        return replace(want, orders=orders)

    def heard(self, ask: Ask, outcome: ProgressReport | LossVizError) -> Heard:
        """What the session and its browser do not know yet."""
        if isinstance(outcome, LossVizError):
            return Heard(outcome)
        orders = ask.want.orders
        behind = [
            letter
            for letter, progress in outcome.progress.items()
            if progress.step < orders[letter].resume
        ]
        composer = self.composer
        composer.take(orders, outcome)
        frame = b"" if behind or ask.watch is None else composer.frame(ask.watch)
        news = self._news(orders, outcome.progress)
        return Heard(replace(outcome, progress=news), frame)

    def _news(
        self, orders: Mapping[str, Order], progress: Mapping[str, Progress]
    ) -> dict[str, Progress]:
        """What the session does not know yet. While its runs train it gets curves and judgements
        now and then only: its browser has them already, and to pass them on took half of the web
        process's time."""
        now = perf_counter()
        training = any(
            orders[letter].train and each.state == "training" for letter, each in progress.items()
        )
        brief = training and now - self._reported < REPORT_SECONDS
        if not brief:
            self._reported = now
        return {
            letter: replace(
                each,
                known=orders[letter].known,
                curve=self.composer.curve(letter).since(SKIPPED if brief else orders[letter].known),
                evaluation=None if brief else self._judged(letter),
            )
            for letter, each in progress.items()
        }

    def _judged(self, letter: str) -> Evaluation | None:
        """The latest, unless the session has it."""
        latest = self.composer.evaluation(letter)
        if latest is self._sent.get(letter):
            return None
        self._sent[letter] = latest
        return latest


CREW: WeakValueDictionary[str, LiveActor] = WeakValueDictionary()
"""Those of this process, by the names of their sessions."""


UPDATES_A_SECOND = 4
"""That a session gets at least, each with a step of its runs."""
TRIED_SESSIONS, TRIED_CALLS = 8, 6


def measured_room() -> int:
    """How many sessions this worker can train at the same time: as many as get
    :data:`UPDATES_A_SECOND`, by what a few on the first sample take on this machine."""
    dataset = load_sample(samples()[0].id)[2]
    actors = [LiveActor(dataset, f"tried-{k}") for k in range(TRIED_SESSIONS)]
    runs = {
        letter: Run.of(first(dataset, formulation=formulation, seed=0))
        for letter, formulation in zip(LETTERS, ("marginals", "joint", "components"), strict=False)
    }

    def ask(k: int) -> Ask:
        orders = {
            letter: replace(run.order(train=True, evaluate=False), run_id=f"{letter}{k}")
            for letter, run in runs.items()
        }
        return Ask(Want(orders, 1), Watch(0, TRAIN))

    asks = {f"tried-{k}": ask(k) for k in range(TRIED_SESSIONS)}
    seconds: list[float] = []
    while len(seconds) < TRIED_CALLS:
        begun = perf_counter()
        heard = actors[0].tick(asks, 1.0, even=True)
        if all(moved(each.outcome) for each in heard.values()):
            seconds.append(perf_counter() - begun)
    return max(int(TRIED_SESSIONS / (UPDATES_A_SECOND * min(seconds))), 1)


def moved(outcome: ProgressReport | LossVizError) -> bool:
    """Whether every run has taken a step; their texts are encoded before."""
    if isinstance(outcome, LossVizError):
        raise outcome
    return all(progress.step for progress in outcome.progress.values())


def warm() -> int:
    """Load the engine, so that the first press of play does not wait for it.

    :returns: how many sessions the worker has room for.

    What is loaded stays, so garbage collection need not look at it: with ninety runs it did so in
    nearly every epoch's batches, and took a tenth of all time.
    """
    import lossviz.engine.live
    import lossviz.engine.tasks  # noqa: F401

    room = measured_room()
    gc.collect()
    gc.freeze()
    return room
