"""A fitted model in a file, and what it says of new texts."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lossviz.__main__ import main
from lossviz.engine.saved import open_model
from lossviz.errors import LossVizError
from lossviz.losses.objectives import OBJECTIVES
from tests.conftest import ROOT
from tests.support.opened import as_csv, as_lines
from tests.support.workbooks import sheet_rows, xlsx

THREE = ROOT / "assets" / "samples" / "helpdesk.csv"
LABELS = ("--label", "topic", "--label", "kind", "--label", "tone")


def run(command: str, *arguments: object) -> Result:
    return CliRunner().invoke(main, [command, *map(str, arguments)])


def fitted(folder: Path, *options: object, file: Path = THREE, labels: tuple[str, ...] = LABELS):
    model, out = folder / "model.safetensors", folder / "fit.csv"
    asked = ("--save", model, "--predictions", out, "--epochs", 2, "--yes", "--json")
    result = run("fit", file, *labels, *asked, *options)
    assert result.exit_code == 0, result.stderr
    return model, rows_of(out), json.loads(result.stdout)


@pytest.fixture(scope="module")
def fitted_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fitted(tmp_path_factory.mktemp("model"))[0]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize(
    "options",
    [
        *(("--formulation", name) for name in OBJECTIVES),
        ("--model", "hidden", "--width", 5, "--formulation", "chain"),
        ("--decoder", "min_cost", "--costs", "5,1,2", "--analyser", "char"),
        ("--validation", 0.1, "--calibration", "temperature", "--formulation", "components"),
    ],
    ids=lambda options: " ".join(map(str, options)),
)
def test_the_saved_model_says_what_the_fit_said(
    options: tuple[object, ...], tmp_path: Path
) -> None:
    model, fit_rows, report = fitted(tmp_path, *options)
    out = tmp_path / "predicted.csv"
    result = run("predict", model, THREE, "--out", out, "--json")
    assert result.exit_code == 0, result.stderr
    by_row = {row["row"]: row for row in rows_of(out)}
    assert json.loads(result.stdout)["rows"] == len(by_row) == 898
    assert len(fit_rows) == report["rows"]["test"]
    for row in fit_rows:
        again = by_row[row["row"]]
        shared = [name for name in row if not name.startswith("true_")]
        assert [again[name] for name in shared if not name.startswith(("p", "prob_"))] == [
            row[name] for name in shared if not name.startswith(("p", "prob_"))
        ]
        assert [again[n] for n in shared if n.startswith("predicted_")] == [
            row[n] for n in shared if n.startswith("predicted_")
        ]
        for name in (name for name in shared if name == "p" or name.startswith("prob_")):
            assert float(again[name]) == pytest.approx(float(row[name]), rel=1e-4, abs=1e-9)


def test_a_model_of_characters_knows_line_breaks(tmp_path: Path) -> None:
    file, model = tmp_path / "texts.csv", tmp_path / "model.safetensors"
    rows = [f'"{"good" if k % 2 else "bad"}\nday {k}",{k % 2}a,{k % 3}b\n' for k in range(60)]
    file.write_text("text,first,second\n" + "".join(rows))
    columns = ("--text", "text", "--label", "first", "--label", "second", "--analyser", "char")
    fitted = CliRunner().invoke(main, ["fit", str(file), *columns, "--save", str(model), "--yes"])
    assert fitted.exit_code == 0, fitted.stderr
    grams = open_model(model.read_bytes(), model.name).vectoriser.features
    assert "\n" in grams and "d\nd" in grams


def test_all_probabilities_are_there_and_add_up(tmp_path: Path) -> None:
    _, rows, report = fitted(tmp_path)
    labels = report["confusion"]["labels"]
    for row in rows:
        assert {f"prob_{label}" for label in labels} <= row.keys()
        for part in ("topic", "kind", "tone"):
            values = [float(v) for name, v in row.items() if name.startswith(f"prob_{part}=")]
            assert sum(values) == pytest.approx(1.0, abs=1e-4)


def test_minus_one_stays_minus_one_unless_a_spreadsheet_is_meant(tmp_path: Path) -> None:
    file = tmp_path / "coded.csv"
    lines = [f"@you said {('bad', 'so so', 'good')[n % 3]} {n},{n % 3 - 1}" for n in range(180)]
    file.write_text("\n".join(["text,sentiment", *lines]), encoding="utf-8")
    labels = ("--label", "sentiment")
    model, plain, _ = fitted(tmp_path, file=file, labels=labels)
    assert {row["true_sentiment"] for row in plain} == {"-1", "0", "1"}
    assert plain[0]["text"].startswith("@you")
    _, guarded, _ = fitted(tmp_path, "--for-spreadsheets", file=file, labels=labels)
    assert {row["true_sentiment"] for row in guarded} == {"'-1", "0", "1"}
    assert guarded[0]["text"].startswith("'@you")
    out = tmp_path / "out.csv"
    assert run("predict", model, file, "--out", out).exit_code == 0
    assert "-1" in {row["predicted_sentiment"] for row in rows_of(out)}


def test_empty_texts_are_left_out_and_counted(tmp_path: Path) -> None:
    model, *_ = fitted(tmp_path)
    file, out = tmp_path / "new.csv", tmp_path / "out.csv"
    file.write_text("id,words\n1,where is my card\n2,\n3,thank you\n4,the lift\n", encoding="utf-8")
    missing = run("predict", model, file, "--out", out)
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "no column 'text'" in missing.stderr
    report = json.loads(
        run("predict", model, file, "--text", "words", "--out", out, "--json").stdout
    )
    assert (report["rows"], report["dropped"]) == (3, [{"reason": "empty text", "rows": 1}])
    assert [row["row"] for row in rows_of(out)] == ["1", "3", "4"]


TEXTS = ("where is my card, please?", 'the "lift" is out; again, it seems', "thank you")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lines.txt", "\n".join(TEXTS).encode()),
        ("header.txt", "\n".join(("Text", *TEXTS)).encode()),
        ("blank.txt", "\r\n\r\n".join(TEXTS).encode("utf-16")),
        ("quoted.csv", as_csv([("text",), *((text,) for text in TEXTS)])),
        ("quoted lines.csv", as_csv([(f"{text}\n(sent by hand)",) for text in TEXTS])),
        ("lines.jsonl", as_lines([{"text": text} for text in TEXTS])),
        ("list.json", json.dumps([{"text": text} for text in TEXTS]).encode()),
        ("lines.txt.gz", gzip.compress("\n".join(TEXTS).encode())),
        ("sheet.xlsx", xlsx({"A": sheet_rows([["text"], *([text] for text in TEXTS)])})),
        ("table.csv", as_csv([("n", "text"), *enumerate(TEXTS)])),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_texts_may_stand_alone(
    name: str, content: bytes, fitted_once: Path, tmp_path: Path
) -> None:
    file, out = tmp_path / name, tmp_path / "out.csv"
    file.write_bytes(content)
    result = run("predict", fitted_once, file, "--out", out, "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["rows"] == 3
    assert [row["text"].partition("\n")[0] for row in rows_of(out)] == list(TEXTS)
    assert [row["row"] for row in rows_of(out)] == ["1", "2", "3"]


@pytest.mark.parametrize("content", [b"", b"\x80\x04pickle", b"\x02" + bytes(7) + b"{}", bytes(99)])
def test_what_is_no_model_is_a_sentence(content: bytes) -> None:
    with pytest.raises(LossVizError, match="is no model that was saved here"):
        open_model(content, "m.safetensors")


def test_a_model_whose_numbers_were_changed_is_refused(tmp_path: Path) -> None:
    model, *_ = fitted(tmp_path)
    content = model.read_bytes()
    for place in (20, len(content) // 3, len(content) - 5):
        open_model(content[:place] + content[place:], "m")
        with pytest.raises(LossVizError, match="is no model"):
            open_model(content[:place], "m")
