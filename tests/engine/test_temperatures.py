"""Temperatures: the minimisers on validation texts, what they change, and what they never do."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open
from torch import Tensor

from lossviz.engine.features import Splits
from lossviz.engine.fit import Fit, fit
from lossviz.engine.landscape.retrained import trained_weights
from lossviz.engine.live import LiveRuns
from lossviz.engine.sweep import predict_block
from lossviz.engine.temperatures import fitted, spread, tempering, temperings
from lossviz.engine.trainer import Trainer
from lossviz.engine.training import steps
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.reference import RunReference
from lossviz.experiments.reliability import COOLEST, HOTTEST
from lossviz.experiments.runs.run import Run
from lossviz.losses.heads import HEADS
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.targets import Targets
from lossviz.schema import LabelSchema
from tests.support.examples import examples
from tests.support.factories import dataset
from tests.support.objectives import SEEDS, logits, schemas

ROWS = 40
every_head = pytest.mark.parametrize("name", HEADS)
CLEAN = dataset(800, seed=9)
LOT = np.random.default_rng(1)
DATA = replace(
    CLEAN,
    codes=np.where(LOT.random((800, 1)) < 0.4, LOT.integers(0, 2, (800, 2)), CLEAN.codes),
    digest="drawn by lot, 800",
)
"""Four labels in ten are drawn by lot, so that who learns them by heart is too sure of himself."""


def sure(calibration: str = "temperature", **fields: Any) -> Experiment:
    """Trained long enough to be overconfident."""
    own: dict[str, Any] = {
        "epochs": 20,
        "split": {"validation": 0.25},
        "optimiser": {"learning_rate": 1.0},
        "calibration": calibration,
    }
    return Experiment.for_dataset(DATA, **{**own, **fields})


def drawn(name: str, schema: LabelSchema, seed: int, scale: float) -> tuple[Tensor, Targets]:
    """Logits ``(2, N, O)`` of two members, and labels that hang on them."""
    head, random = HEADS[name], np.random.default_rng(seed)
    z = torch.stack([logits(seed + k, ROWS, head.size(schema)) for k in range(2)])
    probability = head.joint_log_probs(z[0], schema).exp().numpy()
    probability /= probability.sum(axis=1, keepdims=True)
    classes = [random.choice(len(schema.classes), p=row) for row in probability]
    return scale * z, Targets.from_codes(schema.class_codes[classes], schema)


def log_losses(
    name: str, z: Tensor, temperatures: Tensor, targets: Targets, schema: LabelSchema
) -> Tensor:
    """Mean log loss of each part ``(E, G)``."""
    head = HEADS[name]
    divided = z / spread(temperatures, head.parts(schema))
    return -torch.stack(head.log_prob_pieces(divided, targets, schema), dim=-1).mean(-2)


@every_head
@examples(40)
@given(schema=schemas(), seed=SEEDS, scale=st.sampled_from([0.1, 1.0, 5.0]))
def test_each_is_the_minimiser_on_the_validation_texts(
    name: str, schema: LabelSchema, seed: int, scale: float
) -> None:
    z, targets = drawn(name, schema, seed, scale)
    found = fitted(z, targets, HEADS[name], schema)
    assert found.shape == (2, len(HEADS[name].parts(schema)))
    at = found.clone().requires_grad_()
    losses = log_losses(name, z, at, targets, schema)
    (slope,) = torch.autograd.grad(losses.sum(), at)
    inside = (found > 1.001 * COOLEST) & (found < 0.999 * HOTTEST)
    assert slope[inside].abs().max() < 1e-7 if inside.any() else True
    for other in (0.8, 0.99, 1.01, 1.25):
        elsewhere = (other * found).clamp(COOLEST, HOTTEST)
        worse = log_losses(name, z, elsewhere, targets, schema)
        assert (worse >= losses - 1e-9).all()


@every_head
@given(schema=schemas(), seed=SEEDS)
def test_a_part_with_nothing_to_tell_has_temperature_1(
    name: str, schema: LabelSchema, seed: int
) -> None:
    z, targets = drawn(name, schema, seed, 1.0)
    assert (fitted(torch.zeros_like(z), targets, HEADS[name], schema) == 1.0).all()


def test_what_is_right_everywhere_or_nowhere_ends_at_the_bounds() -> None:
    head, schema = HEADS["factorised"], CLEAN.schema
    targets = Targets.from_codes(schema.class_codes[[0, 3]], schema)  # AC and BD
    z = torch.tensor([[[2.0, -2.0], [-2.0, 2.0]]])  # right on the first part, wrong on the second
    [[first, second]] = fitted(z, targets, head, schema).tolist()
    assert (first, second) == pytest.approx((COOLEST, HOTTEST))


@every_head
@examples(60)
@given(schema=schemas(), seed=SEEDS, temperature=st.floats(COOLEST, HOTTEST))
def test_no_temperature_changes_what_is_likeliest(
    name: str, schema: LabelSchema, seed: int, temperature: float
) -> None:
    """Of a part with logits of its own its value, of a chain that given those before it, and of
    one softmax over labels the label."""
    head = HEADS[name]
    z = logits(seed, ROWS, head.size(schema))
    values = torch.full((1, len(head.parts(schema))), temperature)
    divided = z / spread(values, head.parts(schema))[0]
    if name == "factorised":
        pairs = list(
            zip(
                head.component_log_probs(z, schema),
                head.component_log_probs(divided, schema),
                strict=True,
            )
        )
    elif name == "joint":
        pairs = [(head.joint_log_probs(z, schema), head.joint_log_probs(divided, schema))]
    else:
        groups = [np.flatnonzero(schema.tree.siblings == g) for g in set(schema.tree.siblings)]
        pairs = [(z[:, group], divided[:, group]) for group in groups]
    for before, after in pairs:
        at_its_best = after.gather(-1, before.argmax(-1, keepdim=True)).squeeze(-1)
        torch.testing.assert_close(at_its_best, after.max(-1).values, rtol=0, atol=0)


@pytest.mark.parametrize("formulation", OBJECTIVES)
@pytest.mark.parametrize("decoder", ["joint_mode", "marginal_modes"])
def test_decisions_without_costs_training_and_curves_stay(formulation: str, decoder: str) -> None:
    plain, tempered = (
        fit(DATA, sure(kind, formulation=formulation, decoder=decoder, epochs=3))
        for kind in ("none", "temperature")
    )
    assert torch.equal(plain.trainer.model.table, tempered.trainer.model.table)
    np.testing.assert_array_equal(plain.evaluation.predicted, tempered.evaluation.predicted)
    assert plain.evaluation.temperatures is None
    set_on = tempered.evaluation.temperatures
    assert set_on is not None
    assert set_on.texts == tempered.rows["validation"] == 160
    joint = tempered.trainer.head.id == "joint"
    assert set_on.parts == (("whole label",) if joint else ("first", "second"))
    assert (plain.evaluation.probability != tempered.evaluation.probability).any()


def log_loss(fitted_run: Fit) -> float:
    """Of the true whole labels of the held-out texts, by the probabilities that it shows."""
    trainer = fitted_run.trainer
    z, head, schema = trainer.logits(trainer.data.test.features), trainer.head, trainer.data.schema
    if set_on := fitted_run.evaluation.temperatures:
        z = z / spread(torch.tensor([set_on.values]), head.parts(schema))
    targets = Targets.from_codes(trainer.data.test.codes, schema)
    return -float(torch.stack(head.log_prob_pieces(z[0], targets, schema)).sum(0).mean())


@pytest.mark.parametrize("formulation", ["components", "joint", "chain"])
def test_an_overconfident_model_s_probabilities_come_true_more_often_on_texts_it_was_not_set_on(
    formulation: str,
) -> None:
    plain, tempered = (fit(DATA, sure(k, formulation=formulation)) for k in ("none", "temperature"))
    set_on = tempered.evaluation.temperatures
    assert set_on is not None
    assert all(value > 1.2 for value in set_on.values)
    assert log_loss(tempered) < log_loss(plain) - 0.05
    missed = [each.evaluation.reliability for each in (plain, tempered)]
    assert missed[0] is not None
    assert missed[1] is not None
    assert missed[1].errors.mean() < 0.7 * missed[0].errors.mean()


def test_costs_are_decided_by_tempered_probabilities_alike_for_all_who_decide() -> None:
    """One softmax over three labels, so that how sure it is decides."""
    data = dataset(400, missing=("BD",), seed=3)
    noisy = np.where(LOT.random((400, 1)) < 0.3, data.codes[LOT.permutation(400)], data.codes)
    data = replace(data, codes=noisy, digest="drawn by lot, 400")
    fields: dict[str, Any] = {
        "formulation": "joint",
        "decoder": "min_cost",
        "costs": (3.0, 1.0, 1.0),
        "epochs": 20,
        "split": {"validation": 0.25},
        "optimiser": {"learning_rate": 1.0},
    }
    one = Experiment.for_dataset(data, **fields, calibration="temperature")
    found = fit(data, one)
    assert (
        found.evaluation.predicted
        != fit(data, one.changed(calibration="none")).evaluation.predicted
    ).any()
    run, runs = Run.of(one), LiveRuns(data)
    while not (run.over and run.judged):
        run.take(runs.advance({"A": run.order(train=True, evaluate=True)}, 9.0, 50).progress["A"])
    assert run.evaluation is not None
    np.testing.assert_array_equal(run.evaluation.predicted, found.evaluation.predicted)
    assert run.evaluation.temperatures == found.evaluation.temperatures
    scores = predict_block(data, one, ((1.0, 1.0),))
    assert scores is not None
    np.testing.assert_array_equal(scores.predicted[0], found.evaluation.predicted)


@pytest.mark.parametrize("formulation", ["marginals", "components", "chain"])
def test_together_they_are_bit_for_bit_those_of_each_alone(formulation: str) -> None:
    experiment = sure(formulation=formulation, epochs=3)
    data, _ = Splits().encoded(DATA, experiment)
    trainers = [Trainer(data, experiment.changed(seed=seed)) for seed in range(4)]
    for trainer in trainers:
        for _ in steps(trainer):
            pass
    for together, trainer in zip(temperings(trainers), trainers, strict=True):
        alone = tempering(trainer)
        assert together is not None
        assert alone is not None
        assert torch.equal(together.values, alone.values)


def test_a_typed_sentence_is_answered_with_them_and_the_curve_is_without() -> None:
    answers, curves = [], []
    for kind in ("none", "temperature"):
        runs, run = LiveRuns(DATA), Run.of(sure(kind, epochs=5))
        order = run.order(train=True, evaluate=False)
        report = runs.advance({"A": order}, 20.0, 10_000, "wept joy good fine")
        assert report.answers is not None
        answers.append(report.answers.by_run["A"])
        curves.append(report.progress["A"].curve)
    plain, tempered = answers
    assert plain.label == tempered.label
    assert all(
        a.max() > b.max() for a, b in zip(plain.components, tempered.components, strict=True)
    )
    np.testing.assert_array_equal(*(curve.validation["total"] for curve in curves))


def test_weights_to_take_along_name_them(tmp_path: Any) -> None:
    one = sure(epochs=2)
    found = fit(DATA, one)
    reference = RunReference("A", one, (), found.trainer.step)
    taken = trained_weights(DATA, reference)
    assert taken is not None
    (tmp_path / "run.safetensors").write_bytes(taken.content)
    with safe_open(tmp_path / "run.safetensors", framework="np") as file:
        about = json.loads(file.metadata()["lossviz"])
    set_on = found.evaluation.temperatures
    assert set_on is not None
    assert about["temperatures"] == dict(zip(set_on.parts, set_on.values, strict=True))
