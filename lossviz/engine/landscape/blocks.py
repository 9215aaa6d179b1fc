"""A block of a surface plan, computed: the one place that knows what the kinds of blocks need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from lossviz.arrays import Floats
from lossviz.data import Dataset
from lossviz.engine.landscape.curvature import sharpness
from lossviz.engine.landscape.layout import Placed, share
from lossviz.engine.landscape.loss import Loss
from lossviz.engine.landscape.retrained import REMEMBERED, Remembered, Retrained
from lossviz.engine.landscape.surfaces import grids, line
from lossviz.engine.training import Wanted, always, none_if_given_up
from lossviz.errors import LossVizError
from lossviz.experiments.surfaces.pieces import Piece
from lossviz.experiments.surfaces.plan import SurfaceBlock
from lossviz.experiments.surfaces.planes import PLANES, Plane
from lossviz.experiments.surfaces.surface import Slice, Surface, Track
from lossviz.experiments.surfaces.vectors import difference


@none_if_given_up
def surface_block(
    dataset: Dataset,
    block: SurfaceBlock,
    *,
    wanted: Wanted = always,
    remembered: Remembered = REMEMBERED,
) -> Piece | None:
    """Compute a block; the runs it needs are trained again, or known from the block before.

    :param wanted: asked now and then; where it says no, the block is given up.
    :returns: None when it was given up.
    """
    started = perf_counter()
    try:
        runs = [remembered.of(dataset, run, wanted) for run in block.runs]
        piece = _KINDS[block.kind](block, runs, wanted)
    except LossVizError as error:
        return Piece(problem=str(error), seconds=perf_counter() - started)
    if piece is None:
        return None
    return replace(piece, seconds=perf_counter() - started)


@dataclass(frozen=True)
class _Scene:
    """A plane, the loss over it, and what lies on it."""

    plane: Plane
    loss: Loss
    tracks: tuple[Track, ...]


def _surface(block: SurfaceBlock, runs: list[Retrained], wanted: Wanted) -> Piece:
    run = runs[block.of]
    scene = _scene(block, runs)
    columns, rows = block.points
    x, y = line(scene.plane.x, columns), line(scene.plane.y, rows)
    up = y[block.rows.start : block.rows.stop]
    heights = grids(scene.loss, scene.plane, x, up, wanted)
    surface = _made(scene, run, block, (x, up), heights)
    return Piece(((run.name, surface),), y)


def _scene(block: SurfaceBlock, runs: list[Retrained]) -> _Scene:
    kind = PLANES[block.plane]
    if kind.models == 1:
        run = runs[block.of]
        plane, seen = run.plane(block.plane, block.seed)
        return _Scene(plane, run.loss(block.seed), (_track(run, seen),))
    placed = share(runs, block.seed)
    plane = kind.lay(placed, block.seed)
    ends = plane.places([model.end for model in placed]).astype(np.float32)
    tracks = tuple(_track(run, ends[k : k + 1]) for k, run in enumerate(runs))
    return _Scene(plane, placed[block.of].loss, tracks)


def _track(run: Retrained, seen: Floats) -> Track:
    """Of the whole path, or of its end alone."""
    whole = len(seen) == len(run.path)
    steps = run.steps if whole else run.steps[-1:]
    return Track(run.name, seen[:, 0], seen[:, 1], steps, run.moved if whole else ())


def _made(
    scene: _Scene,
    run: Retrained,
    block: SurfaceBlock,
    axes: tuple[Floats, Floats],
    heights: Mapping[str, Floats],
) -> Surface:
    loss, plane = scene.loss, scene.plane
    about = Slice(
        block.plane,
        block.seed,
        plane.axes,
        plane.explained,
        len(loss),
        len(run.trainer.data.targets),
        run.weights,
    )
    mix = loss.objective.mix(loss.codes, loss.schema)
    values = np.stack(list(heights.values()))
    return Surface(loss.objective.id, *axes, tuple(heights), values, mix, scene.tracks, about)


def _sharpness(block: SurfaceBlock, runs: list[Retrained], wanted: Wanted) -> Piece | None:
    run = runs[0]
    held_out = Loss.of(run.trainer, block.seed, side=run.trainer.data.test)
    curvature = sharpness(run.loss(block.seed), run.end, held_out, seed=block.seed, wanted=wanted)
    return None if curvature is None else Piece(sharpness=curvature)


def _walk(block: SurfaceBlock, runs: list[Retrained], wanted: Wanted) -> Piece:
    """From each run straight to the next, and from the last back to the first."""
    placed = share(runs, block.seed)
    legs = list(zip(placed, [*placed[1:], placed[0]], strict=True))
    if len(placed) == 2:
        legs = legs[:1]
    count = block.points[0]
    x = np.concatenate(
        [leg + np.arange(count, dtype=np.float32) / (count - 1) for leg in range(len(legs))]
    )
    lines = []
    for run, model in zip(runs, placed, strict=True):
        pieces = [
            grids(model.loss, _leg(*leg), line((0.0, 1.0), count), _HERE, wanted) for leg in legs
        ]
        heights = {
            name: np.concatenate([piece[name] for piece in pieces], axis=1) for name in pieces[0]
        }
        scene = _Scene(_leg(*legs[0]), model.loss, ())
        lines.append((model.name, _made(scene, run, block, (x, _HERE), heights)))
    return Piece(tuple(lines))


_HERE = np.zeros(1, np.float32)


def _leg(start: Placed, end: Placed) -> Plane:
    towards = difference(end.end, start.end)
    nowhere = {name: toward * 0.0 for name, toward in towards.items()}
    axes = (f"from {start.name} to {end.name}", "")
    return Plane(start.end, towards, nowhere, axes, (0.0, 1.0), (0.0, 0.0))


_KINDS: dict[str, Callable[..., Piece | None]] = {
    "surface": _surface,
    "sharpness": _sharpness,
    "walk": _walk,
}
