"""``sweep`` on the command line: its contract, what it says, and what it refuses."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import signal
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import psutil
import pytest
from click.testing import CliRunner, Result

from lossviz.__main__ import main
from lossviz.experiments.experiment import Experiment
from tests.conftest import ROOT
from tests.support.factories import WORDS
from tests.support.waiting import PATIENCE, wait_until

SAMPLE = ROOT / "assets" / "samples" / "feelings.csv"
THREE = ROOT / "assets" / "samples" / "helpdesk.csv"
PARTS = ("--label", "topic", "--label", "kind", "--label", "tone")
QUICK = ("--epochs", 2, "--grid", 3, "--workers", 1)
KEYS = {"experiment", "weights", "seeds", "errors", "front", "effect", "verdict", "seconds"}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*(str(own) for own in arguments), "--yes"])


def sweep(*arguments: object) -> dict:
    result = run("sweep", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    assert re.fullmatch(r"Text: .* rows used.*\n", result.stderr), result.stderr
    return json.loads(result.stdout, parse_constant=pytest.fail)


def fit(*arguments: object) -> dict:
    result = run("fit", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def written(path: Path, rows: int = 120, *, missing: tuple[str, ...] = ()) -> Path:
    """Texts that mostly say which of AC, AD, BC and BD they are."""
    random = np.random.default_rng(0)
    labels = [a + c for a, c in product("AB", "CD") if a + c not in missing]
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["text", "first", "second"])
        for k in range(rows):
            own = labels[k % len(labels)]
            words = [random.choice(WORDS[part].split(), 2) for part in own]
            noise = random.choice(WORDS[random.choice(list("ABCD"))].split(), 2)
            writer.writerow([" ".join([*np.concatenate(words), *noise, f"w{k}"]), *own])
    return path


@pytest.fixture(scope="module")
def missing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two components; one of their four combinations never occurs."""
    return written(tmp_path_factory.mktemp("data") / "missing.csv", missing=("BD",))


@pytest.fixture(scope="module")
def report(missing: Path) -> dict:
    return sweep(missing, *QUICK, "--size", "--seeds", 3, "--seed", 4, "--costs", "5,1,0.5")


def test_the_promised_keys_and_their_shapes(report: dict) -> None:
    assert set(report) >= KEYS
    assert report["seeds"] == [4, 5, 6]
    assert report["weights"] == [[a, b] for b in (0.1, 1.0, 10.0) for a in (0.1, 1.0, 10.0)]
    assert np.shape(report["errors"]["joint"]) == (9, 3)
    assert np.shape(report["errors"]["components"]) == (2, 9, 3)
    assert np.shape(report["equal"]["components"]) == (2, 3)
    assert [own["name"] for own in report["effect"]] == ["first", "second"]
    assert report["pair"] == ["first", "second"]
    assert report["rows"]["train"] + report["rows"]["test"] == 120
    assert isinstance(report["seconds"], float)
    own = Experiment.of(**report["experiment"])
    assert own.model_dump(mode="json") == report["experiment"]
    assert own.seed == own.split.seed == 4


def test_the_front_and_the_effects_can_be_recomputed_from_the_errors(report: dict) -> None:
    errors = np.array([*report["errors"]["components"], report["errors"]["joint"]])
    means = errors[:2].mean(axis=2).T
    front = [
        k
        for k, own in enumerate(means)
        if not any((other <= own).all() and (other < own).any() for other in means)
    ]
    assert sorted(report["front"]) == front
    weights = np.array(report["weights"])
    changes = {
        (axis, target): errors[target, weights[:, axis] == 10.0].mean()
        - errors[target, weights[:, axis] == 0.1].mean()
        for axis in range(2)
        for target in range(3)
    }
    for k, own in enumerate(report["effect"]):
        assert own["low_to_high"]["difference"] == pytest.approx(changes[0, k], abs=1e-12)
    names = ["first", "second", None]
    assert len(report["effects"]) == 6
    for own in report["effects"]:
        where = names.index(own["weight"]), names.index(own["target"])
        assert own["difference"] == pytest.approx(changes[where], abs=1e-12)
        assert -1.0 <= own["low"] <= own["difference"] <= own["high"] <= 1.0


