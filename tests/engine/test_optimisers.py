"""The rules by which weights move; a constant factor on the loss does not matter to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import split
from lossviz.engine import optimisers
from lossviz.engine.features import encode_split
from lossviz.engine.optimisers import EPSILON, NOISE, Optimiser, build_optimiser
from lossviz.engine.trainer import Trainer
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.specs import RATES, FeatureSpec, OptimiserSpec
from lossviz.experiments.weights import Weights
from lossviz.losses.decoding import DECODERS
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.weights import LossWeights
from tests.support.examples import examples
from tests.support.factories import dataset

DATA = dataset()
SIDES = encode_split(DATA, split(DATA, 0.2, 0), FeatureSpec())
FACTORS = (0.1, 1.0, 10.0)
SCALE_FREE = [name for name in ("adagrad", "adam", "sgd") if OptimiserSpec(name=name).scale_free]
"""Of all optimisers, as they are chosen by name."""
WEIGHTED_SUMS = [
    name
    for name, objective in OBJECTIVES.items()
    if all(term.weight is not None for term in objective.terms(2).values())
]
ADAGRAD = OptimiserSpec(name="adagrad", learning_rate=0.1)


@pytest.mark.parametrize("name", ["adagrad", "sgd"])
def test_some_rows_move_as_in_the_whole(name: str) -> None:
    spec = OptimiserSpec(name=name, learning_rate=0.1)
    start = torch.arange(12.0).view(4, 3)
    gradient = torch.tensor([[1.0, 2.0, 0.0], [0.5, 0.5, 0.0]])
    dense, sparse = start.clone(), start.clone()
    whole = build_optimiser(spec, {"w": dense})
    rows = build_optimiser(spec, {"w": sparse})
    for places in ([2, 0], [1, 3], [0, 1]):
        full = torch.zeros(4, 3)
        full[places] = gradient
        whole.update("w", full)
        touched = torch.tensor(places)
        tables = [sparse, *rows.memory["w"].values()]
        Optimiser.update_rows([rows], "w", tables, touched, sparse[touched], gradient)
        gradient = gradient.roll(1, 1)
        assert torch.equal(dense, sparse)


@pytest.mark.parametrize("decay", [0.0, 0.01])
@pytest.mark.parametrize("name", ["adagrad", "sgd", "adam"])
@pytest.mark.parametrize("piece", [1, 40, 1000])
def test_piece_by_piece_a_tensor_moves_as_in_the_whole(
    name: str, decay: float, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optimisers, "AT_A_TIME", piece)
    spec = OptimiserSpec(name=name, learning_rate=0.1, weight_decay=decay)
    random = torch.Generator().manual_seed(0)
    start = torch.randn(61, 7, generator=random)
    dense, scattered = start.clone(), start.clone()
    whole, pieces = build_optimiser(spec, {"w": dense}), build_optimiser(spec, {"w": scattered})
    for touched in (9, 0, 61, 5):
        rows = torch.randperm(61, generator=random)[:touched].sort()[0]
        gradient = torch.randn(touched, 7, generator=random)
        whole.update("w", torch.zeros(61, 7).index_copy_(0, rows, gradient))
        pieces.update_scattered("w", rows, gradient)
        assert torch.equal(dense, scattered)
        assert all(torch.equal(m, pieces.memory["w"][k]) for k, m in whole.memory["w"].items())


def by_column(name: str, tensor: torch.Tensor) -> Sequence[torch.Tensor]:
    """One member, whose columns serve a part each."""
    return tensor.unsqueeze(1).split(1, dim=-1)


def sums(*gradients: list[list[float]]) -> torch.Tensor:
    """Adagrad's sums after these gradients of one tensor."""
    weight = torch.zeros(torch.tensor(gradients[0]).shape)
    optimiser = build_optimiser(ADAGRAD, {"w": weight}, by_column)
    for gradient in gradients:
        optimiser.update("w", torch.tensor(gradient))
    return optimiser.memory["w"]["sum"]


def test_each_part_starts_at_the_mean_square_of_the_rows_that_have_a_gradient() -> None:
    found = sums([[1.0, 30.0], [0.0, 0.0], [3.0, 10.0]])
    start = torch.tensor([5.0, 500.0])
    expected = start + torch.tensor([[1.0, 900.0], [0.0, 0.0], [9.0, 100.0]])
    torch.testing.assert_close(found, expected)


def test_a_later_gradient_starts_nothing_anew() -> None:
    assert sums([[2.0]], [[100.0]]).item() == pytest.approx(4 + 4 + 10_000)


@pytest.mark.parametrize("noise", [0.0, 0.1 * NOISE])
def test_a_part_with_nothing_but_noise_waits_and_does_not_move(noise: float) -> None:
    weight = torch.zeros(2, 2)
    optimiser = build_optimiser(ADAGRAD, {"w": weight}, by_column)
    optimiser.update("w", torch.tensor([[1.0, noise], [1.0, -noise]]))
    assert not weight[:, 1].any()
    assert weight[:, 0].all()
    optimiser.update("w", torch.tensor([[1.0, 2.0], [1.0, 0.0]]))
    expected = -0.1 * 2.0 / (4.0 + 4.0) ** 0.5
    torch.testing.assert_close(weight[:, 1], torch.tensor([expected, 0.0]))


