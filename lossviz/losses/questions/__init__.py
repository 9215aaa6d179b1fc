"""The four questions as computations. What they give needs no torch to be read."""

from lossviz.losses.questions.results import (
    Decision,
    Decisions,
    Descent,
    Descents,
    Dilemma,
    End,
    PartLosses,
    Stretch,
    Way,
)

__all__ = [
    "Decision",
    "Decisions",
    "Descent",
    "Descents",
    "Dilemma",
    "End",
    "PartLosses",
    "Stretch",
    "Way",
]
