"""Live runs: those of the sessions whose work a worker does, a slice at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count
from time import perf_counter
from typing import TypeVar
from weakref import WeakValueDictionary

from lossviz.data import Dataset
from lossviz.engine.features import Alive, Splits
from lossviz.engine.judging import evaluate_together
from lossviz.engine.live_run import LiveRun, advance
from lossviz.engine.newcomer import Newcomer
from lossviz.engine.tempo import TEMPO, Tempo
from lossviz.errors import LossVizError
from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.runs.progress import Answers, Order, ProgressReport, Want

REPLAY_SECONDS = 0.25
"""How long one call may spend on catching up with lost runs."""
MOST_NUMBERS = 200_000_000
"""Weights of a session's first layers, with what optimisers remember of them: 800 MB."""
Result = TypeVar("Result")
Outcome = ProgressReport | LossVizError
"""What a session does not know yet; or why it gets nothing."""


class LiveRuns:
    """The runs of one session, on one data set. They share the features, and advance in step:
    the run that is furthest behind goes first.

    :param alive: encoded splits of other sessions.
    """

    def __init__(self, dataset: Dataset, alive: Alive | None = None) -> None:
        self._dataset = dataset
        self._ordered: dict[str, LiveRun | Newcomer] = {}
        self._runs: dict[str, LiveRun] = {}
        """Those that are there."""
        self._splits = Splits(1, alive)

    def place(self, orders: Mapping[str, Order]) -> None:
        """Keep the runs that are ordered, start those that are new, let go of the rest. One whose
        texts nobody has encoded yet comes as soon as they are.

        :raises LossVizError: what an order asks for cannot be done.
        """
        self._ordered = {letter: self._of(letter, order) for letter, order in orders.items()}
        self._runs = {}
        for letter, ordered in self._ordered.items():
            run = ordered.run if isinstance(ordered, Newcomer) else ordered
            if run is not None:
                run.want(orders[letter].weights, orders[letter].drag)
                self._runs[letter] = run
        self._check_budget()

    def _check_budget(self) -> None:
        numbers = sum(run.trainer.numbers for run in self._runs.values())
        if numbers > MOST_NUMBERS:
            self._ordered, self._runs = {}, {}
            raise LossVizError(
                f"These runs hold {numbers // 1_000_000:,} million numbers together, and each "
                f"visitor can have {MOST_NUMBERS // 1_000_000:,} million here. Choose fewer hidden "
                "units, or remove a run."
            )

    def _of(self, letter: str, order: Order) -> LiveRun | Newcomer:
        """What is ordered; a new one where it is not here."""
        run = self._ordered.get(letter)
        if run is not None and run.run_id == order.run_id:
            return run
        encoded = self._splits.at_hand(self._dataset, order.experiment)
        if encoded is None:
            return Newcomer(self._splits, self._dataset, order)
        return LiveRun(*encoded, order)

    def prepare(self, orders: Mapping[str, Order]) -> None:
        """:meth:`place`, and wait until all are there.

        :raises LossVizError: what an order asks for cannot be done.
        """
        self.place(orders)
        for ordered in self._ordered.values():
            if isinstance(ordered, Newcomer):
                ordered.wait()
        self.place(orders)

    @property
    def behind(self) -> list[LiveRun]:
        """Those that still have to catch up."""
        return [run for run in self._runs.values() if run.behind]

    def front(self, orders: Mapping[str, Order]) -> list[LiveRun]:
        """Those whose step is next, of those that are to train."""
        active = [
            run
            for letter, run in self._runs.items()
            if orders[letter].train and not run.over and not run.behind
        ]
        lowest = min((run.step for run in active), default=0)
        return [run for run in active if run.step == lowest]

    def to_judge(self, orders: Mapping[str, Order]) -> list[LiveRun]:
        """Those that are to be judged as they stand."""
        return [
            run for letter, run in self._runs.items() if orders[letter].evaluate and not run.behind
        ]

    def report(self, want: Want, evaluations: Mapping[LiveRun, Evaluation]) -> ProgressReport:
        """What the session does not know yet."""
        progress = {}
        for letter in self._ordered:
            run, order = self._runs.get(letter), want.orders[letter]
            progress[letter] = (
                run.progress(order, evaluations.get(run)) if run else Newcomer.progress(order)
            )
        asked = want.sentence and len(self._runs) == len(progress)
        return ProgressReport(progress, self._answers(want.sentence) if asked else None)

    def advance(
        self, orders: Mapping[str, Order], seconds: float, steps: int, sentence: str = ""
    ) -> ProgressReport:
        """A :func:`tick` for this session alone, with all its runs.

        :raises LossVizError: what an order asks for cannot be done.
        """
        self.prepare(orders)
        (report,) = tick({self: Want(orders, steps, sentence)}, seconds, Tempo()).values()
        if isinstance(report, LossVizError):
            raise report
        return report

    def _answers(self, sentence: str) -> Answers:
        answers = {letter: run.answer(sentence) for letter, run in self._runs.items()}
        known = max((count for count, _ in answers.values()), default=0)
        return Answers(sentence, known, {letter: answer for letter, (_, answer) in answers.items()})


