"""``predict``: what a saved model says of new texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lossviz.commands._data import content_of, read, reading_options, sentences
from lossviz.commands._fit_report import probabilities_of, probability_columns
from lossviz.commands._output import json_option, place, say, spreadsheet_option, write_table
from lossviz.data import Table
from lossviz.errors import LossVizError
from lossviz.experiments.words import count

if TYPE_CHECKING:
    from lossviz.engine.predictions import Predicted
    from lossviz.engine.saved import SavedModel


@click.command(name="predict")
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--text", metavar="COLUMN", help="Text column. [default: named as in training]")
@reading_options
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write the predictions here, as CSV.  [required]"
)
@spreadsheet_option
@json_option
@sentences
def predict_command(
    model: Path,
    file: Path,
    text: str | None,
    out: Path | None,
    spreadsheet: bool,
    as_json: bool,
    **reading: Any,
) -> None:
    """Say what MODEL, which fit --save wrote, says of the texts in FILE, with all probabilities."""
    target = place(out, file, thing="predictions", example="predictions.csv")
    from lossviz.engine.saved import open_model

    saved = open_model(content_of(model), model.name)
    table = read(file, **reading, alone=saved.text if text is None else None)
    column = table.column(text if text is not None else saved.text)
    texts = table.cells(column)
    filled = [row for row, cell in enumerate(texts) if cell.strip()]
    if not filled:
        raise LossVizError(f"Every text in the column {column!r} of {file.name} is empty.")
    said = saved.predict([texts[row] for row in filled])
    columns = ["row", "text", *(f"predicted_{name}" for name in saved.schema.names), "p"]
    columns += probability_columns(saved.schema)
    rows = _rows(saved, said, table, [texts[row] for row in filled], filled)
    write_table(target, columns, rows, spreadsheet=spreadsheet)
    empty = len(texts) - len(filled)
    report = {
        "text": column,
        "rows": len(filled),
        "dropped": [{"reason": "empty text", "rows": empty}] if empty else [],
        "label": list(saved.schema.names),
        "out": str(out),
    }
    line = f"{out}: {count(len(filled), 'text')}" + (f", {empty:,} empty left out" if empty else "")
    say(report, as_json, lambda: [line])


def _rows(
    model: SavedModel, said: Predicted, table: Table, texts: list[str], places: list[int]
) -> Iterator[list[object]]:
    for k, row in enumerate(table.rows[places].tolist()):
        label = model.schema.decode(said.codes[k].tolist())
        yield [row, texts[k], *label, f"{said.p[k]:.6g}", *probabilities_of(said, k)]
