"""Fitting an experiment from beginning to end, without anybody watching."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from lossviz.arrays import Integers
from lossviz.data import Dataset
from lossviz.data.texts import known
from lossviz.engine.features import EncodedSplit, encode_split
from lossviz.engine.judging import evaluate
from lossviz.engine.stopping import Stopping
from lossviz.engine.trainer import Trainer
from lossviz.engine.training import steps
from lossviz.errors import LossVizError
from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.progress import stopped_words
from lossviz.experiments.runs.provisos import mask_measured
from lossviz.experiments.unseen import unseen_words
from lossviz.schema import Component, LabelSchema


@dataclass(frozen=True)
class Fit:
    """A trained experiment.

    :param rows: of training, validation and test, how many there are; and of sealed ones, if any.
    :param test_rows: data row in the source file of each judged row, ``(N,)``, as the
        evaluation's rows are ordered.
    :param known_texts: judged rows whose text is also a training text, but for case and white
        space; 0 where the data were split by lot, which keeps identical texts together.
    :param stopped: why it ended before its last epoch, in words; empty where it did not.
    :param seconds: what took how long.
    """

    experiment: Experiment
    schema: LabelSchema
    trainer: Trainer
    evaluation: Evaluation
    rows: dict[str, int]
    test_texts: tuple[str, ...]
    test_rows: Integers
    known_texts: int
    stopped: str
    seconds: dict[str, float]

    @property
    def notes(self) -> tuple[str, ...]:
        """What came of its validation side, and what it was judged on."""
        watched = f"It {self.stopped}." if self.stopped else ""
        split = self.experiment.split
        if split.validation and not self.rows["validation"]:
            watched = (
                f"A validation share of {split.validation:g} of so few texts sets none aside: "
                "nothing is stopped, and no temperatures are set."
            )
        judged_on = unseen_words([self.evaluation.unseen]), mask_measured(self.evaluation)
        return tuple(filter(None, [watched, *judged_on]))


MEASURED = range(3, 13)
"""Steps by which it is told how long the others take, on this machine as it is. The first of all
take longer."""
Forecast = Callable[[Trainer, float], None]
"""Is told how many seconds a trainer takes still, about."""


def unheard(_: Trainer, seconds: float) -> None:
    """Nobody waits."""


def fit(
    dataset: Dataset,
    experiment: Experiment,
    *,
    test: Dataset | None = None,
    forecast: Forecast = unheard,
) -> Fit:
    """Train to the end and judge the held-out rows.

    :param test: train on all of ``dataset`` and judge this data set instead.
    :param forecast: called once, after a few steps.
    :raises Diverged: when the loss leaves the numbers.
    """
    started = perf_counter()
    spec = experiment.split
    if test is None:
        sides = spec.sides(dataset)
        texts = tuple(dataset.texts[i] for i in sides.test)
        rows = dataset.rows[sides.test]
    else:
        dataset, test = aligned(dataset, test)
        sides = spec.untested(dataset)
        texts, rows = test.texts, test.rows
    data: EncodedSplit = encode_split(dataset, sides, experiment.features, test=test)
    encoded = perf_counter()
    trainer = Trainer(data, experiment)
    stopping = Stopping(trainer)
    for _ in steps(trainer, stopping=stopping):
        if trainer.step == MEASURED.start:
            begun = perf_counter()
        elif trainer.step == MEASURED.stop:
            each = (perf_counter() - begun) / len(MEASURED)
            forecast(trainer, each * (trainer.total_steps - trainer.step))
    trained = perf_counter()
    evaluation = evaluate(trainer, trainer.logits(data.test.features))
    told = test is not None or dataset.sides is not None
    trained_on = (dataset.texts[row] for row in sides.train.tolist())
    shared = int(known(texts, tuple(trained_on)).sum()) if told else 0
    counts = {
        "train": len(sides.train),
        "validation": len(sides.validation),
        "test": len(evaluation),
        **({"sealed": len(sides.sealed)} if len(sides.sealed) else {}),
    }
    stopped = stopped_words(trainer.step, stopping.kept, trainer.steps_per_epoch)
    seconds = {
        "features": encoded - started,
        "train": trained - encoded,
        "evaluate": perf_counter() - trained,
    }
    return Fit(
        experiment,
        data.schema,
        trainer,
        evaluation,
        counts,
        texts,
        rows,
        shared,
        stopped,
        seconds,
    )


def aligned(train: Dataset, test: Dataset) -> tuple[Dataset, Dataset]:
    """Both data sets under one schema: values that only the test data have are known as values,
    but only combinations that occur in training are allowed, and can be predicted.

    :raises LossVizError: when the labels do not have the same components.
    """
    if train.schema.names != test.schema.names:
        raise LossVizError(
            f"The test file's label has the components {', '.join(test.schema.names)}; "
            f"expected {', '.join(train.schema.names)}, as in the training file."
        )
    components = tuple(
        Component(
            component.name,
            component.values
            + tuple(value for value in other.values if value not in component.values),
        )
        for component, other in zip(train.schema.components, test.schema.components, strict=True)
    )
    schema = LabelSchema(components, train.schema.classes, train.schema.separator)
    codes = np.array([schema.encode(test.schema.decode(row)) for row in test.codes.tolist()])
    return replace(train, schema=schema), replace(test, schema=schema, codes=codes)
