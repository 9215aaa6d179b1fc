"""The trial files that stand beside the checkout: each is read right, or refused by name.

What is right is said there (``expect.json``), and so is how it is judged (``score.py``).
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from click.testing import CliRunner

from lossviz.__main__ import main
from tests.conftest import ROOT

TRIALS = ROOT.parent / "shared" / "trials"
FILES = (
    sorted(json.loads((TRIALS / "expect.json").read_text(encoding="utf-8"))["files"])
    if TRIALS.is_dir()
    else []
)


@pytest.fixture(scope="module")
def score() -> ModuleType:
    """How a file is judged; the command line is called in this process."""
    spec = importlib.util.spec_from_file_location("score_of_trials", TRIALS / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def run(command: list[str], **_: object) -> SimpleNamespace:
        result = CliRunner().invoke(main, command[command.index("lossviz") + 1 :])
        return SimpleNamespace(
            returncode=result.exit_code, stdout=result.stdout, stderr=result.stderr
        )

    module.subprocess = SimpleNamespace(run=run, TimeoutExpired=subprocess.TimeoutExpired)
    return module


def test_the_trials_are_there() -> None:
    if not FILES and not os.environ.get("CI"):
        pytest.skip("the trial files that stand beside the checkout are not here")
    assert len(FILES) >= 28


@pytest.mark.parametrize("file", FILES)
def test_it_is_read_right_or_refused_by_name(file: str, score: ModuleType) -> None:
    assert score.judge(file, str(ROOT)) == []


@pytest.mark.parametrize("file", FILES)
def test_what_is_assumed_is_said_with_what_overrules_it(file: str) -> None:
    path = Path(TRIALS.parent, file)
    result = CliRunner().invoke(main, ["profile", str(path), "--quick", "--json"])
    if result.exit_code:
        return
    for assumption in json.loads(result.stdout)["assumptions"]:
        assert assumption["took"]
        assert assumption["instead"].startswith("--")
