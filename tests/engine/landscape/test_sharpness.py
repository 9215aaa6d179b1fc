"""How sharply the loss bends: the numbers that are reported, and when none is."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import count

import numpy as np
import pytest
import torch

from lossviz.engine.landscape.curvature import along, leading, probe, sharpness
from lossviz.engine.landscape.loss import Loss
from lossviz.experiments.surfaces.pieces import Sharpness
from tests.engine.landscape.test_curvature import every_model, few, losses, made, whole


def measured(loss: Loss, at: dict[str, torch.Tensor], **options: int) -> Sharpness:
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
    found = measured(few(loss, 5), at)
    assert all(type(getattr(found, own.name)) in (int, float) for own in fields(found))
