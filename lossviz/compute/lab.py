"""The lab: up to four runs side by side, as one browser session sees them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from lossviz.compute.cluster import Compute, LiveSession, Reply, WorkerLost
from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.progress import Answers
from lossviz.experiments.runs.run import LETTERS, Run, evaluations_of, held_out_texts
from lossviz.experiments.specs import SplitSpec
from lossviz.experiments.weights import Weights

Speed = Literal["slow", "steady", "full"]
CROWD = 4
STEADY_SECONDS = 20.0
SLOW_STEPS_PER_SECOND = 4.0
EVALUATE_EVERY, EVALUATE_IN_A_CROWD = 0.4, 2.0
"""Seconds between two looks at the held-out texts."""
FOLLOWED = 0.4
"""Seconds of a slice where the page looks twice a second only."""
MOST_LOSSES = 3
"""A worker that is lost so often without a step in between is not the worker's fault."""


def _test_side(split: SplitSpec) -> SplitSpec:
    """What decides which texts judge: not how the others are divided."""
    return split.model_copy(update={"validation": 0.0})


class Lab:
    """Runs on one data set, and their training.

    :meth:`tick` does what is due without waiting: it takes the slice that is ready and asks for
    the next. Not calling it is a pause, and costs nothing.

    :param clock: seconds; replaced in tests.
    """

    def __init__(
        self, compute: Compute, dataset: Dataset, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.dataset = dataset
        self.runs: dict[str, Run] = {}
        self.playing = False
        self.speed: Speed = "steady"
        self.sentence = ""
        self.answers: Answers | None = None
        self.notice = ""
        self.follow = False
        """Whether the loss around each run is looked at while it is trained."""
        self._compute = compute
        self._session: LiveSession = compute.open_session(dataset)
        self._clock = clock
        self._reply: Reply | None = None
        self._due = 0.0
        self._goal = 0
        self._sent: dict[str, str] = {}
        self._asked = clock()
        self._evaluated = -EVALUATE_EVERY
        self._answered: tuple[object, ...] = ()
        self._losses = 0
        self._refused: tuple[str, ...] | None = None
        self._looks: dict[str, tuple[str, SplitSpec]] = {}
        self._shares: set[float] = set()
        self._held_out: tuple[tuple[SplitSpec, bool], tuple[str, ...]] | None = None

    # What a person does

    def put(self, letter: str, experiment: Experiment) -> None:
        """Set a run up, from the start."""
        self.runs[letter] = Run.of(experiment)
        self.runs = {key: self.runs[key] for key in LETTERS if key in self.runs}

    def remove(self, letter: str) -> None:
        """Take a run away."""
        self.runs.pop(letter, None)

    def free_letter(self) -> str | None:
        """The first letter without a run."""
        return next((letter for letter in LETTERS if letter not in self.runs), None)

    def weigh(self, letter: str, weights: Weights) -> None:
        """Move α, β … or γ of a run, from its next step on.

        Before the first step there is nothing to change: the run begins with these weights.
        """
        run = self.runs[letter]
        if run.step or self.playing:
            run.weights = weights
        else:
            self.put(letter, weights.weigh(run.experiment))

    def play(self) -> None:
        """Train until all runs are over. From the start if they are."""
        if all(run.over for run in self.runs.values()):
            self.reset()
        self.playing = bool(self.runs)
        self._goal = 0
        self._due = 1.0
        self._refused = None
        self._losses = 0
        self._asked = self._clock()

    def pause(self) -> None:
        """Train no further than the slice that is under way."""
        self.playing = False
        self._goal = 0

    def advance(self, steps: int) -> None:
        """Train so many steps and pause."""
        self.playing = False
        self._goal = self._front + steps

    def advance_epoch(self) -> None:
        """Train for an epoch of the run that has the most batches, and pause."""
        self.advance(max((self._steps_per_epoch(run) for run in self.runs.values()), default=0))

    def reset(self) -> None:
        """All runs from the start: the same seeds, so the same curves. Weights stay where they
        are moved to."""
        self.pause()
        for letter, run in list(self.runs.items()):
            self.put(letter, run.weights.weigh(run.experiment))
            self.runs[letter].name = run.name
        self.notice = ""

    # What the page asks

    @property
    def busy(self) -> bool:
        """Whether another tick has something to do."""
        return self.training or self._reply is not None or not self._settled

    @property
    def training(self) -> bool:
        """Whether another tick trains further."""
        return self.playing or self._goal > self._front

    @property
    def started(self) -> bool:
        """Whether any run has taken a step."""
        return any(run.step for run in self.runs.values())

    @property
    def rebuilding(self) -> bool:
        """Whether a lost run is being trained up to where it was."""
        return any(run.behind for run in self.runs.values())

    @property
    def evaluations(self) -> dict[str, Evaluation]:
        """The evaluation of each run that has one."""
        return evaluations_of(self.runs)

    @property
    def finished(self) -> bool:
        """Whether every run is over and judged."""
        return bool(self.runs) and all(run.over and run.judged for run in self.runs.values())

    @property
    def looks(self) -> int:
        """How many different trainings these held-out texts have judged, at their end."""
        here = {_test_side(run.experiment.split) for run in self.runs.values()}
        return len({training for training, split in self._looks.values() if split in here})

    @property
    def shares_looked_at(self) -> frozenset[float]:
        """The shares of sealed texts beside which something was trained, if only for a step."""
        return frozenset(self._shares)

    @property
    def held_out_texts(self) -> tuple[str, ...]:
        """The texts that the runs are judged on, in the order of the evaluations' rows."""
        spec = next(iter(self.runs.values())).experiment.split
        evaluation = next(iter(self.evaluations.values()), None)
        key = (spec, evaluation is not None)
        if self._held_out is None or self._held_out[0] != key:
            self._held_out = (key, held_out_texts(self.dataset, spec, evaluation))
        return self._held_out[1]

    def tick(self, patience: float = 0.0) -> None:
        """Take the slice that is ready, and ask for the next if one is due.

        :param patience: how many seconds to wait for a slice that is almost ready.
        """
        try:
            if self._reply is not None:
                self._take(patience)
            if self._reply is None:
                self._ask(patience)
                if patience and self._reply is not None:
                    self._take(patience)
        except WorkerLost:
            self._lost()
        except LossVizError as error:
            self.pause()
            self._reply = None
            self._refused = self._ids
            self.notice = str(error)

    # How it is done

    @property
    def _ids(self) -> tuple[str, ...]:
        return tuple(run.run_id for run in self.runs.values())

    @property
    def _settled(self) -> bool:
        if self._ids == self._refused:
            return True
        if not all(run.settled for run in self.runs.values()):
            return False
        return not self.sentence or self._answered == self._question

    @property
    def _front(self) -> int:
        """The step of the run that is furthest behind, among those that can go on."""
        return min((run.step for run in self.runs.values() if not run.over), default=self._goal)

    @property
    def _question(self) -> tuple[object, ...]:
        return (self.sentence, *((run.run_id, run.step) for run in self.runs.values()))

    def _steps_per_epoch(self, run: Run) -> int:
        rows = int(len(self.dataset) * run.experiment.split.training_share)
        return run.steps_per_epoch or -(-rows // run.experiment.optimiser.batch_size)

    def _take(self, patience: float) -> None:
        assert self._reply is not None
        deadline = time.monotonic() + patience
        while not self._session.ready(self._reply):
            if time.monotonic() >= deadline:
                return
            time.sleep(0.005)
        reply, self._reply = self._reply, None
        report = self._session.collect(reply)
        for letter, progress in report.progress.items():
            run = self.runs.get(letter)
            if run is not None and run.run_id == self._sent.get(letter):
                moved = progress.step > run.step
                run.take(progress)
                if moved:
                    self._losses = 0
                if run.step:
                    self._shares.add(run.experiment.split.sealed)
                if run.over and run.judged and run.run_id not in self._looks:
                    training = run.weights.weigh(run.experiment)
                    look = training.model_dump_json(), _test_side(training.split)
                    self._looks[run.run_id] = look
        if self._front >= self._goal:
            self._goal = 0
        if report.answers is not None:
            self.answers = report.answers
            self._answered = self._question
        if self.playing and all(run.over for run in self.runs.values()):
            self.playing = False
        if not self.rebuilding and self.notice.startswith("The training process"):
            self.notice = self.notice.replace("are being rebuilt", "were rebuilt")

    def _ask(self, patience: float) -> None:
        now = self._clock()
        steps = max(0, self._goal - self._front)
        if self.playing:
            # A tick that comes late is made up for, but not after a minute on another page.
            self._due += self._rate() * min(now - self._asked, 1.0)
            steps = int(self._due)
            self._due -= steps
        self._asked = now
        if (not steps and self._settled) or not self.runs:
            return
        crowded = self._compute.active_sessions() > CROWD
        pause = EVALUATE_IN_A_CROWD if crowded else EVALUATE_EVERY
        evaluate = not self.playing or now - self._evaluated >= pause
        if evaluate:
            self._evaluated = now
        seconds = 0.05 if crowded or self.speed != "full" else 0.15
        if self.follow and not crowded:
            seconds = FOLLOWED
        orders = {
            letter: run.order(
                train=steps > 0 and not run.over,
                evaluate=evaluate and (steps > 0 or run.step > 0),
                surface=evaluate and self.follow and steps > 0,
            )
            for letter, run in self.runs.items()
        }
        self._sent = {letter: run.run_id for letter, run in self.runs.items()}
        self._reply = self._session.advance(orders, seconds, steps, self.sentence, patience)

    def _rate(self) -> float:
        if self.speed == "slow":
            return SLOW_STEPS_PER_SECOND
        if self.speed == "full":
            return 1e6
        longest = max(
            self._steps_per_epoch(run) * run.experiment.epochs for run in self.runs.values()
        )
        return longest / STEADY_SECONDS

    def _lost(self) -> None:
        self._reply = None
        self._losses += 1
        if self._losses > MOST_LOSSES:
            self.pause()
            self._refused = self._ids
            self.notice = (
                "Training stopped: the training process was lost several times in a row. "
                "The curves are kept; choose a smaller model or fewer texts, and press Reset."
            )
            return
        self.notice = (
            "The training process was lost. The runs are being rebuilt from their settings, "
            "with the same seed and every move of the weights; no number changes."
        )
