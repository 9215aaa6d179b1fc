"""An archive: files in a zip, with a manifest that says what they are and what is in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from io import BytesIO
from typing import Literal
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo, is_zipfile
from zlib import error as ZlibError

from pydantic import BaseModel, Field, StrictInt, ValidationError

from lossviz import __version__
from lossviz.errors import LossVizError
from lossviz.guards import (
    MAX_ARCHIVE_FILES,
    PROJECT,
    PUBLICATION,
    ArchiveLimits,
    check_archive,
    open_zip,
    parsed,
)

VERSION = 2
"""Of what is in an archive. A change that older versions cannot read makes it one larger."""
MANIFEST = "manifest.json"
_NAME = re.compile(
    r"(?:[a-z0-9][a-z0-9-]*/)?[A-Za-z0-9][A-Za-z0-9-]*\.(?:json|npz|csv|safetensors)"
)
_BROKEN = (BadZipFile, ZlibError, ValueError, EOFError, RuntimeError, OSError)
"""What a zip that is none makes its reader say."""
_EPOCH = (1980, 1, 1, 0, 0, 0)

Kind = Literal["project", "publication"]
LIMITS: dict[Kind, ArchiveLimits] = {"project": PROJECT, "publication": PUBLICATION}


class _Odd(LossVizError):
    """A whole sentence about the archive."""


class _Manifest(BaseModel):
    """
    :param made_by: the version of LossViz.
    :param files: SHA-256 of each, by name.
    """

    format: Literal["lossviz"]
    kind: Kind
    version: StrictInt = Field(ge=1)
    made_by: str
    files: dict[str, str]


def pack(kind: Kind, files: Mapping[str, bytes]) -> bytes:
    """The content of an archive. The same files give the same bytes.

    :raises LossVizError: where it could not be opened again.
    """
    try:
        check_archive(files, LIMITS[kind])
    except LossVizError as error:
        raise LossVizError(f"There is too much for one file: {error}.") from error
    digests = {name: _digest(content) for name, content in files.items()}
    manifest = _Manifest(
        format="lossviz", kind=kind, version=VERSION, made_by=__version__, files=digests
    )
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in {MANIFEST: manifest.model_dump_json().encode(), **files}.items():
            archive.writestr(_info(name), content)
    return target.getvalue()


def unpack(content: bytes, kind: Kind, title: str) -> dict[str, bytes]:
    """The files of an archive. Nothing is written anywhere.

    :param title: what the file is called in sentences.
    :raises LossVizError: where it is none, is damaged, holds what it should not, or was made by a
        newer version.
    """
    if not is_zipfile(BytesIO(content)):
        raise LossVizError(
            f"{title} is not a file of LossViz, or was cut off on its way. Expected a .lossviz "
            "file that was downloaded on the Library page."
        )
    try:
        with open_zip(content, 2 * MAX_ARCHIVE_FILES) as archive:
            _check_directory(archive, LIMITS[kind].size, title)
            files = {info.filename: archive.read(info) for info in archive.infolist()}
        check_archive(files, LIMITS[kind])
    except _Odd:
        raise
    except LossVizError as error:
        raise _Odd(f"{title} cannot be opened: {error}. Nothing was read.") from error
    except _BROKEN as error:
        raise _damaged(title, "it cannot be unpacked") from error
    manifest = _manifest(files.pop(MANIFEST, b""), kind, title)
    if files.keys() != manifest.files.keys():
        raise _damaged(title, "files are missing from it, or were added")
    changed = [name for name, file in files.items() if _digest(file) != manifest.files[name]]
    if changed:
        raise _damaged(title, f"{changed[0]} is not what was saved")
    return files


def _check_directory(archive: ZipFile, most: int, title: str) -> None:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    odd = [name for name in names if not _NAME.fullmatch(name)]
    if odd:
        raise _Odd(
            f"{title} holds {odd[0][:80]!r}, which is no file of a project. Nothing was read."
        )
    size = sum(info.file_size for info in infos)
    if len(set(names)) < len(names) or len(names) > MAX_ARCHIVE_FILES or size > most:
        raise _Odd(
            f"{title} holds {len(names):,} files of {size / 2**20:,.0f} MB; up to "
            f"{MAX_ARCHIVE_FILES} of {most >> 20} MB, each once, are expected. Nothing was read."
        )


def _manifest(content: bytes, kind: Kind, title: str) -> _Manifest:
    try:
        tree = parsed(content)
        newer = isinstance(tree, dict) and int(tree.get("version", 0)) > VERSION
        if newer and tree.get("format") == "lossviz":
            raise LossVizError(
                f"{title} was made by a newer LossViz ({str(tree.get('made_by'))[:20]}; this is "
                f"{__version__}). Install that version to open it."
            )
        manifest = _Manifest.model_validate(tree)
    except (ValidationError, RecursionError, TypeError, OverflowError) as error:
        raise _damaged(title, "its manifest cannot be read") from error
    except LossVizError:
        raise
    except ValueError as error:
        raise _damaged(title, "its manifest cannot be read") from error
    if manifest.kind != kind:
        raise LossVizError(f"{title} holds a {manifest.kind}; expected a {kind}.")
    return manifest


def _damaged(title: str, why: str) -> LossVizError:
    return LossVizError(
        f"{title} was changed or damaged after it was saved: {why}. Nothing was read; take "
        "another copy of it."
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, _EPOCH)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info