def test_noise_beside_what_is_learned_moves_a_weight_by_next_to_nothing() -> None:
    weight = torch.zeros(2, 1)
    build_optimiser(ADAGRAD, {"w": weight}).update("w", torch.tensor([[1.0], [1e-7]]))
    assert abs(weight[1].item()) < 1e-7


@pytest.mark.parametrize("noise", [0.0, 0.1 * NOISE])
def test_adam_does_not_move_what_is_noise_either(noise: float) -> None:
    weight = torch.zeros(2, 2)
    spec = OptimiserSpec(name="adam", learning_rate=0.1)
    build_optimiser(spec, {"w": weight}, by_column).update(
        "w", torch.tensor([[1.0, noise], [1.0, -noise]])
    )
    assert not weight[:, 1].any()
    torch.testing.assert_close(weight[:, 0], torch.full((2,), -0.1 / (1 + EPSILON)))


def trained(data: Any, experiment: Experiment, members: list[Weights]) -> Trainer:
    trainer = Trainer(data, experiment, members)
    while not trainer.finished:
        trainer.advance()
    return trainer


def labels(trainer: Trainer) -> np.ndarray:
    """Decoded labels ``(E, N, K)`` of the held-out rows."""
    decoder = DECODERS[trainer.experiment.decoder]
    logits = trainer.logits(trainer.data.test.features)
    one = LossWeights(torch.ones(len(logits), 2), torch.ones(len(logits)))
    return decoder.decode(logits, trainer.head, trainer.data.schema, one)[0].numpy()


def scaled(factors: tuple[float, ...], weights: tuple[float, float], **fields: Any) -> np.ndarray:
    """Labels with all weights times each of these factors."""
    experiment = Experiment.for_dataset(DATA, epochs=3, **fields)
    members = [Weights((factor * weights[0], factor * weights[1], factor)) for factor in factors]
    return labels(trained(SIDES, experiment, members))


@pytest.mark.parametrize("kind", ["linear", "hidden"])
@pytest.mark.parametrize("optimiser", SCALE_FREE)
@pytest.mark.parametrize("formulation", WEIGHTED_SUMS)
def test_a_factor_on_the_loss_changes_no_prediction(
    formulation: str, optimiser: str, kind: str
) -> None:
    model = {"kind": kind, "width": 2}
    rate = {"name": optimiser, "learning_rate": RATES[optimiser]}
    found = scaled(FACTORS, (2.0, 0.5), formulation=formulation, optimiser=rate, model=model)
    assert (found == found[1]).all()


@examples(20)
@given(
    st.sampled_from(WEIGHTED_SUMS),
    st.sampled_from(SCALE_FREE),
    st.sampled_from(["linear", "hidden"]),
    st.floats(0.01, 100.0),
    st.floats(0.1, 10.0),
)
def test_nor_does_any_other_factor_with_any_weights(
    formulation: str, optimiser: str, kind: str, factor: float, ratio: float
) -> None:
    model = {"kind": kind, "width": 2}
    rate = {"name": optimiser, "learning_rate": RATES[optimiser]}
    found = scaled(
        (1.0, factor), (ratio, 1.0), formulation=formulation, optimiser=rate, model=model
    )
    assert (found[0] != found[1]).any(axis=1).sum() <= 1  # rounding may break a tie


@pytest.mark.parametrize("weights", [(0.01, 1.0), (5.0, 0.2), (1.0, 100.0)])
def test_separate_parts_do_not_mind_their_weights(weights: tuple[float, float]) -> None:
    """Nothing that is trained is shared, so α and β ask for nothing."""
    found = scaled((1.0,), weights, formulation="components")
    assert (found == scaled((1.0,), (1.0, 1.0), formulation="components")).all()


@given(
    st.lists(st.lists(st.floats(-3, 3, width=32), min_size=3, max_size=3), min_size=2, max_size=6)
)
def test_with_a_share_it_is_torch_s_own_that_has_seen_as_many_like_the_first(
    gradients: list[list[float]],
) -> None:
    gradients[0] = [1.0, -2.0, 0.5]
    ours, theirs = torch.zeros(3, 1), torch.zeros(3, 1, requires_grad=True)
    optimiser = build_optimiser(ADAGRAD.model_copy(update={"shrinking": 0.01}), {"w": ours})
    seen = torch.optim.Adagrad(
        [theirs],
        lr=10 * ADAGRAD.learning_rate,
        initial_accumulator_value=100 * float(np.square(gradients[0]).mean()),
    )
    for gradient in gradients:
        theirs.grad = torch.tensor(gradient)[:, None]
        seen.step()
        optimiser.update("w", torch.tensor(gradient)[:, None])
    torch.testing.assert_close(ours, theirs.detach(), rtol=1e-4, atol=1e-5)