def test_what_can_be_had_is_chosen_on_other_folds_than_it_is_judged_on(report: dict) -> None:
    """Seed 4 is alone in its shuffle; 5 and 6 are in one."""
    errors = np.array([*report["errors"]["components"], report["errors"]["joint"]])
    choices = report["choices"]
    assert (choices[0]["costs"][1], choices[-1]["costs"][0]) == (100.0, 0.01)
    for choice in choices:
        for ratio in choice["costs"]:
            every = (ratio * errors[0] + errors[1]) / (1.0 + ratio)
            assert choice["points"] == [None, every[:, 2].argmin(), every[:, 1].argmin()]
        found = [*choice["errors"]["components"], choice["errors"]["joint"]]
        for error, level in zip(found, errors[:, choice["points"][1:], [1, 2]], strict=True):
            assert error["error"] == pytest.approx(level.mean())
            assert error["low"] <= error["error"] <= error["high"]


def test_the_recommendation_is_the_cheapest_point_for_the_costs(report: dict) -> None:
    own = report["recommendation"]
    assert own["costs"] == {"components": [5.0, 1.0], "joint": 0.5}
    first, second = np.array(report["errors"]["components"])
    cost = (5.0 * first + second + 0.5 * np.array(report["errors"]["joint"])).mean(axis=1)
    assert cost[own["point"]] == pytest.approx(cost.min())
    # Of each seed the point is judged that is the cheapest on the others.
    every = 5.0 * first + second + 0.5 * np.array(report["errors"]["joint"])
    chosen = [np.delete(every, j, axis=1).mean(axis=1).argmin() for j in range(3)]
    level = every[chosen, range(3)].mean()
    if own["weights"] is None:
        assert own["level"]["cost"] == pytest.approx(level)
        assert own["ratio"] is None
        assert own["saving"]["difference"] == pytest.approx(level - own["equal"]["cost"], abs=1e-12)
    else:
        assert own["weights"] in report["weights"]
    assert 0.0 <= own["equal"]["low"] <= own["equal"]["cost"] <= own["equal"]["high"] <= 6.5
    assert own["decided"] is not None
    assert "a wrong first costs 5" in report["verdict"]
    assert "min_cost" in report["verdict"]


def test_deciding_with_equal_weights_is_fit_with_the_cheapest_label(tmp_path: Path) -> None:
    """For costs that are all 1, min_cost decides what ``fit --decoder min_cost`` decides."""
    data = written(tmp_path / "data.csv", missing=("BD",))
    own = sweep(data, *QUICK, "--seeds", 3, "--costs", "1,1,1")
    changes = []
    for seed in own["seeds"]:
        found = fit(
            data, "--epochs", 2, "--seed", seed, "--decoder", "min_cost", "--costs", "1,1,1"
        )["errors"]
        rates = [*(each["error"] for each in found["components"]), found["joint"]["error"]]
        changes.append(sum(rates))
    equal = np.sum([*own["equal"]["components"], own["equal"]["joint"]], axis=0)
    decided = own["recommendation"]["decided"]["difference"]
    assert decided == pytest.approx(np.mean(changes - equal), abs=1e-9)


@pytest.mark.parametrize("formulation", ["marginals", "components", "hybrid"])
def test_a_point_has_the_errors_of_fit_with_its_weights(formulation: str, missing: Path) -> None:
    shared = ("--epochs", 2, "--formulation", formulation, "--joint-weight", 0.5, "--lr", 0.2)
    own = sweep(missing, *shared, "--grid", 2, "--seeds", 2, "--seed", 3, "--workers", 1)
    for point, (a, b) in enumerate(own["weights"]):
        for j, seed in enumerate(own["seeds"]):
            one = fit(missing, *shared, "--weights", f"{a},{b}", "--seed", seed)
            assert one["errors"]["joint"]["error"] == own["errors"]["joint"][point][j]
            for k, each in enumerate(one["errors"]["components"]):
                assert each["error"] == own["errors"]["components"][k][point][j]
            if seed == 3:
                assert one["rows"] == {**own["rows"], "validation": 0}
                assert {**one["experiment"], "component_weights": [1.0, 1.0]} == own["experiment"]


