"""Bombs: small files that stand for gigabytes are refused before they are unpacked."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from lossviz.errors import LossVizError
from lossviz.sharing.archive import MANIFEST, VERSION, pack
from lossviz.sharing.guards import MOST_ARRAYS, MOST_BYTES, MOST_CELLS, MOST_VALUES, parsed
from lossviz.sharing.project_file import read_project, read_publication
from tests.conftest import ROOT

MEMORY = 600 << 20
"""Bytes that a refusal may take, beside what the process has already."""
PROJECT = Path(__file__).parent / "version_1" / "project.lossviz"
MEGABYTE = b"\0" * (1 << 20)


def zipped(name: str, pieces: int) -> bytes:
    """A zip of one file, which is not held as a whole."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive, archive.open(name, "w") as file:
        for _ in range(pieces):
            file.write(MEGABYTE)
    return target.getvalue()


def in_project(name: str, content: bytes) -> bytes:
    """A project with another file in the place of one of its own, and a manifest that says so."""
    with ZipFile(PROJECT) as archive:
        files = {own: archive.read(own) for own in archive.namelist() if own != MANIFEST}
    files[name] = content
    digests = {own: sha256(file).hexdigest() for own, file in files.items()}
    about = {"format": "lossviz", "kind": "project", "version": VERSION, "made_by": "0.6"}
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for own, file in {MANIFEST: json.dumps(about | {"files": digests}), **files}.items():
            archive.writestr(own, file)
    return target.getvalue()


def in_manifest(content: bytes) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, content)
    return target.getvalue()


LISTS = b"[" + b"[]," * MOST_VALUES + b"[]]"
DIRECTORY = b"PK\x01\x02" + b"\0" * 42
BOMBS: dict[str, Callable[[], bytes]] = {
    "a zip of zeros": lambda: zipped("project.json", (MOST_BYTES >> 20) + 1),
    "an array of zeros": lambda: in_project(
        "desk-1/work.npz", zipped("0.npy", (MOST_BYTES >> 20) + 1)
    ),
    "arrays without end": lambda: in_project("desk-1/work.npz", DIRECTORY * (MOST_ARRAYS + 1)),
    "lists of lists": lambda: in_project("desk-1/work.json", LISTS),
    "lists in lists": lambda: in_project("project.json", b"[" * 900_000),
    "a manifest of lists": lambda: in_manifest(LISTS),
    "files without end": lambda: in_manifest(b"{}") + DIRECTORY * 100_000,
    "a table of commas": lambda: in_project("desk-1/table.csv", b"," * (MOST_CELLS + 1)),
}
READERS = {"project": lambda content: read_project(content, "x"), "publication": read_publication}


def refused() -> None:
    """All of them, in a process of its own, with so much memory and no more."""
    contents = {bomb: make() for bomb, make in BOMBS.items()}
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    said: dict[str, str] = {}
    for bomb, content in contents.items():
        for reader, read in READERS.items():
            try:
                read(content)
            except LossVizError as error:
                said[f"{bomb}, {reader}"] = str(error)
    print(json.dumps({"sizes": [len(content) for content in contents.values()], "said": said}))


@pytest.fixture(scope="module")
def outcome() -> dict[str, Any]:
    call = "from tests.sharing.test_guards import refused; refused()"
    done = subprocess.run(
        [sys.executable, "-c", call], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    outcome: dict[str, Any] = json.loads(done.stdout)
    assert max(outcome["sizes"]) < 10 << 20
    return outcome


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_in_little_memory(
    bomb: str, reader: str, outcome: dict[str, Any]
) -> None:
    assert outcome["said"][f"{bomb}, {reader}"].endswith(".")


def test_json_of_ours_is_within_the_limits() -> None:
    with ZipFile(PROJECT) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                assert parsed(archive.read(name))


def test_what_could_not_be_opened_again_is_not_written() -> None:
    with pytest.raises(LossVizError, match="too much for one file"):
        pack("project", {"desk-1/table.csv": b"," * (MOST_CELLS + 1)})


@pytest.mark.parametrize("version", ["1e999", "-1", "0", "true", '"2"', "1.0", "null"])
def test_a_version_is_a_number_from_one(version: str) -> None:
    manifest = f'{{"format": "lossviz", "kind": "project", "version": {version}, '
    manifest += '"made_by": "0.6", "files": {}}'
    with pytest.raises(LossVizError, match="manifest"):
        read_project(in_manifest(manifest.encode()), "x.lossviz")
