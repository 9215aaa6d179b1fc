"""A surface as JSON, and as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from lossviz.commands._output import wrapped
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.plain import plain
from lossviz.experiments.surfaces.npz import array_names
from lossviz.experiments.surfaces.pieces import Sharpness
from lossviz.experiments.surfaces.planes import PLANES
from lossviz.experiments.surfaces.surface import Slice, Surface
from lossviz.experiments.surfaces.words import of_random_walk, path_words
from lossviz.experiments.words import listed, minus, weight_symbol
from lossviz.losses.mix import LinearMix
from lossviz.schema import LabelSchema

MOST_NAMED = 8
"""Arrays that are listed one by one."""
MANY_LOSSES = (
    "The parts give the loss at any other weights, but around this model, not around one that was "
    "trained at those."
)
ONE_LOSS = "There are too many kinds of mistakes to keep apart, so the file holds this loss alone."


@dataclass(frozen=True)
class Drawn:
    """A finished surface of a trained run, and how sharply the loss bends where it stands."""

    surface: Surface
    sharpness: Sharpness

    @property
    def slice(self) -> Slice:
        """What it is a slice of."""
        assert self.surface.slice is not None
        return self.surface.slice


# As JSON


def surface_json(
    drawn: Drawn, experiment: Experiment, schema: LabelSchema, out: str, seconds: float
) -> dict[str, Any]:
    """What ``surface --json`` prints. A number that is none is null."""
    surface = drawn.surface
    report = {
        "experiment": experiment,
        "plane": drawn.slice.plane,
        "seed": drawn.slice.seed,
        "resolution": len(surface.x),
        "out": out,
        "loss": {"at_end": drawn.sharpness.loss, **_extremes(drawn)},
        "weights": drawn.slice.weights.json,
        "explained": drawn.slice.explained or None,
        "random_walk": of_random_walk(surface) or None,
        "rows": drawn.slice.rows,
        "of": drawn.slice.of,
        "parts": array_names(surface.names, schema),
        "sharpness": drawn.sharpness,
        "notes": experiment.notes,
        "seconds": round(seconds, 4),
    }
    return cast("dict[str, Any]", plain(report))


def _extremes(drawn: Drawn) -> dict[str, Any]:
    loss = drawn.surface.at(drawn.slice.weights)
    known = np.isfinite(loss)
    if not known.any():
        return {"lowest": None, "lowest_at": None, "highest": None}
    row, column = np.unravel_index(np.where(known, loss, np.inf).argmin(), loss.shape)
    return {
        "lowest": float(loss[row, column]),
        "lowest_at": [float(drawn.surface.x[column]), float(drawn.surface.y[row])],
        "highest": float(loss[known].max()),
    }


# For a person


def surface_lines(
    report: dict[str, Any], drawn: Drawn, experiment: Experiment, width: int | None = None
) -> list[str]:
    """What ``surface`` prints for a person.

    :param width: in letters; by default that of the terminal.
    """
    parts = report["parts"]
    named = listed(parts) if len(parts) <= MOST_NAMED else f"{len(parts)} arrays part_…"
    written = f"{report['out']} has the loss in {named}, for numpy.load."
    *lines, _ = wrapped(
        _losses(report, drawn, experiment),
        _sharpness(report["sharpness"], experiment),
        _slice(drawn, experiment),
        report["notes"],
        [written],
        width=width,
    )
    return [*lines, f"{report['seconds']:.1f} s"]


def _losses(report: dict[str, Any], drawn: Drawn, experiment: Experiment) -> Iterator[str]:
    loss = report["loss"]
    texts = f"{report['rows']:,} of {report['of']:,} training texts"
    unit = experiment.objective.unit
    yield f"Loss at the trained weights: {_number(loss['at_end'])} {unit}, mean on {texts}."
    if loss["lowest"] is not None:
        x, y = (_number(round(coordinate, 2) + 0.0) for coordinate in loss["lowest_at"])
        points = f"{report['resolution']} × {report['resolution']} points"
        yield (
            f"On the plane: {_number(loss['lowest'])} {unit} at the lowest of {points}, x = {x} "
            f"and y = {y}; {_number(loss['highest'])} at the highest."
        )
    if words := path_words(drawn.surface):
        yield f"Of the training's path {words}"


def _sharpness(sharpness: dict[str, Any], experiment: Experiment) -> Iterator[str]:
    held_out = sharpness["held_out"]

    def measured(value: float | None, error: float | None) -> str:
        return f"{_number(value)} ± {_error(error)}"

    yield (
        "Sharpness there: largest eigenvalue of the Hessian, by value, "
        f"{measured(sharpness['eigenvalue'], sharpness['eigenvalue_error'])} over "
        f"{sharpness['rows']:,} texts that it was fitted to and "
        f"{measured(held_out['eigenvalue'], held_out['error'])} over {held_out['rows']:,} held-out "
        "texts (standard error over texts; Lanczos on Hessian-vector products); trace over the "
        f"former {measured(sharpness['trace'], sharpness['trace_error'])} (standard error over "
        f"{sharpness['probes']} random sign vectors; Hutchinson); in {experiment.objective.unit} "
        "per squared unit of weight."
    )


def _slice(drawn: Drawn, experiment: Experiment) -> Iterator[str]:
    plane = PLANES[drawn.slice.plane]
    yield (
        f"This is a slice: two directions out of {drawn.sharpness.weights:,}. Plane: "
        f"{plane.title}. {plane.shows}"
    )
    *components, joint = drawn.slice.weights
    acting = [f"{weight_symbol(k)} = {weight:.3g}" for k, weight in enumerate(components)]
    objective = experiment.objective
    weights = [*(acting if objective.weighted else ()), *_joint(joint, objective.joint_weighted)]
    mix = drawn.surface.mix
    fixed = isinstance(mix, LinearMix) and all(term.weight is None for term in mix.terms)
    if weights:
        yield f"The model was trained at {listed(weights)}. " + (ONE_LOSS if fixed else MANY_LOSSES)


def _joint(weight: float, acts: bool) -> Iterator[str]:
    if acts:
        yield f"{weight:.3g} for the whole label"


def _number(value: float | None) -> str:
    """Four digits.

    >>> _number(0.61234), _number(-12345.6), _number(None)
    ('0.6123', '−12,346', 'no number')
    """
    if value is None:
        return "no number"
    written = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return minus(written)


def _error(value: float | None) -> str:
    """Two digits are enough for a standard error."""
    return "no number" if value is None else f"{value:.2g}"