@pytest.mark.parametrize("seeds", [1, 2])
def test_few_seeds_make_no_claim_and_no_infinity(seeds: int, missing: Path) -> None:
    own = sweep(missing, *QUICK, "--seeds", seeds)  # fails on NaN and Infinity
    assert own["verdict"].startswith("No claim yet")
    assert own["recommendation"] is None
    assert np.shape(own["errors"]["joint"]) == (5, seeds)
    for effect in own["effect"]:
        change = effect["low_to_high"]
        assert -1.0 <= change["low"] <= change["difference"] <= change["high"] <= 1.0


def test_the_table_says_what_the_json_says(missing: Path, tmp_path: Path) -> None:
    out = tmp_path / "errors.csv"
    own = sweep(missing, *QUICK, "--seeds", 2, "--csv", out)
    with out.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == [
        "weight_first", "weight_second", "seed", "n", "error_first", "error_second", "error_joint",
    ]  # fmt: skip
    places = list(product(range(5), range(2)))
    assert len(rows) == len(places)
    for row, (point, j) in zip(rows, places, strict=True):
        weights = [float(row[f"weight_{name}"]) for name in own["pair"]]
        assert weights == own["weights"][point]
        assert int(row["seed"]) == own["seeds"][j]
        assert float(row["error_joint"]) == own["errors"]["joint"][point][j]
        for k, name in enumerate(own["pair"]):
            assert float(row[f"error_{name}"]) == own["errors"]["components"][k][point][j]
        wrong = float(row["error_joint"]) * int(row["n"])
        assert wrong == pytest.approx(round(wrong))
    assert int(rows[0]["n"]) == own["rows"]["test"]


@pytest.mark.slow  # starts processes, as others in the gate do
def test_how_many_processes_train_changes_no_number(missing: Path) -> None:
    shared = (missing, "--epochs", 2, "--grid", 3, "--seeds", 3)
    alone, together = (sweep(*shared, "--workers", count) for count in (1, 2))
    del alone["seconds"], together["seconds"]
    assert alone == together


def test_ratios_are_trained_once_each(missing: Path) -> None:
    own = sweep(missing, *QUICK, "--seeds", 3, "--ratio")
    ratios = [a / b for a, b in own["weights"]]
    assert ratios == pytest.approx([0.01, 0.1, 1.0, 10.0, 100.0])
    errors = np.array(own["errors"]["components"])
    for k, effect in enumerate(own["effect"]):
        change = errors[k, -1].mean() - errors[k, 0].mean()
        assert effect["low_to_high"]["difference"] == pytest.approx(change, abs=1e-12)
    assert len(own["effects"]) == 3
    assert own["notes"] == [one["words"] for one in own["giveaways"]]
    assert "α : β" in own["verdict"]


def test_the_size_varies_where_it_is_asked_for_and_it_is_said(missing: Path) -> None:
    statement = sweep(missing, *QUICK, "--seeds", 3, "--size")
    assert len(statement["weights"]) == 9
    assert any("without --size" in note for note in statement["notes"])


def test_the_errors_of_a_seed_are_those_of_its_first_start(missing: Path) -> None:
    shared = ("--model", "hidden", "--width", 1, "--epochs", 2)
    statement = sweep(missing, *shared, "--grid", 2, "--seeds", 3, "--workers", 1)
    assert statement["starts"] == 4
    assert any("from 4 starts a seed" in note for note in statement["notes"])
    one = fit(missing, *shared, "--weights", "1,1", "--seed", 2)
    assert one["errors"]["joint"]["error"] == statement["errors"]["joint"][1][2]


def test_two_of_three_components_vary_and_the_third_is_held() -> None:
    own = sweep(
        THREE, *PARTS, "--epochs", 1, "--grid", 2, "--seeds", 3, "--workers", 1,
        "--pair", "tone, topic", "--hold", 2, "--low", 0.5, "--high", 4, "--costs", "1,2,3",
        "--size",
    )  # fmt: skip
    assert own["pair"] == ["tone", "topic"]
    # topic, kind, tone; tone moves first
    assert own["weights"] == [[0.5, 2, 0.5], [0.5, 2, 4], [4, 2, 0.5], [4, 2, 4]]
    errors = np.array(own["errors"]["components"])
    assert errors.shape == (3, 4, 3)
    assert [each["name"] for each in own["effect"]] == ["topic", "kind", "tone"]
    for k, each in enumerate(own["effect"]):
        change = (errors[k, [1, 3]] - errors[k, [0, 2]]).mean()
        assert each["low_to_high"]["difference"] == pytest.approx(change, abs=1e-12)
    assert {each["weight"] for each in own["effects"]} == {"tone", "topic"}
    assert own["equal"]["weights"] == [1, 1, 1]
    one = fit(THREE, *PARTS, "--epochs", 1, "--weights", "0.5,2,4", "--seed", 2)
    assert one["errors"]["joint"]["error"] == own["errors"]["joint"][1][2]
    assert own["recommendation"]["costs"]["components"] == [1, 2, 3]


