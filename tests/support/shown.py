"""What exhibits are made from, with awkward names: as it is in the middle, and before anything is
trained."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from lossviz.data import Dataset, profile
from lossviz.experiments.closer_look import Hardness, Target
from lossviz.experiments.experiment import DataReference, Experiment
from lossviz.experiments.runs.run import Run
from lossviz.experiments.statistics import ErrorRate
from lossviz.experiments.study.plan import StudyPlan
from lossviz.experiments.study.result import Repeats
from lossviz.experiments.surfaces.pieces import Pictures, Piece
from lossviz.experiments.surfaces.plan import OTHERS, SurfaceBlock, SurfacePlan
from lossviz.experiments.surfaces.surface import Slice, Surface
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.weights import Weights
from lossviz.figures import Look, ShownRuns
from lossviz.figures.base.exhibit import Shown
from lossviz.figures.data.shown import ShownProfile
from lossviz.figures.surfaces.shown import ShownSurfaces
from lossviz.figures.sweep.shown import ShownSweep
from lossviz.losses.mix import LinearMix, Term
from lossviz.schema import Component, LabelSchema
from tests.support.figures import LETTERS, NAMES, SEEDS, answers, evaluation, schemas, trained
from tests.support.outcomes import noise, outcome, repeats
from tests.support.sweep_results import result, until

TWO = LabelSchema.full([Component("first", ("A", "B")), Component("second", ("C", "D"))], "")
NORMALISE = st.sampled_from(["true", "predicted", "all", "none"])


def new_run(schema: LabelSchema) -> Run:
    """One that is set up, and not trained."""
    data = DataReference(name="made", digest="0", components=schema.names)
    return Run.of(Experiment.of(data=data))


@st.composite
def runs(draw: st.DrawFn) -> ShownRuns:
    """Up to four that are trained and judged."""
    schema = draw(schemas())
    letters = LETTERS[: draw(st.integers(1, 4))]
    seed = draw(SEEDS)
    curves = draw(trained(schema))
    made = {letter: new_run(schema) for letter in letters}
    for letter, run in made.items():
        run.curve, run.changes = curves.curve, curves.changes
        run.steps_per_epoch, run.total_steps = curves.steps
        run.evaluation = evaluation(seed + ord(letter), schema)
    target = draw(st.integers(-1, len(schema.names) - 1))
    look = Look(target, draw(NORMALISE), draw(st.booleans()), draw(st.integers(0, 3)))
    return ShownRuns(schema, made, answers(seed, schema, letters), look)


@st.composite
def sweeps(draw: st.DrawFn) -> ShownSweep:
    """One of which a part is trained, with the study of the same parts or without."""
    names = draw(st.lists(NAMES, min_size=2, max_size=3, unique=True))
    kind = draw(st.sampled_from(["map", "ratio"])) if len(names) == 2 else "map"
    grid = Grid(len(names), steps=draw(st.integers(2, 11)), kind=kind)
    seeds, seed = draw(st.integers(1, 4)), draw(SEEDS)
    errors = np.random.default_rng(seed).random((len(grid.members), seeds, len(names) + 1))
    members, last = draw(st.integers(0, len(grid.members))), draw(st.integers(0, seeds - 1))
    costs = st.lists(st.floats(0, 100), min_size=len(names) + 1, max_size=len(names) + 1)
    return ShownSweep(
        result(until(errors, members, last), grid=grid, names=names),
        tuple(draw(costs)),
        draw(st.integers(0, len(grid.points) - 1)),
        draw(st.one_of(st.none(), studies(names))),
    )


@st.composite
def studies(draw: st.DrawFn, names: Sequence[str] | None = None) -> Repeats:
    """One of which so many seeds are trained."""
    parts = names or draw(st.lists(NAMES, min_size=2, max_size=4, unique=True))
    seeds = draw(st.integers(0, 3))
    learned = {
        name: [
            outcome([0.2] * len(parts) + [0.4 + noise(seed)], [weight] * len(parts))
            for seed in range(3)
        ]
        for name, weight in (("simplex", 0.3), ("free", -2.0))
    }
    whole = repeats(learned, names=parts)
    return replace(whole, outcomes={k: v for k, v in whole.outcomes.items() if k[1] < seeds})


def made_data(schema: LabelSchema, seed: int, rows: int = 40) -> Dataset:
    """Texts of a word, and labels by lot."""
    codes = schema.class_codes[np.random.default_rng(seed).integers(len(schema.classes), size=rows)]
    texts = tuple(f"word {k}" for k in range(rows))
    return Dataset("made", "0", schema, texts, codes, np.arange(1, rows + 1), ())


@st.composite
def hardnesses(draw: st.DrawFn, parts: int) -> Hardness:
    """Of so many parts."""
    targets = []
    for place in range(parts + (parts > 1)):
        n = draw(st.integers(1, 9999))
        error = ErrorRate.of(draw(st.integers(0, n)), n)
        targets.append(Target(draw(NAMES), place, draw(st.floats(0.01, 0.99)), error, None))
    return Hardness(tuple(targets), 100, 100, 5, 1.0)


@st.composite
def profiles(draw: st.DrawFn) -> ShownProfile:
    """Of data that a quick model has learned, or not yet."""
    schema = draw(schemas())
    hardness = draw(st.one_of(st.none(), hardnesses(len(schema.names))))
    return ShownProfile(profile(made_data(schema, draw(SEEDS))), hardness)


def made_surface(seed: int, rows: int = 7) -> Surface:
    """A loss by lot; along a line where there is one row."""
    random = np.random.default_rng(seed)
    x, y = (np.linspace(-2, 2, points, dtype=np.float32) for points in (5, rows))
    grids = random.gamma(1.0, 2.0, (2, rows, 5)).astype(np.float32)
    mix = LinearMix((Term(0, 1.0), Term(1, 1.0)))
    about = Slice("random", 0, ("along", "across"), (), 9, 9, Weights((1.0, 2.0, 0.0)))
    return Surface("marginals", x, y, ("part 1", "part 2"), grids, mix, (), about)


def shown_surfaces(
    names: Sequence[str],
    planes: Mapping[str, Surface] | None = None,
    seeds: Sequence[Surface] = (),
    walk: Mapping[str, Surface] | None = None,
) -> ShownSurfaces:
    """What was drawn beside the surfaces of runs of these names.

    :param planes: by seed.
    """
    runs = tuple(new_run(TWO).reference(name) for name in names)
    plan = SurfacePlan(runs)

    def block(*key: str) -> SurfaceBlock:
        return SurfaceBlock(key, "surface", runs[:1], "random", 0, (1, 1), range(1), 0.0)

    def piece(surface: Surface) -> Piece:
        return Piece(((names[0], surface),), surface.y)

    reports = [(block("plane", seed), piece(plane)) for seed, plane in (planes or {}).items()]
    reports += [(block("seed", str(k)), piece(line)) for k, line in enumerate(seeds)]
    if walk:
        reports.append((block("walk"), Piece(tuple(walk.items()))))
    return ShownSurfaces(plan, Pictures(reports))


@st.composite
def surfaces(draw: st.DrawFn) -> ShownSurfaces:
    """Of which a part is drawn."""
    names = LETTERS[: draw(st.integers(1, 3))]
    seed = draw(SEEDS)
    planes = {str(k): made_surface(seed + k) for k in range(1, draw(st.integers(0, OTHERS)) + 1)}
    seeds = [made_surface(seed + 10 + k, 1) for k in range(draw(st.integers(0, OTHERS + 1)))]
    walk = {name: made_surface(seed + ord(name), 1) for name in names} if len(names) > 1 else None
    return shown_surfaces(names, planes, seeds, walk)


UNSWEPT = result(np.full((9, 2, 3), np.nan), grid=Grid(2, steps=3, kind="map"))
SHOWN: dict[type, Callable[[], st.SearchStrategy[Any]]] = {
    ShownRuns: runs,
    ShownSweep: sweeps,
    Repeats: studies,
    ShownProfile: profiles,
    ShownSurfaces: surfaces,
}
UNTRAINED: dict[type, Shown] = {
    ShownRuns: ShownRuns(TWO, {"A": new_run(TWO)}),
    ShownSweep: ShownSweep(UNSWEPT, (1.0, 1.0, 0.0), 4),
    Repeats: Repeats(TWO, StudyPlan(weightings=("simplex",), seeds=3), {}),
    ShownProfile: ShownProfile(
        replace(profile(made_data(TWO, 0)), class_names=(), class_counts=(), dependences=())
    ),
    ShownSurfaces: ShownSurfaces(SurfacePlan(()), Pictures(())),
}
"""Of each kind of which there can be nothing."""
