"""A bench: data, and what is at work on them. What it has done so far is a desk of a project."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from lossviz.compute.campaign import Campaign
from lossviz.compute.campaigns import Repeat, Study, Surfaces, Sweep, Unsealing
from lossviz.compute.cluster import COMPUTE
from lossviz.compute.lab import Lab
from lossviz.compute.workers import Workers
from lossviz.data import Dataset, Profile, load_sample, profile, samples
from lossviz.experiments.choices import first
from lossviz.experiments.runs.opening import Unsealed
from lossviz.experiments.runs.repeat import repeated_conclusions
from lossviz.experiments.runs.run import LETTERS
from lossviz.experiments.surfaces.plan import SurfacePlan
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.sharing.looks import SurfacesLook, SweepLook
from lossviz.sharing.project import Data, Desk, KeptSurfaces, KeptSweep

FIRST_FORMULATIONS = ("marginals", "joint", "components")
FIRST_PLANE = "pca"
"""Where a run moved: the picture with the most to see."""


@dataclass(frozen=True)
class Source:
    """Data in use, and what is in all of them: of very many a sample is in use."""

    data: Data
    profile: Profile


@dataclass
class SweepBench:
    """The sweep of the data in use, and how the reader looks at it."""

    campaign: Sweep
    look: SweepLook

    @classmethod
    def of(cls, workers: Workers, dataset: Dataset) -> SweepBench:
        """The usual one, not started."""
        plan = SweepPlan.usual(dataset)
        return cls(Sweep(workers, dataset, plan), SweepLook.at_first(plan))

    @property
    def kept(self) -> KeptSweep:
        """What was found, and how it is looked at."""
        return KeptSweep(self.campaign.findings, self.look)

    def choose(self, plan: SweepPlan) -> None:
        """What the next start trains."""
        before = self.campaign.plan
        self.campaign.choose(plan)
        self._begun(before)

    def start(self) -> None:
        """Train what was chosen."""
        before = self.campaign.plan
        self.campaign.start()
        self._begun(before)

    def _begun(self, before: SweepPlan) -> None:
        """On another grid equal weights are looked at again."""
        grid = self.campaign.plan.grid
        if grid != before.grid:
            self.change(point=grid.middle)

    def change(self, **fields: Any) -> None:
        """Look at it in another way."""
        self.look = replace(self.look, **fields)


@dataclass
class SurfacesBench:
    """The surfaces of the runs on the data in use, and how the reader looks at them."""

    campaign: Surfaces
    look: SurfacesLook = field(default_factory=SurfacesLook)
    seen: dict[str, Surface] = field(default_factory=dict)
    """What was last shown: it stays until all of the next is there."""

    @classmethod
    def of(cls, workers: Workers, dataset: Dataset) -> SurfacesBench:
        """Those of no run so far."""
        return cls(Surfaces(workers, dataset, SurfacePlan((), FIRST_PLANE)))

    @property
    def kept(self) -> KeptSurfaces:
        """What was found, and how it is looked at."""
        return KeptSurfaces(self.campaign.findings, self.look)

    def choose(self, **fields: Any) -> None:
        """The page draws it when it runs."""
        self.campaign.chosen = replace(self.campaign.chosen, **fields)

    def change(self, **fields: Any) -> None:
        """Look at them in another way."""
        self.look = replace(self.look, **fields)


@dataclass
class Bench:
    """Data, and everything that is at work on them.

    :param workers: who do the work, for this visitor.
    """

    source: Source
    lab: Lab
    workers: Workers
    repeat: Repeat | None = None
    study: Study | None = None
    sweep: SweepBench | None = None
    surfaces: SurfacesBench | None = None
    unsealing: Unsealing | None = None
    opened: tuple[Unsealed, ...] = ()
    """Each time that sealed texts were."""

    @classmethod
    def of(cls, source: Source, workers: Workers = COMPUTE) -> Bench:
        """A new one with three formulations side by side, ready to play."""
        dataset = source.data.dataset
        lab = Lab(COMPUTE, dataset)
        for letter, formulation in zip(LETTERS, FIRST_FORMULATIONS, strict=False):
            lab.put(letter, first(dataset, formulation=formulation))
        return cls(source, lab, workers)

    @classmethod
    def resumed(cls, desk: Desk, workers: Workers = COMPUTE, source: Source | None = None) -> Bench:
        """Go on from what was done.

        :param source: of the data, where it is known.
        """
        if source is None:
            source = unchanged_sample(desk.data.sample, desk.data.dataset.digest)
        if source is None:
            source = Source(replace(desk.data, sample=""), profile(desk.data.dataset))
        dataset = source.data.dataset
        lab = Lab(COMPUTE, dataset)
        lab.runs, lab.speed, lab.sentence = dict(desk.runs), desk.speed, desk.sentence
        lab.judged_before = desk.judged
        bench = cls(source, lab, workers, opened=desk.opened)
        if desk.repeat:
            bench.repeat = Repeat.resumed(workers, dataset, desk.repeat)
        if desk.study:
            bench.study = Study.resumed(workers, dataset, desk.study)
        if desk.sweep:
            sweep = Sweep.resumed(workers, dataset, desk.sweep.findings)
            bench.sweep = SweepBench(sweep, desk.sweep.look)
        if desk.surfaces:
            surfaces = Surfaces.resumed(workers, dataset, desk.surfaces.findings)
            bench.surfaces = SurfacesBench(surfaces, desk.surfaces.look)
        return bench

    def desk(self, trained: Mapping[str, bytes]) -> Desk:
        """What was done so far.

        :param trained: by letter, the weights of the runs' models.
        """
        study, sweep, surfaces = self.study, self.sweep, self.surfaces
        return Desk(
            data=self.data,
            runs={letter: replace(run) for letter, run in self.lab.runs.items()},
            speed=self.lab.speed,
            sentence=self.lab.sentence,
            repeat=self.repeat.findings if self.repeat else None,
            study=study.findings if study else None,
            sweep=sweep.kept if sweep else None,
            surfaces=surfaces.kept if surfaces else None,
            opened=self.opened,
            judged=self.lab.judged,
            trained=trained,
        )

    @property
    def work(self) -> Hashable:
        """What was done so far, in short: another value once there is something to keep that was
        not there before; nothing where nothing was."""
        runs = tuple(
            (letter, run.run_id, run.step, run.state, run.weights, run.name, run.judged)
            for letter, run in list(self.lab.runs.items())
        )
        trained = tuple((each.plan, each.done) for each in self._campaigns if each.done)
        idle = not trained and all(not run.step for run in list(self.lab.runs.values()))
        return () if idle and self.data.sample else (self.data.dataset.digest, runs, trained)

    @property
    def busy(self) -> bool:
        """Whether anything is being trained."""
        return self.lab.training or any(each.busy for each in self._campaigns)

    @property
    def _campaigns(self) -> tuple[Campaign[Any, Any, Any], ...]:
        sweep = self.sweep.campaign if self.sweep else None
        surfaces = self.surfaces.campaign if self.surfaces else None
        every = (self.repeat, self.study, sweep, surfaces)
        return tuple(each for each in every if each is not None)

    @property
    def data(self) -> Data:
        """In use here."""
        return self.source.data

    @property
    def sealed(self) -> float:
        """The share of the texts that the runs leave sealed, and with them sweep and study."""
        return max((run.experiment.split.sealed for run in self.lab.runs.values()), default=0.0)

    @property
    def looked_before(self) -> bool:
        """Whether anything of this session trained on texts that are sealed now, or judged them."""
        plans = [sweep.plan.experiment.split.sealed for sweep in self._swept if sweep.done]
        plans += [self.study.plan.sealed] if self.study and self.study.done else []
        return any(share != self.sealed for share in (*plans, *self.lab.shares_looked_at))

    @property
    def _swept(self) -> tuple[Sweep, ...]:
        return (self.sweep.campaign,) if self.sweep else ()

    @property
    def of_formulations(self) -> tuple[str, ...]:
        """What a repeated comparison says; nothing where there is none."""
        return () if self.repeat is None else repeated_conclusions(self.repeat.repeated)

    def rest(self) -> None:
        """Compute no further; what is there is kept."""
        self.lab.pause()
        for campaign in self._campaigns:
            campaign.stop()
        if self.unsealing:
            self.unsealing.stop()


@lru_cache(maxsize=8)
def sample_source(sample_id: str) -> Source:
    """A sample, read once for all sessions: nothing in it can be changed."""
    table, mapping, dataset = load_sample(sample_id)
    sample = next(sample for sample in samples() if sample.id == sample_id)
    edits = sample.edits(mapping)
    data = Data(sample.title, sample_id, table, mapping, dataset, edits)
    return Source(data, profile(dataset))


def unchanged_sample(sample_id: str, digest: str) -> Source | None:
    """One of the samples that come along, where it is the same still."""
    if sample_id not in [sample.id for sample in samples()]:
        return None
    source = sample_source(sample_id)
    return source if source.data.dataset.digest == digest else None
