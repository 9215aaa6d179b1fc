"""The curvature: products, eigenpairs and traces of a Hessian that small models let us build."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import cache
from itertools import count, product
from typing import Any

import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix
from torch import Tensor

from lossviz.data import split
from lossviz.engine.features import encode_split
from lossviz.engine.landscape.curvature import Eigenpair, Hessian, along, leading, probe, sharpness
from lossviz.engine.landscape.loss import Loss, weights_of
from lossviz.engine.trainer import Trainer
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.specs import FeatureSpec
from lossviz.experiments.surfaces.pieces import Bend, Sharpness
from lossviz.experiments.surfaces.vectors import Vector, gaussian, inner, length
from lossviz.losses.objectives import OBJECTIVES
from tests.support.factories import dataset

CASES = [(own, kind) for own in OBJECTIVES for kind in ("linear", "hidden")]
every_model = pytest.mark.parametrize(("formulation", "kind"), CASES)


@cache
def made(formulation: str, kind: str, steps: int = 6, width: int = 2) -> tuple[Loss, Vector]:
    """Twelve texts of 30 words, three labels, weights that differ, a model on its way."""
    data = dataset(15, missing=("AD",))
    own = Experiment.for_dataset(
        data,
        formulation=formulation,
        component_weights=(2.0, 0.5),
        model={"kind": kind, "width": width},
        optimiser={"learning_rate": 0.2, "batch_size": 5},
    )
    trainer = Trainer(
        encode_split(data, split(data, 0.2, 0), FeatureSpec(longest=1, limit=30)), own
    )
    for _ in range(steps):
        trainer.advance()
    return Loss.of(trainer), weights_of(trainer.model)


def flat(vector: Vector) -> Tensor:
    return torch.cat([own.double().flatten() for own in vector.values()])


def shaped(numbers: Tensor, like: Vector) -> Vector:
    pieces = numbers.split([own.numel() for own in like.values()])
    return {name: own.view(like[name].shape) for name, own in zip(like, pieces, strict=True)}


def losses(loss: Loss, weights: Vector) -> Tensor:
    """Of each text, with dense features: what the Hessian is of."""
    features = torch.as_tensor(loss.features.toarray()).double()
    dense = {name: own for name, own in weights.items() if name != "table"}
    return loss.rows((features @ weights["table"])[None], dense)[0]


def whole(loss: Loss, at: Vector) -> Tensor:
    """The Hessian itself, ``(D, D)``."""
    return torch.func.hessian(lambda own: losses(loss, shaped(own, at)).mean())(flat(at))


def few(loss: Loss, rows: int) -> Loss:
    return replace(
        loss,
        features=loss.features[:rows],
        codes=loss.codes[:rows],
        targets=loss.targets[slice(rows)],
    )


@every_model
def test_a_product_is_that_of_the_whole_hessian(formulation: str, kind: str) -> None:
    loss, at = made(formulation, kind)
    direction = gaussian(at, np.random.default_rng(0))
    expected = whole(loss, at) @ flat(direction)
    assert expected.abs().max() > 1e-3
    torch.testing.assert_close(
        flat(Hessian(loss, at).times(direction)), expected, rtol=1e-5, atol=1e-9
    )


@every_model
def test_the_leading_pairs_are_those_of_the_whole_hessian(formulation: str, kind: str) -> None:
    loss, at = made(formulation, kind)
    values, vectors = torch.linalg.eigh(whole(loss, at))
    for place, pair in enumerate(leading(loss, at)):
        assert pair.value == pytest.approx(float(values[-1 - place]), rel=1e-5)
        assert length(pair.vector) == pytest.approx(1.0, abs=1e-6)
        assert abs(float(flat(pair.vector) @ vectors[:, -1 - place])) == pytest.approx(1, abs=1e-5)
        assert pair.residual < 1e-4 * abs(float(values[-1]))


@every_model
def test_the_texts_own_bends_are_those_of_their_own_hessians(formulation: str, kind: str) -> None:
    loss, at = made(formulation, kind)
    direction = gaussian(at, np.random.default_rng(1))
    own = along(loss, at, direction)
    v = flat(direction)
    each = torch.func.hessian(lambda t: losses(loss, shaped(flat(at) + t * v, at)))(
        torch.zeros((), dtype=torch.float64)
    )
    np.testing.assert_allclose(own, each.numpy(), rtol=1e-5, atol=1e-9)
    bend = inner(direction, Hessian(loss, at).times(direction))
    assert own.mean() == pytest.approx(bend, rel=1e-9)


@every_model
def test_probes_scatter_around_the_trace(formulation: str, kind: str) -> None:
    loss, at = made(formulation, kind)
    values = probe(loss, at, probes=400)
    error = values.std(ddof=1) / np.sqrt(len(values))
    assert abs(values.mean() - float(whole(loss, at).trace())) < 4 * error


@pytest.mark.parametrize(("kind", "width"), [("linear", 2), ("hidden", 1)])
def test_over_all_signs_the_probes_average_to_the_trace(kind: str, width: int) -> None:
    loss, at = made("components", kind, width=width)
    loss = few(loss, 3)
    # Rows of different lengths, one of them a text without a known word.
    longer = loss.features.multiply(np.array([[1.0], [3.0], [0.0]])).tocsr()
    loss = replace(loss, features=csr_matrix(longer, dtype=np.float32))
    hessian = Hessian(loss, at)
    assert hessian.size <= 8
    signs = np.array(list(product([-1.0, 1.0], repeat=hessian.size))) * hessian.spread()
    average = np.mean([own @ hessian.bend(own) for own in signs])
    assert average == pytest.approx(float(whole(loss, at).trace()), rel=1e-6)


def test_away_from_a_minimum_the_largest_by_value_leads_not_the_largest_by_size() -> None:
    loss, at = made("expected_cost", "hidden", steps=2)
    values = torch.linalg.eigvalsh(whole(loss, at))
    assert -values[0] > values[-2]
    found = [own.value for own in leading(loss, at)]
    assert found == pytest.approx([float(values[-1]), float(values[-2])], rel=1e-5)


def test_a_feature_that_no_text_has_is_flat() -> None:
    loss, at = made("marginals", "linear")
    loss = few(loss, 4)
    absent = np.setdiff1d(np.arange(30), loss.features.indices)
    assert len(absent) > 0
    for pair in leading(loss, at):
        assert not pair.vector["table"][absent].any()
    direction = gaussian(at, np.random.default_rng(2))
    expected = whole(loss, at) @ flat(direction)
    torch.testing.assert_close(
        flat(Hessian(loss, at).times(direction)), expected, rtol=1e-5, atol=1e-9
    )


def test_texts_that_are_the_same_add_no_directions() -> None:
    loss, at = made("marginals", "linear")
    one = few(loss, 1)
    rows = torch.zeros(5, dtype=torch.int64)
    many = replace(
        one, features=one.features[rows.numpy()], codes=one.codes[rows], targets=one.targets[rows]
    )
    alone, together = leading(one, at, 3), leading(many, at, 3)
    found, expected = ([own.value for own in pairs] for pairs in (together, alone))
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_where_there_are_fewer_dimensions_there_are_fewer_pairs() -> None:
    loss, at = made("components", "linear")
    loss = few(loss, 1)
    pairs = leading(loss, at, 50)
    assert len(pairs) < 50
    values = torch.linalg.eigvalsh(whole(loss, at)).flip(0)
    for place in range(2):
        assert pairs[place].value == pytest.approx(float(values[place]), rel=1e-5)


def test_a_loss_that_nothing_bends_has_curvature_zero() -> None:
    loss, at = made("components", "linear")
    nothing = loss.weights._replace(components=torch.zeros(1, 2))
    (pair, *_) = leading(replace(loss, weights=nothing), at)
    assert pair.value == 0.0
    assert pair.residual == 0.0


def numbers(pairs: tuple[Eigenpair, ...]) -> list[Tensor]:
    return [flat(own.vector) for own in pairs]


def test_the_same_seed_gives_the_same_numbers() -> None:
    loss, at = made("hybrid", "hidden")
    for one, other in zip(
        numbers(leading(loss, at, seed=3)), numbers(leading(loss, at, seed=3)), strict=True
    ):
        assert torch.equal(one, other)
    assert (probe(loss, at, seed=3) == probe(loss, at, seed=3)).all()
    assert (probe(loss, at, seed=3) != probe(loss, at, seed=4)).any()


def test_another_start_finds_the_same_directions_with_the_same_sign() -> None:
    loss, at = made("hybrid", "hidden")
    for one, other in zip(
        numbers(leading(loss, at, seed=0)), numbers(leading(loss, at, seed=1)), strict=True
    ):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-4)


def test_the_weights_looked_from_are_left_as_they_are() -> None:
    loss, at = made("joint", "hidden")
    doubles = {name: own.double() for name, own in at.items()}
    before = {name: own.clone() for name, own in doubles.items()}
    leading(loss, doubles)
    for name, own in doubles.items():
        assert torch.equal(own, before[name])
        assert not own.requires_grad


def measured(loss: Loss, at: dict[str, torch.Tensor], **options: Any) -> Sharpness:
    found = sharpness(loss, at, **options)
    assert found is not None
    return found


@every_model
def test_it_says_what_the_whole_hessian_says(formulation: str, kind: str) -> None:
    loss, at = made(formulation, kind)
    hessian = whole(loss, at)
    found = measured(loss, at)
    top = float(torch.linalg.eigvalsh(hessian)[-1])
    assert found.eigenvalue == pytest.approx(top, rel=1e-5)
    assert found.residual < 1e-4 * top
    assert abs(found.trace - float(hessian.trace())) < 4 * found.trace_error
    doubles = {name: own.double() for name, own in at.items()}
    assert found.loss == pytest.approx(float(losses(loss, doubles).mean()), rel=1e-6)
    assert found.rows == len(loss) == 12
    assert found.weights == len(hessian)


def test_its_errors_are_standard_errors_over_texts_and_probes() -> None:
    loss, at = made("marginals", "hidden")
    found = measured(loss, at, probes=7, seed=2)
    own = along(loss, at, leading(loss, at, 1, 2)[0].vector)
    traces = probe(loss, at, 7, 2)
    assert found.eigenvalue_error == np.std(own, ddof=1) / np.sqrt(12)
    assert found.trace_error == np.std(traces, ddof=1) / np.sqrt(7)
    assert found.trace == traces.mean()
    assert found.probes == 7


def test_the_error_over_texts_is_what_leaving_one_out_says() -> None:
    loss, at = made("marginals", "linear")
    found = measured(loss, at)
    left = []
    for out in range(len(loss)):
        rows = torch.tensor([row for row in range(len(loss)) if row != out])
        rest = replace(
            loss,
            features=loss.features[rows.numpy()],
            codes=loss.codes[rows],
            targets=loss.targets[rows],
        )
        left.append(leading(rest, at, 1)[0].value)
    jackknife = np.sqrt((len(left) - 1) * np.var(left))
    assert found.eigenvalue_error == pytest.approx(jackknife, rel=0.5)


def test_twice_the_loss_bends_twice_as_much() -> None:
    loss, at = made("marginals", "linear")
    twice = replace(loss, weights=loss.weights._replace(components=2 * loss.weights.components))
    once, double = measured(loss, at), measured(twice, at)
    for name in ("eigenvalue", "eigenvalue_error", "trace", "trace_error", "loss"):
        assert getattr(double, name) == pytest.approx(2 * getattr(once, name), rel=1e-5)


def test_the_same_seed_gives_the_same_numbers_whatever_the_time() -> None:
    loss, at = made("joint", "hidden")
    assert measured(loss, at, seed=1) == measured(loss, at, seed=1)
    assert measured(loss, at, seed=1) != measured(loss, at, seed=2)


@pytest.mark.parametrize("after", [0, 1, 20, 60])
def test_nothing_comes_of_what_is_not_wanted_any_longer(after: int) -> None:
    loss, at = made("joint", "hidden")
    asked = count()
    assert sharpness(loss, at, wanted=lambda: next(asked) < after) is None
    assert next(asked) == after + 1


def test_only_numbers_are_kept() -> None:
    loss, at = made("joint", "linear")
    numbers = asdict(measured(few(loss, 5), at, held_out=few(loss, 4)))
    numbers |= numbers.pop("held_out")
    assert all(type(number) in (int, float) for number in numbers.values())


def test_held_out_texts_have_a_largest_eigenvalue_of_their_own() -> None:
    loss, at = made("joint", "linear")
    other = measured(few(loss, 5), at, held_out=loss).held_out
    same = measured(loss, at)
    assert other == Bend(same.eigenvalue, same.eigenvalue_error, same.rows, same.loss)
