"""Figures: results in, charts out. Nothing is computed here that is not drawn."""

from lossviz.figures.answers import sentence
from lossviz.figures.chart import Chart
from lossviz.figures.classes import class_counts
from lossviz.figures.errors import error_rates
from lossviz.figures.losses import loss_curve
from lossviz.figures.matrices import Normalise, confusion, confusion_top

__all__ = [
    "Chart",
    "Normalise",
    "class_counts",
    "confusion",
    "confusion_top",
    "error_rates",
    "loss_curve",
    "sentence",
]
