"""Scenarios: runs that are set up side by side to show one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lossviz.data import Dataset
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.run import LETTERS
from lossviz.ui.state.session import Session


@dataclass(frozen=True)
class Scenario:
    """A set of runs, and what to look for while they train.

    :param sample: the sample it is about; None for the data in use.
    :param runs: fields of the experiments, for A, B …
    """

    title: str
    look_for: str
    sample: str | None
    runs: tuple[dict[str, Any], ...]

    def open(self, session: Session) -> None:
        """Set the runs up, ready to play."""
        if self.sample is not None:
            session.use_sample(self.sample)
        lab = session.lab
        lab.pause()
        for letter in list(lab.runs):
            lab.remove(letter)
        for letter, fields in zip(LETTERS, self.runs, strict=False):
            lab.put(letter, Experiment.for_dataset(lab.dataset, **weighed(fields, lab.dataset)))


def weighed(fields: dict[str, Any], dataset: Dataset) -> dict[str, Any]:
    """The fields with one weight for each component: those not given are 1."""
    given = fields.get("component_weights", ())
    weights = (*given, *(1.0,) * len(dataset.schema.components))[: len(dataset.schema.components)]
    return {**fields, "component_weights": weights}


SEE_IT = Scenario(
    "Three formulations of the same task",
    "Same data, same start, same batches. Watch where the errors of the parts and of the whole "
    "label part ways, then move α of run A or C.",
    "feelings",
    ({"formulation": "marginals"}, {"formulation": "joint"}, {"formulation": "components"}),
)
