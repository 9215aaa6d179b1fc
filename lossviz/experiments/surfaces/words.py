"""Surfaces in words: what a picture of a loss leaves out, and how sharp a solution is."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, log10

from lossviz.experiments.experiment import Experiment
from lossviz.experiments.surfaces.pieces import Sharpness
from lossviz.experiments.surfaces.surface import Slice, Surface
from lossviz.experiments.words import percent


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


def doubts(name: str, slice: Slice | None, weights: int) -> list[tuple[str, str]]:
    """What to know before believing in a picture: how each sentence begins, and its rest.

    :param name: of the run whose path it may be along.
    :param weights: number of weights of the model; 0 where it is not known.
    """
    among = f"{weights:,} directions" if weights else "thousands of directions"
    seen = (
        f"Two of {among} are seen. What looks like a bowl can have a way out that leaves the "
        "plane, and what looks like two valleys can be one."
    )
    if slice is None:
        return [("A picture is a slice.", seen)]
    return [("A picture is a slice.", seen), *_path(name, slice), ("The loss", _texts(slice))]


def _path(name: str, slice: Slice) -> list[tuple[str, str]]:
    if not slice.explained:
        return []
    along, across = slice.explained
    explained = (
        f"{percent(along)} of the variance lies along x and {percent(across)} along y; "
        f"{percent(max(0.0, 1.0 - along - across))} is not seen. Two components hold most of the "
        "variance of any path, even of a random one (Antognini and Sohl-Dickstein 2018), so a high "
        "share alone proves little."
    )
    return [(f"Of {name}'s path", explained)]


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
    return (
        "Largest eigenvalue of the Hessian of the training loss: by Lanczos on Hessian-vector "
        f"products; ± its standard error over the texts. Trace: the mean of {sharpness.probes} "
        "random probes (Hutchinson); ± its standard error over them. In nats per squared unit of "
        "weight, at the weights that the run was trained with: compare runs with the same model "
        f"and features only. The loss is the mean over {sharpness.rows:,} training texts."
    )


def sharpness_cells(sharpness: Sharpness) -> tuple[str, str, str]:
    """For a table: training loss, largest eigenvalue and trace."""
    return (
        three_digits(sharpness.loss),
        with_error(sharpness.eigenvalue, sharpness.eigenvalue_error),
        with_error(sharpness.trace, sharpness.trace_error),
    )


SHARPNESS_COLUMNS = ("training loss", "largest eigenvalue", "trace", "weights")


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
