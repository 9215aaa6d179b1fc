"""Surfaces in words: what a picture of a loss leaves out, and how sharp a solution is."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, log10

from lossviz.experiments.experiment import Experiment
from lossviz.experiments.surfaces.pieces import Sharpness
from lossviz.experiments.surfaces.planes.pca import random_walk
from lossviz.experiments.surfaces.surface import Slice, Surface
from lossviz.experiments.words import percent

FEWEST_POINTS = 4
"""Of a path of which a share says anything: its end, and three others."""


def movable(
    experiments: Mapping[str, Experiment], surfaces: Mapping[str, Surface]
) -> dict[str, tuple[int, ...]]:
    """The positions of the weights that act on each picture, of those on which any acts.

    :param experiments: of the runs that there are, by letter.
    :param surfaces: of the pictures, likewise.
    """
    known = {letter: experiments[letter] for letter in surfaces if letter in experiments}
    return {
        letter: experiment.acting_weights
        for letter, experiment in known.items()
        if experiment.objective.weighted and experiment.acting_weights
    }


def trained_words(experiments: Mapping[str, Experiment], surfaces: Mapping[str, Surface]) -> str:
    """What pictures are not: trained at the weights that they are mixed at; see :func:`movable`."""
    trained = [
        f"{letter} at {surfaces[letter].trained_at.words(positions)}"
        for letter, positions in movable(experiments, surfaces).items()
    ]
    if not trained:
        return "These formulations have no weights to move."
    return (
        f"Trained: {'; '.join(trained)}. The sliders mix the same solutions anew; what training at "
        "other weights would find lies elsewhere."
    )


def doubts(name: str, surface: Surface, weights: int) -> list[tuple[str, str]]:
    """What to know before believing in a picture: how each sentence begins, and its rest.

    :param name: of the run whose path it may be along.
    :param weights: number of weights of the model; 0 where it is not known.
    """
    among = f"{weights:,} directions" if weights else "thousands of directions"
    seen = (
        f"Two of {among} are seen. What looks like a bowl can have a way out that leaves the "
        "plane, and what looks like two valleys can be one."
    )
    first = ("A picture is a slice.", seen)
    if surface.slice is None:
        return [first]
    return [first, *_path(name, surface), ("The loss", _texts(surface.slice))]


def _path(name: str, surface: Surface) -> list[tuple[str, str]]:
    explained = path_words(surface)
    return [(f"Of {name}'s path", explained)] if explained else []


def path_words(surface: Surface) -> str:
    """How much of a path its plane holds, beside how much of a random walk it would."""
    if surface.slice is None or not surface.slice.explained:
        return ""
    along, across = surface.slice.explained
    words = (
        f"{percent(along)} of the squared distance from its end lies along x and {percent(across)} "
        f"along y; {percent(max(0.0, 1.0 - along - across))} is not seen."
    )
    if not (shares := of_random_walk(surface)):
        return words
    first, second = map(percent, shares)
    return (
        f"{words} Of a random walk with as many points {first} and {second} would, by the same "
        "measure: only what lies above that says something of the training."
    )


def of_random_walk(surface: Surface) -> tuple[float, ...]:
    """What the plane would explain along x and y if the path on it were a random walk; empty where
    it explains nothing, or the path has hardly a point."""
    steps = surface.tracks[0].steps if surface.tracks else ()
    known = surface.slice is not None and surface.slice.explained and len(steps) >= FEWEST_POINTS
    return random_walk(steps) if known else ()


def _texts(slice: Slice) -> str:
    whole = slice.rows == slice.of
    every = "all" if whole else f"{slice.rows:,} of the"
    drawn = "" if whole else f", drawn with seed {slice.seed}"
    return (
        f"is the mean over {every} {slice.of:,} training texts{drawn}, without weight decay. It is "
        "not the error on held-out texts: a low and flat place need not be a good one."
    )


def sharpness_words(sharpness: Sharpness) -> str:
    """How it was measured, and what it may be compared with."""
    held_out = sharpness.held_out
    beside = "" if held_out is None else f", and beside it over {held_out.rows:,} held-out texts"
    return (
        "Largest eigenvalue of the Hessian, by value and not by size, of the loss over the "
        f"{sharpness.rows:,} texts that it was fitted to{beside}: by Lanczos on Hessian-vector "
        "products; ± its standard error over these texts, the weights taken as given. Trace: over "
        f"the texts that it was fitted to, the mean of {sharpness.probes} random probes "
        "(Hutchinson); ± its standard error over them. In the unit of each run's own loss per "
        "squared unit of weight, at the weights that it was trained with: compare runs of the same "
        "formulation at the same weights only, with the same model and features."
    )


def sharpness_cells(sharpness: Sharpness) -> tuple[str, ...]:
    """For a table; see :data:`SHARPNESS_COLUMNS`."""
    held_out = sharpness.held_out
    return (
        three_digits(sharpness.loss),
        with_error(sharpness.eigenvalue, sharpness.eigenvalue_error),
        "" if held_out is None else with_error(held_out.eigenvalue, held_out.error),
        with_error(sharpness.trace, sharpness.trace_error),
    )


SHARPNESS_COLUMNS = (
    "training loss",
    "eigenvalue, training",
    "eigenvalue, held out",
    "trace, training",
    "weights",
)


def three_digits(number: float) -> str:
    """Three significant digits."""
    return f"{number:.3g}".replace("-", "−")


def with_error(number: float, error: float) -> str:
    """As many places as the error has with two digits.

    >>> with_error(0.0876, 0.000229), with_error(-12.34, 1.5), with_error(3.0, 0.0)
    ('0.08760 ± 0.00023', '−12.3 ± 1.5', '3 ± 0')
    """
    if not error > 0.0:
        return f"{three_digits(number)} ± 0"
    places = max(0, 1 - floor(log10(error)))
    return f"{number:,.{places}f} ± {error:,.{places}f}".replace("-", "−")
