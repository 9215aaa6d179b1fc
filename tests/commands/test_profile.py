"""``profile`` on the command line, with what takes longer; leakage in ``fit``."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lossviz.__main__ import main
from lossviz.experiments.statistics import ErrorRate
from tests.conftest import ROOT

SAMPLE = ROOT / "assets" / "samples" / "feelings.csv"


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [*(str(own) for own in arguments), "--yes"])
    assert result.exit_code == 0, result.stderr
    return result


def json_of(*arguments: object) -> dict:
    return json.loads(run(*arguments, "--json").stdout, parse_constant=pytest.fail)


def write(path: Path, rows: list[tuple[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([("text", "label"), *rows])
    return path


def test_the_whole_profile_is_there_and_agrees_with_itself() -> None:
    report = json_of("profile", SAMPLE)
    near, leakage, hardness = (report[own] for own in ("near_duplicates", "leakage", "hardness"))
    assert (
        near["compared"] == near["texts"] == report["used"] - report["repetitions"]["repeated_rows"]
    )
    assert near["exhausted"] is True
    assert leakage["n"] + leakage["train"] == report["used"]
    assert leakage["share"] == leakage["near_duplicates"] / leakage["n"]
    assert leakage["low"] <= leakage["share"] <= leakage["high"]
    assert [own["name"] for own in hardness["targets"]] == ["part 1", "part 2", "whole label"]
    assert hardness["texts"] == hardness["of"] == report["used"]
    whole = hardness["targets"][-1]
    assert whole["majority_accuracy"] == report["majority_accuracy"]
    wrong = round((1 - whole["accuracy"]) * whole["n"])
    rate = ErrorRate.of(wrong, whole["n"])
    assert (whole["low"], whole["high"]) == (1 - rate.high, 1 - rate.low)
    assert whole["low"] > whole["majority_accuracy"]
    assert {own["value"] for own in (t["hardest"] for t in hardness["targets"])} <= {
        *(value for own in report["components"] for value in own["values"]),
        *report["joint_classes"]["counts"],
    }


def test_near_duplicates_are_listed_with_their_rows(tmp_path: Path) -> None:
    rows = [
        (f"quite an ordinary sentence about the letter {chr(97 + n)}", "AB"[n % 2])
        for n in range(20)
    ]
    file = write(tmp_path / "near.csv", [(f"{n * 7919} {n}", "A") for n in range(20)] + rows)
    near = json_of("profile", file)["near_duplicates"]
    assert near["with_another"] == 20
    assert near["contradictory"] > 0
    first = near["listed"][0]
    assert first["labels"][0] != first["labels"][1]
    assert [first["texts"][k] for k in (0, 1)] == [rows[row - 21][0] for row in first["rows"]]
    assert 0.8 <= first["similarity"] < 1


def test_quick_leaves_out_what_takes_longer() -> None:
    report = json_of("profile", SAMPLE, "--quick")
    assert report["near_duplicates"] is report["leakage"] is report["hardness"] is None
    assert report["dependence"][0]["n"] == report["used"]
    said = run("profile", SAMPLE, "--quick").stdout
    assert "quick linear model" not in said and "nearly the same" not in said


def test_words_for_a_person() -> None:
    said = run("profile", SAMPLE).stdout
    assert "part 1 and part 2: knowing one tells hardly anything about the other (V = 0.06" in said
    assert "Texts nearly the same as another: 0 of 1,510" in said
    assert "5-fold cross-validated, is right:" in said
    assert "above guessing" in said


def test_test_texts_that_stand_in_the_training_file_are_counted(tmp_path: Path) -> None:
    rows = [(f"good fine day {n}", "A") for n in range(20)] + [
        (f"bad night {n}", "B") for n in range(20)
    ]
    train = write(tmp_path / "train.csv", rows)
    test = write(
        tmp_path / "test.csv",
        [("GOOD  fine day 3", "A"), *rows[20:23], *((f"new {n}", "B") for n in range(8))],
    )
    arguments = ("fit", train, "--test", test, "--epochs", 1)
    assert json_of(*arguments)["leakage"] == {"identical": 4, "n": 12}
    assert "4 of 12 test texts also stand in the training file" in run(*arguments).stdout
    report = json_of("fit", SAMPLE, "--epochs", 1)
    assert report["leakage"] == {"identical": 0, "n": report["rows"]["test"]}
    assert "training file" not in run("fit", SAMPLE, "--epochs", 1).stdout
