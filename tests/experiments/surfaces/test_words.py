"""What is said of surfaces: what a number is about, and what it is held against."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lossviz.experiments.surfaces.pieces import Bend, Sharpness
from lossviz.experiments.surfaces.planes.pca import random_walk
from lossviz.experiments.surfaces.surface import Slice, Surface, Track
from lossviz.experiments.surfaces.words import (
    SHARPNESS_COLUMNS,
    doubts,
    of_random_walk,
    sharpness_cells,
    sharpness_words,
)
from lossviz.experiments.weights import Weights
from tests.support.surfaces import linear

STEPS = (0, 10, 20, 25, 40)
SHARPNESS = Sharpness(0.02, 0.001, 0.0, 1.5, 0.1, 100, 400, 30, 0.5, 1.0)


def on_its_path(
    steps: tuple[int, ...] = STEPS, explained: tuple[float, ...] = (0.9, 0.05)
) -> Surface:
    way = np.zeros(len(steps), np.float32)
    about = Slice("pca", 0, ("x", "y"), explained, 400, 400, Weights((1.0, 1.0, 0.0)))
    return replace(linear(), slice=about, tracks=(Track("A", way, way, steps),))


def test_a_path_stands_beside_a_random_walk_with_its_points() -> None:
    first, second = random_walk(STEPS)
    (_, words) = doubts("A", on_its_path(), 30)[1]
    assert words.startswith("90.0 % of the squared distance from its end lies along x and 5.0 %")
    assert f"{100 * first:.1f} % and {100 * second:.1f} % would, by the same measure" in words


@pytest.mark.parametrize("surface", [linear(), on_its_path(explained=()), on_its_path((0, 5, 9))])
def test_where_there_is_hardly_a_path_nothing_is_held_against_it(surface: Surface) -> None:
    assert of_random_walk(surface) == ()
    assert not any("random walk" in rest for _, rest in doubts("A", surface, 0))


def test_sharpness_says_which_texts_it_is_about() -> None:
    both = replace(SHARPNESS, held_out=Bend(0.08, 0.005, 100, 0.7))
    assert "over the 400 texts that it was fitted to, and beside it over 100 held-out texts" in (
        sharpness_words(both)
    )
    assert "nats" not in sharpness_words(both)
    assert sharpness_cells(both)[1:3] == ("0.0200 ± 0.0010", "0.0800 ± 0.0050")
    # Of what was drawn before held-out texts were looked at.
    assert sharpness_cells(SHARPNESS)[2] == ""
    assert len(sharpness_cells(both)) == len(SHARPNESS_COLUMNS) - 1
