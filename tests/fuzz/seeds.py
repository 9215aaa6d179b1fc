"""Files that can be read, one of each kind, for others to be made of."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq

from tests.support.workbooks import ods, ods_rows, sheet_rows, xlsx, zipped

TEXTS = (
    "a fine day, they said",
    'the "best" film of the year',
    "what a waste\nof time",
    "übrigens: schön war's",
    "это было хорошо",
    "今天天气很好",
    "كان الفيلم جميلا",
    "=1+1 is two",
    "<b>bold</b> & more",
    "plain words only",
)
LABELS = ("A|C", "A|D", "B|C", "B|D")
ROWS = [[text, LABELS[n % 4], str(n)] for n, text in enumerate(TEXTS * 3)]
NAMES = ["text", "label", "id"]
RECORDS = [dict(zip(NAMES, row, strict=True)) for row in ROWS]


def delimited(delimiter: str = ",", end: str = "\n", *, quoted: bool = False) -> str:
    out = io.StringIO()
    kind = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=delimiter, quoting=kind, lineterminator=end)
    writer.writerows([NAMES, *ROWS])
    return out.getvalue()


PAIRS = [(text, *label.split("|")) for text, label, _ in ROWS]


def _marked(text: str, first: str, second: str) -> str:
    """A line of fastText."""
    return f"__label__{first} __label__{second} {' '.join(text.split())}\n"


def _task(text: str, first: str, second: str) -> dict[str, object]:
    """A task of Label Studio with its annotation."""
    result = [
        {"from_name": name, "value": {"choices": [value]}}
        for name, value in (("one", first), ("two", second))
    ]
    return {"data": {"text": text}, "annotations": [{"was_cancelled": False, "result": result}]}


def _parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(RECORDS), out)
    return out.getvalue()


def members(packed: bytes) -> dict[str, bytes]:
    """What a zip archive holds."""
    with zipfile.ZipFile(io.BytesIO(packed)) as own:
        return {name: own.read(name) for name in own.namelist()}


SEEDS: dict[str, Callable[[], bytes]] = {
    "comma.csv": lambda: delimited().encode(),
    "semicolon.csv": lambda: delimited(";", "\r\n", quoted=True).encode("utf-8-sig"),
    "tab.tsv": lambda: delimited("\t").encode("utf-16"),
    "western.csv": lambda: delimited("|").encode("cp1252", "replace"),
    "lines.jsonl": lambda: "\n".join(map(json.dumps, RECORDS)).encode(),
    "array.json": lambda: json.dumps(RECORDS, ensure_ascii=False, indent=1).encode(),
    "columns.parquet": _parquet,
    "book.xlsx": lambda: xlsx({"Data": sheet_rows([NAMES, *ROWS])}),
    "sheet.ods": lambda: ods({"Data": ods_rows([NAMES, *ROWS])}),
    "labels.txt": lambda: "".join(_marked(*row) for row in PAIRS).encode(),
    "tasks.json": lambda: json.dumps([_task(*row) for row in PAIRS], indent=1).encode(),
    "survey.csv": lambda: b"".join((b"Export of May\n\n", delimited(";").encode(), b"Total;30;\n")),
    "packed.csv.gz": lambda: gzip.compress(delimited().encode(), mtime=0),
    "packed.zip": lambda: zipped({"inner.csv": delimited()}),
}
"""By name, the file."""
