"""Runs that were published, in a database, each behind a link that nobody guesses."""

from lossviz.library.database import NO_ANSWER
from lossviz.library.library import DAYS, DEFAULT_DAYS, Library
from lossviz.library.limits import MB, Limits
from lossviz.library.records import NOT_OWNER, NOT_THERE, About, Links, NotPublished, Summary, Used

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
