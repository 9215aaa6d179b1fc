"""The command line on files that are no text."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lossviz.__main__ import main
from lossviz.commands import _data
from tests.support.workbooks import sheet_rows, text_cell, xlsx

ROWS = [["text", "label"], *([f"a text {n}", ("A|C", "B|D")[n % 2]] for n in range(30))]
OTHER = [["words", "mood"], *([f"other words {n}", ("up", "down")[n % 2]] for n in range(20))]


def profiled(path: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["profile", str(path), "--quick", "--json", *options])


def test_a_sheet_of_a_workbook_can_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(xlsx({"First": sheet_rows(ROWS), "Second": sheet_rows(OTHER)}))
    first, second = (json.loads(profiled(path, *own).stdout) for own in ((), ("--sheet", "Second")))
    assert (first["file"]["format"], first["file"]["part"], first["used"]) == ("xlsx", "First", 30)
    assert (second["file"]["part"], second["text"], second["used"]) == ("Second", "words", 20)
    wrong = profiled(path, "--sheet", "Third")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "First" in wrong.stderr


def test_a_packed_file_says_what_it_was_packed_in(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress("\n".join(",".join(row) for row in ROWS).encode()))
    file = json.loads(profiled(path).stdout)["file"]
    assert (file["format"], file["compression"], file["delimiter"]) == ("csv", "gzip", ",")


def test_a_bomb_is_one_sentence_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    far = f'<row r="1">{text_cell("A1", "a")}{text_cell("XFD1048576", "b")}</row>'
    path.write_bytes(xlsx({"A": far}))
    result = profiled(path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert "1,048,576" in result.stderr


def test_a_file_that_is_too_large_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_data, "MAX_FILE", 100)
    path = tmp_path / "large.csv"
    path.write_text("text,label\n" + "a text,A\n" * 20)
    result = profiled(path)
    assert result.exit_code == 2
    assert "at most" in result.stderr


# What is taken and what is left out


def table(path: Path, rows: list[tuple[str, ...]], *names: str) -> Path:
    path.write_text("\n".join(",".join(row) for row in (names, *rows)) + "\n", encoding="utf-8")
    return path


def letters(count: int, start: int = 0) -> list[tuple[str, ...]]:
    return [
        (f"letter {n} is {('kind', 'rude')[n % 2]}", "AB"[n % 2], "CD"[n // 2 % 2])
        for n in range(start, start + count)
    ]


NAMES = ("text", "tone", "topic")


def fit(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["fit", *map(str, arguments), "--epochs", "1", "--json"])


TRAINING: dict[str, tuple[str, ...]] = {
    "fit": (),
    "sweep": ("--grid", "2", "--seeds", "1", "--workers", "1"),
    "surface": ("--resolution", "5", "--out", "surface.npz"),
    "report": (
        *("--formulation", "marginals", "--no-sweep", "--no-surfaces"),
        *("--out", "report.html"),
    ),
}
"""The commands that train, as small as they get."""


@pytest.fixture(params=TRAINING)
def train(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Each of them, for one epoch."""
    monkeypatch.chdir(tmp_path)
    small = (*TRAINING[request.param], "--epochs", "1", "--json")
    return lambda *given: CliRunner().invoke(main, [request.param, *map(str, given), *small])


