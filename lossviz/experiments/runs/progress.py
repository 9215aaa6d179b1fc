"""What a live run reports: plain values and arrays that need no torch to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from lossviz.arrays import Floats, Integers
from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.weights import WeightChange, Weights
from lossviz.experiments.words import count

State = Literal["ready", "training", "finished", "diverged"]


@dataclass(frozen=True)
class Curve:
    """The losses at the recorded steps.

    :param steps: ``(P,)``.
    :param train: name of the part (and ``total``) to ``(P,)``: mean over the batches since the
        point before.
    :param validation: likewise: mean over the held-out rows, with the weights of that step.
    :param weights: ``(P, K)``, the components' weights in that step, wherever they come from.
    """

    steps: Integers
    train: dict[str, Floats]
    validation: dict[str, Floats]
    weights: Floats

    @classmethod
    def empty(cls) -> Self:
        """No point yet."""
        return cls(np.empty(0, dtype=np.int64), {}, {}, np.empty((0, 0), np.float32))

    def __len__(self) -> int:
        return len(self.steps)

    def extended(self, other: Curve) -> Curve:
        """This curve with another's points behind its own."""
        if not len(self):
            return other
        if not len(other):
            return self
        return Curve(
            np.concatenate([self.steps, other.steps]),
            {
                name: np.concatenate([array, other.train[name]])
                for name, array in self.train.items()
            },
            {
                name: np.concatenate([array, other.validation[name]])
                for name, array in self.validation.items()
            },
            np.concatenate([self.weights, other.weights]),
        )

    def since(self, known: int) -> Curve:
        """The points from position ``known`` on."""
        return Curve(
            self.steps[known:],
            {name: array[known:] for name, array in self.train.items()},
            {name: array[known:] for name, array in self.validation.items()},
            self.weights[known:],
        )


@dataclass(frozen=True)
class Progress:
    """Where a run stands.

    :param curve: the points that the asker did not have yet, from position ``known`` on.
    :param changes: every change of the weights so far.
    :param evaluation: of the held-out rows, where it was asked for.
    :param message: why it stopped, if it diverged.
    """

    state: State
    step: int
    total_steps: int
    steps_per_epoch: int
    known: int
    curve: Curve
    changes: tuple[WeightChange, ...]
    evaluation: Evaluation | None = None
    message: str = ""
    surface: Surface | None = None
    """The loss around where it stands, coarsely, where it was asked for."""
    kept: int = 0
    """The step whose weights it has again, where it stopped before its last epoch."""


@dataclass(frozen=True)
class Order:
    """What a session wants of one run. Every call carries all of it, so a lost run is rebuilt
    by nothing more than the next call.

    :param run_id: a new one means a new start, whatever was trained before.
    :param weights: what α, β … and γ stand at now.
    :param train: whether to train, or only to report.
    :param known: number of curve points that the session has.
    :param resume: the step that the session has seen; a run that stands before it was lost.
    :param changes: the changes to replay on the way there.
    :param evaluate: whether to judge the held-out rows.
    :param surface: whether to look at the loss around where it stands.
    :param drag: in which the weights were moved there; 0 where they were moved at once.
    """

    run_id: str
    experiment: Experiment
    weights: Weights
    train: bool = True
    known: int = 0
    resume: int = 0
    changes: tuple[WeightChange, ...] = ()
    evaluate: bool = False
    surface: bool = False
    drag: int = 0


@dataclass(frozen=True)
class Want:
    """What a session wants of all its runs.

    :param orders: by letter.
    :param steps: of each run, at most.
    :param sentence: what every run is asked about afterwards; nothing when empty.
    """

    orders: Mapping[str, Order]
    steps: int
    sentence: str = ""


@dataclass(frozen=True)
class Prediction:
    """What one run says about one sentence.

    :param joint: ``(C,)``, the probability of each allowed class.
    :param components: for each component ``(n_k,)``.
    :param label: the decoded label's codes.
    """

    joint: Floats
    components: tuple[Floats, ...]
    label: tuple[int, ...]


@dataclass(frozen=True)
class Answers:
    """Every run's prediction for one sentence, and how many of its n-grams are known."""

    sentence: str
    known_features: int
    by_run: dict[str, Prediction]


@dataclass(frozen=True)
class ProgressReport:
    """The reply to a call: every run's progress, and their answers if a sentence was given."""

    progress: dict[str, Progress]
    answers: Answers | None


def stopped_words(step: int, kept: int, steps_per_epoch: int) -> str:
    """Why a run ended before its last epoch; empty where it did not.

    :param kept: the step whose weights it has again; 0 where it has those of its last step.

    >>> stopped_words(140, 70, 35)[:53]
    'stopped after epoch 4: the validation loss has not fa'
    """
    if not kept:
        return ""
    last, best = step // steps_per_epoch, kept // steps_per_epoch
    return (
        f"stopped after epoch {last}: the validation loss has not fallen for "
        f"{count(last - best, 'epoch')}; its weights are those of epoch {best}"
    )
