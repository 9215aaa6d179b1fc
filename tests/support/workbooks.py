"""Workbooks for tests, made by hand: what a library would never write is what has to be refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = " ".join(
    f'xmlns:{own}="urn:oasis:names:tc:opendocument:xmlns:{own}:1.0"'
    for own in ("office", "table", "text")
)
HIDDEN = ' state="hidden"'
Grid = Sequence[Sequence[str]]


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    """A zip archive with these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def letters(column: int) -> str:
    """The letters of a column, 0-based.

    >>> letters(0), letters(16383)
    ('A', 'XFD')
    """
    left, last = divmod(column, 26)
    return (letters(left - 1) if left else "") + chr(65 + last)


def text_cell(reference: str, text: str) -> str:
    """A cell with its text in it."""
    shown = f'<is><t xml:space="preserve">{escape(text)}</t></is>'
    return f'<c r="{reference}" t="inlineStr">{shown}</c>'


def sheet_rows(grid: Grid, top: int = 0, left: int = 0) -> str:
    """The rows of a sheet with these texts, the first cell at this place."""
    return "".join(
        f'<row r="{top + y + 1}">'
        + "".join(
            text_cell(f"{letters(left + x)}{top + y + 1}", cell) for x, cell in enumerate(row)
        )
        + "</row>"
        for y, row in enumerate(grid)
    )


def xlsx(
    sheets: Mapping[str, str],
    *,
    prologue: str = "",
    after: str = "",
    hidden: int = 0,
    **others: str,
) -> bytes:
    """A workbook with sheets of these rows, as XML.

    :param prologue: before the root of each sheet.
    :param after: behind the rows of each sheet.
    :param hidden: so many of the first sheets are.
    :param others: parts below ``xl/``; ``sharedStrings`` for example.
    """
    numbers = range(1, len(sheets) + 1)
    entries = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{k}" r:id="rId{k}"{HIDDEN * (k <= hidden)}/>'
        for k, name in zip(numbers, sheets, strict=True)
    )
    relations = "".join(
        f'<Relationship Id="rId{k}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{k}.xml"/>'
        for k in numbers
    )
    workbook = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{entries}</sheets></workbook>'
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}'
        "</Relationships>",
    }
    for k, rows in zip(numbers, sheets.values(), strict=True):
        parts[f"xl/worksheets/sheet{k}.xml"] = (
            f'<?xml version="1.0" encoding="UTF-8"?>{prologue}<worksheet xmlns="{MAIN}">'
            f"<sheetData>{rows}</sheetData>{after}</worksheet>"
        )
    return zipped(parts | {f"xl/{name}.xml": content for name, content in others.items()})


def ods_cell(text: str, attributes: str = "") -> str:
    """A cell with its text in it; line ends are paragraphs, spaces are elements."""
    lines = "".join(
        f"<text:p>{escape(line).replace(' ', '<text:s/>')}</text:p>" for line in text.split("\n")
    )
    return f'<table:table-cell office:value-type="string" {attributes}>{lines}</table:table-cell>'


def ods_row(cells: str, attributes: str = "") -> str:
    """A row of these cells, as XML."""
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def ods_rows(grid: Grid) -> str:
    """The rows of a sheet with these texts, and the empty ones that LibreOffice writes below."""
    rows = "".join(
        ods_row(
            "".join(map(ods_cell, row))
            + f'<table:table-cell table:number-columns-repeated="{16_384 - len(row)}"/>'
        )
        for row in grid
    )
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    return rows + ods_row(empty, f'table:number-rows-repeated="{1_048_576 - len(grid)}"')


def ods(sheets: Mapping[str, str], *, prologue: str = "") -> bytes:
    """An OpenDocument workbook with sheets of these rows, as XML."""
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{rows}</table:table>"
        for name, rows in sheets.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prologue}<office:document-content {NAMESPACES}>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    return zipped({"mimetype": ODS, "META-INF/manifest.xml": manifest, "content.xml": content})
