"""Figures: results in, charts out. Nothing is computed here that is not drawn."""

from lossviz.figures.answers import sentence
from lossviz.figures.arms import error_of_arms
from lossviz.figures.chart import Chart
from lossviz.figures.classes import class_counts
from lossviz.figures.decisions import answer_costs
from lossviz.figures.demonstrations import (
    couplings,
    losses_along,
    part_gradients,
    two_distributions,
)
from lossviz.figures.errors import error_rates
from lossviz.figures.losses import loss_curve
from lossviz.figures.matrices import Normalise, confusion, confusion_top
from lossviz.figures.study import weights_over_time
from lossviz.figures.surface import (
    Corners,
    View,
    live_chart,
    live_surface,
    loss_surface,
    surface_top,
)
from lossviz.figures.trade import trade_off

__all__ = [
    "Chart",
    "Corners",
    "Normalise",
    "View",
    "answer_costs",
    "class_counts",
    "confusion",
    "confusion_top",
    "couplings",
    "error_of_arms",
    "error_rates",
    "live_chart",
    "live_surface",
    "loss_curve",
    "loss_surface",
    "losses_along",
    "part_gradients",
    "sentence",
    "surface_top",
    "trade_off",
    "two_distributions",
    "weights_over_time",
]
