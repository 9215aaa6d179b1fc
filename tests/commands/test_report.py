"""``report`` on the command line: from data, from a project file, and what it refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lossviz.__main__ import main
from lossviz.commands._data import load
from lossviz.commands._output import write
from lossviz.engine.fit import fit
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.words import measured
from lossviz.sharing.project_file import write_project
from tests.support.documents import Document
from tests.support.projects import csv, project

QUICK = ("--epochs", 2, "--grid", 2, "--seeds", 3, "--resolution", 5)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["report", *(str(own) for own in arguments), "--yes"])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "small.csv"
    path.write_bytes(csv(120))
    return path


@pytest.fixture(scope="module")
def made(data: Path) -> tuple[dict, Document]:
    """A report with everything in it: what is printed, and the file."""
    out = data.parent / "report.html"
    done = run(data, "--label", "label", *QUICK, "--weights", "2,1", "--out", out, "--json")
    assert done.exit_code == 0, done.stderr
    assert re.fullmatch(r"Text: .* rows used.*\n", done.stderr), done.stderr
    return json.loads(done.stdout, parse_constant=pytest.fail), Document(out.read_text("utf-8"))


def test_the_app_s_three_formulations_are_trained_as_fit_trains_them(
    made: tuple[dict, Document], data: Path
) -> None:
    printed, document = made
    assert [own["experiment"]["formulation"] for own in printed["runs"]] == [
        "marginals", "joint", "components",
    ]  # fmt: skip
    reading = {"text": None, "labels": ("label",), "separator": None, "delimiter": None}
    dataset = load(data, **reading, encoding=None, no_header=False, sheet=None).dataset
    said = " ".join(document.words.split())
    for own in printed["runs"]:
        found = fit(dataset, Experiment.of(**own["experiment"])).evaluation
        assert own["state"] == "finished"
        assert own["errors"]["joint"]["error"] == found.joint.rate
        assert measured(found.joint) in said
        assert own["experiment"]["component_weights"] == [2.0, 1.0]


def test_it_is_complete(made: tuple[dict, Document]) -> None:
    printed, document = made
    assert printed["sweep"] is True
    assert printed["surfaces"] == ["A", "B", "C"]
    said = " ".join(document.words.split())
    assert ": not trained" not in said.lower()
    assert "not trained:" not in said.lower()
    assert "At decision time alone" in said
    assert len(document.all("div", kind="surfaces")) == 1


def test_it_names_the_file_and_its_size(made: tuple[dict, Document], data: Path) -> None:
    printed, _ = made
    out = Path(printed["out"])
    assert out == data.parent / "report.html"
    assert printed["bytes"] == out.stat().st_size
    assert printed["data"]["texts"] == 120


def test_what_is_left_out_is_said_to_be_missing(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "short.html"
    done = run(
        data, "--label", "label", "--formulation", "joint", "--epochs", 1,
        "--no-sweep", "--no-surfaces", "--out", out,
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    said = Document(out.read_text("utf-8")).words
    assert "Not trained: no grid" in said
    assert "Not drawn" in said


def test_a_project_file_is_reported_on_as_it_stands(tmp_path: Path) -> None:
    file, out = tmp_path / "mine.lossviz", tmp_path / "report.html"
    file.write_bytes(write_project(project()))
    done = run(file, "--out", out, "--json")
    assert done.exit_code == 0, done.stderr
    printed = json.loads(done.stdout)
    desk = project().desk
    assert [own["run"] for own in printed["runs"]] == list(desk.runs)
    evaluation = desk.runs["A"].evaluation
    assert evaluation is not None
    assert printed["runs"][0]["errors"]["joint"]["error"] == evaluation.joint.rate
    assert printed["runs"][2]["errors"] is None
    assert measured(evaluation.joint) in " ".join(Document(out.read_text("utf-8")).words.split())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "--out: expected a file to write the report to"),
        (("--out", "FOLDER"), "it is there, and not a file"),
        (("--out", "DATA"), "is the file with the texts"),
        (("--out", "FOLDER/none/report.html"), "cannot be written"),
        (("--out", "FOLDER/r.html", "--seeds", 0), "--seeds: expected 1 to 50, found 0"),
        (("--out", "FOLDER/r.html", "--resolution", 1), "resolution: expected 2 to 201"),
        (("--out", "FOLDER/r.html", "--grid", 99), "grid: expected 2 to 41"),
        (("--out", "FOLDER/r.html", "--weights", "1"), "Weights: expected 2, one for each"),
        (
            ("--out", "FOLDER/r.html", "--formulation", "joint", "--plane", "runs"),
            "--plane: runs goes through",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_leaves_nothing(
    arguments: tuple[object, ...], sentence: str, data: Path, tmp_path: Path
) -> None:
    given = [str(own).replace("FOLDER", str(tmp_path)) for own in arguments]
    given = [str(data) if own == "DATA" else own for own in given]
    done = run(data, "--label", "label", *given)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["none.csv", "none.lossviz"])
def test_a_file_that_is_not_there_is_named(name: str, tmp_path: Path) -> None:
    done = run(tmp_path / name, "--out", tmp_path / "report.html")
    assert done.exit_code == 2
    assert done.stderr == f"{tmp_path / name} cannot be opened: No such file or directory.\n"


def test_a_project_file_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "odd.lossviz"
    file.write_bytes(b"not a zip")
    done = run(file, "--out", tmp_path / "report.html")
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "report.html").exists()


def test_what_was_there_before_stays_where_the_new_one_cannot_be_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report.html"
    target.write_text("before")

    def full(self: Path, content: bytes) -> int:
        with self.open("wb") as file:
            file.write(content[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(LossVizError, match="No space left"):
        write(target, b"a whole report")
    assert [own.name for own in tmp_path.iterdir()] == ["report.html"]
    assert target.read_text() == "before"


def test_sealed_texts_are_opened_for_the_run_that_is_best_on_the_held_out_ones(
    data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    none = ("--no-sweep", "--no-surfaces", "--epochs", 2, "--sealed", 0.25)
    done = run(data, "--label", "label", *none, "--out", out, "--json")
    assert done.exit_code == 0, done.stderr
    printed = json.loads(done.stdout)
    best = min(printed["runs"], key=lambda one: one["errors"]["joint"]["error"])
    [sealed] = printed["sealed"]
    assert sealed["joint"]["n"] == 30
    said = " ".join(Document(out.read_text("utf-8")).words.split())
    assert "The sealed texts: opened 1 time" in said
    assert f"{best['run']} {best['experiment']['formulation']}, opened on 30 sealed texts" in said