def test_a_training_that_leaves_the_numbers_is_told(missing: Path) -> None:
    own = sweep(missing, *QUICK, "--seeds", 1, "--optimiser", "sgd", "--lr", 1000,
                "--model", "hidden", "--size", "--high", 1000)  # fmt: skip
    assert own["diverged"]
    for each in own["diverged"]:
        assert each["seed"] == 0
        assert "too large" in each["message"]
    note = own["notes"][0]
    assert note.startswith(f"{len(own['diverged'])} of 40 trainings stopped early")


def test_words_for_a_person(missing: Path) -> None:
    result = run("sweep", missing, *QUICK, "--seeds", 3, "--costs", "5,1")
    assert result.exit_code == 0
    assert re.fullmatch(r"Text: .* rows used.*\n", result.stderr), result.stderr
    text = " ".join(result.stdout.split())
    for words in (
        "Moving α : β from 1:100 to 100:1", "from seed to seed", "How sure:",
        "If a wrong first costs 5",
        "wrong on first", "3 seeds", "n = 24 held-out texts",
    ):  # fmt: skip
        assert words in text
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-1].endswith(" s")
    heads = [line for line in lines if line.lstrip().startswith("costs")]
    assert len(heads) == 1
    own = sweep(missing, *QUICK, "--seeds", 3, "--costs", "5,1")
    table = lines[lines.index(heads[0]) + 1 : -2]
    assert len(table) == len(own["choices"])
    for line, choice in zip(table, own["choices"], strict=True):
        for error in (*choice["errors"]["components"], choice["errors"]["joint"]):
            assert f" {100 * error['error']:.1f} [" in line


