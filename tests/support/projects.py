"""A small project with something of everything, trained in this process."""

from __future__ import annotations

from functools import cache

from lossviz.compute.campaign import Campaign, InProcess
from lossviz.compute.campaigns import Gathering, Study, Surfaces, Sweep
from lossviz.data import build_dataset, propose_mapping, read_table
from lossviz.engine.live import LiveRuns
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.reference import RunReference
from lossviz.experiments.runs.run import Run
from lossviz.experiments.study.plan import StudyPlan
from lossviz.experiments.surfaces.plan import SurfacePlan
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.experiments.weights import Weights
from lossviz.sharing.project import Data, Desk, Kept, KeptRelief, KeptTrade, Project, Scene
from tests.support.factories import dataset

STEPS = 12


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
        run.weights = Weights((2.0, *run.weights.components[1:]), run.weights.joint)
    run.weights = run.applied
    return run


def finish(campaign: Campaign) -> dict:
    """Everything that it trains."""
    campaign.start()
    while campaign.busy:
        campaign.tick()
    assert campaign.complete, campaign.notice
    return campaign.kept


@cache
def project() -> Project:
    """Two runs of two formulations, a study, a sweep, surfaces and a scene."""
    own = data().dataset
    base = Experiment.for_dataset(own, epochs=2, optimiser={"batch_size": 8})
    hidden = base.changed(formulation="soft_targets", decoder=None, settings={}, seed=3)
    runs = {"A": trained("A", base), "B": trained("B", hidden), "C": Run.of(base.changed(seed=9))}
    references = tuple(
        RunReference(letter, run.experiment, run.changes, run.step)
        for letter, run in runs.items()
        if run.step
    )
    workers = InProcess()
    study_plan = StudyPlan(weightings=("simplex",), seeds=3, epochs=1)
    study = Study(workers, own)
    study.choose(study_plan)
    plan = SweepPlan(base, Grid(2, steps=3), (0, 1))
    sweep = Sweep(workers, own, plan)
    surface_plan = SurfacePlan(references, "random", resolution=7)
    surfaces = Surfaces(workers, own, surface_plan)
    gathering = Gathering(workers, own, references)
    relief = KeptRelief(
        Kept(surface_plan, finish(surfaces)), "contour", "log", (2.0, 1.0, 0.5), False
    )
    trade = KeptTrade(Kept(plan, finish(sweep)), (5.0, 1.0, 0.0), 2)
    kept = Kept(study_plan, finish(study))
    finish(gathering)
    scene = Scene("Where it began", "Ask who expects what.", "train", (("A", "marginals"),))
    desk = Desk(data(), runs, "full", "oh dear", kept, trade, relief, dict(gathering.contents))
    return Project((desk,), (scene,), (("train", (("t", "1"),)),))
