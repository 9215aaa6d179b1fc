"""A disk of one's own, of a few megabytes: it can be full, and read-only."""

from __future__ import annotations

import errno
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """Mounted at a new folder; the test is skipped where nobody may mount anything."""
    folder = Path(tempfile.mkdtemp(prefix="lossviz-disk-", dir="/tmp"))
    if _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)):
        folder.rmdir()
        pytest.skip("mounting a disk takes root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def fill(folder: Path) -> None:
    """Until not a byte is left."""
    with (folder / f"filler-{len(list(folder.iterdir()))}").open("wb", buffering=0) as file:
        for size in (2**16, 1):
            try:
                while file.write(os.urandom(size)):
                    pass
            except OSError as error:
                assert error.errno == errno.ENOSPC
    assert os.statvfs(folder).f_bavail == 0


def make_read_only(disk: Path) -> None:
    assert not _mount("-o", "remount,ro", str(disk))


def _mount(*arguments: str) -> int:
    return subprocess.run(["mount", *arguments], check=False, capture_output=True).returncode
