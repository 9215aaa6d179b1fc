"""TorchJD's scalarizers and aggregators say what ours should."""

from __future__ import annotations

import pytest
import torch
from torchjd.aggregation import MGDA, CAGrad, PCGrad, UPGrad
from torchjd.scalarization import DWA, UW, Random

from lossviz.data import split
from lossviz.engine.features import encode_split
from lossviz.engine.trainer import Trainer
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.specs import FeatureSpec
from lossviz.losses.weighting import WEIGHTINGS, Moment
from tests.support.factories import dataset

DATA = dataset(120)
ENCODED = encode_split(DATA, split(DATA, 0.2, 0), FeatureSpec())
LOSSES = torch.tensor([[0.9, 0.3, 0.5], [0.7, 0.25, 0.5], [0.6, 0.2, 0.4], [0.5, 0.2, 0.1]])


def moment(step: int, losses: torch.Tensor) -> Moment:
    return Moment(step, losses[None], torch.ones(1, 3), lambda: torch.eye(3)[None])


def test_uncertainty_is_uw_times_two_over_k() -> None:
    own, theirs = WEIGHTINGS["uncertainty"].configured({}), UW(3)
    own.begin(torch.ones(1, 3), seed=0, steps_per_epoch=1)
    values = torch.tensor([0.4, -0.8, 1.3])
    with torch.no_grad():
        own.parameters["weights"].copy_(values[None])
        theirs.log_var.copy_(values)
    penalty = own.penalty()
    assert penalty is not None
    ours = ((own.weigh(moment(0, LOSSES[0])) * LOSSES[0]).sum() + penalty.sum()) / 3
    expected = theirs(LOSSES[0]) * 2 / 3
    torch.testing.assert_close(ours, expected)
    (gradient,) = torch.autograd.grad(ours, own.parameters["weights"])
    (theirs_gradient,) = torch.autograd.grad(expected, theirs.log_var)
    torch.testing.assert_close(gradient[0], theirs_gradient)


def test_dynamic_weight_average_is_dwa() -> None:
    own, theirs = WEIGHTINGS["dwa"].configured({}), DWA()
    own.begin(torch.ones(1, 3), seed=0, steps_per_epoch=2)
    batches = torch.cat([LOSSES, LOSSES * 0.8, LOSSES**2])
    for step, losses in enumerate(batches):
        weights = own.weigh(moment(step, losses))[0]
        torch.testing.assert_close((weights * losses).sum(), theirs(losses))
        if step % 2 == 1:
            theirs.step()


def test_random_weights_have_the_distribution_of_rlw() -> None:
    own, theirs = WEIGHTINGS["random"].configured({}), Random()
    own.begin(torch.ones(1, 3), seed=0, steps_per_epoch=1)
    basis = torch.eye(3)
    torch.manual_seed(1)
    drawn = torch.stack([torch.stack([theirs(row) for row in basis]) for _ in range(3000)])
    ours = torch.stack([own.weigh(moment(step, LOSSES[0]))[0] for step in range(3000)]) / 3
    # Each entry of theirs is one coordinate of a draw of its own: the marginals can be compared.
    for quantile in (0.1, 0.5, 0.9):
        torch.testing.assert_close(
            ours[:, 0].quantile(quantile), drawn[:, 0].quantile(quantile), rtol=0.0, atol=0.04
        )


def jacobian(trainer: Trainer) -> tuple[torch.Tensor, torch.Tensor]:
    """The parts' gradients in all weights of the model, the plain way, at the first batch."""
    batch = next(Trainer(ENCODED, trainer.experiment)._batches)
    table = trainer.model.table.clone().requires_grad_()
    dense = {name: own.clone().requires_grad_() for name, own in trainer.model.dense.items()}
    features = batch.rows.dense(len(batch.features))
    logits = trainer.model.tail((features @ table[batch.features])[None], dense)
    parts = trainer.objective.parts(logits, batch.targets, DATA.schema, trainer.preference)
    rows = []
    for k in range(2):
        gradients = torch.autograd.grad(
            parts[f"part {k + 1}"].mean(), [table, *dense.values()], retain_graph=True
        )
        rows.append(torch.cat([own.reshape(-1) for own in gradients]))
    return torch.stack(rows), torch.stack([parts[f"part {k + 1}"].mean() for k in range(2)])


@pytest.mark.parametrize("model", ["linear", "hidden"])
@pytest.mark.parametrize("name", ["pcgrad", "mgda", "cagrad", "upgrad"])
def test_a_step_goes_where_the_aggregator_points(name: str, model: str) -> None:
    """Plain gradient descent by our weights is descent along TorchJD's aggregate, times K."""
    preference = (5.0, 1.0)
    own = Experiment.for_dataset(
        DATA,
        weighting=name,
        model={"kind": model, "width": 3},
        optimiser={"name": "sgd", "learning_rate": 0.1},
        component_weights=preference,
    )
    trainer = Trainer(ENCODED, own)
    rows, _ = jacobian(trainer)
    aggregators = {
        "pcgrad": lambda: PCGrad()(rows) / 2,
        "mgda": lambda: MGDA()(rows),
        "cagrad": lambda: CAGrad(c=0.5)(rows) / 1.5,
        "upgrad": lambda: UPGrad(torch.tensor(preference))(rows) / 2,
    }
    torch.manual_seed(own.seed * 1_000_003)
    expected = aggregators[name]()
    before = torch.cat([value.reshape(-1).clone() for value in trainer.model.weights().values()])
    trainer.advance()
    after = torch.cat([value.reshape(-1) for value in trainer.model.weights().values()])
    torch.testing.assert_close(before - after, 0.1 * expected, rtol=2e-3, atol=1e-6)


def test_free_weights_fall_and_simplex_runs_to_the_smaller_loss() -> None:
    """What the descriptions say happens, on parts of fixed size."""
    losses = torch.tensor([0.8, 0.2])
    for name in ("free", "simplex"):
        own = WEIGHTINGS[name].configured({})
        own.begin(torch.ones(1, 2), seed=0, steps_per_epoch=1)
        weights = own.weigh(Moment(0, losses[None], torch.ones(1, 2), lambda: torch.eye(2)[None]))
        (slope,) = torch.autograd.grad((weights * losses).sum(), own.parameters["weights"])
        if name == "free":
            assert (slope > 0).all()
        else:
            assert slope[0, 0] > 0 > slope[0, 1]


@pytest.mark.parametrize("name", ["uncertainty", "log1p"])
def test_learned_variances_settle_where_their_formula_says(name: str) -> None:
    losses = torch.tensor([[0.8, 0.2]])
    own = WEIGHTINGS[name].configured({})
    own.begin(torch.ones(1, 2), seed=0, steps_per_epoch=1)
    optimiser = torch.optim.Adam(own.parameters.values(), lr=0.02)
    for step in range(2000):
        weights = own.weigh(Moment(step, losses, torch.ones(1, 2), lambda: torch.eye(2)[None]))
        penalty = own.penalty()
        assert penalty is not None
        optimiser.zero_grad()
        ((weights * losses).sum() + penalty.sum()).backward()
        optimiser.step()
    weights = own.weigh(Moment(0, losses, torch.ones(1, 2), lambda: torch.eye(2)[None])).detach()
    if name == "uncertainty":
        torch.testing.assert_close(weights, 1 / losses, rtol=1e-3, atol=1e-3)
    else:
        squared = 1 / weights  # c², with L (1 + c²) = 2 c⁴
        torch.testing.assert_close(losses * (1 + squared), 2 * squared**2, rtol=1e-3, atol=1e-3)
