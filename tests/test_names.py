"""One name for one thing: a reader who finds a class by its name finds the right one."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.conftest import ROOT


def test_no_two_classes_have_one_name() -> None:
    """Private classes are read where they stand, and nowhere else."""
    places = defaultdict(list)
    for path in sorted((ROOT / "lossviz").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert {name: lines for name, lines in places.items() if len(lines) > 1} == {}
