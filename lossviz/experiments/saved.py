"""What a saved model is, and what it says of a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lossviz.experiments.experiment import Experiment
from lossviz.experiments.statistics import ErrorRate
from lossviz.experiments.words import count, measured
from lossviz.losses.objectives import OBJECTIVES


@dataclass(frozen=True)
class SavedCard:
    """A saved model, without its weights.

    :param text: the column that its texts stood in.
    :param parts: the components with their values.
    :param labels: the number of whole labels that it may give.
    :param features: the number of n-grams that it knows.
    :param errors: of the whole label and of each part, on the rows that were held out when it was
        saved; none where it does not say.
    """

    experiment: Experiment
    text: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    labels: int
    features: int
    errors: tuple[tuple[str, ErrorRate], ...]

    @property
    def words(self) -> tuple[str, ...]:
        """What it is, a sentence each."""
        experiment = self.experiment
        parts = ", ".join(f"{name} ({count(len(values), 'value')})" for name, values in self.parts)
        return (
            f"{OBJECTIVES[experiment.formulation].title}, trained on {experiment.data.name}: "
            f"{experiment.words('model', 'optimiser', 'epochs')}.",
            f"Parts: {parts}. {count(self.labels, 'whole label')} can be given. "
            f"{count(self.features, 'n-gram')} are known.",
        )

    @property
    def held_out(self) -> tuple[str, ...]:
        """Its errors as they are kept in it."""
        return tuple(f"Wrong on {name}: {measured(error)}." for name, error in self.errors)


@dataclass(frozen=True)
class SavedAnswer:
    """What a saved model says of a sentence.

    :param label: the value of each part that it gives.
    :param p: the probability of that label.
    :param parts: of each part the probability of each value.
    :param unknown: whether the sentence has none of its n-grams.
    """

    sentence: str
    label: tuple[str, ...]
    p: float
    parts: tuple[tuple[float, ...], ...]
    unknown: bool

    def rows(self, parts: Sequence[tuple[str, tuple[str, ...]]]) -> list[tuple[str, str, float]]:
        """Part, value and probability, the likeliest value of each part first."""
        return [
            (name, value, p)
            for (name, values), probabilities in zip(parts, self.parts, strict=True)
            for value, p in sorted(
                zip(values, probabilities, strict=True), key=lambda pair: -pair[1]
            )
        ]
