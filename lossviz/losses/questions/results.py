"""What the demonstrations compute: plain values, read without torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

from lossviz.arrays import Doubles
from lossviz.losses.questions.encodings import Coordinates, marginals
from lossviz.schema import TEXTBOOK, Component, LabelSchema

THREE_VALUES = LabelSchema.full(
    [Component("first", ("A", "B", "E")), TEXTBOOK.components[1]], TEXTBOOK.separator
)
"""AC, AD, BC, BD, EC, ED: the smallest label of two parts whose weights can decide."""


@dataclass(frozen=True, eq=False)
class Way:
    """One way from four logits to a loss of the first part.

    :param gradient: ``(4,)``, of the loss in the logits.
    :param low: the smallest loss that there can be, however good the logits are.
    :param high: the largest, however bad.
    :param curve: ``(X,)``, the loss along :attr:`PartLosses.line`.
    """

    loss: float
    gradient: Doubles
    low: float
    high: float
    curve: Doubles


@dataclass(frozen=True, eq=False)
class PartLosses:
    """From the logits of AC, AD, BC, BD to a loss of the first part: two wrong ways, and the right
    one.

    :param true: the position of the true label.
    :param probability: of the true value of the first part.
    :param line: ``(X,)``, logits of the true label; the other three stay as they are.
    :param at: the logit that it has.
    :param wrong: the probability put in as it is, where a logit is wanted.
    :param twice_wrong: its sigmoid put in there.
    """

    true: int
    probability: float
    line: Doubles
    at: float
    wrong: Way
    twice_wrong: Way
    right: Way


class End(NamedTuple):
    """Where a descent ended."""

    p_a: float
    p_c: float
    p_ac: float
    t: float

    @classmethod
    def of(cls, probabilities: Doubles) -> Self:
        """Of the probabilities of AC, AD, BC, BD."""
        return cls(
            *marginals(probabilities), float(probabilities[0]), Coordinates.of(probabilities).t
        )


@dataclass(frozen=True, eq=False)
class Descent:
    """One objective, minimised from several starts.

    :param couplings: ``(S, T + 1)``: t of each start at each step.
    :param probabilities: ``(S, 4)``: where each ended.
    """

    couplings: Doubles
    probabilities: Doubles

    @property
    def ends(self) -> list[End]:
        """Where each start ended."""
        return [End.of(probability) for probability in self.probabilities]


@dataclass(frozen=True, eq=False)
class Descents:
    """Objectives on joint logits, minimised for texts whose labels are spread in a given way.

    :param target: ``(4,)``, how often AC, AD, BC, BD are the true label.
    :param starts: ``(S,)``, the couplings at the start.
    :param of: each objective's descent, by id.
    """

    target: Doubles
    starts: Doubles
    of: Mapping[str, Descent]

    @property
    def true(self) -> End:
        """Where it should end."""
        return End.of(self.target)


@dataclass(frozen=True, slots=True)
class Dilemma:
    """What is believed of the whole labels, which of them occur, and what mistakes cost.

    :param probabilities: of AC, AD, BC, BD, or of these and EC, ED. Nothing is believed of what
        never occurs: its share goes to the others.
    :param allowed: which of them occur, and so can be answered; at least one.
    """

    probabilities: tuple[float, ...]
    allowed: tuple[bool, ...]
    alpha: float = 1.0
    beta: float = 1.0
    gamma: float = 0.0

    @property
    def schema(self) -> LabelSchema:
        """Of all the labels."""
        return TEXTBOOK if len(self.probabilities) == len(TEXTBOOK.classes) else THREE_VALUES


@dataclass(frozen=True, slots=True)
class Decision:
    """What a decoder answers.

    :param cost: that it has on average.
    :param ties: for the cheapest answer, other labels that cost the same.
    """

    label: str
    cost: float
    ties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one α/β to another the cheapest answer is the same."""

    label: str
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Decisions:
    """The decoders' answers, and how the cheapest one changes with α/β at this β.

    :param answers: by the decoder's id, at the α, β and γ asked for.
    :param labels: that can be answered, ``(C,)``.
    :param ratios: ``(R,)``, α/β, ascending.
    :param costs: ``(R, C)``, the average cost of each answer as a share of the most that a mistake
        can cost, ``α + β + γ``.
    :param stretches: in order; one where the answer never changes.
    """

    dilemma: Dilemma
    answers: Mapping[str, Decision]
    labels: tuple[str, ...]
    ratios: Doubles
    costs: Doubles
    stretches: tuple[Stretch, ...]

    @property
    def flips(self) -> tuple[float, ...]:
        """The α/β at which the cheapest answer changes."""
        return tuple(stretch.low for stretch in self.stretches[1:])


WRONG_CODE = """\
p = logits.softmax(dim=1)
p_a = p[:, :2].sum(dim=1)  # right so far
loss = F.binary_cross_entropy_with_logits(
    p_a, is_a  # takes sigmoid(p_a)
)
"""
"""``logits`` are those of AC, AD, BC, BD; ``is_a`` is 1.0 where the true first part is A."""

RIGHT_CODE = """\
a = logits[:, :2].logsumexp(dim=1)
b = logits[:, 2:].logsumexp(dim=1)
loss = F.binary_cross_entropy_with_logits(
    a - b, is_a  # a - b is logit(P(A))
)
"""
