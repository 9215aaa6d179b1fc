"""What stands above surfaces side by side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lossviz.experiments.surfaces.planes.pca import random_walk
from lossviz.experiments.surfaces.surface import Slice, Track
from lossviz.experiments.weights import Weights
from lossviz.figures.surfaces.explorer import title_of
from tests.support.surfaces import linear

STEPS = (0, 10, 20, 25, 40)


def test_how_much_of_a_path_is_seen_stands_beside_a_random_walk() -> None:
    way = np.zeros(len(STEPS), np.float32)
    about = Slice("pca", 0, ("x", "y"), (0.9, 0.05), 9, 9, Weights((1.0, 1.0, 0.0)))
    surface = replace(linear(), slice=about, tracks=(Track("A", way, way, STEPS),))
    walk = f"random walk {100 * sum(random_walk(STEPS)):.1f} %"
    assert title_of("A", surface) == f"● A marginals: loss along its path (95.0 %; {walk})"
