"""Figures: results in, charts out. Nothing is computed here that is not drawn."""

from lossviz.figures.base.chart import Chart
from lossviz.figures.base.heights import Scale, surface_top
from lossviz.figures.questions.decisions import answer_costs
from lossviz.figures.questions.demonstrations import (
    couplings,
    losses_along,
    part_gradients,
    two_distributions,
)
from lossviz.figures.runs.confused import AT_FIRST, Look, can_be_drawn, confused
from lossviz.figures.runs.matrices import MOST_LABELS, Normalise
from lossviz.figures.runs.shown import ShownRuns
from lossviz.figures.surfaces.surface import Corners, View, loss_surface

__all__ = [
    "AT_FIRST",
    "MOST_LABELS",
    "Chart",
    "Corners",
    "Look",
    "Normalise",
    "Scale",
    "ShownRuns",
    "View",
    "answer_costs",
    "can_be_drawn",
    "confused",
    "couplings",
    "loss_surface",
    "losses_along",
    "part_gradients",
    "surface_top",
    "two_distributions",
]
