"""Runs that were published, in a database, each behind a link that nobody guesses."""

from lossviz.sharing.library.database import NO_ANSWER
from lossviz.sharing.library.library import DAYS, DEFAULT_DAYS, Library
from lossviz.sharing.library.records import (
    MB,
    NOT_OWNER,
    NOT_THERE,
    About,
    KeptSession,
    Limits,
    Links,
    NotPublished,
    SessionSummary,
    Summary,
    Used,
)
from lossviz.sharing.library.sessions import KEPT_FOR, KeptSessions

__all__ = [
    "DAYS",
    "DEFAULT_DAYS",
    "KEPT_FOR",
    "MB",
    "NOT_OWNER",
    "NOT_THERE",
    "NO_ANSWER",
    "About",
    "KeptSession",
    "KeptSessions",
    "Library",
    "Limits",
    "Links",
    "NotPublished",
    "SessionSummary",
    "Summary",
    "Used",
]
