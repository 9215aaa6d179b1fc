"""Small nasty files, and what has to come of each: one table.

The files in ``corpus/`` can be opened and looked at. What is binary, or large, is made here.
"""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lossviz.data import build_dataset, propose_mapping, read_table
from lossviz.errors import LossVizError
from tests.conftest import ROOT
from tests.support.workbooks import ods, ods_cell, ods_row, ods_rows, sheet_rows, xlsx, zipped

CORPUS = Path(__file__).parent / "corpus"
BOMB = 600 << 20
TEXTS = (
    *("The room was warm and quiet", "Nobody answered the phone", "The train came on time"),
    *("My soup was cold again", "A lovely garden behind the house", "The lift was out of order"),
)
PAIRS = [[text, ("good", "bad")[n % 2]] for n, text in enumerate(TEXTS)]
TABLE = [["text", "label"], *PAIRS]
FEW = [[text, label] for text, label in PAIRS[:2]]


@dataclass(frozen=True)
class Read:
    """A file that is read.

    :param first: its first row.
    :param note: what one of the notes says.
    :param last: the last cell of its last row.
    """

    columns: tuple[str, ...]
    rows: int
    first: tuple[str, ...]
    note: str = ""
    last: str = "bad"


@dataclass(frozen=True)
class Refused:
    """A file that is refused, and what the sentence says."""

    sentence: str


USUAL = ("text", "label")
FIRST = (TEXTS[0], "good")
GERMAN = ("Das Öl ist für uns zu heiß", "mäßig")


def usual(note: str = "") -> Read:
    return Read(USUAL, 6, FIRST, note)


def german(note: str) -> Read:
    return Read(USUAL, 8, GERMAN, note, last="gut")


FILES: dict[str, Read | Refused] = {
    # Delimiters, header, columns
    "comma.csv": usual("separated by comma"),
    "semicolon.csv": usual("separated by semicolon"),
    "tab.tsv": usual("separated by tab"),
    "pipe.txt": usual("separated by"),
    "caret.txt": usual("separated by"),
    "tilde.txt": usual("separated by"),
    "no_header.csv": Read(("column 1", "column 2"), 6, FIRST, "There is no header"),
    "label_first.csv": Read(("label", "text"), 6, FIRST[::-1], last=TEXTS[-1]),
    "several_labels.csv": Read(("mood", "text", "topic"), 6, ("good", TEXTS[0], "A"), last="C"),
    "index_column.csv": Read(("column 1", *USUAL), 6, ("0", *FIRST), "numbers the rows"),
    "index_without_name.csv": Read(("column 1", *USUAL), 12, ("0", *FIRST), "numbers the rows"),
    "empty_trailing_columns.csv": usual("3 empty column(s)"),
    # Quotes and line ends
    "tripled_quotes.csv": Read(USUAL, 6, (f'"{TEXTS[0]}"', "good")),
    "odd_quote.csv": Read(USUAL, 18, FIRST, "were kept"),
    "embedded_newlines.csv": Read(USUAL, 6, (f"{TEXTS[0]}\nand a second line", "good")),
    "crlf_with_bare_lf.csv": Read(USUAL, 6, (f"{TEXTS[0]}\nsecond", "good")),
    # Encodings
    "utf8_bom.csv": german("utf-8-sig"),
    "utf16_le_bom.csv": german("utf-16"),
    "utf16_be_bom.csv": german("utf-16"),
    "utf16_le.csv": german("utf-16-le"),
    "utf16_be.csv": german("utf-16-be"),
    "latin1.csv": german("Latin-1"),
    "cp1252.csv": Read(USUAL, 9, GERMAN, "Windows-1252", last="gut"),
    "invalid_bytes.csv": Read(USUAL, 32, GERMAN, "4 ", last="gut"),
    # Values
    "values_that_look_missing.csv": Read(USUAL, 12, (TEXTS[0], "NULL"), last="nan"),
    "formulas.csv": Read(USUAL, 6, (f"=1+1 {TEXTS[0]}", "good")),
    "html_and_script.csv": Read(
        USUAL,
        6,
        (f"<script>alert(0)</script> {TEXTS[0]}", "<img src=x onerror=alert(0)>"),
        last="<img src=x onerror=alert(1)>",
    ),
    "control_characters.csv": Read(USUAL, 6, ("The r\x07\x1b[31moom was warm and quiet", "good")),
    "right_to_left.csv": Read(USUAL, 4, ("كان الفندق نظيفا جدا", "جيد"), last="سيئ"),
    "chinese.csv": Read(USUAL, 4, ("房间很干净也很安静", "好"), last="差"),
    "thai.csv": Read(USUAL, 4, ("ห้องพักสะอาดและเงียบมาก", "ดี"), last="แย่"),
    # JSON
    "objects.jsonl": usual("Read as JSON Lines"),
    "compound.jsonl": Read(USUAL, 6, (TEXTS[0], "B"), last="A|C"),
    "objects.json": usual("Read as JSON"),
    "under_a_key.json": usual("the elements of 'data'"),
    "lists.json": usual("The first row holds the columns' names"),
    "columns.json": usual("every key is a column"),
    "broken_line.jsonl": Refused("Line 2 of broken_line.jsonl is not one JSON value"),
    "trailing_comma.json": Refused("in line 4: a comma stands before the end"),
    "concatenated.json": Refused("in line 5: something follows the object"),
    # What is no table
    "web_page.csv": Refused("is a web page or XML"),
    "one_column.csv": Refused("has only one column"),
    "header_only.csv": Refused("but no rows below it"),
    "nul_bytes.csv": Refused("has a NUL byte in line 2"),
    "empty.csv": Refused("is empty"),
}


