"""Sealed texts: nothing hangs on them before they are opened, and then they judge as others do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lossviz.data import sealed_rows
from lossviz.engine.features import Splits
from lossviz.engine.fit import fit
from lossviz.engine.landscape.retrained import Remembered
from lossviz.engine.opening import open_sealed, opened
from lossviz.engine.study import train_block
from lossviz.engine.sweep import score_block
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.reference import RunReference
from lossviz.experiments.runs.opening import opening_words, openings_words
from lossviz.experiments.study.plan import StudyPlan
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.experiments.words import measured
from tests.support.factories import dataset

DATA = dataset(240, seed=21)
SEALED = sealed_rows(DATA, 0.2)
OTHERS = replace(
    DATA,
    digest="other sealed texts",
    texts=tuple(
        f"nothing like it {row}" if row in SEALED else text for row, text in enumerate(DATA.texts)
    ),
)
"""The same but for what stands in the sealed texts."""


def sealing(**fields: object) -> Experiment:
    own: dict[str, object] = {
        "epochs": 4,
        "split": {"sealed": 0.2, "validation": 0.2},
        "patience": 1,
        "calibration": "temperature",
    }
    return Experiment.for_dataset(DATA, **{**own, **fields})


def test_nothing_hangs_on_what_stands_in_sealed_texts() -> None:
    np.testing.assert_array_equal(sealed_rows(OTHERS, 0.2), SEALED)
    one, other = fit(DATA, sealing()), fit(OTHERS, sealing())
    assert sum(one.rows.values()) == len(DATA)
    assert one.rows["sealed"] == len(SEALED) == 48
    assert one.trainer.data.vectoriser.features == other.trainer.data.vectoriser.features
    assert one.trainer.data.vectoriser.idf == other.trainer.data.vectoriser.idf
    np.testing.assert_array_equal(one.evaluation.predicted, other.evaluation.predicted)
    np.testing.assert_array_equal(one.evaluation.probability, other.evaluation.probability)
    assert one.evaluation.guess == other.evaluation.guess
    assert one.trainer.data.occurring == other.trainer.data.occurring
    assert not set(one.test_rows.tolist()) & set(DATA.rows[SEALED].tolist())


def test_sweeps_and_studies_leave_them_alone() -> None:
    plan = SweepPlan.of(sealing(), Grid(2, steps=3), range(3))
    study = StudyPlan(sealed=0.2, epochs=1, seeds=3)
    blocks = [block.experiment for block in (*plan.blocks(DATA), *study.blocks(DATA))]
    assert all(experiment.split.sealed == 0.2 for experiment in blocks)
    for experiment in (blocks[0], blocks[-1]):
        for train in (score_block, train_block):
            found = train(DATA, experiment, ((1.0, 1.0),), splits=Splits())
            rows = found.rows if train is score_block else found.outcomes[0].rows
            assert sum(rows) == len(DATA) - len(SEALED)


def test_they_judge_once_opened_as_any_texts_would() -> None:
    fitted = fit(DATA, sealing())
    trainer = fitted.trainer
    opening = open_sealed(DATA, trainer, "A marginals")
    features = trainer.data.vectoriser.rows([DATA.texts[row] for row in SEALED.tolist()])
    marginals = trainer.head.component_log_probs(trainer.logits(features)[0], DATA.schema)
    predicted = np.stack([marginal.argmax(-1).numpy() for marginal in marginals], axis=1)
    wrong = predicted != DATA.codes[SEALED]
    assert [rate.wrong for rate in opening.sealed[:2]] == wrong.sum(axis=0).tolist()
    assert opening.sealed[2].wrong == wrong.any(axis=1).sum()
    assert opening.sealed[2].n == opening.unseen.n == 48
    evaluation = fitted.evaluation
    assert opening.held_out == (*evaluation.components, evaluation.joint)


def test_a_run_that_is_trained_again_for_it_is_judged_with_the_weights_that_it_has() -> None:
    experiment = sealing(optimiser={"learning_rate": 3.0}, epochs=30)
    fitted = fit(DATA, experiment)
    assert fitted.stopped
    kept = fitted.trainer.step - fitted.trainer.steps_per_epoch
    found = opened(DATA, RunReference("B", experiment, (), kept), remembered=Remembered())
    assert found is not None
    assert found.name == "B marginals"
    assert found.sealed == open_sealed(DATA, fitted.trainer, "").sealed


def test_where_nothing_is_sealed_there_is_nothing_to_open() -> None:
    fitted = fit(DATA, Experiment.for_dataset(DATA, epochs=1))
    with pytest.raises(LossVizError, match="no sealed texts to open"):
        open_sealed(DATA, fitted.trainer, "A")


def test_the_sentence_has_both_errors_and_counts_the_openings() -> None:
    opening = open_sealed(DATA, fit(DATA, sealing()).trainer, "A marginals")
    words = opening_words(opening, 1, DATA.schema.names)
    assert words.startswith("A marginals, opened on 48 sealed texts")
    assert measured(opening.sealed[-1]) in words
    assert measured(opening.held_out[-1]) in words
    assert "no longer sealed" in words
    assert "opening number" not in words
    again = openings_words([opening, replace(opening, looked_before=True)], DATA.schema.names)
    assert again[0] == words
    assert "This was opening number 2" in again[1]
    assert "Not all of them were sealed from the beginning" in again[1]
