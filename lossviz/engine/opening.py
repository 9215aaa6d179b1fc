"""Opening: sealed texts, judged once by a trained run."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from scipy.sparse import csr_matrix

from lossviz.data import Dataset, sealed_rows
from lossviz.engine.judging import decided
from lossviz.engine.landscape.retrained import REMEMBERED, Remembered
from lossviz.engine.trainer import Trainer
from lossviz.engine.training import Wanted, always, none_if_given_up
from lossviz.errors import LossVizError
from lossviz.experiments.reference import RunReference
from lossviz.experiments.runs.opening import Unsealed
from lossviz.experiments.scores import mistakes
from lossviz.experiments.statistics import ErrorRate
from lossviz.experiments.unseen import Unseen
from lossviz.schema import Codes


@none_if_given_up
def opened(
    dataset: Dataset,
    reference: RunReference,
    *,
    wanted: Wanted = always,
    remembered: Remembered = REMEMBERED,
) -> Unsealed:
    """Train a run again to the weights that it has, and judge the sealed texts.

    :returns: None when it was given up.
    """
    started = perf_counter()
    run = remembered.of(dataset, reference, wanted)
    name = f"{reference.name} {reference.experiment.formulation}"
    return replace(open_sealed(dataset, run.trainer, name), seconds=perf_counter() - started)


def open_sealed(dataset: Dataset, trainer: Trainer, name: str) -> Unsealed:
    """Judge the texts that its experiment left sealed, as it stands.

    :param dataset: what it was trained on a part of.
    :raises LossVizError: where none are sealed.
    """
    spec, data = trainer.experiment.split, trainer.data
    rows = sealed_rows(dataset, spec.sealed)
    if not len(rows):
        raise LossVizError(
            "There are no sealed texts to open: nothing was set aside. Seal some with --sealed 0.2 "
            "before anything is trained."
        )
    codes = dataset.codes[rows]
    texts = data.vectoriser.rows([dataset.texts[row] for row in rows.tolist()])
    return Unsealed(
        name,
        spec.sealed,
        _errors(trainer, texts, codes),
        _errors(trainer, data.test.features, data.test.codes),
        Unseen.among(codes, data.occurring),
    )


def _errors(trainer: Trainer, features: csr_matrix, true: Codes) -> tuple[ErrorRate, ...]:
    wrong = mistakes(decided(trainer, trainer.logits(features)).codes.numpy(), true)
    return ErrorRate.each(wrong.sum(axis=0), len(true))
