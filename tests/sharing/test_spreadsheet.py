"""Tables for spreadsheets: no cell is taken for a formula."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from lossviz.__main__ import main
from lossviz.sharing.spreadsheet import guarded_csv, neutral, neutral_csv, read_guarded
from tests.conftest import ROOT

FORMULAS = (
    "=1+1",
    '=HYPERLINK("http://x.invalid","y")',
    "+1",
    "-Ms",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\ta",
    "  =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff+1",
    "\u202e=1",
    "\x00=1",
    "\x85=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
)
HARMLESS = ("", "a = b", "joy", "1-2", "'=1", "−1", "–", " a", "…=", "1", "日本", "مرحبا")


@pytest.mark.parametrize("cell", FORMULAS)
def test_what_would_be_calculated_becomes_text(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", HARMLESS)
def test_what_is_no_formula_stays_as_it_is(cell: str) -> None:
    assert neutral(cell) == cell


@given(st.text(max_size=20), st.text(max_size=20))
@example("=", "'=")
@example("+1", "+1")
def test_equal_cells_stay_equal_and_nothing_is_lost(first: str, second: str) -> None:
    assert neutral(first).removeprefix("'") == first.removeprefix("'")
    assert not neutral(first).lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    if first == second:
        assert neutral(first) == neutral(second)


def test_numbers_stay_numbers_and_names_of_columns_are_cells() -> None:
    frame = pd.DataFrame({"=x": ["+1", "joy"], "effect": [-0.5, 2.0], "n": np.array([-3, 4])})
    assert neutral_csv(frame).decode("utf-8-sig").splitlines() == [
        "'=x,effect,n",
        "'+1,-0.5,-3",
        "joy,2.0,4",
    ]


def test_a_spreadsheet_reads_every_script_and_every_quote() -> None:
    cells = ["سعيد", "很好", 'say "no", or\nyes', "a;b\tc"]
    made = neutral_csv(pd.DataFrame({"text": cells}))
    assert made.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(made.decode("utf-8-sig"), newline="")))
    assert [cell for (cell,) in rows] == ["text", *cells]


@given(st.lists(st.text(max_size=12), min_size=1, max_size=8))
def test_no_cell_of_a_table_begins_like_a_formula(cells: list[str]) -> None:
    made = neutral_csv(pd.DataFrame({"text": cells})).decode("utf-8-sig")
    rows = [cell for row in csv.reader(StringIO(made, newline="")) for cell in row]
    assert not any(neutral(cell) != cell for cell in rows)


def test_the_browser_has_the_same_rule() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node")
    cells = [*FORMULAS, *HARMLESS]
    code = (
        f"import {{ csv }} from {json.dumps((ROOT / 'assets' / 'table.js').as_uri())};"
        f"process.stdout.write(csv({{ columns: ['text', '=n'], values: [{json.dumps(cells)}, "
        f"{json.dumps([-0.5] * len(cells))}] }}));"
    )
    made = subprocess.run(
        [node, "--input-type=module", "-e", code], capture_output=True, check=True
    ).stdout.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(made, newline="")))
    assert rows[0] == ["text", "'=n"]
    assert [row[0] for row in rows[1:]] == [neutral(cell) for cell in cells]
    assert {row[1] for row in rows[1:]} == {"-0.5"}


def sources() -> list[Path]:
    return [
        path
        for folder in ("lossviz", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "spreadsheet.py"
    ]


def test_tables_are_written_in_one_place() -> None:
    ways = re.compile(r"\.to_csv\(|\.to_excel\(|csv\.(?:Dict)?[wW]riter|text/csv")
    found = {
        str(path.relative_to(ROOT)): set(ways.findall(path.read_text(encoding="utf-8")))
        for path in sources()
    }
    exporting = {path for path, ways_found in found.items() if ways_found}
    assert all(ways_found <= {"text/csv"} for ways_found in found.values())
    assert exporting == {"lossviz/ui/parts/controls.py"}
    assert "neutral_csv(" in (ROOT / "lossviz/ui/parts/tables.py").read_text(encoding="utf-8")


def test_a_page_downloads_a_table_as_a_table_and_never_as_a_file() -> None:
    past_the_guard = re.compile(r"\bdownload(?:_button)?\((?:[^()]|\([^()]*\))*?\.csv[\"']")
    downloading = {path: path.read_text(encoding="utf-8") for path in sources()}
    assert not [path for path, code in downloading.items() if past_the_guard.search(code)]
    assert past_the_guard.search('download("Texts", table.to_string(), "texts.csv", key="texts")')
    assert sum("download_table(" in code for code in downloading.values()) >= 4


ANY = st.characters(exclude_categories=["Cs"])
CELLS = st.text(ANY) | st.sampled_from(FORMULAS).flatmap(
    lambda own: st.integers(0, 3).map(lambda n: "'" * n + own)
)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_a_guarded_table_comes_back_cell_for_cell_and_holds_no_formula(
    rows: list[list[str]],
) -> None:
    content = guarded_csv(rows[0], rows[1:])
    assert read_guarded(content) == rows
    written = list(csv.reader(StringIO(content.decode(), newline="")))
    assert all(neutral(cell) == cell for row in written for cell in row)


def test_streamlits_own_download_of_a_table_is_off() -> None:
    import tomllib

    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["client"]["disableDataExport"] is True


def test_predictions_are_neutral_and_the_errors_follow_from_them(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    values = (("+1", "-1"), ("-Ms", "=Mr"))
    random = np.random.default_rng(0)
    with source.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["text", "@sign", "form"])
        for row in range(80):
            k, j = random.integers(2, size=2)
            told = j if random.random() < 0.7 else 1 - j
            writer.writerow([f"=word{k} sign{told} number {row}", values[0][k], values[1][j]])
    columns = ["--text", "text", "--label", "@sign", "--label", "form"]
    command = ["fit", str(source), *columns, "--predictions", str(out), "--json", "--yes"]
    command += ["--for-spreadsheets"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    with out.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == report["rows"]["test"]
    assert not any(neutral(cell) != cell for row in rows for cell in row.values())
    assert {row["true_@sign"] for row in rows} == {"'+1", "'-1"}
    assert all(row["text"].startswith("'=word") for row in rows)
    for own in report["errors"]["components"]:
        name = own["name"]
        wrong = sum(row[f"true_{name}"] != row[f"predicted_{name}"] for row in rows)
        assert own["error"] == wrong / len(rows)
