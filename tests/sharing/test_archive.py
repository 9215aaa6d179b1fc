import json
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.errors import LossVizError
from lossviz.guards import PROJECT
from lossviz.sharing.archive import LIMITS, MANIFEST, VERSION, pack, unpack

FILES = {"project.json": b"{}", "desk-1/table.csv": b"a,b\n" * 40, "desk-1/A.safetensors": b"\0"}


def zipped(files: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def opened(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_manifest(**changes: object) -> bytes:
    files = opened(pack("project", FILES))
    manifest = json.loads(files[MANIFEST]) | changes
    return zipped(files | {MANIFEST: json.dumps(manifest).encode()})


def test_what_is_packed_is_unpacked() -> None:
    content = pack("project", FILES)
    assert unpack(content, "project", "x.lossviz") == FILES
    assert pack("project", FILES) == content


def test_a_newer_versions_file_is_refused_with_a_sentence() -> None:
    content = with_manifest(version=VERSION + 1, made_by="9.1.0", files="in another way")
    with pytest.raises(LossVizError, match=r"x\.lossviz was made by a newer LossViz \(9\.1\.0"):
        unpack(content, "project", "x.lossviz")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not a file of LossViz"),
        (b"text,label\n", "is not a file of LossViz"),
        (zipped({"word/document.xml": b"<a/>"}), "holds 'word/document.xml'"),
        (zipped({"../../etc/passwd.json": b"x"}), "no file of a project"),
        (zipped({"/root.json": b"x"}), "no file of a project"),
        (zipped({"a\\b.json": b"x"}), "no file of a project"),
        (zipped({"run.pkl": b"x"}), "no file of a project"),
        (zipped({f"n{k}.json": b"" for k in range(501)}), "501 files"),
        (zipped({"project.json": b"{}"}), "manifest"),
        (zipped({MANIFEST: b"[]"}), "manifest"),
        (zipped({MANIFEST: b"[" * 100_000}), "manifest"),
        (zipped({MANIFEST: b'{"version": "a"}'}), "manifest"),
        (with_manifest(format="other"), "manifest"),
        (with_manifest(kind="publication"), "holds a publication; expected a project"),
        (with_manifest(files={}), "files are missing from it, or were added"),
        (pack("project", FILES)[:-40], "is not a file of LossViz"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(LossVizError, match=said):
        unpack(content, "project", "x.lossviz")


def test_a_file_that_was_changed_is_noticed() -> None:
    files = opened(pack("project", FILES))
    content = zipped(files | {"desk-1/table.csv": b"a,b\n" * 39})
    with pytest.raises(LossVizError, match=r"desk-1/table\.csv is not what was saved"):
        unpack(content, "project", "x.lossviz")


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "project", replace(PROJECT, size=1_000_000))
    content = zipped({"project.json": b"\0" * 2_000_000})
    assert len(content) < 5_000
    monkeypatch.setattr(ZipFile, "read", lambda *_: pytest.fail("it was unpacked"))
    with pytest.raises(LossVizError, match="Nothing was read"):
        unpack(content, "project", "x.lossviz")


@given(st.data())
def test_any_damage_is_a_sentence(data: st.DataObject) -> None:
    content = bytearray(pack("project", FILES))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(LossVizError):
        assert unpack(bytes(content), "project", "x.lossviz") == FILES
