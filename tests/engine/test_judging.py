"""What is counted of a trained model's probabilities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from lossviz.data import Dataset, split
from lossviz.engine import judging
from lossviz.engine.features import EncodedSplit, encode_split
from lossviz.engine.landscape.loss import Loss
from lossviz.engine.trainer import Trainer
from lossviz.experiments.evaluation import Evaluation, baseline
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.reliability import Reliability
from lossviz.experiments.specs import FeatureSpec
from lossviz.experiments.unseen import Unseen
from lossviz.losses.decoding import DECODERS
from lossviz.losses.objectives import OBJECTIVES
from tests.support.factories import dataset, with_a_single_text

DATA = dataset(missing=("BD",))


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("formulation", ["joint", "components", "chain"])
def test_of_each_part_the_probability_of_what_is_predicted_counts(
    formulation: str, decoder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "ROWS", 7)
    encoded = encode_split(DATA, split(DATA, 0.2, 0), FeatureSpec())
    trainer = Trainer(
        encoded, Experiment.for_dataset(DATA, formulation=formulation, decoder=decoder)
    )
    for _ in range(12):
        trainer.advance()
    logits = trainer.logits(encoded.test.features)
    own = judging.evaluate(trainer, logits)
    assert own.reliability is not None
    parts = [
        part.exp().numpy() for part in trainer.head.component_log_probs(logits[0], DATA.schema)
    ]
    rows = np.arange(len(own))
    sure = np.stack([part[rows, own.predicted[:, k]] for k, part in enumerate(parts)], axis=1)
    expected = Reliability.of(np.minimum(sure, 1.0), ~own.wrong)
    np.testing.assert_array_equal(own.reliability.texts, expected.texts)
    np.testing.assert_array_equal(own.reliability.right, expected.right)
    np.testing.assert_allclose(own.reliability.expected, expected.expected)
    right = [len(own) - rate.wrong for rate in own.components]
    assert own.reliability.right.sum(axis=1).tolist() == right


def single_text_held_out() -> tuple[Dataset, EncodedSplit]:
    """One text has the label BD, and it is held out."""
    data = with_a_single_text(DATA)
    sides = next(
        sides for seed in range(5) for sides in [split(data, 0.2, seed)] if 7 in sides.test
    )
    return data, encode_split(data, sides, FeatureSpec())


def judged(trainer: Trainer, steps: int = 12) -> Evaluation:
    for _ in range(steps):
        trainer.advance()
    return judging.evaluate(trainer, trainer.logits(trainer.data.test.features))


@pytest.mark.parametrize("formulation", OBJECTIVES)
def test_of_a_label_that_training_lacks_there_is_a_loss(formulation: str) -> None:
    data, encoded = single_text_held_out()
    trainer = Trainer(encoded, Experiment.for_dataset(data, formulation=formulation))
    loss = Loss.of(trainer, side=encoded.test)
    rows = loss.rows(loss.project(trainer.model.table), trainer.model.dense)
    assert rows.shape[-1] == len(encoded.test.codes)
    assert rows.isfinite().all()


@pytest.mark.parametrize("formulation", OBJECTIVES)
def test_what_occurs_is_known_from_training_alone(formulation: str) -> None:
    data, encoded = single_text_held_out()
    assert encoded.occurring.class_names == ("AC", "AD", "BC")
    assert encoded.unseen == Unseen(1, 1, len(encoded.test.codes))
    for decoder in DECODERS:
        experiment = Experiment.for_dataset(data, formulation=formulation, decoder=decoder)
        trainer = Trainer(encoded, experiment)
        evaluation = judged(trainer)
        said = (evaluation.predicted == data.schema.encode("BD")).all(axis=1)
        assert evaluation.impossible == said.sum()
        assert evaluation.unseen == encoded.unseen
        if trainer.head.can_emit_unseen and decoder != "marginal_modes":
            assert not said.any()
        if trainer.head.id == "joint":
            assert trainer.model.outputs == 4


def test_a_loss_on_what_occurs_does_not_see_what_is_held_out() -> None:
    data, encoded = single_text_held_out()
    experiment = Experiment.for_dataset(data, formulation="semantic")
    masked = Trainer(replace(encoded, schema=encoded.occurring), experiment)
    assert judged(Trainer(encoded, experiment)).probability == pytest.approx(
        judged(masked).probability
    )


def test_beside_impossible_labels_stands_what_the_mask_makes_of_them() -> None:
    encoded = encode_split(DATA, split(DATA, 0.2, 0), FeatureSpec())
    experiment = Experiment.for_dataset(DATA, formulation="components")
    masked = experiment.changed(decoder="joint_mode")
    logits = torch.randn(1, len(encoded.test.codes), 2, generator=torch.Generator().manual_seed(0))
    free, kept = (judging.evaluate(Trainer(encoded, own), logits) for own in (experiment, masked))
    assert free.impossible
    assert free.masked == kept.joint
    assert kept.impossible == 0
    assert kept.masked is None


def test_guessing_goes_by_training() -> None:
    encoded = encode_split(DATA, split(DATA, 0.2, 0), FeatureSpec())
    evaluation = judged(Trainer(encoded, Experiment.for_dataset(DATA)), 1)
    assert evaluation.guess == baseline(encoded.train.codes, encoded.test.codes)


def crowd() -> list[Trainer]:
    """Of several kinds and sizes, decided by likelihood, by costs and with temperatures."""
    found = []
    for place, rows in enumerate((97, 61, 80, 97, 75, 120)):
        data = dataset(rows, missing=("BD",), seed=place % 3)
        for formulation, fields in (
            ("joint", {}),
            ("components", {"model": {"kind": "hidden", "width": 3}}),
            ("components", {"decoder": "min_cost", "costs": (1.0 + place, 1.0)}),
            ("chain", {"calibration": "temperature", "decoder": "marginal_modes"}),
        ):
            sides = {"seed": place, "validation": 0.2}
            own = Experiment.for_dataset(data, formulation=formulation, split=sides, **fields)
            trainer = Trainer(encode_split(data, own.split.sides(data), own.features), own)
            for _ in range(place + 2):
                trainer.advance()
            found.append(trainer)
    return found


@pytest.mark.parametrize("most", [1, judging.ROWS])
def test_runs_that_are_judged_together_are_judged_as_each_alone(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if most == 1:
        monkeypatch.setattr("lossviz.engine.together.AT_ONCE", most)
    trainers = crowd()
    together = judging.evaluate_together(trainers)
    for trainer, found in zip(trainers, together, strict=True):
        alone = judging.evaluate(trainer, trainer.logits(trainer.data.test.features))
        for name in ("true", "predicted"):
            np.testing.assert_array_equal(getattr(found, name), getattr(alone, name))
        np.testing.assert_allclose(found.probability, alone.probability, rtol=1e-5)
        assert found.reliability is not None
        assert alone.reliability is not None
        np.testing.assert_array_equal(found.reliability.texts, alone.reliability.texts)
        np.testing.assert_array_equal(found.reliability.right, alone.reliability.right)
        np.testing.assert_allclose(
            found.reliability.expected, alone.reliability.expected, rtol=1e-5
        )
        for name in ("step", "impossible", "guess", "wrong_masked", "temperatures"):
            assert getattr(found, name) == getattr(alone, name), name
