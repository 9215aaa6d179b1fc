"""Figures: results in, charts out. Nothing is computed here that is not drawn."""

from lossviz.figures.answers import sentence
from lossviz.figures.arms import error_of_arms
from lossviz.figures.blocks import MOST_CELLS, Group, block_matrix
from lossviz.figures.chart import Chart, Places
from lossviz.figures.classes import class_counts
from lossviz.figures.decisions import answer_costs
from lossviz.figures.demonstrations import (
    couplings,
    losses_along,
    part_gradients,
    two_distributions,
)
from lossviz.figures.dependence import dependence_of_components, height_of_dependence
from lossviz.figures.effects import effect_sizes
from lossviz.figures.errors import error_rates
from lossviz.figures.front import front
from lossviz.figures.hardness import hardness_beside_guessing, height_of_hardness
from lossviz.figures.heights import Scale, surface_bottom, surface_top
from lossviz.figures.live_surface import live_chart, live_surface
from lossviz.figures.loss_lines import losses_between
from lossviz.figures.losses import loss_curve
from lossviz.figures.matrices import MOST_LABELS, Normalise, confusion, confusion_top
from lossviz.figures.pairs import Labels, confused, confused_pairs
from lossviz.figures.point import point_errors
from lossviz.figures.seed_band import seed_band
from lossviz.figures.spots import Spot, spot
from lossviz.figures.study import weights_over_time
from lossviz.figures.surface import (
    Corners,
    View,
    loss_surface,
)
from lossviz.figures.sweep_lines import cost_by_ratio, errors_by_ratio
from lossviz.figures.sweep_map import cost_map, error_map
from lossviz.figures.trade import trade_off

__all__ = [
    "MOST_CELLS",
    "MOST_LABELS",
    "Chart",
    "Corners",
    "Group",
    "Labels",
    "Normalise",
    "Places",
    "Scale",
    "Spot",
    "View",
    "answer_costs",
    "block_matrix",
    "class_counts",
    "confused",
    "confused_pairs",
    "confusion",
    "confusion_top",
    "cost_by_ratio",
    "cost_map",
    "couplings",
    "dependence_of_components",
    "effect_sizes",
    "error_map",
    "error_of_arms",
    "error_rates",
    "errors_by_ratio",
    "front",
    "hardness_beside_guessing",
    "height_of_dependence",
    "height_of_hardness",
    "live_chart",
    "live_surface",
    "loss_curve",
    "loss_surface",
    "losses_along",
    "losses_between",
    "part_gradients",
    "point_errors",
    "seed_band",
    "sentence",
    "spot",
    "surface_bottom",
    "surface_top",
    "trade_off",
    "two_distributions",
    "weights_over_time",
]
