"""The lab: up to four runs side by side, as one browser session sees them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from lossviz.compute.cluster import Compute
from lossviz.compute.conductor import Loss
from lossviz.compute.connection import SILENT_SECONDS
from lossviz.compute.crew import Ask, Heard
from lossviz.compute.frames import Watch
from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.judged import JudgedTraining, looks
from lossviz.experiments.runs.progress import Answers, ProgressReport, Want
from lossviz.experiments.runs.run import LETTERS, Run, evaluations_of, held_out_texts
from lossviz.experiments.specs import SplitSpec
from lossviz.experiments.weights import Weights
from lossviz.experiments.words import count

Speed = Literal["slow", "steady", "full"]
STEADY_SECONDS = 20.0
SLOW_STEPS_PER_SECOND = 4.0
EVALUATE_EVERY, EVALUATE_TICKS = 0.4, 10
"""Seconds between two looks at the held-out texts, and turns at the worker at least."""
LONGEST_SENTENCE = 2000
SLOWER, RECENT = 0.7, 0.1
"""The share of the steps that are due below which it is said; and how fast that is noticed."""
MOST_LOSSES = 3
"""A worker that is lost so often without a step in between is not the worker's fault."""
MOST_OUTGROWN = 1
"""A session whose runs are the largest of a worker that took too much memory is rebuilt so often,
until somebody presses Play again."""


_WHY: dict[Loss, str] = {
    "gone": "The training process was lost.",
    "outgrown": "The training process needed more memory than there is, for all who train in it.",
    "largest": "The training process needed more memory than there is: a run here is too large.",
}
_REBUILT = (
    "The runs are being rebuilt from their settings, with the same seed and every move of the "
    "weights; no number changes."
)
_ENDED = (
    "It has happened several times, so training has stopped. The curves are kept; choose a smaller "
    "model or fewer texts, and press Reset."
)


class Outlet(Protocol):
    """Whoever shows the runs while they train: the line to a browser."""

    def watch(self) -> Watch | None:
        """What is shown; None where there is no room for news."""

    def deliver(self, line: int, frame: bytes) -> bool:
        """A message to the browser, made for this line; whether it was taken."""

    def news(self) -> None:
        """The lab is in another state."""

    @property
    def gone(self) -> bool:
        """Whether there has been nobody to show it to for a while."""


class Nobody:
    """Shows nothing."""

    gone = False
    """Nobody looks, and nobody went: whoever asks for a training here waits for its end."""

    def watch(self) -> None:
        """There is nothing."""

    def deliver(self, line: int, frame: bytes) -> bool:
        """It goes nowhere, and is not missed."""
        return True

    def news(self) -> None:
        """Nobody is told."""


def _units(experiment: Experiment) -> int:
    model = experiment.model
    return model.width if model.kind == "hidden" else 1


@dataclass(frozen=True)
class _Asked:
    """What the worker is at: for which runs, commands, sentence and line of the browser's."""

    runs: Mapping[str, str]
    command: int
    sentence: str
    line: int
    steps: int
    front: int


