"""Loss surfaces over the weights of a trained model.

The first layer is linear in a plane's coordinates: ``X (T + x D + y E) = X T + x X D + y X E``. So
the texts are projected three times, and each point of the plane costs only the small end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from lossviz.arrays import Floats
from lossviz.engine.landscape.loss import Loss
from lossviz.engine.members import GivenUp
from lossviz.experiments.surfaces.planes import Plane
from lossviz.experiments.surfaces.surface import Surface
from lossviz.losses.mix import LinearMix, Term

NUMBERS_AT_ONCE = 200_000
"""Of the hidden units of all texts at some points: so many stay in a processor's cache."""


def line(ends: tuple[float, float], count: int) -> Floats:
    """``(count,)`` places from one end to the other; a single one is the middle."""
    low, high = ends
    if count == 1:
        return np.array([(low + high) / 2.0], np.float32)
    return (low + (high - low) * np.arange(count) / (count - 1)).astype(np.float32)


@torch.no_grad()
def grids(
    loss: Loss, plane: Plane, x: Floats, y: Floats, wanted: Callable[[], bool] = lambda: True
) -> dict[str, Floats]:
    """What the weights mix at every point of a grid, each ``(Y, X)``.

    Every point is the mean loss of the texts at the weights ``origin + x first + y second``.

    :param x: ``(X,)``.
    :param y: ``(Y,)``.
    :param wanted: asked now and then.
    :raises GivenUp: when it says no.
    """
    vectors = (plane.origin, plane.first, plane.second)
    # Texts last: sums over units and classes then run over whole rows of memory.
    projected = [loss.project(vector["table"]).T.contiguous() for vector in vectors]
    names = [name for name in plane.origin if name != "table"]
    across, up = np.meshgrid(x, y)
    places = torch.from_numpy(np.stack([across.ravel(), up.ravel()]))
    found: dict[str, list[Tensor]] = {}
    for some in _some(places, projected[0].numel()):
        if not wanted():
            raise GivenUp
        units = _at(projected, some)
        dense = {name: _at([vector[name][0] for vector in vectors], some) for name in names}
        for name, grid in loss.grids(units.transpose(-1, -2), dense).items():
            found.setdefault(name, []).append(grid)
    shape = (len(y), len(x))
    return {name: torch.cat(tensor).numpy().reshape(shape) for name, tensor in found.items()}


def _some(places: Tensor, numbers: int) -> Iterator[Tensor]:
    size = max(1, NUMBERS_AT_ONCE // numbers)
    yield from places.split(size, dim=1)


def _at(vectors: Sequence[Tensor], places: Tensor) -> Tensor:
    """``origin + x first + y second`` at each place, ``(G, …)``."""
    origin, first, second = vectors
    x, y = (place.view(-1, *(1,) * origin.dim()) for place in places)
    return torch.addcmul(torch.addcmul(origin, x, first), y, second)


def surface(
    loss: Loss,
    plane: Plane,
    resolution: int | tuple[int, int],
    part: str | None = None,
    wanted: Callable[[], bool] = lambda: True,
) -> Surface:
    """The whole surface at once; pages have it made in blocks.

    :param resolution: points along each axis, or along x and along y; with one along y it is a
        line through the middle.
    :param part: only this of the objective's parts, by itself.
    :raises GivenUp: see :func:`grids`.
    """
    columns, rows = (resolution, resolution) if isinstance(resolution, int) else resolution
    x, y = line(plane.x, columns), line(plane.y, rows)
    found = grids(loss, plane, x, y, wanted)
    mix = loss.objective.mix(loss.codes, loss.schema)
    if part is not None:
        found, mix = {part: found[part]}, LinearMix((Term(None, 1.0),))
    return Surface(loss.objective.id, x, y, tuple(found), np.stack(list(found.values())), mix)
