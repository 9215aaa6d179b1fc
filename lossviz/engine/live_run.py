"""A live run: a trainer whose curve is recorded, and whose weights a person moves."""

from __future__ import annotations

from collections.abc import Sequence

from lossviz.engine import step
from lossviz.engine.curves import Recorder, take_together
from lossviz.engine.features import EncodedSplit
from lossviz.engine.judging import decided
from lossviz.engine.landscape.surfaces import coarse
from lossviz.engine.step import Diverged
from lossviz.engine.stopping import Stopping
from lossviz.engine.together import pieces
from lossviz.engine.trainer import Trainer
from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.runs.progress import (
    Order,
    Prediction,
    Progress,
    State,
)
from lossviz.experiments.weights import WeightChange, Weights
from lossviz.losses.targets import Targets

POINTS_PER_EPOCH = 20


class LiveRun:
    """One run and its recorded curve. Points are recorded at steps that depend on the experiment
    alone: the first twenty, and then twenty an epoch."""

    def __init__(self, data: EncodedSplit, watched: Targets, order: Order) -> None:
        self.run_id = order.run_id
        self.trainer = Trainer(data, order.experiment)
        self.stopping = Stopping(self.trainer)
        self._weights = Weights.of(order.experiment)
        self._replay = list(order.changes)
        self._resume = order.resume
        self.changes: list[WeightChange] = []
        self._message = ""
        self._every = max(1, self.trainer.steps_per_epoch // POINTS_PER_EPOCH)
        self.recorder = Recorder(self.trainer, watched, self._due)

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
        return bool(self._message or self.stopping.kept) or self.trainer.finished

    def want(self, weights: Weights, drag: int = 0) -> None:
        """Let these weights act from the next step on.

        :param drag: in which they were moved there; 0 where they were moved at once.
        """
        if self.behind or self.over:
            return
        while self._replay:
            self._apply(self._replay.pop(0))
        if weights != self._weights:
            self._apply(WeightChange(self.step, weights, drag))

    def _apply(self, change: WeightChange) -> None:
        self._weights = change.weights
        # Moving a slider twice between two steps is one change.
        self.changes = [before for before in self.changes if before.step != change.step]
        self.changes.append(change)
        self.trainer.prefer(change.weights)
        self.stopping.patience.forget()

    def replay(self) -> None:
        """Move the weights that were moved at this step."""
        while self._replay and self._replay[0].step <= self.step:
            self._apply(self._replay.pop(0))

    def give_up(self, error: Diverged) -> None:
        """It cannot go on."""
        self._message = str(error)

    def progress(self, order: Order, evaluation: Evaluation | None) -> Progress:
        """What the session does not know yet.

        :param evaluation: as it stands, where it was asked for.
        """
        state: State = "training" if self.step else "ready"
        if self._message:
            state = "diverged"
        elif self.over:
            state = "finished"
        follows = order.surface and not self.behind
        return Progress(
            state,
            self.step,
            self.trainer.total_steps,
            self.trainer.steps_per_epoch,
            order.known,
            self.recorder.curves(order.known)[0],
            tuple(self.changes),
            evaluation,
            self._message,
            coarse(self.trainer) if follows else None,
            self.stopping.kept,
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


def advance(runs: Sequence[LiveRun]) -> None:
    """One step of each, together."""
    for run in runs:
        run.replay()
    for some in pieces(runs, [run.trainer.touched for run in runs]):
        _advance_together(some)


def _advance_together(runs: Sequence[LiveRun]) -> None:
    going, losses = [], []
    for run, found in zip(runs, step.advance([run.trainer for run in runs]), strict=True):
        if isinstance(found, Diverged):
            run.give_up(found)
        else:
            going.append(run)
            losses.append(found)
    take_together([run.recorder for run in going], losses)
    for run in going:
        run.stopping.reached()