def tick(
    wants: Mapping[LiveRuns, Want], seconds: float, tempo: Tempo = TEMPO
) -> dict[LiveRuns, Outcome]:
    """Train the runs of all these sessions, for at most so many seconds, a step of each session at
    a time: in each step those of a kind are trained together. One whose steps take long takes its
    own now and then."""
    wants = {session: tempo.eased(session, want) for session, want in wants.items()}
    placed = {session: _tried(partial(session.place, wants[session].orders)) for session in wants}
    fine = [session for session, error in placed.items() if error is None]
    _catch_up(fine, seconds)
    training = [session for session in fine if wants[session].steps]
    together, alone = tempo.together(training), tempo.alone(training)
    deadline = tempo.clock() + seconds
    for done in count():
        going = [session for session in together if done < wants[session].steps]
        if not _step(going, wants, tempo) or tempo.clock() >= deadline:
            break
    if alone is not None:
        _step([alone], wants, tempo)
    evaluations = _evaluations(fine, wants, tempo)
    return {
        session: _tried(partial(session.report, wants[session], evaluations))
        if error is None
        else error
        for session, error in placed.items()
    }


def _catch_up(sessions: Sequence[LiveRuns], seconds: float) -> None:
    """Train the runs that were lost up to where they were; beside others not for long."""
    alone = all(session.behind for session in sessions)
    deadline = perf_counter() + (REPLAY_SECONDS if alone else seconds)
    while late := [run for session in sessions for run in session.behind]:
        advance(late)
        if perf_counter() >= deadline:
            break


def _step(sessions: Sequence[LiveRuns], wants: Mapping[LiveRuns, Want], tempo: Tempo) -> bool:
    """A step of each; whether there was one to take."""
    fronts = {session: session.front(wants[session].orders) for session in sessions}
    front = [run for runs in fronts.values() for run in runs]
    if not front:
        return False
    begun = tempo.clock()
    advance(front)
    sizes = {session: sum(run.trainer.touched for run in runs) for session, runs in fronts.items()}
    tempo.stepped({session: size for session, size in sizes.items() if size}, tempo.clock() - begun)
    return True


def _evaluations(
    sessions: Sequence[LiveRuns], wants: Mapping[LiveRuns, Want], tempo: Tempo
) -> dict[LiveRun, Evaluation]:
    """Of those that are to be judged as they stand."""
    judged = {session: session.to_judge(wants[session].orders) for session in sessions}
    runs = [run for each in judged.values() for run in each]
    begun = tempo.clock()
    found = evaluate_together([run.trainer for run in runs])
    tempo.judged([session for session, each in judged.items() if each], tempo.clock() - begun)
    return dict(zip(runs, found, strict=True))


def _tried(call: Callable[[], Result]) -> Result | LossVizError:
    """What one session cannot have is no other's business."""
    try:
        return call()
    except LossVizError as error:
        return error


ALIVE: Alive = WeakValueDictionary()
"""Encoded splits of this worker's sessions: those on the same data share them, and the batches."""
