"""What the README says about adding things, followed to the letter in a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import indent
from xml.etree import ElementTree

import pytest

from lossviz.data.assumptions import DENIABLE
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


STANDS = """
from lossviz.report import report
from lossviz.ui.present.panels import panels_of
from tests.support.projects import project
from tests.ui.conftest import open_page, state_of


def test_certainty_stands_on_train_in_presenter_mode_and_in_the_report(app):
    assert 'id="certainty"' in report(project())
    open_page(app, "train")
    charts = {chart.key for chart in app.get("bidi_component")}
    assert {f"chart-certainty-{letter}" for letter in "ABC"} <= charts, charts
    assert "certainty" in [panel.id for panel in panels_of(state_of(app))]
"""
CHECKED = {
    FORMULATION: ("tests/losses/objectives", "tests/experiments/test_code.py", "brier.py"),
    CHART: ("tests/figures/test_contract.py", "tests/ui/test_stands.py"),
    SETTING: (
        "tests/engine/test_warm_up.py",
        "tests/experiments/test_settings.py",
        "tests/ui/train/test_settings.py",
    ),
}
"""What checks what is added, unasked."""
ABOUT_IT = "brier or certainty or place or version or warm_up or control or very_experiment"


@pytest.fixture(scope="module")
def outcomes(copy: Path) -> dict[str, list[str]]:
    """By title: what is wrong with each test of what was added, nothing as a rule. One run for all:
    to import the project takes longer than most of them."""
    (copy / "tests" / "ui" / "test_stands.py").write_text(STANDS, encoding="utf-8")
    places = [
        "lossviz/losses/objectives/brier.py" if own == "brier.py" else own
        for some in CHECKED.values()
        for own in some
    ]
    tell = ["-p", "no:cacheprovider", "--junit-xml=outcomes.xml", "-o", "junit_family=xunit1"]
    command = [sys.executable, "-m", "pytest", "-q", *tell, "-k", ABOUT_IT, *places]
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    done = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert (copy / "outcomes.xml").is_file(), done.stdout[-3000:] + done.stderr[-3000:]
    found: dict[str, list[str]] = {title: [] for title in CHECKED}
    for case in ElementTree.parse(copy / "outcomes.xml").iter("testcase"):
        file = case.get("file", "")
        [title] = [own for own, some in CHECKED.items() if any(place in file for place in some)]
        wrong = [each.text or "" for each in case if each.tag in ("failure", "error", "skipped")]
        found[title].append("".join(wrong))
    return found


@pytest.mark.parametrize(("title", "least"), [(FORMULATION, 20), (CHART, 5), (SETTING, 5)])
def test_what_is_added_passes_what_all_of_its_kind_have_to(
    outcomes: dict[str, list[str]], title: str, least: int
) -> None:
    assert len(outcomes[title]) >= least
    assert not any(outcomes[title]), "\n".join(outcomes[title])[-3000:]


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_path_that_is_named_is_there(text: str) -> None:
    named = set(re.findall(r"(?<![\w/])(?:lossviz|tests|assets|pages)/[\w/.]*\w", text))
    new = {place.split(": ")[1] for place, _ in BLOCK.findall(text)}
    missing = [name for name in named - new if not (ROOT / name).exists()]
    assert not missing


def test_everything_that_can_be_denied_is_in_the_readme() -> None:
    for word, meaning in DENIABLE.items():
        assert f"| `{word}` | {meaning} |" in README
