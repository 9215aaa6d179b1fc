"""The four questions as computations. What they give needs no torch to be read."""

from lossviz.losses.questions.results import (
    Decisions,
    Descents,
    Dilemma,
    PartLosses,
    Way,
)

__all__ = [
    "Decisions",
    "Descents",
    "Dilemma",
    "PartLosses",
    "Way",
]
