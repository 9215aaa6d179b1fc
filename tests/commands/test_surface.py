"""``surface`` on the command line: its contract, what the file holds, and what it refuses."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from click.testing import CliRunner, Result

from lossviz.__main__ import main
from lossviz.commands import surface as command
from lossviz.commands._data import load
from lossviz.commands._surface_report import Drawn, surface_json, surface_lines
from lossviz.data import Dataset
from lossviz.engine.fit import Fit, fit
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.surfaces.planes import PLANES
from lossviz.losses.mix import LinearMix, Term
from tests.conftest import ROOT

SAMPLE = ROOT / "assets" / "samples" / "feelings.csv"
KEYS = {
    "experiment", "plane", "seed", "resolution", "out", "loss", "explained", "random_walk",
    "rows", "of", "parts", "sharpness", "seconds",
}  # fmt: skip
ALONE = [name for name, own in PLANES.items() if own.models == 1]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*(str(own) for own in arguments), "--yes"])


def surface(out: Path, *arguments: object) -> tuple[dict, dict[str, npt.NDArray]]:
    """What it prints, and what it writes."""
    result = run("surface", *arguments, "--out", out, "--json")
    assert result.exit_code == 0, result.stderr
    assert re.fullmatch(r"Text: .* rows used.*\n", result.stderr), result.stderr
    report = json.loads(result.stdout, parse_constant=pytest.fail)
    with np.load(out, allow_pickle=False) as file:
        return report, {name: file[name] for name in file.files}


def fitted(file: Path, report: dict) -> Fit:
    """The same experiment, trained by ``fit``."""
    return fit(dataset(file), Experiment.of(**report["experiment"]))


def dataset(file: Path) -> Dataset:
    reading = {"text": None, "labels": (), "separator": None, "delimiter": None}
    return load(file, **reading, encoding=None, no_header=False, sheet=None).dataset


def training_loss(own: Fit) -> tuple[dict[str, float], int]:
    """Means over all training texts, the plain way."""
    trainer = own.trainer
    losses = trainer.losses(trainer.logits(trainer.data.train.features), trainer.data.targets)
    return {name: float(value[0]) for name, value in losses.items()}, len(trainer.data.targets)


def written(path: Path, *names: str, rows: int = 80) -> Path:
    """Two components of these names, two values each."""
    random = np.random.default_rng(0)
    words = {"a": "fine good", "b": "bad poor", "x": "day sun", "y": "night moon"}
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["text", *names])
        for k in range(rows):
            label = ("ab"[k % 2], "xy"[k // 2 % 2])
            own = [random.choice(words[part].split()) for part in label]
            writer.writerow([" ".join([*own, f"word{k}", "and then"]), *label])
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("data") / "made.csv", "first", "second")


QUICK = ("--epochs", 3, "--resolution", 7)


@pytest.mark.parametrize("plane", ALONE)
def test_the_promised_keys_and_arrays(plane: str, made: Path, tmp_path: Path) -> None:
    out = tmp_path / "surface.npz"
    report, arrays = surface(out, made, *QUICK, "--plane", plane, "--plane-seed", 5, "--seed", 2)
    assert set(report) >= KEYS
    assert (report["plane"], report["seed"], report["resolution"]) == (plane, 5, 7)
    assert report["out"] == str(out)
    assert report["rows"] == report["of"] == 64
    assert report["parts"] == ["part_first", "part_second"]
    assert set(report["sharpness"]) >= {
        "eigenvalue", "eigenvalue_error", "residual", "trace", "trace_error", "probes",
    }  # fmt: skip
    assert report["sharpness"]["residual"] < 1e-3 * report["sharpness"]["eigenvalue"]
    own = Experiment.of(**report["experiment"])
    assert own.model_dump(mode="json") == report["experiment"]
    assert own.seed == own.split.seed == 2
    assert json.loads(str(arrays["experiment"])) == report["experiment"]
    for name in (*report["parts"], "loss"):
        assert arrays[name].shape == (7, 7)
        assert np.isfinite(arrays[name]).all()
    assert arrays["path"].shape == (len(arrays["path_steps"]), 2)
    steps = 3 * -(-64 // 32)
    assert arrays["path_steps"][[0, -1]].tolist() == [0, steps]
    assert arrays["path"][-1] == pytest.approx([0.0, 0.0], abs=1e-5)
    # By the lowest and the highest point of the grid.
    lowest = np.unravel_index(arrays["loss"].argmin(), (7, 7))
    assert report["loss"]["lowest"] == arrays["loss"].min()
    assert report["loss"]["highest"] == arrays["loss"].max()
    x, y = report["loss"]["lowest_at"]
    assert (x, y) == (arrays["x"][lowest[1]], arrays["y"][lowest[0]])
    if plane == "pca":
        assert report["explained"] == arrays["explained"].tolist()
        assert 0.0 < report["explained"][1] <= report["explained"][0] <= 1.0
    else:
        assert report["explained"] is None
        assert arrays["explained"].shape == (0,)


@pytest.mark.parametrize(
    "options",
    [
        ("--formulation", "marginals"),
        ("--formulation", "hybrid", "--joint-weight", 0.5),
        ("--formulation", "soft_targets", "--setting", "temperature=0.5", "--joint-weight", 0.3),
        ("--formulation", "components", "--model", "hidden", "--width", 3),
        ("--formulation", "chain"),
        ("--formulation", "semantic"),
        ("--weighting", "uncertainty", "--setting", "weight_rate=0.3"),
    ],
    ids=lambda own: "-".join(map(str, own)),
)
def test_where_the_run_stands_the_loss_is_what_fit_reaches(
    options: tuple[object, ...], made: Path, tmp_path: Path
) -> None:
    report, arrays = surface(
        tmp_path / "surface.npz", made, "--epochs", 3, "--resolution", 21, "--weights", "2,0.5",
        "--plane", "random", *options,
    )  # fmt: skip
    own = fitted(made, report)
    expected, rows = training_loss(own)
    assert rows == report["rows"]
    assert report["loss"]["at_end"] == pytest.approx(expected["total"], abs=1e-5)
    # A random plane has the run in the middle of its grid.
    assert arrays["x"][10] == arrays["y"][10] == 0.0
    assert arrays["loss"][10, 10] == pytest.approx(expected["total"], abs=1e-5)
    acted = own.trainer.weights
    assert arrays["weights"].tolist() == [*acted.components[0].tolist(), float(acted.joint[0])]
    assert report["weights"]["components"] == arrays["weights"][:-1].tolist()


@pytest.mark.parametrize("plane", ["random", "pca"])
@pytest.mark.parametrize("formulation", ["hybrid", "components"])
def test_the_parts_mixed_at_the_weights_are_the_loss(
    plane: str, formulation: str, made: Path, tmp_path: Path
) -> None:
    _, arrays = surface(
        tmp_path / "surface.npz", made, *QUICK, "--plane", plane, "--weights", "2,0.5",
        "--joint-weight", 0.25, "--formulation", formulation,
    )  # fmt: skip
    loss = 0.5 * (2.0 * arrays["part_first"] + 0.5 * arrays["part_second"].astype(float))
    if formulation == "hybrid":
        loss += 0.25 * arrays["part_joint"]
    assert arrays["loss"] == pytest.approx(loss, abs=1e-6)
    about = json.loads(str(arrays["about"]))
    mix = LinearMix(tuple(Term(**term) for term in about["mix"]["terms"]))
    grids = np.stack([arrays[name] for name in about["arrays"]])
    assert np.array_equal(mix.of(grids, arrays["weights"].tolist()), arrays["loss"])


def test_emobank_along_its_path_ends_where_fit_ends(shared_data: Path, tmp_path: Path) -> None:
    file = shared_data / "emobank_arousal_valence.csv"
    report, arrays = surface(
        tmp_path / "surface.npz", file, "--plane", "pca", "--epochs", 2, "--resolution", 9,
        "--test-size", 0.7,
    )  # fmt: skip
    expected, rows = training_loss(fitted(file, report))
    assert report["rows"] == report["of"] == rows
    assert report["loss"]["at_end"] == pytest.approx(expected["total"], abs=1e-5)
    assert arrays["path"][-1] == pytest.approx([0.0, 0.0], abs=1e-5)
    # The path was downhill, and the plane holds nearly all of it, as it would of a random walk.
    assert sum(report["explained"]) > 0.8
    assert 0.88 < sum(report["random_walk"]) < 0.92
    start = arrays["path"][0]
    near = np.abs(arrays["y"] - start[1]).argmin(), np.abs(arrays["x"] - start[0]).argmin()
    assert arrays["loss"][near] > 2 * report["loss"]["at_end"]


def test_of_many_texts_some_are_taken_by_the_seed_and_told(
    shared_data: Path, tmp_path: Path
) -> None:
    file = shared_data / "emobank_arousal_valence.csv"
    reports = [
        surface(tmp_path / "own.npz", file, "--epochs", 1, "--resolution", 2, "--plane-seed", own)[
            0
        ]
        for own in (0, 1)
    ]
    assert [(own["rows"], own["of"]) for own in reports] == [(2000, 3881)] * 2
    first, second = (own["loss"]["at_end"] for own in reports)
    assert first != second
    assert first == pytest.approx(second, rel=0.1)


def test_components_may_have_any_name(tmp_path: Path) -> None:
    file = written(tmp_path / "odd.csv", "joint", "a/b c")
    report, arrays = surface(
        tmp_path / "surface.npz", file, *QUICK, "--formulation", "hybrid", "--text", "text",
        "--label", "joint", "--label", "a/b c",
    )  # fmt: skip
    assert report["parts"] == ["part_joint", "part_a_b_c", "part_joint_2"]
    about = json.loads(str(arrays["about"]))
    assert dict(zip(about["names"], about["arrays"], strict=True)) == {
        "part 1": "part_joint", "part 2": "part_a_b_c", "joint": "part_joint_2",
    }  # fmt: skip
    loss = 0.5 * (arrays["part_joint"] + arrays["part_a_b_c"]) + arrays["part_joint_2"]
    assert arrays["loss"] == pytest.approx(loss, abs=1e-6)


def test_the_same_command_writes_the_same_file(made: Path, tmp_path: Path) -> None:
    files = [tmp_path / "one.npz", tmp_path / "other.npz"]
    files[1].write_text("what was there before")
    usual = files[1].stat().st_mode
    for out in files:
        surface(out, made, *QUICK, "--plane", "hessian")
    assert files[0].read_bytes() == files[1].read_bytes()
    assert sorted(tmp_path.iterdir()) == files
    assert [own.stat().st_mode for own in files] == [usual, usual]


def test_a_link_is_followed(made: Path, tmp_path: Path) -> None:
    link, target = tmp_path / "link.npz", tmp_path / "target.npz"
    link.symlink_to(target)
    surface(link, made, *QUICK)
    assert link.is_symlink()
    assert target.is_file()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nowhere.csv",), "nowhere.csv"),
        ((SAMPLE, "--resolution", 1), "resolution: expected 2 to 201, found 1"),
        ((SAMPLE, "--resolution", 10000), "found 10000"),
        ((SAMPLE, "--plane-seed", -1), "--plane-seed: expected 0 to"),
        ((SAMPLE, "--epochs", 0), "epochs"),
        ((SAMPLE, "--weights", "1"), "expected 2"),
        ((SAMPLE, "--setting", "warmth=1"), "warmth"),
        ((SAMPLE, "--out", "/nowhere/out.npz"), "/nowhere/out.npz cannot be written"),
        ((SAMPLE, "--out", "/dev/null"), "/dev/null cannot be written"),
        ((SAMPLE, "--out", ROOT), "not a file"),
        ((SAMPLE, "--out", SAMPLE), "is the file with the texts"),
        ((SAMPLE, "--optimiser", "sgd", "--lr", 1000, "--weights", "1000,1000"), "nothing to draw"),
        ((SAMPLE, "--plane", "pca", "--epochs", 1, "--batch", 4096), "nothing to draw"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_gets_one_sentence_and_status_2(
    arguments: tuple[object, ...], says: str, tmp_path: Path
) -> None:
    before = SAMPLE.read_bytes()
    result = run("surface", "--out", tmp_path / "out.npz", *arguments, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
    assert SAMPLE.read_bytes() == before


def test_it_says_where_to_write(made: Path) -> None:
    result = run("surface", made, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "--out surface.npz" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("plane", ["runs", "moon"])
def test_planes_that_one_run_cannot_lay_are_not_offered(
    plane: str, made: Path, tmp_path: Path
) -> None:
    result = run("surface", made, "--plane", plane, "--out", tmp_path / "out.npz", "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert all(own in result.stderr for own in (plane, *ALONE))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_survives_a_refusal_and_a_full_disk(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept.npz"
    kept.write_text("mine")
    run("surface", made, "--out", kept, "--resolution", 1)
    assert kept.read_text() == "mine"

    def full(own: Path, content: bytes) -> int:
        with own.open("wb") as target:
            target.write(content[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    result = run("surface", made, *QUICK, "--out", kept)
    assert result.exit_code == 2
    assert result.stderr == f"{kept} cannot be written: No space left on device.\n"
    assert result.stdout == ""
    assert kept.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [kept]


def test_words_for_a_person(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "surface.npz"
    options = (made, *QUICK, "--plane", "pca", "--weights", "2,0.5", "--out", out)
    result = run("surface", *options)
    assert result.exit_code == 0
    assert re.fullmatch(r"Text: .* rows used.*\n", result.stderr), result.stderr
    text = " ".join(result.stdout.split())
    own = json.loads(run("surface", *options, "--json").stdout)
    for words in (
        f"Loss at the trained weights: {own['loss']['at_end']:.4g} nats",
        "64 of 64 training texts", f"On the plane: {own['loss']['lowest']:.4g} nats",
        "7 × 7 points", f"{100 * own['explained'][0]:.1f} % of the squared distance",
        "This is a slice", "α = 2 and β = 0.5", "standard error over texts",
        "over 64 texts that it was fitted to", "100 random sign vectors",
        "part_first and part_second",
    ):  # fmt: skip
        assert words in text
    assert max(map(len, result.stdout.splitlines())) <= max(80, len(str(out)))
    assert result.stdout.splitlines()[-1].endswith(" s")


def drawn_from(file: Path) -> tuple[Experiment, Drawn]:
    data = dataset(file)
    experiment = Experiment.for_dataset(data, epochs=1)
    plan = command.plan_of(data, experiment, plane="random", plane_seed=0, resolution=2)
    points: list[int] = []
    drawn = command.draw(data, plan, points.append)
    assert sum(points) == 4
    return experiment, drawn


def test_a_loss_that_other_weights_cannot_be_put_into_says_so(made: Path) -> None:
    experiment, drawn = drawn_from(made)
    fixed = replace(drawn.surface, mix=LinearMix((Term(None, 1.0),) * 2))
    for own, expected in ((drawn, False), (replace(drawn, surface=fixed), True)):
        report = surface_json(own, experiment, dataset(made).schema, "out.npz", 1.0)
        said = " ".join(surface_lines(report, own, experiment, 80))
        assert ("this loss alone" in said) is expected
        assert ("at any other weights" in said) is not expected


def test_numbers_that_are_none_are_null(made: Path) -> None:
    experiment, drawn = drawn_from(made)
    lost = np.full_like(drawn.surface.grids, np.inf)
    bad = replace(
        drawn,
        surface=replace(drawn.surface, grids=lost),
        sharpness=replace(drawn.sharpness, trace=float("nan"), loss=float("inf")),
    )
    report = surface_json(bad, experiment, dataset(made).schema, "out.npz", 1.0)
    json.dumps(report, allow_nan=False)
    assert report["loss"] == {
        "at_end": None, "lowest": None, "lowest_at": None, "highest": None,
    }  # fmt: skip
    assert report["sharpness"]["trace"] is None
    assert "no number" in "\n".join(surface_lines(report, bad, experiment, 80))


@pytest.mark.slow  # starts processes, as others in the gate do
def test_a_bar_is_drawn_for_a_terminal_alone(made: Path, tmp_path: Path) -> None:
    """That none is drawn for the others, every call of :func:`surface` asserts."""
    command = [
        sys.executable, "-m", "lossviz", "surface", str(made), *map(str, QUICK), "--json",
        "--out", str(tmp_path / "out.npz"),
    ]  # fmt: skip
    ours, theirs = pty.openpty()
    shown = subprocess.run(command, cwd=ROOT, stdout=-1, stderr=theirs, check=True)
    assert shown.stdout.startswith(b"{")
    os.close(theirs)
    drawn = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "training" in drawn
    assert "49/49" in drawn
    assert json.loads(shown.stdout)["resolution"] == 7


def test_what_the_readme_does_with_the_file_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^python -m lossviz (surface assets.*)$", text, re.MULTILINE)
    (code,) = re.findall(r"```python\n(.*?surface\.npz.*?)```", text, re.DOTALL)
    (tmp_path / "assets").symlink_to(ROOT / "assets")
    monkeypatch.chdir(tmp_path)
    result = run(*shlex.split(line), "--json", "--weights", "2,0.5")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["experiment"]["formulation"] == "marginals"
    names: dict[str, npt.NDArray] = {}
    exec(code, names)
    assert names["loss"] == pytest.approx(names["surface"]["loss"], abs=1e-6)