def as_csv(rows: list[list[str]] = TABLE) -> bytes:
    return "".join(",".join(row) + "\n" for row in rows).encode()


def as_parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(dict(zip(USUAL, zip(*PAIRS, strict=True), strict=True))), out)
    return out.getvalue()


def packed_zeros(size: int, wbits: int) -> bytes:
    """A megabyte of zeros again and again, packed."""
    packer, piece = zlib.compressobj(9, zlib.DEFLATED, wbits), bytes(1 << 20)
    return b"".join([*(packer.compress(piece) for _ in range(size >> 20)), packer.flush()])


def zip_bomb() -> bytes:
    """A zip archive with more in it than can be unpacked, packed to less than a megabyte."""
    honest = zipped({"a.csv": bytes(100)})
    body = packed_zeros(BOMB, -15)
    head = bytearray(honest[: 30 + len("a.csv")])
    head[18:22] = len(body).to_bytes(4, "little")
    entry = bytearray(honest[honest.rindex(b"PK\x01\x02") : honest.rindex(b"PK\x05\x06")])
    entry[20:24] = len(body).to_bytes(4, "little")
    entry[24:28] = BOMB.to_bytes(4, "little")
    end = bytearray(honest[honest.rindex(b"PK\x05\x06") :])
    end[16:20] = (len(head) + len(body)).to_bytes(4, "little")
    return bytes(head + body + entry + end)


def many_labels() -> bytes:
    return b"text,label\n" + b"".join(b"text %d,l%d\n" % (n, n) for n in range(1_000_000))


