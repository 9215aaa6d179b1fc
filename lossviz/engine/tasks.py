"""What workers compute besides live runs, in one place: those elsewhere know the functions by
these names, and need none of the modules."""

from lossviz.engine.judging import min_cost_errors
from lossviz.engine.landscape.blocks import surface_block
from lossviz.engine.landscape.retrained import trained_weights
from lossviz.engine.landscape.surfaces import output_surfaces
from lossviz.engine.near_duplicates import near_duplicates
from lossviz.engine.opening import opened
from lossviz.engine.questions import decisions, descents, part_losses
from lossviz.engine.quick_model import hardness
from lossviz.engine.saved import model_answer, model_card
from lossviz.engine.study import train_block
from lossviz.engine.sweep import predict_block, score_block

__all__ = [
    "decisions",
    "descents",
    "hardness",
    "min_cost_errors",
    "model_answer",
    "model_card",
    "near_duplicates",
    "opened",
    "output_surfaces",
    "part_losses",
    "predict_block",
    "score_block",
    "surface_block",
    "train_block",
    "trained_weights",
]
