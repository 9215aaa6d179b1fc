"""A small project with something of everything, trained in this process."""

from __future__ import annotations

from functools import cache

from lossviz.compute.campaign import Campaign
from lossviz.compute.campaigns import Gathering, Repeat, Study, Surfaces, Sweep
from lossviz.compute.workers import InProcess
from lossviz.data import build_dataset, propose_mapping, read_table
from lossviz.engine.live import LiveRuns
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.findings import Findings
from lossviz.experiments.reference import WeightsPlan
from lossviz.experiments.runs.judged import JudgedTraining
from lossviz.experiments.runs.repeat import RepeatPlan
from lossviz.experiments.runs.run import Run, references
from lossviz.experiments.study.plan import StudyPlan
from lossviz.experiments.surfaces.plan import SurfacePlan
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.experiments.weights import Weights
from lossviz.sharing.looks import SurfacesLook, SweepLook
from lossviz.sharing.project import Data, Desk, KeptSurfaces, KeptSweep, Project, Scene
from tests.support.factories import dataset

STEPS, LOOKS = 12, 7


def csv(rows: int = 80) -> bytes:
    """A file with quotes, line breaks, a formula and signs of several scripts in it."""
    own = dataset(rows, seed=7)
    lines = ['text,label,"a ""note"", too"']
    for k, text in enumerate(own.texts):
        label = own.schema.format(own.schema.decode(own.codes[k]))
        lines.append(f'"{text}, ""so"" 感情 \n=1+{k}",{label},')
    return "\n".join([*lines, '"no label",,x', ""]).encode()


@cache
def data() -> Data:
    table = read_table(csv(), "small.csv")
    mapping = propose_mapping(table, text="text", labels=["label"])
    return Data("small.csv", "", table, mapping, build_dataset(table, mapping))


def trained(letter: str, experiment: Experiment) -> Run:
    """A run that was trained for some steps, with α moved on the way."""
    run = Run.of(experiment)
    runs = LiveRuns(data().dataset)
    for steps in (STEPS // 2, STEPS - STEPS // 2):
        order = run.order(train=True, evaluate=True, surface=True)
        run.take(runs.advance({letter: order}, 60.0, steps).progress[letter])
        run.weights = run.weights.moved(0, 2.0)
    run.weights = run.applied
    return run


def finish(campaign: Campaign) -> Findings:
    """Everything that it trains."""
    campaign.finish()
    return campaign.findings


@cache
def project() -> Project:
    """Two runs of two formulations, their repeat, a study, a sweep, surfaces and a scene."""
    own = data().dataset
    base = Experiment.for_dataset(own, epochs=2, optimiser={"batch_size": 8})
    hidden = base.changed(formulation="soft_targets", decoder=None, settings={}, seed=3)
    runs = {"A": trained("A", base), "B": trained("B", hidden), "C": Run.of(base.changed(seed=9))}
    trained_runs = references(runs)
    workers = InProcess()
    repeat = Repeat(workers, own, RepeatPlan((("A", base), ("B", hidden)), folds=3))
    study = Study(workers, own, StudyPlan(weightings=("simplex",), seeds=3, epochs=1))
    sweep = Sweep(workers, own, SweepPlan(base, Grid(2, steps=3, kind="map"), (0, 1)))
    surfaces = Surfaces(workers, own, SurfacePlan(trained_runs, "random", resolution=7))
    gathering = Gathering(workers, own, WeightsPlan(trained_runs))
    finish(gathering)
    scene = Scene("Where it began", "Ask who expects what.", "train", (("A", "marginals"),))
    desk = Desk(
        data=data(),
        runs=runs,
        speed="full",
        sentence="oh dear",
        repeat=finish(repeat),
        study=finish(study),
        sweep=KeptSweep(finish(sweep), SweepLook((5.0, 1.0, 0.0), 2)),
        surfaces=KeptSurfaces(
            finish(surfaces), SurfacesLook("contour", "log", Weights((2.0, 1.0, 0.5)), doubts=False)
        ),
        judged=tuple(JudgedTraining.of(Run.of(base.changed(seed=seed))) for seed in range(LOOKS)),
        trained=dict(gathering.contents),
    )
    return Project((desk,), (scene,), (("train", (("t", "1"),)),))