def many_compound_labels() -> bytes:
    pairs = ((n % 1000, n % 500, n // 500) for n in range(1_000_000))
    return b"text,label\n" + b"".join(b"some text %d,l%d|m%d\n" % own for own in pairs)


MANY = Refused("1,000,000 different values in 1,000,000 rows")
MADE: dict[str, tuple[Callable[[], bytes], Read | Refused]] = {
    "table.parquet": (as_parquet, usual("Read as Parquet")),
    "table.xlsx": (lambda: xlsx({"A": sheet_rows(TABLE)}), usual("Read from the sheet 'A'")),
    "far.xlsx": (lambda: xlsx({"A": sheet_rows(TABLE, 30, 20)}), usual("Read from the sheet 'A'")),
    "title.xlsx": (
        lambda: xlsx({"Notes": sheet_rows([["Read"]]), "B": sheet_rows([["Title"], [], *TABLE])}),
        usual("1 row(s) above the table left out"),
    ),
    "table.ods": (lambda: ods({"A": ods_rows(TABLE)}), usual("(ODS)")),
    "table.csv.gz": (lambda: gzip.compress(as_csv()), usual("Unpacked from gzip")),
    "members.csv.gz": (
        lambda: gzip.compress(as_csv()[:50]) + gzip.compress(as_csv()[50:]),
        usual("Unpacked from gzip"),
    ),
    "table.zip": (
        lambda: zipped({"__MACOSX/._table.csv": b"", "table.csv": as_csv()}),
        usual("Unpacked from zip: 'table.csv'"),
    ),
    "table.jsonl.gz": (
        lambda: gzip.compress((CORPUS / "objects.jsonl").read_bytes()),
        usual("Read as JSON Lines"),
    ),
    "two.zip": (
        lambda: zipped({"a.csv": as_csv(), "b.csv": as_csv()}),
        Refused("zip archive of 2 files: 'a.csv', 'b.csv'"),
    ),
    "nested.zip": (lambda: zipped({"a.zip": zipped({"b": b""})}), Refused("archive in an archive")),
    "cut.xlsx": (lambda: xlsx({"A": sheet_rows(TABLE)})[:-40], Refused("damaged or cut off")),
    "cut.parquet": (lambda: as_parquet()[:-10], Refused("damaged Parquet file")),
    "cut.csv.gz": (lambda: gzip.compress(as_csv())[:-10], Refused("its end is missing")),
    "corners.xlsx": (
        lambda: xlsx({"A": sheet_rows(TABLE) + sheet_rows([["x"]], 1_048_575, 16_383)}),
        Refused("reaches to row 1,048,576 and column 16,384"),
    ),
    "repeated.ods": (
        lambda: ods({"A": ods_row(ods_cell("a") * 50, 'table:number-rows-repeated="1048576"')}),
        Refused("reaches to row 1,048,576 and column 50"),
    ),
}
HOSTILE: dict[str, tuple[Callable[[], bytes], Read | Refused]] = {
    "bomb.gz": (lambda: packed_zeros(BOMB, 31), Refused("unpacks to more than 512 MB")),
    "bomb.zip": (zip_bomb, Refused("unpacks to more than 512 MB")),
    "bomb.xlsx": (
        lambda: xlsx({"A": sheet_rows(TABLE)}, media="\0" * (300 << 20)),
        Refused("unpacks to more than 256 MB"),
    ),
    "columns.csv": (
        lambda: b"a," * 10_000_000 + b"\n" + b"1," * 10,
        Refused("more than 1,000,000"),
    ),
    "columns.json": (
        lambda: json.dumps([{f"k{n}": n for n in range(100_000)}]).encode(),
        Refused("at most 2,000 can be columns"),
    ),
    "line.csv": (lambda: b"text,label\n" + b"x" * 100_000_000, Refused("more than 1,000,000")),
    "line.jsonl": (
        lambda: b'{"text": "a"}\n{"text": "' + b"x" * 100_000_000 + b'"}\n',
        Refused("more than 10,000,000 characters"),
    ),
    "deep.json": (lambda: b"[" * 50_000_000, Refused("nested too deeply")),
    "labels.csv": (many_labels, MANY),
    "compound.csv": (many_compound_labels, MANY),
}
EVERY = {name: (lambda name=name: (CORPUS / name).read_bytes(), own) for name, own in FILES.items()}
SMALL = EVERY | MADE


@pytest.mark.parametrize("name", SMALL)
def test_a_small_file_becomes_what_the_table_says(name: str) -> None:
    made, expected = SMALL[name]
    if isinstance(expected, Refused):
        with pytest.raises(LossVizError) as caught:
            read_table(made(), name)
        assert expected.sentence in str(caught.value)
        return
    table = read_table(made(), name)
    assert table.columns == expected.columns
    assert len(table) == expected.rows
    rows = list(table.frame.itertuples(index=False, name=None))
    assert rows[0] == expected.first
    assert rows[-1][-1] == expected.last
    assert expected.note in "\n".join(table.notes)


def test_every_file_of_the_corpus_is_in_the_table() -> None:
    assert {path.name for path in CORPUS.iterdir()} == set(FILES)


def test_values_that_look_missing_are_values() -> None:
    content = (CORPUS / "values_that_look_missing.csv").read_bytes()
    values = ["NULL", "None", "NA", "+1", "-Ms", "nan"]
    assert read_table(content, "values.csv").cells("label") == values * 2


def test_invalid_bytes_stay_visible_and_are_counted() -> None:
    table = read_table((CORPUS / "invalid_bytes.csv").read_bytes(), "invalid.csv")
    texts = table.cells("text")
    assert sum(text.count("\ufffd") for text in texts) == 4
    assert table.format.encoding == "utf-8"


@pytest.mark.slow
def test_a_million_different_labels_are_read() -> None:
    table = read_table(many_labels(), "labels.csv")
    assert len(set(table.cells("label"))) == len(table) == 1_000_000


TAKE_SECONDS = {"bomb.gz", "labels.csv", "compound.csv"}
"""Those of which the gate has smaller ones elsewhere."""


@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in TAKE_SECONDS])
def test_a_hostile_file_gets_a_sentence(name: str) -> None:
    made, expected = HOSTILE[name]
    assert isinstance(expected, Refused)
    with pytest.raises(LossVizError) as caught:
        table = read_table(made(), name)
        build_dataset(table, propose_mapping(table))
    assert expected.sentence in str(caught.value)


MEASURED = """
import resource, sys, time
from lossviz.errors import LossVizError
from lossviz.data import build_dataset, propose_mapping, read_table
from tests.data.files.test_corpus import HOSTILE

name = sys.argv[1]
content = HOSTILE[name][0]()
# What making the file took is not what reading it takes.
with open("/proc/self/clear_refs", "w") as counter:
    counter.write("5")
begun = time.process_time()
try:
    table = read_table(content, name)
    build_dataset(table, propose_mapping(table))
    print("used")
except LossVizError as error:
    print(error)
print(time.process_time() - begun)
status = open("/proc/self/status").read()
print(int(status.split("VmHWM:")[1].split()[0]) >> 10)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_sentence_within_five_seconds_and_a_gigabyte(name: str) -> None:
    _, expected = HOSTILE[name]
    assert isinstance(expected, Refused)
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    sentence, seconds, megabytes = done.stdout.rsplit("\n", 3)[:3]
    assert expected.sentence in sentence
    assert float(seconds) < 5
    assert int(megabytes) < 1_000
