"""Bombs: small things that stand for gigabytes, handed to everything that reads from outside."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from pydantic import ValidationError

from lossviz.apart import Stored
from lossviz.data import LabelEdits, propose, read_table
from lossviz.data.dataset import MAX_CLASSES
from lossviz.data.files.apart import read_apart
from lossviz.engine.saved import FORMAT, open_model
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.guards import (
    MAX_ARRAYS,
    MAX_COMMAND,
    MAX_EDITS,
    MAX_QUERY_VALUE,
    MAX_SUMMARY,
    PROJECT,
    PUBLICATION,
    parsed,
)
from lossviz.sharing.address import KEYS, PAGES, Address, DataAddress
from lossviz.sharing.archive import MANIFEST, VERSION, Kind, pack
from lossviz.sharing.library.records import Summary
from lossviz.sharing.project_file import open_apart, read_project, read_publication
from lossviz.ui.address.addresses import base_from
from lossviz.ui.channel.channel import Channel
from tests.conftest import ROOT
from tests.data.files.test_corpus import HOSTILE, TAKE_SECONDS
from tests.sharing.test_address import SCHEMA, USUAL

MEMORY = 700 << 20
"""Bytes that reading may take here, beside what the process has already."""
SECONDS = 20.0
"""Until there is a sentence, on a machine that others use too; most take none."""
WRITTEN = ROOT / "tests" / "sharing" / "version_1"
MEGABYTE = b"\0" * (1 << 20)
Bomb = Callable[[], bytes]


def zipped(files: Mapping[str, int]) -> bytes:
    """A zip of files of so many megabytes, none of which is held as a whole."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, pieces in files.items():
            with archive.open(name, "w") as file:
                for _ in range(pieces):
                    file.write(MEGABYTE)
    return target.getvalue()


