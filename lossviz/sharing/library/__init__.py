"""Runs that were published, in a database, each behind a link that nobody guesses."""

from lossviz.sharing.library.database import NO_ANSWER
from lossviz.sharing.library.library import DAYS, DEFAULT_DAYS, Library
from lossviz.sharing.library.records import (
    MB,
    NOT_OWNER,
    NOT_THERE,
    About,
    Limits,
    Links,
    NotPublished,
    Summary,
    Used,
)

__all__ = [
    "DAYS",
    "DEFAULT_DAYS",
    "MB",
    "NOT_OWNER",
    "NOT_THERE",
    "NO_ANSWER",
    "About",
    "Library",
    "Limits",
    "Links",
    "NotPublished",
    "Summary",
    "Used",
]