def test_a_single_seed_has_no_intervals_in_the_table(missing: Path) -> None:
    result = run("sweep", missing, *QUICK, "--seeds", 1)
    assert "No claim yet" in result.stdout
    assert "[" not in result.stdout
    assert "inf" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nowhere.csv",), "nowhere.csv cannot be opened"),
        ((SAMPLE, "--grid", 1), "expected 2 to 41 values of each weight, found 1"),
        ((SAMPLE, "--grid", 42), "found 42"),
        ((SAMPLE, "--seeds", 0), "--seeds: expected 1 to 50, found 0"),
        ((SAMPLE, "--seeds", 10**12), "--seeds: expected 1 to 50"),
        ((SAMPLE, "--seed", -1), "found -1"),
        ((SAMPLE, "--seed", 2**31 - 1, "--seeds", 2), "seed"),
        ((SAMPLE, "--pair", "part 1,part 3"), "part 1, part 2, with a comma"),
        ((SAMPLE, "--pair", "part 1,part 1"), "two different components"),
        ((SAMPLE, "--pair", "part 1"), "two different components"),
        ((SAMPLE, "--costs", "5"), "Costs: expected 2, one for each of part 1, part 2"),
        ((SAMPLE, "--costs", "5,1,1,1"), "found 4"),
        ((SAMPLE, "--costs", "5,-1"), "costs.1: "),
        ((SAMPLE, "--costs", "5,nan"), "costs.1: "),
        ((SAMPLE, "--costs", "5,x"), "such as 5,1; found '5,x'"),
        ((SAMPLE, "--costs", "0,0"), "at least one must be above 0"),
        ((SAMPLE, "--formulation", "joint"), "α and β do nothing in it"),
        ((SAMPLE, "--low", 10, "--high", 0.1), "found 10 to 0.1"),
        ((SAMPLE, "--low", 0), "found 0 to 10"),
        ((SAMPLE, "--high", "inf"), "found 0.1 to inf"),
        ((SAMPLE, "--hold", -1), "hold"),
        ((SAMPLE, "--workers", 0), "--workers: expected 1 or more"),
        ((SAMPLE, "--epochs", 0), "epochs"),
        ((SAMPLE, "--setting", "warmth=1"), "warmth"),
        ((SAMPLE, "--csv", "/nowhere/out.csv"), "/nowhere/out.csv cannot be written"),
        ((THREE, "--label", "topic"), "single part"),
    ],
)
def test_what_cannot_be_used_gets_one_sentence_and_status_2(
    arguments: tuple[object, ...], says: str
) -> None:
    result = run("sweep", *arguments, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_scheduler_that_does_not_answer_gets_one_sentence(
    missing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOSSVIZ_SCHEDULER", "nowhere://1")
    result = run("sweep", missing, "--epochs", 1, "--grid", 2, "--json")
    assert result.exit_code == 2
    assert "nowhere://1" in result.stderr
    assert result.stderr.count("\n") == 1
    assert run("sweep", missing, "--epochs", 1, "--grid", 2, "--workers", 1).exit_code == 0


def test_a_file_that_is_there_survives_a_refusal(tmp_path: Path) -> None:
    kept, new = tmp_path / "kept.csv", tmp_path / "new.csv"
    kept.write_text("mine")
    for path in (kept, new):
        run("sweep", SAMPLE, "--csv", path, "--workers", 0)
    assert kept.read_text() == "mine"
    assert not new.exists()


def test_a_bar_is_drawn_for_a_terminal_alone(missing: Path) -> None:
    """That none is drawn for the others, every call of :func:`sweep` asserts."""
    options = (missing, *QUICK, "--seeds", 2)
    command = [sys.executable, "-m", "lossviz", "sweep", *map(str, options), "--yes", "--json"]
    ours, theirs = pty.openpty()
    shown = subprocess.run(command, cwd=ROOT, stdout=-1, stderr=theirs, check=True)
    os.close(theirs)
    drawn = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "Training" in drawn
    assert "10/10" in drawn
    first, second = json.loads(shown.stdout), sweep(*options)
    del first["seconds"], second["seconds"]
    assert first == second


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_no_process_is_left_behind(number: signal.Signals) -> None:
    command = [
        sys.executable, "-m", "lossviz", "sweep", str(SAMPLE), "--workers", "2",
        "--epochs", "500", "--json",
    ]  # fmt: skip
    own = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    parent = psutil.Process(own.pid)
    wait_until(lambda: len(parent.children(recursive=True)) >= 5)
    children = parent.children(recursive=True)
    own.send_signal(number)
    out, _ = own.communicate(timeout=PATIENCE)
    assert own.returncode != 0
    assert out == b""
    assert psutil.wait_procs(children, timeout=PATIENCE)[1] == []


def test_costs_have_one_meaning_in_every_command_that_takes_them() -> None:
    declared = {
        name: next(option for option in main.commands[name].params if "--costs" in option.opts)
        for name in ("fit", "sweep", "surface", "report")
    }
    assert len({(option.name, option.help, option.metavar) for option in declared.values()}) == 1


def test_a_sweep_decides_by_the_costs_that_fit_decides_by(tmp_path: Path) -> None:
    """Not by the weights of each point, which train it."""
    data = written(tmp_path / "data.csv", missing=("BD",))
    shared = ("--formulation", "components", "--decoder", "min_cost", "--costs", "9,1,0.5")
    statement = sweep(data, *QUICK, *shared, "--seeds", 2)
    assert statement["experiment"]["costs"] == [9, 1, 0.5]
    weights = ",".join(map(str, statement["weights"][0]))
    one = fit(data, "--epochs", 2, *shared, "--weights", weights, "--seed", 1)
    assert one["costs"] == {"components": [9, 1], "joint": 0.5}
    assert one["errors"]["joint"]["error"] == statement["errors"]["joint"][0][1]


def test_costs_are_no_part_of_an_experiment_that_does_not_decide_by_them(missing: Path) -> None:
    statement = sweep(missing, *QUICK, "--seeds", 3, "--costs", "5,1")
    assert statement["experiment"]["costs"] == []
    assert statement["recommendation"]["costs"] == {"components": [5, 1], "joint": 0}
    assert not any("does nothing" in note for note in statement["notes"])
