"""What stands on the Train page: the exhibits of its list, and what they show now."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lossviz.compute.lab import Lab
from lossviz.figures import Chart, ShownRuns
from lossviz.figures.exhibits import TRAIN, placed
from lossviz.ui.parts.exhibits import lay_out, news, runs_of
from lossviz.ui.state.view import View


def run_exhibits(lab: Lab, view: View, layouts: Mapping[str, Callable[[], object]]) -> None:
    """Room for all of them, in order.

    :param layouts: of those that are more than a chart for each run, by id.
    """
    lay_out(placed(TRAIN, ShownRuns), runs_of(lab, view.look), layouts)


def charts(lab: Lab, view: View) -> dict[str, Chart]:
    """Every chart that shows something else than before."""
    return news(placed(TRAIN, ShownRuns), runs_of(lab, view.look), view)
