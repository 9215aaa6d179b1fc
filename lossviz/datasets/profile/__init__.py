"""The profile of a data set: what it holds, and what to know before training on it."""

from lossviz.datasets.profile.class_table import MOST_MISSING, ClassRow, ClassTable
from lossviz.datasets.profile.components import ComponentProfile
from lossviz.datasets.profile.dependence import Dependence
from lossviz.datasets.profile.lengths import Lengths, OddText, TextLengths
from lossviz.datasets.profile.profile import DroppedCount, Profile, profile
from lossviz.datasets.profile.repetitions import Occurrence, Repeated, Repetitions

__all__ = [
    "MOST_MISSING",
    "ClassRow",
    "ClassTable",
    "ComponentProfile",
    "Dependence",
    "DroppedCount",
    "Lengths",
    "Occurrence",
    "OddText",
    "Profile",
    "Repeated",
    "Repetitions",
    "TextLengths",
    "profile",
]