def several(files: Mapping[str, bytes]) -> bytes:
    """A zip of some files."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def inside(kind: Kind, name: str, content: bytes) -> bytes:
    """An archive with another file in the place of one of its own, and a manifest that says so."""
    with ZipFile(WRITTEN / f"{kind}.lossviz") as archive:
        files = {own: archive.read(own) for own in archive.namelist() if own != MANIFEST}
    files[name] = content
    digests = {own: sha256(file).hexdigest() for own, file in files.items()}
    about = {"format": "lossviz", "kind": kind, "version": VERSION, "made_by": "0.6"}
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


def lists(count: int) -> bytes:
    return b"[" + b"[]," * count + b"[]]"


def in_header(header: bytes) -> bytes:
    """A safetensors file with this as its header."""
    return len(header).to_bytes(8, "little") + header


def labels(count: int) -> bytes:
    """What a model says of itself that has so many whole labels."""
    about = {"format": FORMAT, "classes": [[n] for n in range(count)]}
    about |= {"components": [["a", [str(n) for n in range(count)]]], "separator": "|"}
    about["experiment"] = Experiment.of(
        data={"name": "x", "digest": "0" * 16, "components": ["a"]}
    ).model_dump(mode="json")
    return json.dumps({"__metadata__": {"lossviz": json.dumps(about)}}).encode()


def in_cells(cell: bytes, names: bytes = b"text,label") -> bytes:
    """A table with this in each row, and a text."""
    quoted = cell.replace(b'"', b'""')
    return names + b"\n" + b"".join(b'some text %d,"%b"\n' % (n, quoted) for n in range(40))


DIRECTORY = b"PK\x01\x02" + b"\0" * 42


def archives(kind: Kind, record: str) -> dict[str, Bomb]:
    """What an archive of ours can be made into.

    :param record: one of its records; an array in it may be as large as all of it may be.
    """
    most = PROJECT if kind == "project" else PUBLICATION
    megabytes = most.size >> 20

    def put(name: str, make: Bomb) -> Bomb:
        return lambda: inside(kind, name, make())

    return {
        "a zip of zeros": lambda: zipped({f"{kind}.json": megabytes + 1}),
        "an array of zeros": put(f"{record}.npz", lambda: zipped({"0.npy": megabytes + 1})),
        "an array that is let through": put(
            f"{record}.npz", lambda: zipped({"0.npy": megabytes - 1})
        ),
        "arrays without end": put(f"{record}.npz", lambda: DIRECTORY * (MAX_ARRAYS + 1)),
        "lists of lists": put(f"{record}.json", lambda: lists(most.values)),
        "lists that are let through": put(f"{record}.json", lambda: lists(most.values // 4)),
        "lists in lists": put(f"{record}.json", lambda: b"[" * 900_000),
        "a manifest of lists": lambda: in_manifest(lists(PROJECT.values)),
        "files without end": lambda: in_manifest(b"{}") + DIRECTORY * 100_000,
        "a table of commas": put("desk-1/table.csv", lambda: b"," * (most.cells + 1)),
    }


SHORT: dict[str, Bomb] = {
    "lists of lists": lambda: lists(MAX_EDITS),
    "lists in lists": lambda: b"[" * MAX_SUMMARY,
    "objects in objects": lambda: b'{"parts":' * (MAX_SUMMARY // 9),
    "digits": lambda: b"9" * MAX_SUMMARY,
    "a long text": lambda: b'"' + b"x" * MAX_EDITS + b'"',
}
LONG_VALUES: dict[str, Bomb] = {
    "a long value": lambda: b"x" * (20 << 20),
    "many fields": lambda: b"marginals" + b"~w-1_1" * (MAX_QUERY_VALUE // 6),
    "many digits": lambda: b"marginals~w-" + b"9" * (MAX_QUERY_VALUE - 12),
}


@dataclass(frozen=True)
class Outside:
    """How something comes in from outside.

    :param read: reads it as the app does; answers what of it was used, if that is no matter.
    :param modules: that parse it, below ``lossviz``.
    :param bombs: those that fit it.
    :param slow: those that take some seconds.
    """

    read: Callable[[bytes], object]
    modules: frozenset[str]
    bombs: Mapping[str, Bomb]
    slow: frozenset[str] = frozenset()


def obeyed(content: bytes) -> None:
    try:
        Channel().obey(content.decode())
    except (ValidationError, ValueError) as error:  # closes the line
        raise LossVizError("This is no command.") from error


def linked(content: bytes) -> tuple[str, ...]:
    """The notes where every part of a link is this."""
    notes: list[str] = []
    for page in PAGES:
        notes += Address.read(page, dict.fromkeys(KEYS, content.decode()), USUAL, SCHEMA)[1]
    with suppress(LossVizError):
        DataAddress.read(content.decode())
    return tuple(notes)


FILES = "data/files"
READERS = {
    "table": Outside(
        lambda content: read_apart(Stored(content), "bomb").result(),
        frozenset(
            f"{FILES}/{name}.py"
            for name in (
                "apart",
                "compression",
                "encoding",
                "rows",
                *(f"formats/{form}" for form in ("_json", "_json_text")),
                *(f"formats/{form}" for form in ("json_lines", "parquet", "workbook", "_ods_size")),
            )
        )
        | {"ui/data/upload.py", "commands/_data.py"},
        {name: make for name, (make, _) in HOSTILE.items()}
        | {
            "tables in a zip": lambda: zipped({"a.csv": 300, "b.csv": 300}),
            "a table and a bomb": lambda: several(
                {"a.csv": in_cells(b"A"), "b.csv.gz": HOSTILE["bomb.gz"][0]()}
            ),
            "archives in an archive": lambda: several(
                {"a.csv": in_cells(b"A"), "b.csv": HOSTILE["bomb.zip"][0]()}
            ),
        },
        slow=frozenset(TAKE_SECONDS),
    ),
    "labels": Outside(
        lambda content: propose(read_table(content, "bomb")),
        frozenset(
            {
                "data/labels/items.py",
                f"{FILES}/exports/_export.py",
                f"{FILES}/exports/objects.py",
            }
        ),
        {
            "lists in lists": lambda: in_cells(b"[" * 9_000 + b"]" * 9_000),
            "lists in lists in quotes": lambda: in_cells(b"[" * 9_000 + b"'a'" + b"]" * 9_000),
            "objects in objects": lambda: in_cells(b"{'choices':" * 1_500 + b"1" + b"}" * 1_500),
            "signs": lambda: in_cells(b"{'a':" + b"-" * 15_000 + b"1}"),
            "digits": lambda: in_cells(b"{'a':" + b"9" * 15_000 + b"}"),
            "quotes": lambda: in_cells(b"[" + b"'\\" * 9_000 + b"]"),
            "an export of lists in lists": lambda: in_cells(
                b"[" * 9_000 + b'{"result": 1}' + b"]" * 9_000, b"data.text,annotations"
            ),
        },
    ),
    "model": Outside(
        lambda content: open_model(content, "bomb.safetensors"),
        frozenset({"engine/saved.py", "ui/library/saved_model.py"}),
        {
            "a long header": lambda: (1 << 40).to_bytes(8, "little") + bytes(1 << 20),
            "lists in its header": lambda: in_header(lists(PROJECT.values)),
            "lists in lists in its header": lambda: in_header(b"[" * 900_000),
            "lists in what it says": lambda: in_header(
                b'{"__metadata__":{"lossviz":"' + b"[" * 900_000 + b'"}}'
            ),
            "zeros": lambda: bytes(64 << 20),
            "labels without end": lambda: in_header(labels(MAX_CLASSES + 1)),
        },
    ),
    "project": Outside(
        lambda content: open_apart(Stored(content), "bomb.lossviz").result(),
        frozenset(
            {
                "sharing/archive.py",
                "sharing/records.py",
                "sharing/spreadsheet.py",
                "sharing/project_file.py",
                "ui/library/project_file.py",
            }
        ),
        archives("project", "desk-1/work"),
    ),
    "publication": Outside(
        read_publication,
        frozenset({"sharing/archive.py", "sharing/records.py", "ui/library/published.py"}),
        archives("publication", "publication"),
    ),
    "summary": Outside(
        lambda content: Summary.from_json(content.decode()),
        frozenset({"sharing/library/records.py"}),
        SHORT,
    ),
    "label edits": Outside(
        lambda content: LabelEdits.from_json(content.decode()),
        frozenset({"data/labels/edits.py", "commands/_edits.py"}),
        SHORT,
    ),
    "command": Outside(
        obeyed,
        frozenset({"ui/channel/channel.py"}),
        SHORT | {"a long sentence": lambda: b'{"n":1,"do":"ask","text":"' + b"x" * MAX_COMMAND},
    ),
    "link": Outside(
        linked,
        frozenset(
            {
                "ui/address/bar.py",
                "ui/present/bar.py",
                "ui/present/classroom.py",
                "ui/present/presenter.py",
                "ui/present/scenes.py",
            }
        ),
        LONG_VALUES,
    ),
    "address of a server": Outside(
        lambda content: base_from(content.decode()), frozenset(), LONG_VALUES
    ),
}
OURS = {
    "guards.py": "what the readers are guarded by",
    "apart.py": "calls that this process hands to its own, and what comes of them",
    "compute/crew.py": "what processes of ours say to each other",
    "compute/placing.py": "what processes of ours say to each other",
    "compute/memory.py": "the kernel's files",
    "data/samples.py": "the app's own samples",
    "data/profile/profile.py": "what it has just written",
    "engine/landscape/retrained.py": "what it has just written",
    "commands/profile.py": "what it has just written",
    "engine/near_duplicates.py": "characters of texts that were read",
    "report/bundle.py": "the app's own assets",
    "ui/home.py": "the app's own assets",
    "ui/parts/chart.py": "the app's own assets",
    "ui/parts/surface_explorer.py": "what it has just written",
    "ui/library/actions.py": "the key of a run that is opened next",
    "ui/returning.py": "it empties the address",
}
PARSES = re.compile(
    r"""json\.loads|\bparsed\(|check_json\(|validate_json\(|raw_decode|JSONDecoder
    |ZipFile\(|open_zip\(|decompressobj|csv\.reader|ParquetFile|Calamine|ParserCreate|ipc\.open
    |frombuffer|np\.load|torch\.load|safetensors\.\w+\.load|pickle\.loads?\b|marshal\.|yaml\.
    |b64decode|\.fromhex\(|literal_eval|read_bytes\(|read_text\(|\.open\(encoding|read_guarded\(
    |file_uploader\(|\bquery_params|etree|BeautifulSoup|TextIOWrapper""",
    re.VERBOSE,
)


def test_whatever_parses_something_is_reached_by_bombs_or_reads_what_is_ours() -> None:
    package = ROOT / "lossviz"
    parsing = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if PARSES.search(path.read_text(encoding="utf-8"))
    }
    reached = frozenset[str]().union(*(reader.modules for reader in READERS.values()))
    assert parsing == reached | OURS.keys()
    assert not reached & OURS.keys()


def refused(names: str, slow: str) -> None:
    """All bombs of some readers, in a process of its own, with so much memory and no more."""
    bombs = {
        (name, bomb): make()
        for name in names.split(",")
        for bomb, make in READERS[name].bombs.items()
        if (bomb in READERS[name].slow) == bool(slow)
    }
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    outcomes: list[tuple[str, str, str, float]] = []
    for (name, bomb), content in bombs.items():
        begun = time.monotonic()
        try:
            sentence = f"{type(READERS[name].read(content)).__name__} was read."
        except LossVizError as error:
            sentence = str(error)
        outcomes.append((name, bomb, sentence, time.monotonic() - begun))
    print(json.dumps(outcomes))


APART = ("table", "project")
CASES = [
    *(pytest.param(name, "", id=name) for name in APART),
    pytest.param(",".join(READERS.keys() - set(APART)), "", id="all others"),
    pytest.param("table", "slow", marks=pytest.mark.slow, id="table, those that take long"),
]


@pytest.mark.parametrize(("names", "slow"), CASES)
def test_a_bomb_ends_with_a_sentence_in_little_memory_within_seconds(names: str, slow: str) -> None:
    call = f"from tests.security.test_bombs import refused; refused({names!r}, {slow!r})"
    done = subprocess.run(
        [sys.executable, "-c", call], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    outcomes: list[tuple[str, str, str, float]] = json.loads(done.stdout)
    assert {name for name, *_ in outcomes} == set(names.split(","))
    for name, bomb, sentence, seconds in outcomes:
        print(f"{name}, {bomb}: {seconds:.2f} s, {sentence[:100]}")
        assert sentence.endswith("."), (name, bomb)
        assert seconds < SECONDS, (name, bomb)


def test_json_of_ours_is_within_the_limits() -> None:
    for kind in ("project", "publication"):
        with ZipFile(WRITTEN / f"{kind}.lossviz") as archive:
            for name in archive.namelist():
                if name.endswith(".json"):
                    assert parsed(archive.read(name))


def test_what_could_not_be_opened_again_is_not_written() -> None:
    with pytest.raises(LossVizError, match="too much for one file"):
        pack("project", {"desk-1/table.csv": b"," * (PROJECT.cells + 1)})


@pytest.mark.parametrize("version", ["1e999", "-1", "0", "true", '"2"', "1.0", "null"])
def test_a_version_is_a_number_from_one(version: str) -> None:
    manifest = f'{{"format": "lossviz", "kind": "project", "version": {version}, '
    manifest += '"made_by": "0.6", "files": {}}'
    with pytest.raises(LossVizError, match="manifest"):
        read_project(in_manifest(manifest.encode()), "x.lossviz")
