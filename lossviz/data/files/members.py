"""The members of a zip archive: which of them are tables."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence

from lossviz.errors import LossVizError

_ENDINGS = frozenset("csv tsv tab txt json jsonl ndjson parquet xlsx xls xlsb ods".split())  # noqa: SIM905
MOST_TABLES = 20
"""In an archive; of more it is not said which belong together."""
_CLUTTER = (".DS_Store", "Thumbs.db", "desktop.ini")


def table_members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The members that are tables by their names; where none is, all."""
    members = [member for member in archive.infolist() if not _is_clutter(member.filename)]
    tables = [member for member in members if is_table(member.filename)]
    return tables or members


def is_table(member: str) -> bool:
    """Does its name end as those of tables do?

    >>> is_table("data/train.csv"), is_table("dev.jsonl.gz"), is_table("README.txt")
    (True, True, False)
    """
    name = member.rpartition("/")[2].casefold()
    known = name.removesuffix(".gz").rpartition(".")[2] in _ENDINGS
    return known and not name.startswith(("readme", "license", "licence", "citation"))


def rest_of(archive: zipfile.ZipFile) -> str:
    """What is left out of an archive, as a sentence behind others."""
    tables = {member.filename for member in table_members(archive)}
    rest = [n for n in archive.namelist() if n not in tables and not _is_clutter(n)]
    return f" Left out: {_listing(rest)}." if rest else ""


def only_member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """The one that is a table.

    :raises LossVizError: listing them where there are several, or none.
    """
    members = table_members(archive)
    if not members:
        raise LossVizError(f"{name} is a zip archive without a file in it. Choose another file.")
    if len(members) > 1:
        raise LossVizError(
            f"{name} is a zip archive of {len(members):,} files: "
            f"{_listing([member.filename for member in members])}. Unpack it, and choose the one "
            "with "
            "the table."
        )
    return members[0]


def _is_clutter(member: str) -> bool:
    """Is this a folder, or what an operating system leaves in one?"""
    last = member.rsplit("/", 1)[-1]
    return not last or member.startswith("__MACOSX/") or last in _CLUTTER


def _listing(names: Sequence[str], limit: int = 5) -> str:
    more = f" and {len(names) - limit:,} more" if len(names) > limit else ""
    return ", ".join(repr(name[:80]) for name in names[:limit]) + more
