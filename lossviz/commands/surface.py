"""``surface``: train one formulation, and write the loss on a plane through its weights."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from math import ceil
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from lossviz.commands._data import check_enough, data_options, load, sentences
from lossviz.commands._experiment import experiment_of, experiment_options, settings_option
from lossviz.commands._output import json_option, place, say, write
from lossviz.commands._surface_report import Drawn, surface_json, surface_lines
from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import NEEDING_VALIDATION, Experiment
from lossviz.experiments.reference import RunReference
from lossviz.experiments.surfaces.npz import to_npz
from lossviz.experiments.surfaces.pieces import put_together
from lossviz.experiments.surfaces.plan import MOST_RESOLUTION, SurfacePlan
from lossviz.experiments.surfaces.planes import PLANES
from lossviz.experiments.surfaces.surface import MOST_ROWS
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.weighting import WEIGHTINGS

ALONE = [name for name, plane_kind in PLANES.items() if plane_kind.models == 1]
"""Planes that one run is enough for."""
MOST_SEED = 2**31 - 1


@click.command(name="surface")
@data_options
@click.option(
    "--plane",
    type=click.Choice(ALONE),
    default="random",
    show_default=True,
    help="; ".join(f"{name}: {PLANES[name].title}" for name in ALONE) + ".",
)
@click.option(
    "--plane-seed",
    type=int,
    default=0,
    show_default=True,
    metavar="N",
    help=f"Of a plane that is random, and of which texts where there are more than {MOST_ROWS:,}.",
)
@click.option(
    "--resolution",
    type=int,
    default=41,
    show_default=True,
    metavar="N",
    help=f"Points along each axis, up to {MOST_RESOLUTION}.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write the surface here, for numpy.load.  [required]",
)
@experiment_options(without=NEEDING_VALIDATION)
@settings_option("the formulation or the weighting", OBJECTIVES, WEIGHTINGS)
@json_option
@sentences
def surface_command(file: Path, out: Path | None, as_json: bool, **options: Any) -> None:
    """Train one formulation on FILE, and write its loss on a plane through the weights found."""
    started = perf_counter()
    loaded = load(file, **options)
    dataset = loaded.dataset
    experiment = experiment_of(dataset, **options)
    check_enough(loaded, experiment, options["anyhow"])
    target = place(out, file, thing="surface", example="surface.npz")
    plan = plan_of(dataset, experiment, **options)
    with progress(plan.resolution**2) as watch:
        drawn = draw(dataset, plan, watch)
    write(target, to_npz(drawn.surface, experiment, dataset.schema))
    report = surface_json(drawn, experiment, dataset.schema, str(out), perf_counter() - started)
    lines = partial(surface_lines, report, drawn, experiment)
    say(loaded.account.beside(report), as_json, lines, taken=loaded.account.line)


# What is drawn


def plan_of(dataset: Dataset, experiment: Experiment, **options: Any) -> SurfacePlan:
    """One run, trained to its end, and what is asked for."""
    seed = options["plane_seed"]
    if not 0 <= seed <= MOST_SEED:
        raise LossVizError(f"--plane-seed: expected 0 to {MOST_SEED}, found {seed}.")
    # Checks what is asked for before anything takes time.
    SurfacePlan((), options["plane"], seed, options["resolution"])
    run = RunReference(experiment.formulation, experiment, (), total_steps(dataset, experiment))
    return SurfacePlan((run,), options["plane"], seed, options["resolution"])


def total_steps(dataset: Dataset, experiment: Experiment) -> int:
    """Steps of the whole training. What it takes to know is kept for the training itself."""
    from lossviz.engine.features import SPLITS

    data, _ = SPLITS.encoded(dataset, experiment)
    return ceil(len(data.targets) / experiment.optimiser.batch_size) * experiment.epochs


def draw(dataset: Dataset, plan: SurfacePlan, watch: Callable[[int], None]) -> Drawn:
    """Train, and compute the plan's first run's surface and its sharpness.

    :param watch: called with the number of points that were computed since it was called last.
    """
    from lossviz.engine.landscape.blocks import surface_block
    from lossviz.engine.landscape.retrained import Remembered

    remembered = Remembered()
    pieces = []
    sharpness = None
    for block in plan.blocks(dataset):
        if block.key[0] not in ("surface", "sharpness"):
            continue
        piece = surface_block(dataset, block, remembered=remembered)
        assert piece is not None
        if piece.problem:
            raise LossVizError(f"There is nothing to draw. {piece.problem}")
        if piece.surfaces:
            pieces.append(piece)
            watch(block.size)
        sharpness = piece.sharpness or sharpness
    assert sharpness is not None
    return Drawn(put_together(pieces), sharpness)


# What is said meanwhile


@contextmanager
def progress(points: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, if somebody looks at it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(
        length=points,
        label="Points",
        show_pos=True,
        item_show_func=training,
        file=sys.stderr,
    ) as bar:

        def watch(number: int) -> None:
            bar.update(number, number)

        yield watch


def training(value: Any) -> str:
    """What happens before the first points are there."""
    return "training" if value is None else ""
