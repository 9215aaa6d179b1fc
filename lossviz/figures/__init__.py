"""Figures: results in, charts out. Nothing is computed here that is not drawn."""

from lossviz.figures.answers import sentence
from lossviz.figures.arms import error_of_arms
from lossviz.figures.chart import Chart, Places
from lossviz.figures.classes import class_counts
from lossviz.figures.decisions import answer_costs
from lossviz.figures.demonstrations import (
    couplings,
    losses_along,
    part_gradients,
    two_distributions,
)
from lossviz.figures.effects import effect_sizes
from lossviz.figures.errors import error_rates
from lossviz.figures.front import front
from lossviz.figures.heights import Scale, surface_bottom, surface_top
from lossviz.figures.live_surface import live_chart, live_surface
from lossviz.figures.loss_lines import losses_between
from lossviz.figures.losses import loss_curve
from lossviz.figures.matrices import Normalise, confusion, confusion_top
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
    "Chart",
    "Corners",
    "Normalise",
    "Places",
    "Scale",
    "Spot",
    "View",
    "answer_costs",
    "class_counts",
    "confusion",
    "confusion_top",
    "cost_by_ratio",
    "cost_map",
    "couplings",
    "effect_sizes",
    "error_map",
    "error_of_arms",
    "error_rates",
    "errors_by_ratio",
    "front",
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
