"""Publishing: a run on its way into the library."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np

from lossviz.compute.campaigns import Gathering
from lossviz.experiments.reference import WeightsPlan
from lossviz.experiments.runs.run import Run, held_out_texts
from lossviz.experiments.surfaces.surface import Surface
from lossviz.sharing.library import Links
from lossviz.sharing.project import Publication
from lossviz.sharing.project_file import pack_publication
from lossviz.ui.state.bench import Bench


@dataclass
class Publishing:
    """A run that is about to be published; its weights are fetched meanwhile.

    :param sizes: about how large it is in bytes, once that is known: without texts, and with them.
    :param links: once it is published.
    :param problem: why it could not be.
    """

    bench: Bench
    letter: str
    run: Run
    gathering: Gathering
    sizes: tuple[int, int] | None = None
    links: Links | None = None
    problem: str = ""
    texts: tuple[str, ...] = field(default=())
    """Of the held-out rows."""

    @classmethod
    def of(cls, bench: Bench, letter: str) -> Publishing:
        """Of a run as it stands, with its weights on their way."""
        run = bench.lab.runs[letter]
        publishing = cls(bench, letter, replace(run), gathering_of(bench, letter, run))
        dataset, spec = bench.data.dataset, run.experiment.split
        publishing.texts = held_out_texts(dataset, spec, run.evaluation)
        publishing.gathering.start()
        return publishing

    def publication(self, name: str, *, texts: tuple[str, ...] | None) -> Publication:
        """What is stored.

        :param texts: those that visitors may read; None for none of them.
        """
        data = self.bench.data
        dataset = data.dataset
        content = self.gathering.contents[self.letter]
        return Publication(
            name=name,
            data=data.title,
            sample=data.sample,
            digest=dataset.digest,
            schema=dataset.schema,
            rows=(len(dataset), len(self.texts)),
            run=replace(self.run, name=name, surface=None),
            surfaces=self.surfaces,
            texts=texts,
            trained=content,
            published=datetime.now(UTC).replace(microsecond=0),
        )

    @property
    def surfaces(self) -> Mapping[str, Surface]:
        """By plane: the one that was drawn of this run, else the coarse one that followed it."""
        surface = drawn(self.bench, self.letter, self.run) or self.run.surface
        if surface is None or surface.slice is None:
            return {}
        return {surface.slice.plane: surface}

    def weigh(self) -> None:
        """Find out how large it is, once its weights are there."""
        if self.sizes is None and self.gathering.complete:
            without = len(pack_publication(self.publication(self.run.name, texts=None)))
            texts = len(zlib.compress("".join(self.texts).encode("utf-8", "replace")))
            self.sizes = without, without + texts


def gathering_of(bench: Bench, letter: str, run: Run) -> Gathering:
    """The weights of a run as it stands, not started."""
    plan = WeightsPlan((run.reference(letter),))
    return Gathering(bench.workers, bench.data.dataset, plan)


def drawn(bench: Bench, letter: str, run: Run) -> Surface | None:
    """What the Surfaces page drew of the run as it stands, where it is whole."""
    if bench.surfaces is None:
        return None
    surfaces = bench.surfaces.campaign
    surface = surfaces.pictures.surfaces.get(letter)
    if (
        run.reference(letter) not in surfaces.plan.runs
        or surface is None
        or np.isnan(surface.grids).any()
    ):
        return None
    return surface
