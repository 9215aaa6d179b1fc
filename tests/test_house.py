"""What keeps the house in order, and what no linter here looks for."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

SOURCES = sorted(
    [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "lossviz").rglob("*.py")]
)
LOADERS = {"import_module", "__import__", "find_spec", "run_module"}
MOST_OWN = 20


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in SOURCES:
        yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def test_no_module_is_named_in_a_string() -> None:
    """A name in a string does not follow when its module moves, and nothing says so."""
    loaded = [
        f"{path}:{call.lineno}"
        for path, tree in trees()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and getattr(call.func, "attr", getattr(call.func, "id", "")) in LOADERS
        and any(
            isinstance(part, ast.Constant) and "." in str(part.value).strip(".")
            for argument in call.args
            for part in ast.walk(argument)
        )
    ]
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in SOURCES
    }
    named = [
        f"{path}:{text.lineno}: {text.value}"
        for path, tree in trees()
        for text in ast.walk(tree)
        if isinstance(text, ast.Constant) and text.value in modules and "." in str(text.value)
    ]
    assert not loaded + named


def test_a_class_has_a_name_of_its_own() -> None:
    places = defaultdict(list)
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(path))
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert not twice


def test_variables_have_the_noun_that_they_stand_for() -> None:
    """``own`` once stood 3,405 times for State, Interval, Quantity, Target and others."""
    parameters, count = [], 0
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.arg) and node.arg == "own":
                parameters.append(f"{path}:{node.lineno}")
            count += isinstance(node, ast.arg | ast.Name) and "own" in (
                getattr(node, "arg", ""),
                getattr(node, "id", ""),
            )
    assert not parameters
    assert count < MOST_OWN


@pytest.mark.parametrize(
    "room",
    sorted(
        {
            path.relative_to(ROOT).parts[1]
            for path in SOURCES
            if len(path.relative_to(ROOT).parts) > 2
        }
    ),
)
def test_every_room_has_tests_in_a_room_of_the_same_name(room: str) -> None:
    assert list((ROOT / "tests" / room).rglob("test_*.py"))


def test_every_fault_names_tests_that_there_are() -> None:
    rows = [
        row.rsplit("|", 2)[1]
        for row in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()
        if row.startswith("|") and "test_" in row
    ]
    named = [name for row in rows for name in re.findall(r"`([\w/]+\.py)`", row)]
    assert len(rows) > 20
    assert all(re.search(r"`[\w/]+\.py`", row) for row in rows)
    assert not [name for name in named if not (ROOT / "tests" / name).is_file()]


@pytest.mark.parametrize(
    ("page", "what"), [("SECURITY.md", "promise"), ("tests/SENTENCES.md", "what is said")]
)
def test_every_promise_and_every_sentence_names_tests_that_there_are(page: str, what: str) -> None:
    lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ") and line != f"| {what} | held by |"]
    named = [re.findall(r"`([\w/]+\.py)::(\w+)`", row.rsplit("|", 2)[1]) for row in rows]
    assert len(rows) > 15
    assert all(named)
    for file, test in (each for row in named for each in row):
        assert f"def {test}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), (file, test)
