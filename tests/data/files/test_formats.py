"""The formats that are not delimited text: every cell comes back, and nothing else does."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import read_table
from lossviz.data.files.cells import Cells
from lossviz.data.files.compression import unpack
from lossviz.data.files.formats import FORMATS, _base, recognise
from lossviz.errors import LossVizError
from tests.support.examples import examples
from tests.support.workbooks import (
    ods,
    ods_cell,
    ods_row,
    ods_rows,
    sheet_rows,
    text_cell,
    xlsx,
    zipped,
)

ROWS = [["text", "label"], ["good", "A|C"], ["", "+1"], ["NA", "-Ms"]]
# XML has no control characters, and a carriage return in it is a line end.
LETTERS = st.characters(codec="utf-8", exclude_characters="\0")
XML_LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), include_characters="\n")
CELLS = st.text(LETTERS, max_size=12)
# A space at the end of a cell is the workbook's business; `_x0041_` is how XLSX writes an A.
XML_CELLS = st.text(XML_LETTERS, min_size=1, max_size=12).filter(
    lambda own: own == own.strip() and not {"_x", "\ufffe", "\uffff"} & set(own)
)


def grids(cells: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    return st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(cells, min_size=width, max_size=width), min_size=2, max_size=6
        )
    )


def read(content: bytes, name: str = "reviews", sheet: str | None = None) -> Cells:
    unpacked = unpack(content, name)
    kind = recognise(unpacked.content, unpacked.name)
    assert kind is not None, content[:100]
    return kind.read(unpacked.content, name, sheet=sheet)


def as_objects(rows: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def as_lines(rows: Sequence[Sequence[str]]) -> bytes:
    return "\n".join(map(json.dumps, as_objects(rows))).encode()


def as_json(rows: Sequence[Sequence[str]]) -> bytes:
    return json.dumps(as_objects(rows), indent=1).encode()


def as_parquet(columns: dict[str, Any], **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **options)
    return out.getvalue()


def as_columns(rows: Sequence[Sequence[str]]) -> bytes:
    return as_parquet(dict(zip(rows[0], zip(*rows[1:], strict=True), strict=True)))


WRITERS: dict[str, Callable[[Sequence[Sequence[str]]], bytes]] = {
    "jsonl": as_lines,
    "json": as_json,
    "parquet": as_columns,
    "xlsx": lambda rows: xlsx({"A": sheet_rows(rows)}),
    "ods": lambda rows: ods({"A": ods_rows(rows)}),
}
every_writer = pytest.mark.parametrize("written", WRITERS)


# The contract


def test_ids_and_places_in_the_list_are_unique_and_every_format_is_tested() -> None:
    for field in ("id", "order", "title"):
        assert len({getattr(own, field) for own in FORMATS.values()}) == len(FORMATS) >= 4
    assert list(FORMATS) == sorted(FORMATS, key=lambda name: FORMATS[name].order)
    assert all(own.id == name for name, own in FORMATS.items())
    known = [form for own in FORMATS.values() for form in own.formats]
    assert len(known) == len(set(known))
    assert set(known) - set(WRITERS) == {"xls", "xlsb", "fasttext"}  # the last one in test_exports


@every_writer
def test_it_is_recognised_by_its_content_and_gives_cells(written: str) -> None:
    content = WRITERS[written](ROWS)
    kinds = [own for own in FORMATS.values() if own.recognises(content, "no-ending")]
    assert len(kinds) == 1
    cells = kinds[0].read(content, "no-ending")
    assert cells.format.format == written
    assert written in kinds[0].formats
    rows = list(cells.rows)
    assert ([list(cells.names), *rows] if cells.names else rows) == ROWS
    assert cells.width == 2
    assert cells.notes
    assert all(note.endswith(".") for note in cells.notes)


@every_writer
def test_a_cell_of_more_than_a_million_characters_is_refused(written: str) -> None:
    content = WRITERS[written]([["text", "label"], ["a", "b"], ["x" * 1_000_001, "c"]])
    with pytest.raises(LossVizError, match=r"cell of 1,000,001\s+characters"):
        list(read(content).rows)


@every_writer
def test_more_than_two_thousand_columns_are_refused(written: str) -> None:
    row = [f"c{number}" for number in range(2_001)]
    with pytest.raises(LossVizError, match="2,001"):
        list(read(WRITERS[written]([row, row])).rows)


@every_writer
def test_too_many_cells_are_refused(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = WRITERS[written]([["text", "label"], *[["a", "b"]] * 30])
    monkeypatch.setattr(_base, "MAX_CELLS", 40)
    with pytest.raises(LossVizError, match="at most 40"):
        list(read(content).rows)


@every_writer
def test_texts_that_are_too_long_together_are_refused(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = WRITERS[written]([["text", "label"], *[["a" * 100, "b"]] * 30])
    monkeypatch.setattr(_base, "MAX_CHARACTERS", 2_000)
    with pytest.raises(LossVizError, match=r"at most .* and 2,000 can be read"):
        list(read(content).rows)


@examples(300)
@given(
    written=st.sampled_from(list(WRITERS)),
    edits=st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), max_size=6),
    cut=st.integers(0, 300),
)
def test_a_changed_file_gives_cells_or_a_sentence(
    written: str, edits: list[tuple[int, int]], cut: int
) -> None:
    content = bytearray(WRITERS[written](ROWS))
    for at, value in edits:
        content[at % len(content)] = value
    damaged = bytes(content[: max(1, len(content) - cut)])
    try:
        unpacked = unpack(damaged, "f")
        kind = recognise(unpacked.content, unpacked.name)
        if kind is not None:
            cells = kind.read(unpacked.content, "f")
            assert all(isinstance(cell, str) for row in cells.rows for cell in row)
    except LossVizError as error:
        assert str(error).endswith(".")


def test_reading_formats_loads_neither_streamlit_nor_torch() -> None:
    code = (
        "import sys, lossviz.data.files.formats\n"
        "assert not {'streamlit', 'torch', 'sklearn'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# Round trips


@given(
    rows=grids(CELLS).filter(lambda own: len(set(own[0])) == len(own[0])),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    end=st.sampled_from(["\n", "\r\n", "\n\n"]),
    ascii_only=st.booleans(),
)
def test_json_lines_come_back(
    rows: list[list[str]], encoding: str, end: str, ascii_only: bool
) -> None:
    lines = end.join(json.dumps(own, ensure_ascii=ascii_only) for own in as_objects(rows))
    cells = read(lines.encode(encoding))
    assert cells.format.format == "jsonl"
    assert [list(cells.names or ()), *cells.rows] == rows


@given(
    rows=grids(CELLS).filter(lambda own: len(set(own[0])) == len(own[0])),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    indent=st.sampled_from([None, 2]),
)
def test_json_comes_back_in_every_arrangement(
    rows: list[list[str]], encoding: str, indent: int | None
) -> None:
    objects = as_objects(rows)
    columns = {name: [own[name] for own in objects] for name in rows[0]}
    pandas = {name: {str(k): own[name] for k, own in enumerate(objects)} for name in rows[0]}
    for value in (objects, {"data": objects}, {"n": 1, "rows": objects, "x": [2]}, columns, pandas):
        cells = read(json.dumps(value, indent=indent).encode(encoding), "f.json")
        assert cells.format.format == "json"
        assert [list(cells.names or ()), *cells.rows] == rows
    lists = read(json.dumps(rows, indent=indent).encode(encoding), "f.json")
    assert lists.names is None
    assert list(lists.rows) == rows


@given(
    rows=grids(CELLS).filter(lambda own: len(set(own[0])) == len(own[0])),
    dictionary=st.booleans(),
    compression=st.sampled_from(["none", "snappy", "gzip", "zstd"]),
)
def test_parquet_comes_back(rows: list[list[str]], dictionary: bool, compression: str) -> None:
    columns = dict(zip(rows[0], zip(*rows[1:], strict=True), strict=True))
    content = as_parquet(columns, use_dictionary=dictionary, compression=compression)
    cells = read(content)
    assert [list(cells.names or ()), *cells.rows] == rows


@given(rows=grids(XML_CELLS), top=st.integers(0, 5), left=st.integers(0, 30))
def test_workbooks_come_back(rows: list[list[str]], top: int, left: int) -> None:
    """From anywhere on the sheet, with their texts in the cells, or shared."""
    texts = sorted({cell for row in rows for cell in row})
    shared = [[f"{texts.index(cell)}" for cell in row] for row in rows]
    by_number = sheet_rows(shared, top, left).replace('t="inlineStr"', 't="s"')
    by_number = by_number.replace('<is><t xml:space="preserve">', "<v>").replace(
        "</t></is>", "</v>"
    )
    items = "".join(text_cell("A1", own).partition(">")[2].removesuffix("</c>") for own in texts)
    strings = f"<sst>{items.replace('is>', 'si>')}</sst>"
    for content in (
        xlsx({"A": sheet_rows(rows, top, left)}),
        xlsx({"A": by_number}, sharedStrings=strings),
        ods({"A": ods_rows(rows)}),
    ):
        cells = read(content)
        assert cells.width == len(rows[0])
        assert list(cells.rows) == rows


def test_a_sheet_of_many_short_rows_is_no_bomb() -> None:
    """Every row of an ODS sheet ends with some 16,000 empty cells in one tag."""
    rows = [["a text", str(number)] for number in range(20_000)]
    assert list(read(ods({"A": ods_rows(rows)})).rows) == rows


# JSON


def test_values_are_spelled_as_in_the_file() -> None:
    line = (
        b'{"i": 007, "s": "x"}'.replace(b"007", b"7")[:-1]
        + b', "f": 1.50, "e": 1E5, "big": 123456789012345678901234567890, "n": null, "t": true, '
        b'"no": false, "nan": NaN, "inf": -Infinity, "list": ["A", "C"], "numbers": [1, 2.0], '
        b'"none": [], "o": {"p": {"q": 1}}, "mixed": [{"a": 1.0}, [true]], "empty": {}}'
    )
    cells = read(line + b"\n" + line)
    assert dict(zip(cells.names or (), next(cells.rows), strict=True)) == {
        "i": "7", "s": "x", "f": "1.50", "e": "1E5", "big": "123456789012345678901234567890",
        "n": "", "t": "true", "no": "false", "nan": "NaN", "inf": "-Infinity", "list": "A|C",
        "numbers": "1|2.0", "none": "", "o.p.q": "1", "mixed": '[{"a":1.0},[true]]', "empty": "",
    }  # fmt: skip


def test_columns_are_the_union_of_the_keys_in_order_of_appearance() -> None:
    cells = read(b'{"text": "a"}\n{"label": "x", "text": "b"}\n\n{"z": 1}\n')
    assert cells.names == ("text", "label", "z")
    assert list(cells.rows) == [["a", "", ""], ["b", "x", ""], ["", "", "1"]]


def test_objects_that_are_deep_end_as_json() -> None:
    cells = read(b'{"a": {"b": {"c": {"d": {"e": 1}}}}}\n{"a": 2}')
    assert cells.names == ("a.b.c.d", "a")
    assert list(cells.rows) == [['{"e":1}', ""], ["", "2"]]


def test_what_is_no_text_is_replaced_and_counted() -> None:
    cells = read(b'{"t": "ok"}\n{"t": "a\xff\xfe", "u": "\\ud800 \\u0000 \\ud83d\\ude00"}')
    assert list(cells.rows) == [["ok", ""], ["a\ufffd\ufffd", "\ufffd \ufffd 😀"]]
    assert "4 byte(s) or character(s) that are no text, the first in line 2," in cells.notes[-1]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"a": 1}\n{"a": 2,}\n', "Line 2 of reviews is not one JSON value"),
        (b'{"a": 1}\n{"a": "b\n{"a": 2}', 'It begins \'{"a": "b\''),
        (b'{"a": 1}\n{"a": 2} {"a": 3}\n', "'{\"a\": 3}' follows the value"),
        (b'{"a": 1}\n[1, 2]\n', "Line 2 of reviews is a list; expected an object"),
        (b'{"a": 1}\n{"b": 2}\n3\n', "Line 3 of reviews is a number"),
        (b"[1]\n[2]\n{}\n", "Line 3 of reviews is an object; expected a list"),
        (b'{"a": 1}\n{"a": ' + b"[" * 100_000, "nested too deeply"),
        (b"{}\n{}\n", "only empty objects"),
        (b'[{"a": 1},]', "in line 1: a comma stands before the end of the array"),
        (b'[{"a": 1}\n{"a": 2}]', "in line 2: expected a comma, or the end of the array"),
        (b'[{"a": 1},\n{"a": 2', "in line 2:"),
        (b'[{"a": 1}] [', "something follows the end of the array"),
        (b'[{"a": 1}, 2]', "Row 2 of reviews is a number"),
        (b'[\n {"a": 1},\n {"a" 2}\n]', "in line 3:"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": [1, 2], "b": [1]}', "'a' has 2 cells, 'b' has 1"),
        (b'{\n "a": 1\n}\n{\n "a": 2\n}\n', "in line 4: something follows the object"),
        (b'{"data": [[1, 2], [3, 4]]', "the file ends"),
        (b'{"data": []}', "no rows"),
        (b"[\n]", "no rows"),
    ],
    ids=lambda own: own[:30] if isinstance(own, str) else "content",
)
def test_what_is_wrong_in_json_is_said_with_its_place(content: bytes, sentence: str) -> None:
    name = "reviews.json" if content.startswith(b"[{") else "reviews"
    with pytest.raises(LossVizError) as caught:
        list(read(content, name).rows)
    assert sentence in str(caught.value).replace("reviews.json", "reviews")


@pytest.mark.parametrize(
    "content",
    [
        b"text,label\n{a},b\n",
        b"[good],label\nx,y\n",
        b'{"a": 1}\ttext\n{"a": 2}\ttext\n',
        b'["a", "b"];1\n["c"];2\n',
        b"{curly} text\tlabel\n",
        b"",
    ],
)
def test_delimited_text_with_braces_is_not_json(content: bytes) -> None:
    assert recognise(content, "reviews.csv") is None


def test_rows_times_keys_are_bounded_before_a_row_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = json.dumps({f"k{n}": 1 for n in range(1_500)}).encode()
    with pytest.raises(LossVizError, match="30,001,500 cells; at most 20,000,000"):
        read(keys + b"\n{}" * 20_000)


# Parquet


def test_every_type_is_written_as_a_table_has_it() -> None:
    moment = dt.datetime(2024, 1, 2, 3, 4, 5, 500_000)
    cells = read(
        as_parquet(
            {
                "int": [1, None],
                "float": [2.0, 0.5],
                "single": pa.array([0.1, 3], pa.float32()),
                "bool": [True, False],
                "date": [dt.date(2024, 1, 2), None],
                "moment": [moment, dt.datetime(2024, 1, 2)],
                "zone": pa.array([moment, None], pa.timestamp("us", "Europe/Berlin")),
                "word": pa.array(["A", None]).dictionary_encode(),
                "bytes": [b"caf\xc3\xa9", b"\xff"],
                "list": [["A", "C"], None],
                "struct": [{"x": 1, "y": {"z": "w"}}, None],
                "deep": [[{"x": 1.5}], []],
                "null": pa.nulls(2),
            }
        )
    )
    assert cells.names is not None
    assert cells.names[10:13] == ("struct.x", "struct.y.z", "deep")
    assert list(cells.rows) == [
        ["1", "2", "0.1", "true", "2024-01-02", "2024-01-02T03:04:05.5",
         "2024-01-02T04:04:05.5+0100", "A", "café", "A|C", "1", "w", '[{"x":1.5}]', ""],
        ["", "0.5", "3", "false", "", "2024-01-02T00:00:00", "", "", "\ufffd", "", "", "", "", ""],
    ]  # fmt: skip
    assert "1 byte(s) or character(s)" in cells.notes[-1]


def test_a_long_text_that_many_rows_share_is_held_once() -> None:
    shared = pa.DictionaryArray.from_arrays(pa.array([0] * 5_000, pa.int32()), ["x" * 900_000])
    content = as_parquet({"t": shared, "l": ["a"] * 5_000})
    assert len(content) < 1_000_000
    with pytest.raises(LossVizError, match=r"at most .* and 536,870,912 can be read"):
        list(read(content).rows)


def test_what_a_parquet_file_says_of_its_size_is_looked_at_first() -> None:
    content = as_parquet({f"c{n}": pa.nulls(1_000_000) for n in range(21)})
    with pytest.raises(LossVizError, match="1,000,000 rows and 21 columns"):
        read(content)


# Workbooks


def test_the_first_sheet_with_a_table_is_read_and_the_others_are_named() -> None:
    sheets = {
        "Notes": sheet_rows([["Read me"]]),
        "Data": sheet_rows(ROWS),
        "More": sheet_rows(ROWS),
    }
    cells = read(xlsx(sheets))
    assert cells.format.part == "Data"
    assert "'Notes', 'More'" in " ".join(cells.notes)
    chosen = read(xlsx(sheets), sheet="More")
    assert (chosen.format.part, list(chosen.rows)) == ("More", ROWS)
    with pytest.raises(LossVizError, match=r"no sheet 'Mor'. Its sheets are: 'Notes',"):
        read(xlsx(sheets), sheet="Mor")
    with pytest.raises(LossVizError, match="'Notes' of reviews has no two rows with two cells"):
        read(xlsx(sheets), sheet="Notes")


@pytest.mark.parametrize("write", [lambda own: xlsx({"A": sheet_rows(own)}), WRITERS["ods"]])
def test_a_title_and_empty_rows_above_the_table_are_left_out(
    write: Callable[[Sequence[Sequence[str]]], bytes],
) -> None:
    cells = read(write([["Results 2024", ""], ["", ""], *ROWS, ["", ""], ["x", "y"]]))
    assert list(cells.rows) == [*ROWS, ["x", "y"]]
    assert "1 row(s) above the table left out" in cells.notes[-1]


def test_numbers_dates_and_errors_of_a_workbook() -> None:
    values = (
        '<c r="A2"><v>3</v></c><c r="B2"><v>0.5</v></c><c r="C2" t="b"><v>1</v></c>'
        '<c r="D2" t="e"><v>#N/A</v></c><c r="E2" t="str"><f>1+1</f><v>=1+1</v></c>'
        '<c r="F2"><v>1e300</v></c><c r="G2" s="1"><v>45293</v></c>'
    )
    kinds = '<xf numFmtId="0"/><xf numFmtId="14"/>'
    styles = f'<styleSheet><cellXfs count="2">{kinds}</cellXfs></styleSheet>'
    head = sheet_rows([list("abcdefg")])
    cells = read(xlsx({"A": f'{head}<row r="2">{values}</row>'}, styles=styles))
    assert list(cells.rows)[1] == ["3", "0.5", "TRUE", "", "=1+1", "1e+300", "2024-01-02"]


def test_formats_far_from_the_table_are_no_cells() -> None:
    """Whole columns that were coloured reach to the end of the grid."""
    rows = sheet_rows(ROWS).replace("</row>", '<c r="XFD1" s="3"/></row>', 1)
    cells = read(xlsx({"A": rows + '<row r="1048576"><c r="A1048576" s="3"/></row>'}))
    assert list(cells.rows) == ROWS


def corner(reference: str, cell: str = '<c r="{}"><v>1</v></c>') -> str:
    return sheet_rows(ROWS) + f'<row r="9">{cell.format(reference)}</row>'


FAR = '<table:table-cell table:number-columns-repeated="99999"/>'
REPEATED = ods_row(ods_cell("a"), 'table:number-rows-repeated="1048576"')


@pytest.mark.parametrize(
    "content",
    [
        xlsx({"A": corner("XFD1048576")}),
        xlsx({"A": corner("ZZZ9")}),
        xlsx({"A": corner("XFD1048576", "<c r = '{}'><v>1</v></c>")}),
        xlsx({"A": corner("XFD1048576", '<x:c t="n" r="{}" s="1"><v>1</v></x:c>')}),
        xlsx({"A": corner("xfd1048576")}),
        xlsx({"A": corner("A99999999999")}),
        xlsx({"A": '<row r="1048576">' + "<c><v>1</v></c>" * 9 + "</row>" + sheet_rows(ROWS)}),
        xlsx({"A": "<row>" + "<c><v>1</v></c>" * 2_001 + "</row>"}),
        xlsx({"A": "<row/>" * 900_000 + "<row>" + "<c><v>1</v></c>" * 9 + "</row>"}),
        xlsx({"A": sheet_rows(ROWS), "B": corner("XFD1048576")}),
        ods({"A": ods_row(ods_cell("a", 'table:number-columns-repeated="16384"'))}),
        ods({"A": ods_row(ods_cell("a") * 9, 'table:number-rows-repeated="1048576"')}),
        ods({"A": ods_rows(ROWS), "B": REPEATED + REPEATED}),
        ods(
            {
                "A": ods_row("", 'table:number-rows-repeated="99999999999"')
                + ods_row(ods_cell("a") * 2)
            }
        ),
        ods({"A": ods_row(ods_cell("a") + FAR + ods_cell("b"))}),
    ],
    ids=map(str, range(15)),
)
def test_few_bytes_that_stand_for_very_many_cells_are_refused(content: bytes) -> None:
    assert len(content) < 200_000
    with pytest.raises(LossVizError, match=r"reaches to row .* at most 2,000 columns"):
        read(content)


def test_texts_that_are_stored_once_and_used_often_are_refused() -> None:
    cells = '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' * 1_000
    strings = f"<sst><si><t>{'x' * 900_000}</t></si></sst>"
    with pytest.raises(LossVizError, match="repeats long texts so often"):
        read(xlsx({"A": cells}, sharedStrings=strings))
    spaces = '<table:table-cell office:value-type="string"><text:p><text:s text:c="{}"/></text:p>'
    many = ods_row((spaces.format("9999999999") + "</table:table-cell>") * 2)
    with pytest.raises(LossVizError, match="repeats long texts so often"):
        read(ods({"A": many * 2}))
    repeated = ods_row(ods_cell("x" * 100_000) * 2, 'table:number-rows-repeated="50000"')
    with pytest.raises(LossVizError, match="repeats long texts so often"):
        read(ods({"A": repeated}))


def test_a_long_text_and_many_numbers_are_not_taken_for_one_text_used_often() -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c><c r="B{n}"><v>0</v></c></row>'
        for n in range(1, 2_001)
    )
    items = "".join(f"<si><t>{n}{'x' * 900_000 * (n == 0)}</t></si>" for n in range(2_000))
    cells = list(read(xlsx({"A": rows}, sharedStrings=f"<sst>{items}</sst>")).rows)
    assert len(cells) == 2_000
    assert cells[1_999] == ["1999", "0"]


@pytest.mark.parametrize("name", ["bomb.ods", "bomb.xlsx"])
def test_entities_are_not_expanded(name: str) -> None:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    prologue = f'<!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">{entities}]>'
    if name == "bomb.ods":
        row = ods_row(ods_cell("a").replace(">a<", ">&e9;<") * 2)
        content = ods({"A": row * 2}, prologue=prologue)
    else:
        row = sheet_rows([["@", "a"], ["@", "b"]]).replace("@", "&e9;")
        content = xlsx({"A": row}, prologue=prologue)
    with pytest.raises(LossVizError, match="damaged"):
        list(read(content, name).rows)


def test_an_encoding_that_a_workbook_claims_is_not_believed() -> None:
    with zipfile.ZipFile(io.BytesIO(ods({"A": ods_rows(ROWS)}))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["content.xml"] = parts["content.xml"].replace(b'"UTF-8"', b'"ETF-8"')
    assert list(read(zipped(parts)).rows) == ROWS


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (xlsx({}), "no sheet with two rows of two cells"),
        (xlsx({"A": sheet_rows([["a"], ["b"]])}), "no sheet with two rows of two cells"),
        (xlsx({"A": sheet_rows(ROWS)[:-9]}), "damaged workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000), "damaged workbook"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "protected with a password",
        ),
    ],
)
def test_a_workbook_that_cannot_be_read_is_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(LossVizError, match="reviews") as caught:
        list(read(content).rows)
    assert sentence in str(caught.value)


def test_names_of_the_format_itself_are_no_first_row_that_somebody_chose() -> None:
    lines = "\n".join(json.dumps({"text": f"a text {n}", "label": "AB"[n % 2]}) for n in range(12))
    assert not any("first row" in note for note in read_table(lines.encode(), "x.jsonl").notes)
