"""Vectors: arithmetic on all weights of a model at once."""

from __future__ import annotations

import subprocess
import sys
from math import sqrt

import numpy as np
import pytest
import torch

from lossviz.experiments.surfaces.vectors import (
    Vector,
    added,
    difference,
    gaussian,
    inner,
    length,
    scaled,
    size,
)
from tests.support.surface_runs import trained

SHAPES = {"table": (7, 3), "outer": (1, 3, 2), "bias": (1, 2)}


def drawn(seed: int) -> Vector:
    like = {name: torch.zeros(shape) for name, shape in SHAPES.items()}
    return gaussian(like, np.random.default_rng(seed))


def flat(vector: Vector) -> np.ndarray:
    return torch.cat([own.flatten() for own in vector.values()]).double().numpy()


@pytest.mark.parametrize("seed", range(3))
def test_arithmetic_is_that_of_one_long_vector(seed: int) -> None:
    one, other, third = (drawn(10 * seed + k) for k in range(3))
    a, b, c = flat(one), flat(other), flat(third)
    moved = added(one, (2.0, other), (-0.5, third))
    np.testing.assert_allclose(flat(moved), a + 2 * b - 0.5 * c, 1e-5, 1e-6)
    np.testing.assert_allclose(flat(difference(one, other)), a - b, atol=1e-6)
    np.testing.assert_allclose(flat(scaled(one, -3.0)), -3 * a, 1e-6)
    assert inner(one, other) == pytest.approx(a @ b, rel=1e-12)
    assert length(one) == pytest.approx(np.linalg.norm(a), rel=1e-12)
    assert size(one) == len(a) == 29


def test_what_is_added_to_stays_as_it_is() -> None:
    one, other = drawn(0), drawn(1)
    before = flat(one)
    added(one, (1.0, other))
    scaled(one, 2.0)
    difference(one, other)
    np.testing.assert_array_equal(flat(one), before)


def test_nothing_added_is_a_copy() -> None:
    one = drawn(0)
    own = added(one)
    own["bias"].zero_()
    assert one["bias"].abs().sum() > 0


def test_inner_products_do_not_lose_what_is_small() -> None:
    # In single precision 2^24 + 1 is 2^24.
    large = {"table": torch.tensor([[4096.0], *[[1.0]] * 100])}
    assert inner(large, large) == 4096.0**2 + 100


def test_random_numbers_are_standard_normal_and_come_from_the_generator() -> None:
    like = {"table": torch.zeros(400, 50), "bias": torch.zeros(1, 50)}
    first, again, other = (gaussian(like, np.random.default_rng(seed)) for seed in (4, 4, 5))
    assert {name: own.shape for name, own in first.items()} == {
        name: own.shape for name, own in like.items()
    }
    assert first["table"].dtype == torch.float32
    assert all(torch.equal(own, again[name]) for name, own in first.items())
    assert not torch.equal(first["table"], other["table"])
    many = first["table"].double()
    assert abs(float(many.mean())) < 5 / sqrt(many.numel())
    assert abs(float(many.var()) - 1) < 5 * sqrt(2 / many.numel())
    rows = (many @ many.T / 50).fill_diagonal_(0.0)
    assert float(rows.abs().max()) < 1.0  # no row is another's copy


def test_a_trained_models_weights_are_a_vector() -> None:
    end = trained(kind="hidden").end
    assert list(end) == ["table", "inner bias", "outer", "bias"]
    assert size(end) == end["table"].shape[0] * 5 + 5 + 5 * 4 + 4


def test_reading_about_vectors_needs_no_torch() -> None:
    code = "import sys, lossviz.experiments.surfaces.vectors; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
