"""What the README says about adding things, followed to the letter in a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import indent

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FORMULATION, CHART, SETTING = "Adding a formulation", "Adding a chart", "Adding a setting"
BLOCK = re.compile(r"<!-- ([^>]+?) -->\n```python\n(.*?)```\n", re.DOTALL)
FOLDERS = ("lossviz", "pages", "tests", "assets", ".streamlit")
FILES = ("app.py", "pyproject.toml", "README.md")
PLACES = ("TRAIN", "PRESENT", "PUBLISHED", "REPORT")


def section(title: str) -> str:
    return README.partition(f"## {title}\n")[2].partition("\n## ")[0]


def follow(copy: Path, title: str) -> list[Path]:
    """Do what the code of a section says; the files that are touched."""
    touched = []
    for place, code in BLOCK.findall(section(title)):
        what, name = place.split(": ")
        touched.append(copy / name)
        if what == "new file":
            assert not touched[-1].exists()
            touched[-1].write_text(code, encoding="utf-8")
        elif what.startswith("before "):
            insert(touched[-1], what.removeprefix("before "), code)
        else:
            add(touched[-1], what.split()[1], code)
    return touched


def add(path: Path, name: str, entry: str) -> None:
    """Put an entry at the end of what a module calls by this name."""
    source = path.read_text(encoding="utf-8")
    literal = re.search(rf"^{name}\b.*[\[({{]\n(?:^ .*\n|^\n)+", source, re.MULTILINE)
    assert literal is not None, f"{path.name} has no {name}"
    end = literal.end()
    entry = indent(entry.rstrip(), "    ") + ",\n"
    path.write_text(source[:end] + entry + source[end:], encoding="utf-8")


def insert(path: Path, start: str, code: str) -> None:
    """Put lines before the one line that starts so."""
    source = path.read_text(encoding="utf-8")
    [line] = re.finditer(rf"^( +){re.escape(start)}\b", source, re.MULTILINE)
    at = line.start()
    path.write_text(source[:at] + indent(code, line[1]) + source[at:], encoding="utf-8")


def place_chart(path: Path, name: str) -> None:
    """Import it, and put its id into the lists that the README names."""
    source = path.read_text(encoding="utf-8")
    for place in PLACES:
        assert f"`{place}`" in section(CHART)
        lists = rf"^({place} = \([^)]*?),?\s*\)"
        source, count = re.subn(lists, rf'\1, "{name}")', source, flags=re.M)
        assert count == 1, place
    line = f"from lossviz.figures.runs.{name} import {name}\n"
    first = source.index("from lossviz.figures.runs.confused")
    path.write_text(source[:first] + line + source[first:], encoding="utf-8")
    run(path.parent, "-m", "ruff", "format", "-q", path.name)  # a list may be too long for a line


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, with everything added that the README adds."""
    folder = tmp_path_factory.mktemp("readme")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    assert len(follow(folder, FORMULATION)) == 2
    assert len(follow(folder, CHART)) == 2
    assert len(follow(folder, SETTING)) == 3
    place_chart(folder / "lossviz" / "figures" / "exhibits.py", "certainty")
    return folder


def run(copy: Path, *arguments: str) -> None:
    """A command in the copy."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.mark.parametrize("title", [FORMULATION, CHART, SETTING])
def test_what_is_added_is_written_as_the_project_is(copy: Path, title: str) -> None:
    added = [place.split(": ")[1] for place, _ in BLOCK.findall(section(title))]
    run(copy, "-m", "ruff", "check", *added)
    run(copy, "-m", "ruff", "format", "--check", *added)


def test_a_formulation_passes_what_every_formulation_has_to(copy: Path) -> None:
    rooms = ["tests/losses/objectives", "tests/experiments/test_code.py"]
    own = "lossviz/losses/objectives/brier.py"
    run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "brier", *rooms, own)


def test_a_chart_passes_what_every_chart_has_to(copy: Path) -> None:
    chosen = ["-k", "certainty or place or version", "tests/figures/test_contract.py"]
    run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen)


def test_a_setting_passes_what_every_setting_has_to(copy: Path) -> None:
    settings = ["tests/experiments/test_settings.py", "tests/ui/train/test_settings.py"]
    chosen = ["-k", "warm_up or control or very_experiment", "tests/engine/test_warm_up.py"]
    run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen, *settings)


STANDS = """
from streamlit.testing.v1 import AppTest

from lossviz.compute.cluster import COMPUTE
from lossviz.report import report
from lossviz.ui.present.panels import panels_of
from tests.support.projects import project

if __name__ == "__main__":
    assert 'id="certainty"' in report(project())
    app = AppTest.from_file("lossviz/ui/shell.py", default_timeout=120).run()
    app.switch_page("../../pages/train.py").run()
    assert not app.exception, app.exception
    charts = {chart.key for chart in app.get("bidi_component")}
    assert {f"chart-certainty-{letter}" for letter in "ABC"} <= charts, charts
    assert "certainty" in [panel.id for panel in panels_of(app.session_state["lossviz"])]
    COMPUTE.close()
"""


def test_a_chart_stands_on_train_in_presenter_mode_and_in_the_report(copy: Path) -> None:
    (copy / "stands.py").write_text(STANDS, encoding="utf-8")
    run(copy, "stands.py")


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_path_that_is_named_is_there(text: str) -> None:
    named = set(re.findall(r"(?<![\w/])(?:lossviz|tests|assets|pages)/[\w/.]*\w", text))
    new = {place.split(": ")[1] for place, _ in BLOCK.findall(text)}
    missing = [name for name in named - new if not (ROOT / name).exists()]
    assert not missing
