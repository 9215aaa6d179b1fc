"""A sweep, as a page, a panel or a report shows it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from lossviz.experiments.study.result import Repeats
from lossviz.experiments.sweep.effects import Effect, effects
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.plan import same_model
from lossviz.experiments.sweep.recommendation import Costs
from lossviz.experiments.sweep.result import SweepResult
from lossviz.figures.base.chart import Chart, shortened
from lossviz.figures.sweep.error_plane import Spot, spot
from lossviz.figures.sweep.sweep_lines import cost_by_ratio, errors_by_ratio
from lossviz.figures.sweep.sweep_map import cost_map, error_map

LONGEST = 20
"""Of a part's name where it stands for its map."""


@dataclass(frozen=True)
class ShownSweep:
    """What every chart of a sweep is made from.

    :param costs: of mistakes, as they are stated.
    :param point: of the grid, that is looked at.
    :param repeats: the study of the same data, where there is one.
    :param edition: of the result: another one once more of it is trained.
    """

    result: SweepResult
    costs: Costs
    point: int
    repeats: Repeats | None = None
    edition: int = 0

    @property
    def version(self) -> Hashable:
        """Another one once more is trained, or another point is looked at."""
        return self.edition, self.point

    @property
    def grid(self) -> Grid:
        """What was trained."""
        return self.result.grid

    @property
    def maps(self) -> dict[str, str]:
        """What has a map of its own: the two parts whose weights vary, the whole label, and what
        the mistakes cost; of a grid of ratios a chart of all errors and one of the costs."""
        if self.grid.kind == "ratio":
            return {"errors": "errors", "cost": "cost"}
        named = [*self.result.schema.names, "whole label"]
        targets = (*self.grid.pair, len(named) - 1)
        return {f"wrong{k + 1}": shortened(named[k], LONGEST) for k in targets} | {"cost": "cost"}

    @cached_property
    def learned(self) -> tuple[Spot, ...]:
        """Where learned weights ended, if the study trained the same model."""
        repeats = self.repeats
        if repeats is None or not same_model(self.result.plan, repeats.plan):
            return ()
        return tuple(spot(repeats, arm) for arm in repeats.learned.values() if repeats.of(arm))

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Of each weight on each error."""
        return effects(self.result)

    def marked(self, chart: Chart) -> Chart:
        """With the point that is looked at."""
        return replace(chart, marked=self.point)


def error_or_cost(shown: ShownSweep, view: str) -> Chart:
    """One of the :attr:`ShownSweep.maps`."""
    result, costs = shown.result, np.array(shown.costs)
    ratio = shown.grid.kind == "ratio"
    if view == "cost":
        return shown.marked((cost_by_ratio if ratio else cost_map)(result, costs))
    if ratio:
        return shown.marked(errors_by_ratio(result))
    return shown.marked(error_map(result, int(view.removeprefix("wrong")) - 1))
