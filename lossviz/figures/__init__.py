"""Figures: results in, charts out. Nothing is computed here that is not drawn."""

from lossviz.figures.base.chart import Chart
from lossviz.figures.base.heights import Scale, surface_top
from lossviz.figures.data.classes import class_counts
from lossviz.figures.data.dependence import dependence_of_components, height_of_dependence
from lossviz.figures.data.hardness import hardness_beside_guessing, height_of_hardness
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
from lossviz.figures.study.arms import error_of_arms
from lossviz.figures.study.study import weights_over_time
from lossviz.figures.study.trade import trade_off
from lossviz.figures.surfaces.surface import Corners, View, loss_surface
from lossviz.figures.sweep.effects import effect_sizes
from lossviz.figures.sweep.error_plane import Spot, spot
from lossviz.figures.sweep.front import front
from lossviz.figures.sweep.point import point_errors
from lossviz.figures.sweep.sweep_lines import cost_by_ratio, errors_by_ratio
from lossviz.figures.sweep.sweep_map import cost_map, error_map

__all__ = [
    "AT_FIRST",
    "MOST_LABELS",
    "Chart",
    "Corners",
    "Look",
    "Normalise",
    "Scale",
    "ShownRuns",
    "Spot",
    "View",
    "answer_costs",
    "can_be_drawn",
    "class_counts",
    "confused",
    "cost_by_ratio",
    "cost_map",
    "couplings",
    "dependence_of_components",
    "effect_sizes",
    "error_map",
    "error_of_arms",
    "errors_by_ratio",
    "front",
    "hardness_beside_guessing",
    "height_of_dependence",
    "height_of_hardness",
    "loss_surface",
    "losses_along",
    "part_gradients",
    "point_errors",
    "spot",
    "surface_top",
    "trade_off",
    "two_distributions",
    "weights_over_time",
]
