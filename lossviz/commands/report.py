"""``report``: one HTML file that says what a project found, or what comes of a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from lossviz.apart import Stored
from lossviz.commands._data import READING, check_enough, content_of, data_options, load, sentences
from lossviz.commands._experiment import experiment_and_costs, experiment_options, settings_option
from lossviz.commands._output import json_option, place, say, write
from lossviz.commands.sweep import seeds_of, sweep_options
from lossviz.data import Dataset
from lossviz.data.account import Account
from lossviz.errors import LossVizError
from lossviz.experiments.surfaces.plan import MOST_RESOLUTION, SurfacePlan
from lossviz.experiments.surfaces.planes import PLANES
from lossviz.losses.objectives import OBJECTIVES

if TYPE_CHECKING:
    from lossviz.commands._project import Wanted, Watch
    from lossviz.sharing.project import Project

FIRST = ("marginals", "joint", "components")
"""What the app compares at first."""
MOST_RUNS = 4
PROJECT = ".lossviz"


@click.command(name="report")
@data_options
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write the report here, such as report.html.  [required]",
)
@click.option(
    "--formulation",
    "formulations",
    multiple=True,
    type=click.Choice(list(OBJECTIVES)),
    help=f"What to compare; repeat it for up to four. [default: {', '.join(FIRST)}]",
)
@experiment_options(without=("formulation", "weighting"))
@settings_option("the formulation", OBJECTIVES)
@sweep_options(grid=7, seeds=3)
@click.option("--no-sweep", is_flag=True, help="Leave the trade-off out.")
@click.option(
    "--plane",
    type=click.Choice(list(PLANES)),
    default="pca",
    show_default=True,
    help="Of the surfaces: "
    + "; ".join(f"{name}: {plane_kind.title}" for name, plane_kind in PLANES.items())
    + ".",
)
@click.option(
    "--resolution",
    type=int,
    default=31,
    show_default=True,
    metavar="N",
    help=f"Of the surfaces: points along each axis, up to {MOST_RESOLUTION}.",
)
@click.option("--no-surfaces", is_flag=True, help="Leave the surfaces out.")
@json_option
@sentences
def report_command(file: Path, out: Path | None, as_json: bool, **options: Any) -> None:
    """Write a report on FILE: a project file (.lossviz) as it is, or data, which are trained on.

    The report is one HTML file that needs nothing but a browser. What a project file holds is
    reported as it stands; then the options about reading and training do nothing.
    """
    started = perf_counter()
    target = place(out, file, thing="report", example="report.html")
    with progress() as watch:
        project, taken = project_of(file, watch, **options)
    from lossviz.commands._project import decided_by_costs
    from lossviz.report import report

    content = report(project, decided=decided_by_costs(project)).encode()
    write(target, content)
    summary = report_json(project, str(out), len(content), perf_counter() - started)
    summary = taken.beside(summary) if taken else summary
    line = f"{out}: {len(content) / 1e6:.1f} MB, {summary['seconds']:.1f} s"
    say(summary, as_json, lambda: [line], taken=taken.line if taken else "")


def project_of(file: Path, watch: Watch, **options: Any) -> tuple[Project, Account | None]:
    """What is reported on: read, or read and trained; and what was taken of the data then."""
    if file.suffix.lower() == PROJECT:
        return read_project_file(file), None
    from lossviz.commands._project import project_from

    reading = {name: options.pop(name) for name in READING}
    loaded = load(file, **reading)
    wanted = wanted_of(loaded.dataset, **options)
    check_enough(loaded, wanted.experiments[0], reading["anyhow"])
    return project_from(file.name, loaded, wanted, watch), loaded.account


def read_project_file(file: Path) -> Project:
    """A project that the app wrote."""
    from lossviz.sharing.project_file import open_apart

    return open_apart(Stored(content_of(file)), file.name).result()


def wanted_of(dataset: Dataset, **options: Any) -> Wanted:
    """What the options ask for, looked at before minutes of training."""
    from lossviz.commands._project import Wanted

    names = list(dict.fromkeys(options["formulations"] or FIRST))
    if len(names) > MOST_RUNS:
        raise LossVizError(
            f"--formulation: a report compares up to {MOST_RUNS}, found {len(names)}."
        )
    described = [
        experiment_and_costs(dataset, **(options | {"formulation": name})) for name in names
    ]
    experiments, costs = tuple(experiment for experiment, _ in described), described[0][1]
    seeds = seeds_of(options["count"])
    # Checks what is asked for before anything takes time.
    SurfacePlan((), options["plane"], 0, options["resolution"])
    grid = None if options["no_sweep"] else (options["steps"], seeds)
    plane = None if options["no_surfaces"] else (options["plane"], options["resolution"])
    if plane is not None and PLANES[plane[0]].models > len(experiments):
        raise LossVizError(
            f"--plane: {plane[0]} goes through {PLANES[plane[0]].models} runs, and there are "
            f"{len(experiments)}. Choose another plane, or more formulations."
        )
    return Wanted(experiments, grid, costs, plane)


def report_json(project: Project, out: str, size: int, seconds: float) -> dict[str, Any]:
    """What ``report --json`` prints."""
    desk = project.desk
    names = desk.data.dataset.schema.names
    return {
        "out": out,
        "bytes": size,
        "data": {"title": desk.data.title, "texts": len(desk.data.dataset)},
        "runs": [
            {
                "run": letter,
                "experiment": run.experiment.model_dump(mode="json"),
                "state": run.state,
                "step": run.step,
                "errors": None if run.evaluation is None else run.evaluation.errors_json(names),
            }
            for letter, run in desk.runs.items()
        ],
        "sweep": desk.sweep is not None and bool(desk.sweep.findings.reports),
        "surfaces": sorted(project.surfaces),
        **({"sealed": [one.errors_json(names) for one in desk.opened]} if desk.opened else {}),
        "seconds": round(seconds, 4),
    }


# What is said meanwhile


@contextmanager
def progress() -> Iterator[Watch]:
    """How far each step is, on one line of standard error, if somebody looks at it."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return

    def watch(what: str, done: int, total: int) -> None:
        share = 100 * done / max(total, 1)
        click.echo(f"\r\x1b[KTraining, {what}: {share:.0f} %", err=True, nl=False)

    try:
        yield watch
    finally:
        click.echo("\r\x1b[K", err=True, nl=False)
