"""The profile of a data set: what it holds, and what to know before training on it."""

from lossviz.data.profile.dependence import Dependence
from lossviz.data.profile.lengths import Lengths, OddText, TextLengths
from lossviz.data.profile.occurrences import MOST_MISSING, ClassRow, ClassTable, ComponentProfile
from lossviz.data.profile.profile import Profile, profile
from lossviz.data.profile.repetitions import Repeated, Repetitions

__all__ = [
    "MOST_MISSING",
    "ClassRow",
    "ClassTable",
    "ComponentProfile",
    "Dependence",
    "Lengths",
    "OddText",
    "Profile",
    "Repeated",
    "Repetitions",
    "TextLengths",
    "profile",
]
