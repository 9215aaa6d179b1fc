"""Live runs: trainers that advance in step, a slice at a time."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter

from lossviz.data import Dataset
from lossviz.engine.curves import Recorder
from lossviz.engine.features import EncodedSplit, Splits
from lossviz.engine.judging import decided, evaluate
from lossviz.engine.landscape.surfaces import coarse
from lossviz.engine.stopping import Stopping
from lossviz.engine.trainer import Diverged, Trainer
from lossviz.experiments.runs.progress import (
    Answers,
    Order,
    Prediction,
    Progress,
    ProgressReport,
    State,
)
from lossviz.experiments.weights import WeightChange, Weights
from lossviz.losses.targets import Targets

POINTS_PER_EPOCH = 20
REPLAY_SECONDS = 0.25
"""How long one call may spend on catching up with a lost run."""


class LiveRun:
    """One run and its recorded curve. Points are recorded at steps that depend on the experiment
    alone: the first twenty, and then twenty an epoch."""

    def __init__(self, data: EncodedSplit, watched: Targets, order: Order) -> None:
        self.run_id = order.run_id
        self.trainer = Trainer(data, order.experiment)
        self._stopping = Stopping(self.trainer)
        self._weights = Weights.of(order.experiment)
        self._replay = list(order.changes)
        self._resume = order.resume
        self.changes: list[WeightChange] = []
        self._message = ""
        self._every = max(1, self.trainer.steps_per_epoch // POINTS_PER_EPOCH)
        self._recorder = Recorder(self.trainer, watched, self._due)

    def _due(self, step: int) -> bool:
        if step <= POINTS_PER_EPOCH or step % self._every == 0 or self.trainer.finished:
            return True
        stops = self.trainer.experiment.patience > 0
        return stops and step % self.trainer.steps_per_epoch == 0

    @property
    def step(self) -> int:
        """Steps done."""
        return self.trainer.step

    @property
    def behind(self) -> bool:
        """Whether it still has to catch up with a run that was lost."""
        return self.step < self._resume and not self.over

    @property
    def over(self) -> bool:
        """Whether there is nothing left to train."""
        return bool(self._message or self._stopping.kept) or self.trainer.finished

    def want(self, weights: Weights) -> None:
        """Let these weights act from the next step on."""
        if self.behind or self.over:
            return
        while self._replay:
            self._apply(self._replay.pop(0))
        if weights != self._weights:
            self._apply(WeightChange(self.step, weights))

    def _apply(self, change: WeightChange) -> None:
        self._weights = change.weights
        # Moving a slider twice between two steps is one change.
        self.changes = [before for before in self.changes if before.step != change.step]
        self.changes.append(change)
        self.trainer.prefer(change.weights)
        self._stopping.patience.forget()

    def advance(self) -> None:
        """One step."""
        while self._replay and self._replay[0].step <= self.step:
            self._apply(self._replay.pop(0))
        try:
            self._recorder.take(self.trainer.advance())
            self._stopping.reached()
        except Diverged as error:
            self._message = str(error)

    def progress(self, order: Order) -> Progress:
        """What the session does not know yet."""
        state: State = "training" if self.step else "ready"
        if self._message:
            state = "diverged"
        elif self.over:
            state = "finished"
        evaluation = surface = None
        if order.surface and not self.behind:
            surface = coarse(self.trainer)
        if order.evaluate and not self.behind:
            logits = self.trainer.logits(self.trainer.data.test.features)
            evaluation = evaluate(self.trainer, logits)
        return Progress(
            state,
            self.step,
            self.trainer.total_steps,
            self.trainer.steps_per_epoch,
            order.known,
            self._recorder.curves(order.known)[0],
            tuple(self.changes),
            evaluation,
            self._message,
            surface,
            self._stopping.kept,
        )

    def answer(self, text: str) -> tuple[int, Prediction]:
        """The number of known n-grams in a sentence, and what this run makes of it."""
        row = self.trainer.data.vectoriser.rows([text])
        said = decided(self.trainer, self.trainer.logits(row))
        head, schema, logits = self.trainer.head, self.trainer.data.schema, said.logits
        return row.nnz, Prediction(
            head.joint_log_probs(logits, schema)[0].exp().numpy(),
            tuple(prob[0].exp().numpy() for prob in head.component_log_probs(logits, schema)),
            tuple(said.codes[0].tolist()),
        )


class LiveRuns:
    """The runs of one session, on one data set. They share the features, and advance in step:
    the run that is furthest behind goes first."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._runs: dict[str, LiveRun] = {}
        self._splits = Splits(kept=1)

    def _place(self, orders: Mapping[str, Order]) -> None:
        """Keep the runs that are ordered, start those that are new, let go of the rest."""
        runs = {}
        for letter, order in orders.items():
            run = self._runs.get(letter)
            if run is None or run.run_id != order.run_id:
                run = LiveRun(*self._splits.encoded(self._dataset, order.experiment), order)
            run.want(order.weights)
            runs[letter] = run
        self._runs = runs

    def advance(
        self, orders: Mapping[str, Order], seconds: float, steps: int, sentence: str = ""
    ) -> ProgressReport:
        """Train for at most so many seconds and at most so many steps of each run.

        :param sentence: what every run is asked about afterwards; nothing when empty.
        """
        self._place(orders)
        deadline = perf_counter() + REPLAY_SECONDS
        for run in self._runs.values():
            while run.behind and perf_counter() < deadline:
                run.advance()
        deadline = perf_counter() + seconds
        for _ in range(steps):
            active = [
                run
                for letter, run in self._runs.items()
                if orders[letter].train and not run.over and not run.behind
            ]
            if not active:
                break
            lowest = min(run.step for run in active)
            for run in active:
                if run.step == lowest:
                    run.advance()
            if perf_counter() >= deadline:
                break
        progress = {letter: run.progress(orders[letter]) for letter, run in self._runs.items()}
        return ProgressReport(progress, self._answers(sentence) if sentence else None)

    def _answers(self, sentence: str) -> Answers:
        answers = {letter: run.answer(sentence) for letter, run in self._runs.items()}
        known = max((count for count, _ in answers.values()), default=0)
        return Answers(sentence, known, {letter: answer for letter, (_, answer) in answers.items()})
