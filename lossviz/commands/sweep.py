"""``sweep``: train a grid of α and β for several seeds, and say what came of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from lossviz.commands._data import check_enough, data_options, load, sentences
from lossviz.commands._edits import Command
from lossviz.commands._experiment import (
    experiment_and_costs,
    experiment_options,
    settings_option,
    together,
)
from lossviz.commands._output import check_writable, json_option, say, spreadsheet_option
from lossviz.commands._workers import workers_for
from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import WATCHING
from lossviz.experiments.statistics import LEAST_SEEDS
from lossviz.experiments.sweep.plan import MOST_SEEDS, SweepPlan
from lossviz.losses.objectives import OBJECTIVES

if TYPE_CHECKING:
    from lossviz.compute.campaigns import Sweep
    from lossviz.experiments.sweep.recommendation import Costs


def sweep_options(*, grid: int, seeds: int) -> Callable[[Command], Command]:
    """How large a sweep is, by default."""
    number = partial(click.option, type=int, show_default=True, metavar="N")
    return together(
        [
            number(
                *("--grid", "steps"),
                default=grid,
                help="Of the sweep: values of each of the two weights that vary.",
            ),
            number(
                *("--seeds", "count"),
                default=seeds,
                help=f"Of the sweep; fewer than {LEAST_SEEDS} say nothing.",
            ),
        ]
    )


@click.command(name="sweep")
@data_options
@sweep_options(grid=15, seeds=5)
@click.option(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    help="The first: of the split and the start, for all points alike.",
)
@click.option(
    "--pair",
    metavar="A,B",
    help="The two components whose weights vary, by name. [default: the first two]",
)
@click.option(
    "--hold", type=float, default=1.0, show_default=True, help="The weight of all others."
)
@click.option("--low", type=float, default=0.1, show_default=True, help="The least weight.")
@click.option("--high", type=float, default=10.0, show_default=True, help="The largest weight.")
@click.option(
    "--size/--ratio",
    help="Vary the common size of the two weights as well: every value of the one with every value "
    "of the other, N² points. Size is a step size, not what a mistake costs. [default: each ratio "
    "once, at one mean weight, 2N − 1 points]",
)
@experiment_options(without=("weighting", "component_weights", "seed", "split.seed", *WATCHING))
@settings_option("the formulation", OBJECTIVES)
@click.option(
    "--workers",
    type=int,
    metavar="N",
    help="Processes that train; 1 for this one alone. [default: those of LOSSVIZ_SCHEDULER where "
    "that is set; else one for each core where it is worth while]",
)
@click.option(
    "--csv",
    "table",
    type=click.Path(path_type=Path),
    help="Write the errors of each point and seed here.",
)
@spreadsheet_option
@json_option
@sentences
def sweep_command(
    file: Path, as_json: bool, table: Path | None, workers: int | None, **options: Any
) -> None:
    """Train a grid of weights on FILE for several seeds: do α and β matter, and which to take?"""
    started = perf_counter()
    from lossviz.commands._sweep_report import statement, sweep_json, sweep_lines, write_errors
    from lossviz.compute.campaigns import sweep

    loaded = load(file, **options)
    dataset = loaded.dataset
    plan, costs = plan_of(dataset, **options)
    check_enough(loaded, plan.experiment, options["anyhow"])
    if table is not None:
        check_writable(table)
    with workers_for(plan, dataset, workers) as others, progress(plan.trainings) as watch:
        result = sweep(dataset, plan.experiment, plan.grid, plan.seeds, workers=others, watch=watch)
    finished = statement(result, costs)
    if table is not None:
        write_errors(table, result, spreadsheet=options["spreadsheet"])
    report = loaded.account.beside(sweep_json(finished, perf_counter() - started))
    lines = partial(sweep_lines, finished, report["seconds"])
    say(report, as_json, lines, taken=loaded.account.line)


# What is trained


def plan_of(dataset: Dataset, **options: Any) -> tuple[SweepPlan, Costs]:
    """The plan that the options describe, and the costs that weights are recommended for."""
    from lossviz.experiments.sweep.grid import Grid

    names = dataset.schema.names
    grid = Grid(
        len(names),
        pair=parse_pair(names, options["pair"]),
        steps=options["steps"],
        held=options["hold"],
        low=options["low"],
        high=options["high"],
        kind="map" if options["size"] else "ratio",
    )
    count, first = seeds_of(options["count"]), options["seed"]
    experiment, costs = experiment_and_costs(dataset, **options)
    # The last seed may be too large where the first is not.
    experiment.changed(seed=first + count - 1)
    return SweepPlan.of(experiment, grid, range(first, first + count)), costs


def seeds_of(count: int) -> int:
    """How many seeds, looked at before anything is trained."""
    if not 1 <= count <= MOST_SEEDS:
        raise LossVizError(f"--seeds: expected 1 to {MOST_SEEDS}, found {count}.")
    return count


def parse_pair(names: tuple[str, ...], given: str | None) -> tuple[int, int]:
    """``"tone,topic"`` as places among the components. Names may have commas in them."""
    if given is None or len(names) < 2:
        return 0, 1
    pieces = given.split(",")
    for cut in range(1, len(pieces)):
        pair = [",".join(name).strip() for name in (pieces[:cut], pieces[cut:])]
        if pair[0] != pair[1] and set(pair) <= set(names):
            return names.index(pair[0]), names.index(pair[1])
    raise LossVizError(
        f"--pair: expected two different components of {', '.join(names)}, with a comma between "
        f"them; found {given!r}."
    )


# What is said meanwhile


@contextmanager
def progress(trainings: int) -> Iterator[Callable[[Sweep], None]]:
    """A bar on standard error, if somebody looks at it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(
        length=trainings,
        label="Training",
        show_eta=False,
        show_pos=True,
        item_show_func=left,
        file=sys.stderr,
    ) as bar:

        def watch(sweep: Sweep) -> None:
            bar.update(sweep.done - bar.pos, sweep)
            bar.render_progress()

        yield watch


def left(sweep: Any) -> str:
    """What is left, as far as it is known."""
    if sweep is None or sweep.seconds_left is None:
        return "starting"
    return sweep.notice or f"about {sweep.seconds_left:.0f} s left"
