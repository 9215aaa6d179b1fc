"""The best is among those that cannot be told from it."""

from __future__ import annotations

import pytest

from tests.simulations.best import NOISES, Noise, kept_where_equal, swept


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("points", [7, 49])
def test_each_of_equal_points_is_kept(noise: Noise, points: int) -> None:
    assert kept_where_equal(noise, points, 200).min() >= 0.93  # 95 % or more, of 200


def test_a_sweep_keeps_what_is_best_on_fresh_texts_and_drops_what_is_far_off() -> None:
    sweep = swept(0, rows=200, texts=500)
    true = sweep.fresh.mean(axis=1)
    assert sweep.among[true.argmin()]
    assert not sweep.among[true.argmax()]
