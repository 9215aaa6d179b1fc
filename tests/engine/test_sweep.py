"""Scoring: what members trained side by side get wrong, as plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch

from lossviz.data import split
from lossviz.engine import sweep as scoring
from lossviz.engine import training as side_by_side
from lossviz.engine.features import Splits
from lossviz.engine.fit import fit
from lossviz.engine.model import columns
from lossviz.engine.sweep import score_block
from lossviz.experiments.evaluation import baseline
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.scores import Scores, small
from lossviz.losses.decoding import DECODERS
from lossviz.schema import Component, LabelSchema
from tests.support.factories import dataset

DATA = dataset(300, seed=31)
MEMBERS = ((0.1, 1.0), (1.0, 1.0), (10.0, 1.0), (1.0, 0.1), (1.0, 10.0))
HIDDEN = {"kind": "hidden", "width": 3}
MODELS = pytest.mark.parametrize("model", [{"kind": "linear"}, HIDDEN], ids=["linear", "hidden"])


def made(**fields: object) -> Experiment:
    return Experiment.for_dataset(DATA, **{"epochs": 3, **fields})


def scored(experiment: Experiment, members: Sequence[Sequence[float]] = MEMBERS) -> Scores:
    found = score_block(DATA, experiment, members)
    assert found is not None
    return found


def identical(first: Scores, second: Scores) -> None:
    for name in ("wrong", "learnt", "predicted", "true"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name), err_msg=name)
    assert first.rows == second.rows
    assert first.guess == second.guess
    assert first.messages == second.messages
    assert (first.answers is None) == (second.answers is None)
    if first.answers is not None and second.answers is not None:
        np.testing.assert_allclose(first.answers, second.answers, atol=1e-5)


def plain_errors(predicted: np.ndarray, true: np.ndarray) -> list[int]:
    rows = list(zip(predicted.tolist(), true.tolist(), strict=True))
    each = [sum(own[k] != right[k] for own, right in rows) for k in range(true.shape[1])]
    return [*each, sum(own != right for own, right in rows)]


@MODELS
@pytest.mark.parametrize("formulation", ["marginals", "components", "hybrid"])
def test_what_is_counted_is_what_a_fit_gets_wrong(
    model: dict[str, object], formulation: str
) -> None:
    """On held-out rows and on training rows, counted row by row."""
    experiment = made(model=model, formulation=formulation, seed=5)
    found = scored(experiment)
    train = DATA.codes[split(DATA, 0.2, 0).train]
    for place, weights in enumerate(MEMBERS):
        own = fit(DATA, experiment.changed(component_weights=weights))
        np.testing.assert_array_equal(found.predicted[place], own.evaluation.predicted)
        np.testing.assert_array_equal(found.true, own.evaluation.true)
        assert found.wrong[place].tolist() == plain_errors(
            own.evaluation.predicted, own.evaluation.true
        )
        trainer = own.trainer
        codes, _ = DECODERS[experiment.decoder].decode(
            trainer.logits(trainer.data.train.features),
            trainer.head,
            trainer.data.schema,
            trainer.preference,
        )
        assert found.learnt[place].tolist() == plain_errors(codes[0].numpy(), train)
    assert found.rows == (240, 60)
    assert found.guess == baseline(train, found.true)
    assert found.messages == ("",) * len(MEMBERS)


def test_answers_are_the_logits_of_equal_weights() -> None:
    experiment = made(model=HIDDEN)
    own = fit(DATA, experiment).trainer
    expected = own.logits(own.data.test.features)[0].numpy()
    for members in (MEMBERS, MEMBERS[1:2], MEMBERS[::-1]):
        answers = scored(experiment, members).answers
        assert answers is not None
        np.testing.assert_allclose(answers, expected, atol=1e-5)
    assert scored(experiment, (MEMBERS[0], (2.0, 2.0))).answers is None


@MODELS
def test_how_many_are_trained_at_once_changes_no_number(
    monkeypatch: pytest.MonkeyPatch, model: dict[str, object]
) -> None:
    experiment = made(model=model)
    whole = scored(experiment)
    features = Splits().encoded(DATA, experiment)[0].train.features
    one = features.shape[1] * columns(experiment.model, 4)
    sizes = []
    real = side_by_side.Trainer

    def counted(*own: object, **more: object) -> side_by_side.Trainer:
        trainer = real(*own, **more)  # type: ignore[arg-type]
        sizes.append(trainer.model.members)
        return trainer

    monkeypatch.setattr(side_by_side, "Trainer", counted)
    for most, expected in ((2 * one, [2, 2, 1]), (1, [1] * 5)):
        sizes.clear()
        monkeypatch.setattr(scoring, "SLICE_WEIGHTS", most)
        identical(scored(experiment), whole)
        assert sizes == expected


def test_how_many_rows_are_judged_at_once_changes_no_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = scored(made())
    for most in (1, 7 * len(MEMBERS) * 4, 240 * len(MEMBERS) * 4 - 1):
        monkeypatch.setattr(scoring, "LOGITS_AT_ONCE", most)
        identical(scored(made()), whole)


WILD = {"model": HIDDEN, "optimiser": {"name": "sgd", "learning_rate": 30.0}}


@pytest.mark.parametrize("patient", [{}, {"patience": 1, "split": {"validation": 0.2}}], ids=str)
def test_a_member_that_diverges_is_a_result_and_the_others_go_on(
    patient: dict[str, object],
) -> None:
    experiment = made(**WILD, **patient)
    tame, wild, equal = (0.01, 0.01), (1000.0, 1000.0), (1.0, 1.0)
    found = scored(experiment, (tame, wild, equal))
    assert found.messages[0] == found.messages[2] == ""
    assert "too large at step" in found.messages[1]
    for place, own in ((0, tame), (2, equal)):
        alone = scored(experiment, (own,))
        np.testing.assert_array_equal(found.wrong[place], alone.wrong[0])
        np.testing.assert_array_equal(found.learnt[place], alone.learnt[0])
        np.testing.assert_array_equal(found.predicted[place], alone.predicted[0])
    assert found.predicted.shape == (3, 60, 2)
    answers = scored(experiment, (equal,)).answers
    noise = 1e-5 if patient else 0.0
    np.testing.assert_allclose(found.answers, answers, rtol=noise, atol=noise)  # type: ignore[arg-type]


def test_who_diverged_is_found_without_training_each_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trained = []
    real = side_by_side.Trainer

    def counted(*own: object, **more: object) -> side_by_side.Trainer:
        trainer = real(*own, **more)  # type: ignore[arg-type]
        trained.append(trainer.model.members)
        return trainer

    members = [(0.01, 0.01 + 0.001 * k) for k in range(64)]
    members[37] = (1000.0, 1000.0)
    monkeypatch.setattr(side_by_side, "Trainer", counted)
    found = scored(made(**WILD), members)
    assert [place for place, message in enumerate(found.messages) if message] == [37]
    assert len(trained) == 1 + 2 * 6  # all, and two halves on each of six levels


def test_whether_a_member_diverges_does_not_depend_on_who_is_beside_it() -> None:
    """A loss of a few millions is too much, also in a crowd of small ones."""
    experiment = made(optimiser={"name": "sgd", "learning_rate": 30.0})
    wild = (1000.0, 1000.0)
    alone = scored(experiment, (wild,))
    assert "too large at step" in alone.messages[0]
    crowd = scored(experiment, (*[(0.001, 0.001)] * 50, wild))
    assert crowd.messages == ("",) * 50 + alone.messages
    np.testing.assert_array_equal(crowd.predicted[-1], alone.predicted[0])


@pytest.mark.parametrize("looks", [0, 1, 2])
def test_a_block_that_nobody_wants_is_given_up(looks: int) -> None:
    answers = iter([True] * looks + [False])
    assert score_block(DATA, made(epochs=50), MEMBERS, wanted=lambda: next(answers)) is None


def test_a_block_is_given_up_among_its_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "SLICE_WEIGHTS", 1)
    answers = iter([True, True, False])
    assert score_block(DATA, made(epochs=1), MEMBERS, wanted=lambda: next(answers)) is None


def test_a_block_is_given_up_while_it_looks_for_who_diverged() -> None:
    asked = []

    def wanted() -> bool:
        asked.append(len(asked))
        return len(asked) < 3

    members = ((1000.0, 1000.0), (0.01, 0.01), (0.01, 0.01))
    assert score_block(DATA, made(**WILD), members, wanted=wanted) is None
    # All together, the wild one alone, and the other two, which are told to stop.
    assert len(asked) == 3


def test_codes_travel_in_the_smallest_type() -> None:
    found = scored(made())
    assert found.predicted.dtype == found.true.dtype == np.uint8
    for largest, expected in ((255, np.uint8), (256, np.uint16), (70_000, np.uint32)):
        codes = np.array([[0, largest]])
        assert small(codes).dtype == expected
        np.testing.assert_array_equal(small(codes), codes)
    assert small(np.zeros((0, 2), dtype=np.int64)).dtype == np.uint8


def test_a_component_of_many_values_loses_none() -> None:
    """300 values do not fit one byte."""
    names = tuple(f"{own:03}" for own in range(300))
    schema = LabelSchema.full((Component("many", names), Component("two", ("x", "y"))))
    count = 3000
    codes = np.stack([np.arange(count) % 300, np.arange(count) // 300 % 2], axis=1)
    texts = tuple(f"name{a} side{b} row{k}" for k, (a, b) in enumerate(codes.tolist()))
    data = replace(
        dataset(count), digest="many", schema=schema, codes=codes.astype(np.int64), texts=texts
    )
    experiment = Experiment.for_dataset(data, formulation="components", epochs=8)
    found = score_block(data, experiment, ((1.0, 1.0),))
    assert found is not None
    assert found.predicted.dtype == np.uint16
    assert found.predicted.max() > 255
    own = fit(data, experiment).evaluation
    np.testing.assert_array_equal(found.predicted[0], own.predicted)
    assert found.wrong[0, 0] == own.components[0].wrong


def test_scoring_leaves_no_gradient_behind() -> None:
    answers = scored(made()).answers
    assert isinstance(answers, np.ndarray)
    assert answers.dtype == np.float32
    assert torch.is_grad_enabled()