class Lab:
    """Runs on one data set, and their training, which goes on by itself.

    Its conductor asks it what it wants (:meth:`ask`) and tells it what came of it (:meth:`hear`),
    in a thread of its own; so a run is replaced as a whole, never changed under a reader's eyes.

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
        self.outlet: Outlet = Nobody()
        self.command = 0
        """The number of the last command, whoever counts them."""
        self.done = 0
        """The last one whose effect is known."""
        self._lock = threading.RLock()
        self._session = compute.open_session(dataset, self)
        self._clock = clock
        self._due = 0.0
        self._share = 1.0
        """Of the steps that are due, as many as are done, lately."""
        self._stands = (0, 1)
        self._goal = 0
        self._asked = clock()
        self._asking: _Asked | None = None
        self._unseen = False
        """Whether there was no room for what came of the last call."""
        self._evaluated = -EVALUATE_EVERY
        self._answered: tuple[object, ...] = ()
        self._losses = self._outgrown = 0
        self._silent = 0
        """Whole seconds for which there has been no answer, once they are worth saying."""
        self._refused: tuple[str, ...] | None = None
        self.judged_before: tuple[JudgedTraining, ...] = ()
        """By these held-out texts, in a session that is gone on with."""
        self._judged: dict[str, JudgedTraining] = {}
        self._shares: set[float] = set()
        self._held_out: tuple[tuple[SplitSpec, bool], tuple[str, ...]] | None = None

    # What a person does

    def put(self, letter: str, experiment: Experiment) -> None:
        """Set a run up, from the start."""
        self._put(letter, Run.of(experiment))

    def remove(self, letter: str) -> None:
        """Take a run away."""
        with self._lock:
            self.runs = {key: run for key, run in self.runs.items() if key != letter}
        self._acted()

    def free_letter(self) -> str | None:
        """The first letter without a run."""
        return next((letter for letter in LETTERS if letter not in self.runs), None)

    def rename(self, letter: str, name: str) -> None:
        """Call a run something."""
        with self._lock:
            self._put(letter, replace(self.runs[letter], name=name))

    def weigh(self, letter: str, weights: Weights, drag: int = 0) -> None:
        """Move α, β … or γ of a run, from its next step on.

        Before the first step there is nothing to change: the run begins with these weights.

        :param drag: in which they are moved; 0 where they are moved at once.
        """
        with self._lock:
            run = self.runs[letter]
            if run.step or self.playing:
                self._put(letter, replace(run, weights=weights, drag=drag))
            else:
                self._put(letter, replace(Run.of(weights.weigh(run.experiment)), name=run.name))

    def play(self) -> None:
        """Train until all runs are over. From the start if they are."""
        with self._lock:
            if all(run.over for run in self.runs.values()):
                self.reset()
            self.playing = bool(self.runs)
            self._goal = 0
            self._due = 1.0
            self._refused = None
            self._losses = self._outgrown = 0
            self._asked = self._clock()
        self.wake()

    def leave(self) -> None:
        """Let the worker forget the runs; they are rebuilt once somebody comes back to them."""
        self.pause()
        self._session.release()

    def pause(self) -> None:
        """Train no further than the slice that is under way."""
        with self._lock:
            self.playing = False
            self._goal = 0
        self._acted()

    def advance(self, steps: int) -> None:
        """Train so many steps and pause."""
        with self._lock:
            self.playing = False
            self._goal = self._front + steps
            self._refused = None
        self.wake()

    def advance_epoch(self) -> None:
        """Train for an epoch of the run that has the most batches, and pause."""
        self.advance(max((self._steps_per_epoch(run) for run in self.runs.values()), default=0))

    def reset(self) -> None:
        """All runs from the start: the same seeds, so the same curves. Weights stay where they
        are moved to."""
        with self._lock:
            self.pause()
            for letter, run in list(self.runs.items()):
                fresh = Run.of(run.weights.weigh(run.experiment))
                self._put(letter, replace(fresh, name=run.name))
            self.notice = ""

    def type(self, sentence: str) -> None:
        """Have every run say what it makes of a sentence, from now on."""
        with self._lock:
            self.sentence = sentence.strip()[:LONGEST_SENTENCE]
            self.answers = self.answers if self.sentence else None
        self._acted()

    def show_on(self, outlet: Outlet) -> None:
        """Tell somebody what comes of it from now on, and find out what there is to know."""
        self.outlet = outlet
        self.wake()

    def wake(self) -> None:
        """Be asked what is wanted, as soon as that is possible."""
        self._session.wake()
        self.outlet.news()

    def _acted(self) -> None:
        """What nobody has begun to train yet needs no worker for it."""
        if self._session.placed:
            self.wake()

    def _put(self, letter: str, run: Run) -> None:
        with self._lock:
            runs = self.runs | {letter: run}
            self.runs = {key: runs[key] for key in LETTERS if key in runs}
        self._acted()

    # What the page asks

    @property
    def busy(self) -> bool:
        """Whether there is something to train, or to find out."""
        return self.training or self._asking is not None or not self._settled

    @property
    def training(self) -> bool:
        """Whether it is to train further; it waits while its page is closed."""
        return (self.playing or self._goal > self._front) and not self.outlet.gone

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
        return looks(self.judged, self.runs.values())

    @property
    def judged(self) -> tuple[JudgedTraining, ...]:
        """The different trainings that held-out texts have judged, at their end."""
        return tuple(dict.fromkeys((*self.judged_before, *self._judged.values())))

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

    # What its conductor asks and tells

    @property
    def name(self) -> str:
        """By which its worker knows it."""
        return self._session.name

    @property
    def hurried(self) -> bool:
        """Whether it wants the next call at once."""
        return (self.playing and self.speed == "full") or self.rebuilding

    @property
    def pressed(self) -> bool:
        """Whether somebody waits for what a command does."""
        return self.command != self.done

    def stand(self, place: int, training: int) -> None:
        """How it stands: its place in the queue, 0 where it does not wait; and how many train."""
        before, self._stands = (*self._stands, self.done), (place, training)
        if place:
            self.done = self.command
            self._asked = self._clock()
            self._session.used()
        if (place, self.done) != (before[0], before[2]):
            self.outlet.news()

    @property
    def words(self) -> str:
        """What there is to say of how its training goes; nothing where all is well."""
        place, training = self._stands
        if place:
            return (
                f"This server is full: {count(training, 'session')} in training. You are number "
                f"{place} in the queue; your runs begin by themselves."
            )
        if self._silent and self.busy:
            return f"{self.notice} {self._silence}".strip()
        if self.playing and training > 1 and self._share < SLOWER and self.speed != "full":
            return f"Slower: {training} sessions train here."
        return self.notice

    @property
    def size(self) -> float:
        """How large its runs are, as against those of others: characters, for each unit of a
        first layer that is as wide."""
        characters = sum(map(len, self.dataset.texts))
        return float(characters * sum(_units(run.experiment) for run in self.runs.values()))

    def wait(self, seconds: float) -> None:
        """So long has there been no answer to what was asked."""
        silent = int(seconds) if seconds >= SILENT_SECONDS else 0
        if silent != self._silent:
            self._silent = silent
            self.outlet.news()

    def ask(self, turn_seconds: float) -> Ask | None:
        """What it wants now; None where there is nothing.

        :param turn_seconds: since it was asked last: in a crowd it is judged less often.
        """
        with self._lock:
            now = self._clock()
            steps = self._steps_due(now) if not self.outlet.gone else 0
            news = self.command != self.done or (bool(self.sentence) and self._unanswered)
            watch = self.outlet.watch()
            unseen = self._unseen and watch is not None
            due = steps or news or unseen or (not self.playing and not self._settled)
            if not self.runs or not due:
                self.done = self.command
                return None
            pause = max(EVALUATE_EVERY, EVALUATE_TICKS * turn_seconds)
            evaluate = not self.playing or now - self._evaluated >= pause
            if evaluate:
                self._evaluated = now
            orders = {
                letter: run.order(
                    train=steps > 0 and not run.over,
                    evaluate=evaluate and (steps > 0 or run.step > 0),
                    surface=evaluate and steps > 0 and watch is not None and watch.surfaces,
                )
                for letter, run in self.runs.items()
            }
            sentence = self.sentence if evaluate or self._unanswered else ""
            ids = {letter: run.run_id for letter, run in self.runs.items()}
            line = -1 if watch is None else watch.line
            self._unseen = watch is None
            self._session.used()
            self._asking = _Asked(ids, self.command, sentence, line, steps, self._front)
            return Ask(Want(orders, steps, sentence), watch)

    def hear(self, heard: Heard) -> None:
        """What came of it."""
        with self._lock:
            asked, self._asking = self._asking, None
            assert asked is not None
            if isinstance(heard.outcome, LossVizError):
                self.playing, self._goal, self._refused = False, 0, self._ids
                self.notice = str(heard.outcome)
            else:
                self._take(heard.outcome, asked)
            self.done = asked.command
        if heard.frame and not self.outlet.deliver(asked.line, heard.frame):
            self.missed()
        self.outlet.news()

    def missed(self) -> None:
        """What was made for the browser is not before it: it is made again."""
        with self._lock:
            self._unseen = True
        self.wake()

    def lose(self, loss: Loss) -> None:
        """The process that held the runs is gone: they are rebuilt in another one. Where there is
        nothing to rebuild, nobody need know."""
        with self._lock:
            self._asking = None
            self._stands = (0, 1)
            self._session.lost()
            self._losses += loss == "gone"
            self._outgrown += loss == "largest"
            again = self._losses <= MOST_LOSSES and self._outgrown <= MOST_OUTGROWN
            if not again:
                self.playing, self._goal, self._refused = False, 0, self._ids
            if not again or self.started:
                self.notice = " ".join((_WHY[loss], _REBUILT if again else _ENDED))
        if again:
            self.wake()
        else:
            self.outlet.news()

    # How it is done

    @property
    def _silence(self) -> str:
        if self._session.held:
            return (
                f"The training process has not answered for {self._silent} s. It is waited for; if "
                "it is gone, the runs are rebuilt, and no number changes."
            )
        return (
            f"No training process has answered for {self._silent} s; the runs go on by themselves "
            "as soon as one does."
        )

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

    def _take(self, report: ProgressReport, asked: _Asked) -> None:
        runs = dict(self.runs)
        for letter, progress in report.progress.items():
            run = runs.get(letter)
            if run is None or run.run_id != asked.runs.get(letter):
                continue
            before, run = run, replace(run)
            run.take(progress)
            runs[letter] = run
            if run.step > before.step:
                self._losses = 0
            if run.step:
                self._shares.add(run.experiment.split.sealed)
            if run.over and run.judged and run.run_id not in self._judged:
                self._judged[run.run_id] = JudgedTraining.of(run)
        self.runs = runs
        if asked.steps and self.speed != "full":
            share = min((self._front - asked.front) / asked.steps, 1.0)
            self._share += RECENT * (share - self._share)
        if self._front >= self._goal:
            self._goal = 0
        if report.answers is not None:
            self.answers = report.answers
            self._answered = (asked.sentence, *self._question[1:])
        if self.playing and all(run.over for run in self.runs.values()):
            self.playing = False
        if not self.rebuilding and self.notice.startswith("The training process"):
            self.notice = self.notice.replace("are being rebuilt", "were rebuilt")

    def _steps_due(self, now: float) -> int:
        """Of each run; what comes late is made up for, but not more than a second of it."""
        passed, self._asked = min(now - self._asked, 1.0), now
        if not self.playing:
            return max(0, self._goal - self._front)
        self._due += self._rate() * passed
        steps = int(self._due)
        self._due -= steps
        return steps

    @property
    def _unanswered(self) -> bool:
        """Whether another sentence was typed since they were asked."""
        return not self._answered or self._answered[0] != self.sentence

    def _rate(self) -> float:
        if self.speed == "slow":
            return SLOW_STEPS_PER_SECOND
        if self.speed == "full":
            return 1e6
        longest = max(
            self._steps_per_epoch(run) * run.experiment.epochs for run in self.runs.values()
        )
        return longest / STEADY_SECONDS
