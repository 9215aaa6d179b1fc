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


def delimited(delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL, end: str = "\n") -> str:
    out = io.StringIO()
    quotes: dict[str, str] = {"escapechar": "\\"} if quoting == csv.QUOTE_NONE else {}
    kind = {0: csv.QUOTE_MINIMAL, 1: csv.QUOTE_ALL}[quoting]
    csv.writer(out, delimiter=delimiter, quoting=kind, lineterminator=end, **quotes).writerows(
        [NAMES, *ROWS]
    )
    return out.getvalue()


def _parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(RECORDS), out)
    return out.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    """A zip archive of these."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as own:
        for name, content in members.items():
            own.writestr(name, content)
    return out.getvalue()


_TYPES = """<?xml version="1.0"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook_members() -> dict[str, bytes]:
    """What an .xlsx file holds."""
    rows = "".join(
        f'<row r="{n}">'
        + "".join(
            f'<c r="{"ABC"[k]}{n}" t="inlineStr"><is><t>{_escaped(cell)}</t></is></c>'
            for k, cell in enumerate(row)
        )
        + "</row>"
        for n, row in enumerate([NAMES, *ROWS], start=1)
    )
    texts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Data" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>'
        "</worksheet>",
    }
    return {name: text.encode() for name, text in texts.items()}


def document_members() -> dict[str, bytes]:
    """What an .ods file holds."""
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{_escaped(cell)}</text:p>'
            "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in [NAMES, *ROWS]
    )
    content = (
        f'<office:document-content xmlns:office="{urn}:office:1.0" xmlns:table="{urn}:table:1.0" '
        f'xmlns:text="{urn}:text:1.0"><office:body><office:spreadsheet><table:table '
        f'table:name="Data">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = f'<m:manifest xmlns:m="{urn}:manifest:1.0"/>'
    return {
        "mimetype": kind.encode(),
        "META-INF/manifest.xml": manifest.encode(),
        "content.xml": content.encode(),
    }


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


SEEDS: dict[str, Callable[[], bytes]] = {
    "comma.csv": lambda: delimited().encode(),
    "semicolon.csv": lambda: delimited(";", csv.QUOTE_ALL, "\r\n").encode("utf-8-sig"),
    "tab.tsv": lambda: delimited("\t").encode("utf-16"),
    "western.csv": lambda: delimited("|").encode("cp1252", "replace"),
    "lines.jsonl": lambda: "\n".join(map(json.dumps, RECORDS)).encode(),
    "array.json": lambda: json.dumps(RECORDS, ensure_ascii=False, indent=1).encode(),
    "columns.parquet": _parquet,
    "book.xlsx": lambda: archive(workbook_members()),
    "sheet.ods": lambda: archive(document_members()),
    "packed.csv.gz": lambda: gzip.compress(delimited().encode(), mtime=0),
    "packed.zip": lambda: archive({"inner.csv": delimited().encode()}),
}
"""By name, the file."""
