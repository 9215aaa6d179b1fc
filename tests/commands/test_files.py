"""The command line on files that are no text."""

from __future__ import annotations

import gzip
import json
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