def test_every_command_says_what_was_taken(train: Callable[..., Result], tmp_path: Path) -> None:
    rows = [*letters(196), *((text, "A", "") for text, *_ in letters(4))]
    file = table(tmp_path / "f.csv", [*rows, ("too", "many", "cells", "here")], *NAMES)
    result = train(file)
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    assert (report["text"], report["label"]) == ("text", ["tone", "topic"])
    assert report["used"] == 196
    assert report["dropped"] == [
        {"reason": "no value for the part 'topic'", "rows": 4},
        {"reason": "more cells than columns", "rows": 1},
    ]
    assert any("1 rows have more cells than columns" in note for note in report["file_notes"])
    assert isinstance(report["notes"], list)
    assert report["left_out"] == []
    assert [one["what"] for one in report["assumptions"]] == ["label", "parts"]
    assert result.stderr.count("\n") == 1
    assert "196 of 201 rows used; 5 left out" in result.stderr


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([*letters(160), *((t, "A", "") for t, *_ in letters(90))], "90 of 250 rows fall away"),
        (letters(60), "only 12 rows are left to judge by"),
    ],
    ids=["rows", "test"],
)
def test_where_too_little_is_left_the_columns_are_asked_for(
    rows: list[tuple[str, ...]], says: str, train: Callable[..., Result], tmp_path: Path
) -> None:
    file = table(tmp_path / "f.csv", rows, *NAMES)
    asked = train(file)
    assert (asked.exit_code, asked.stdout) == (2, "")
    assert asked.stderr.count("\n") == 1
    assert says in asked.stderr
    assert "'tone', 'topic'" in asked.stderr
    assert train(file, "--yes").exit_code == 0


@pytest.mark.parametrize("command", TRAINING)
def test_a_part_that_the_text_gives_away_is_among_the_notes(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [(f"{b}:note number {n}", a, b) for n, (_, a, b) in enumerate(letters(200))]
    file = table(tmp_path / "f.csv", rows, *NAMES)
    small = (*TRAINING[command], "--epochs", "1", "--json")
    result = CliRunner().invoke(main, [command, str(file), *small])
    report = json.loads(result.stdout)
    assert [one["part"] for one in report["giveaways"]] == ["topic"]
    assert report["giveaways"][0]["words"] in report["notes"]
    assert report["giveaways"][0]["words"] in result.stderr


def test_an_optional_column_that_costs_most_rows_is_no_part(tmp_path: Path) -> None:
    rows = [(*row, "late" if n % 50 == 0 else "") for n, row in enumerate(letters(300))]
    report = json.loads(fit(table(tmp_path / "f.csv", rows, *NAMES, "reason")).stdout)
    assert (report["label"], report["used"]) == (["tone", "topic"], 300)
    assert [one["column"] for one in report["left_out"]] == ["reason"]


def test_a_column_divides_the_rows_where_it_is_named(tmp_path: Path) -> None:
    sides = ["train"] * 3 + ["dev", "Test"]
    rows = [(*row, sides[n % 5]) for n, row in enumerate(letters(300))]
    file = table(tmp_path / "f.csv", rows, *NAMES, "fold")
    report = json.loads(fit(file, "--split", "fold").stdout)
    assert report["rows"] == {"train": 180, "validation": 60, "test": 60}
    assert json.loads(fit(file).stdout)["rows"]["validation"] == 0
    wrong = fit(file, "--split", "tone")
    assert "nowhere" in wrong.stderr


def test_files_that_say_train_and_test_are_the_split(tmp_path: Path) -> None:
    parts = {"train": letters(120), "dev": letters(40, 120), "test": letters(50, 160)}
    files = [table(tmp_path / f"{side}.csv", rows, *NAMES) for side, rows in parts.items()]
    report = json.loads(fit(*files).stdout)
    assert report["rows"] == {"train": 120, "validation": 40, "test": 50}
    assert "split" in [one["what"] for one in report["assumptions"]]
    by_lot = json.loads(fit(*files, "--not", "split").stdout)
    assert by_lot["rows"]["test"] == 42
    other = table(tmp_path / "other.csv", letters(9), "text", "tone", "subject")
    assert "other columns" in fit(files[0], other).stderr


def test_the_spelling_of_the_training_file_holds_for_the_test_file(tmp_path: Path) -> None:
    train = table(tmp_path / "a.csv", letters(80), *NAMES)
    loud = [(text, tone.lower(), f"{topic} ") for text, tone, topic in letters(40, 80)]
    report = json.loads(fit(train, "--test", table(tmp_path / "b.csv", loud, *NAMES)).stdout)
    assert report["confusion"]["labels"] == ["A|C", "A|D", "B|C", "B|D"]
