"""Changing the labels on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lossviz.__main__ import main

LABELS = ["anger|high"] * 12 + ["anger|low"] * 9 + ["joy|high"] * 7 + ["hope|high"] * 2


def file_of(path: Path, labels: list[str] = LABELS) -> Path:
    rows = "".join(f"text number {n} of {label[:3]},{label}\n" for n, label in enumerate(labels))
    path.write_text(f"text,mood|arousal\n{rows}", encoding="utf-8")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*(str(own) for own in arguments), "--yes"])


def report(*arguments: object) -> dict:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def values(found: dict) -> dict[str, list[str]]:
    return {own["name"]: own["values"] for own in found["components"]}


def test_rare_values_are_merged(tmp_path: Path) -> None:
    found = report("profile", file_of(tmp_path / "a.csv"), "--merge-rare", 8)
    assert values(found) == {"mood": ["anger", "other"], "arousal": ["high", "low"]}


def test_parts_are_dropped(tmp_path: Path) -> None:
    file = file_of(tmp_path / "a.csv")
    assert list(values(report("profile", file, "--drop", "mood"))) == ["arousal"]
    result = run("profile", file, "--drop", "tone")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no part 'tone'. Its parts are: mood, arousal" in result.stderr
    assert "Keep at least one" in run("profile", file, "--drop", "mood", "--drop", "arousal").stderr


def test_combinations_are_left_out(tmp_path: Path) -> None:
    found = report(
        "profile", file_of(tmp_path / "a.csv"), "--least", 5, "--impossible", "anger|low"
    )
    assert found["dropped"] == [
        {"reason": "combination marked impossible", "rows": 9},
        {"reason": "combination with fewer than 5 texts", "rows": 2},
    ]
    assert found["used"] == 19


def test_a_combination_that_does_not_occur_need_not_be_marked(tmp_path: Path) -> None:
    result = run("profile", file_of(tmp_path / "a.csv"), "--impossible", "joy|low")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "No text has the label 'joy|low'" in result.stderr


def test_edits_come_from_a_file_and_the_options_add_to_them(tmp_path: Path) -> None:
    edits = {
        "parts": [{"part": "mood", "name": "tone", "shown": {"joy": "good", "hope": "good"}}],
        "order": ["arousal"],
    }
    path = tmp_path / "edits.json"
    path.write_text(json.dumps(edits), encoding="utf-8")
    file = file_of(tmp_path / "a.csv")
    assert values(report("profile", file, "--edits", path)) == {
        "arousal": ["high", "low"],
        "tone": ["anger", "good"],
    }
    assert list(values(report("profile", file, "--edits", path, "--drop", "tone"))) == ["arousal"]
    marked = report("profile", file, "--edits", path, "--impossible", "high|good")
    assert marked["dropped"] == [{"reason": "combination marked impossible", "rows": 9}]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read: No such file"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"{]", "cannot be read"),
    ],
)
def test_edits_that_cannot_be_read_are_one_sentence(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    path = tmp_path / "edits.json"
    if content is not None:
        path.write_bytes(content)
    result = run("profile", file_of(tmp_path / "a.csv"), "--edits", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_test_file_gets_the_edits_of_the_training_file(tmp_path: Path) -> None:
    # There hope is frequent, and calm is new; both are rare in training.
    labels = ["hope|high"] * 15 + ["calm|high"] * 4 + ["anger|high"] * 3 + ["anger|low"] * 5
    found = report(
        "fit",
        file_of(tmp_path / "a.csv"),
        "--test",
        file_of(tmp_path / "b.csv", labels),
        "--merge-rare",
        8,
        "--impossible",
        "anger|low",
        "--epochs",
        1,
    )
    assert found["rows"] == {"train": 21, "validation": 0, "test": 22}
    assert found["confusion"]["labels"] == ["anger|high", "other|high"]
    assert [sum(row) for row in found["confusion"]["counts"]] == [3, 19]
