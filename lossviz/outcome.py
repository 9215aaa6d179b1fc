"""What came of one training, from its start to its end: plain values that need no torch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lossviz.evaluation import Baseline
from lossviz.progress import Curve

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """One trained member, judged on the held-out rows.

    :param curve: about sixty points, evenly spread over the run.
    :param wrong: number of wrong rows for each component, and on the whole label: ``(K + 1,)``.
    :param guess: the error rates of always guessing the commonest label, on the same rows.
    :param rows: number of training rows and of held-out rows.
    :param step: after how many steps it was judged.
    :param message: why it stopped there, if it diverged.
    """

    curve: Curve
    wrong: tuple[int, ...]
    guess: Baseline
    rows: tuple[int, int]
    step: int
    message: str = ""

    @property
    def diverged(self) -> bool:
        """Whether the loss left the numbers; then it is judged as it stood before that step."""
        return bool(self.message)

    @property
    def errors(self) -> Doubles:
        """Error rates between 0 and 1, ``(K + 1,)``: the components', then the whole label's."""
        return np.array(self.wrong) / self.rows[1]

    @property
    def guessed(self) -> Doubles:
        """The error rates of the commonest label, in the same order."""
        return np.array([*self.guess.components, self.guess.joint])


@dataclass(frozen=True)
class Trained:
    """What a worker has to say about one block: an outcome for each member, in order.

    :param seconds: how long it took, features included.
    """

    outcomes: tuple[Outcome, ...]
    seconds: float
