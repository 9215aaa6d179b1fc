"""Reading a table: what comes out is what was written, however it was written."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import Table, build_dataset, propose_mapping, read_table
from lossviz.data.files import cells as cells_module
from lossviz.errors import LossVizError
from tests.support.examples import examples

Written = Callable[..., str]

LABELS = ("good", "bad", "so so")
# Words as they stand in texts, with everything in them that means something to a reader of tables.
WORDS = st.sampled_from(
    (
        *("the", "film", "was", "good,", "bad;", "it's", "über", "мир", "5:30", "a|b", "=1"),
        *("line\nbreak", "no", "plot.", "tab\tin", "¿que?", "C:\\dir", "e-mail", "—"),
        *('"quoted"', 'inch"'),
    )
)
TEXTS = st.lists(WORDS, min_size=3, max_size=12).map(" ".join)


def cells(table: Table) -> list[list[str]]:
    return [list(row) for row in table.frame.itertuples(index=False, name=None)]


@examples(120)
@given(
    texts=st.lists(TEXTS, min_size=12, max_size=40),
    picks=st.lists(st.sampled_from(LABELS), min_size=40, max_size=40),
    delimiter=st.sampled_from([",", ";", "\t", "|", ":", "^", "~"]),
    header=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
    label_first=st.booleans(),
)
def test_every_layout_is_found_and_every_cell_comes_back(
    written: Written,
    *,
    texts: list[str],
    picks: list[str],
    delimiter: str,
    header: bool,
    encoding: str,
    quoting: int,
    end: str,
    label_first: bool,
) -> None:
    names = ["label", "text"] if label_first else ["text", "label"]
    pairs = zip(texts, [*LABELS, *LABELS, *picks], strict=False)
    rows = [[label, text] if label_first else [text, label] for text, label in pairs]
    content = written(
        [names, *rows] if header else rows, delimiter=delimiter, quoting=quoting, end=end
    )
    table = read_table(content.encode(encoding), "made")
    assert table.format.delimiter == delimiter
    assert table.format.header == header
    assert cells(table) == rows
    assert table.columns == (tuple(names) if header else ("column 1", "column 2"))
    assert table.rows.tolist() == list(range(1, len(rows) + 1))
    assert table.dropped == ()


@examples(60)
@given(
    rows=st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_characters="\0\r")), st.text("ab+0")
        ),
        min_size=1,
        max_size=8,
    ),
    delimiter=st.sampled_from([",", "\t", "|"]),
)
def test_what_is_chosen_is_not_guessed_again(
    written: Written, rows: list[tuple[str, str]], delimiter: str
) -> None:
    body = [[f"x{text}", f"y{label}"] for text, label in rows]
    content = written([["one", "two"], *body], delimiter=delimiter, quoting=csv.QUOTE_ALL)
    table = read_table(content.encode(), "made", encoding="utf-8", delimiter=delimiter, header=True)
    assert cells(table) == body
    assert table.columns == ("one", "two")


@examples(80)
@given(
    words=st.lists(
        st.lists(
            st.sampled_from(["yes", "no", '"Well', 'said"', 'a "b" c', '"', '5"']), min_size=2
        ),
        min_size=12,
        max_size=60,
    ),
    delimiter=st.sampled_from(["\t", ";"]),
)
def test_stray_quotes_in_unquoted_files_swallow_no_row(
    words: list[list[str]], delimiter: str
) -> None:
    rows = [[f"row{n} " + " ".join(own), str(n % 2)] for n, own in enumerate(words)]
    rows = [
        [f'"{text}', label] if n % 3 == 0 else [text, label] for n, (text, label) in enumerate(rows)
    ]
    content = "\n".join(delimiter.join(row) for row in [["text", "label"], *rows])
    table = read_table(content.encode(), "dialogue.tsv")
    assert [label for _, label in cells(table)] == [label for _, label in rows]
    assert [t.replace('"', "") for t, _ in cells(table)] == [t.replace('"', "") for t, _ in rows]


def test_the_quotes_of_a_dialogue_are_kept() -> None:
    rows = [[f'"Well {n}," she said, "no."', "01"[n % 2]] for n in range(20)]
    content = "\n".join("\t".join(row) for row in [["text", "label"], *rows])
    table = read_table(content.encode(), "dialogue.tsv")
    assert cells(table) == rows
    assert "Quotes are part of the texts here, and were kept." in table.notes


def test_one_unclosed_quote_in_a_quoted_file_swallows_no_row() -> None:
    rows = [f'"a text, with comma {n}",{"AB"[n % 2]}' for n in range(60)]
    rows[20] = '"never closed,A'
    table = read_table("\n".join(["text,label", *rows]).encode(), "f.csv")
    assert len(table) == 60
    assert cells(table)[20] == ['"never closed', "A"]
    assert cells(table)[21] == ["a text, with comma 21", "B"]
    assert any("without a partner" in note for note in table.notes)


def test_legitimate_line_breaks_with_commas_stay_in_their_cells(written: Written) -> None:
    rows = [[f"Dear all {n},\nwell, yes\nbye", "AB"[n % 2]] for n in range(40)]
    table = read_table(written([["text", "label"], *rows]).encode(), "f.csv")
    assert cells(table) == rows


@pytest.mark.parametrize("size", [6, 12, 40])
@pytest.mark.parametrize("at", [0, 3, -1])
def test_the_only_quotes_of_a_file_may_hold_a_line_break(size: int, at: int) -> None:
    rows = [["AB"[n % 2], f"the text number {n}"] for n in range(size)]
    rows[at][1] = "a text\nof two lines"
    written = [[label, f'"{text}"' if "\n" in text else text] for label, text in rows]
    table = read_table("\n".join(map(",".join, written)).encode(), "f.csv")
    assert cells(table) == rows
    assert table.dropped == ()


def test_backslash_quotes_are_undone() -> None:
    rows = [f'"he said \\"no, {n}\\", twice",{n % 2}' for n in range(20)]
    table = read_table("\n".join(["text,label", *rows]).encode(), "f.csv")
    assert cells(table)[3] == ['he said "no, 3", twice', "1"]


def test_line_ends_may_be_mixed() -> None:
    content = "text,label\r\n" + "one text,A\nanother one,B\r\n" * 6
    assert cells(read_table(content.encode(), "f"))[:2] == [["one text", "A"], ["another one", "B"]]


def test_old_mac_line_ends_are_read() -> None:
    content = "text,label\r" + "one text,A\ranother one,B\r" * 6
    assert len(read_table(content.encode(), "f")) == 12


@pytest.mark.parametrize("value", ["NULL", "None", "NA", "nan", "+1", "007", "1e5", "true", " x "])
def test_every_cell_stays_the_string_that_it_was(
    make_table: Callable[..., Table], value: str
) -> None:
    table = make_table(["text", "label"], [["some text", value], ["", "other"]])
    assert cells(table) == [["some text", value], ["", "other"]]


def test_header_names_are_made_complete_and_unique(make_table: Callable[..., Table]) -> None:
    table = make_table(["text", "", "label", "label"], [["a b", "x", "A", "C"]] * 4)
    assert table.columns == ("text", "column 2", "label", "label (2)")


def test_an_index_column_without_a_name_is_kept(make_table: Callable[..., Table]) -> None:
    table = make_table(["", "text", "label"], [[str(n), f"a text {n}", "A"] for n in range(12)])
    assert table.columns == ("column 1", "text", "label")
    assert any("'column 1' numbers the rows" in note for note in table.notes)


def test_a_delimiter_at_the_end_of_each_row_moves_no_name() -> None:
    content = "text,label\n" + "one text,A,\nanother one,B,\n" * 6
    table = read_table(content.encode(), "f")
    assert table.columns == ("text", "label")
    assert cells(table)[1] == ["another one", "B"]


@pytest.mark.parametrize("size", [4, 12])
def test_the_header_of_r_lacks_the_name_of_its_index(size: int) -> None:
    rows = [f'"{n}","the text number {n}","{"BA"[n % 2]}"' for n in range(1, size + 1)]
    table = read_table("\n".join(['"text","label"', *rows]).encode(), "r.csv")
    assert table.columns == ("column 1", "text", "label")
    assert cells(table)[0] == ["1", "the text number 1", "A"]


def test_blank_lines_are_not_rows() -> None:
    content = "text,label\n\n" + "a text,A\n\nother text,B\n" * 6
    table = read_table(content.encode(), "f")
    assert table.rows.tolist() == list(range(1, 13))


def test_rows_that_do_not_fit_are_dropped_with_number_and_content() -> None:
    rows = [f"text number {n},A" for n in range(30)]
    rows[4] = "a, b, and c,A"
    rows[9] = "half a text"
    table = read_table("\n".join(["text,label", *rows]).encode(), "f", delimiter=",")
    assert [(d.row, d.reason) for d in table.dropped] == [
        (5, "more cells than columns"),
        (10, "fewer cells than columns"),
    ]
    assert table.dropped[0].content == "a, b, and c,A"
    assert 5 not in table.rows
    assert table.rows[4] == 6
    assert any("put these texts in quotes" in note for note in table.notes)


def test_cells_missing_at_the_end_are_empty_where_others_leave_them_empty() -> None:
    rows = ["the first text,A,a comment", "another text,B,", "a third text,A"] * 5
    table = read_table("\n".join(["text,label,comment", *rows]).encode(), "f")
    assert cells(table)[2] == ["a third text", "A", ""]
    assert table.dropped == ()


def test_unquoted_commas_in_most_texts_are_explained() -> None:
    rows = [f"well, this, and that {n},A" if n % 4 else f"short {n},B" for n in range(40)]
    with pytest.raises(LossVizError, match=r"more cells.*contain commas without quotes.*Save"):
        read_table("\n".join(["text,label", *rows]).encode(), "f.csv")


def test_a_header_in_the_middle_is_dropped() -> None:
    rows = [f"text number {n},A" for n in range(12)]
    rows[6] = "text,label"
    table = read_table("\n".join(["text,label", *rows]).encode(), "joined.csv")
    assert [(d.row, d.reason) for d in table.dropped] == [(7, "the header again")]


def test_rows_of_empty_cells_are_rows_with_or_without_a_header() -> None:
    content = "one text,A\nanother text,B\n,\n" * 6
    for header, prefix in ((True, "text,label\n"), (False, "")):
        table = read_table((prefix + content).encode(), "f", header=header)
        assert table.dropped == ()
        assert table.rows.tolist() == list(range(1, 19))


def test_the_first_line_of_excel_names_the_delimiter() -> None:
    content = "sep=;\r\ntext;label\r\n" + "well, no;A\r\nwell, yes;B\r\n" * 6
    table = read_table(content.encode(), "f")
    assert table.columns == ("text", "label")
    assert table.rows.tolist() == list(range(1, 13))


def test_dropped_content_is_short() -> None:
    rows = [f"text {n},A" for n in range(20)] + ["long, " * 300]
    table = read_table("\n".join(["text,label", *rows]).encode(), "f", delimiter=",")
    assert len(table.dropped[0].content) == 500


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n \n\t\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"PK\x03\x04rest", "damaged or cut off"),
        (b"\x89PNG\r\n\x1a\n", "PNG image"),
        (b"%PDF-1.7", "PDF"),
        (b"PAR1....", "Parquet"),
        (b"text,label\nab\x00c,A\n", "NUL byte in line 2"),
        (bytes(range(1, 32)) * 50, "not text"),
        (b"text,label\n", "no rows below"),
        (b"just one column\nof words\n", "only one column"),
        (b'[{"text": "a"}, {"text": "b"}]', "only one column"),
        (b'{"text": "a", "label": "b"}\n{"text": "c"\n', "Line 2"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"a" * 2_000_000, "Line 1 .* has more than 1,000,000 characters"),
        (b"a,b\n" + b"1," * 3000 + b"1\n", "3,001 cells"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(content: bytes, words: str) -> None:
    with pytest.raises(LossVizError, match=words) as error:
        read_table(content, "thing.csv")
    assert len(str(error.value)) < 400


PIECES = st.sampled_from(
    (
        *(b"text", b"label", b",", b";", b"\t", b"|", b'"', b'""', b"\\", b"\n", b"\r\n", b"\r"),
        *(b" ", b"\xe9", b"\xc3\xa9", b"\x00", b"\xff\xfe", b"1", b"-", b"sep=;", b"{", b"#"),
    )
)


@examples(300)
@given(st.lists(PIECES, max_size=60).map(b"".join) | st.binary(max_size=200))
def test_whatever_the_bytes_the_outcome_is_a_table_or_a_sentence(content: bytes) -> None:
    try:
        table = read_table(content, "noise.csv")
        build_dataset(table, propose_mapping(table))
    except LossVizError as error:
        assert len(str(error)) > 20
    else:
        assert len(table.columns) >= 2


@pytest.mark.slow
def test_a_line_of_fifty_megabytes_is_refused_quickly() -> None:
    start = time.perf_counter()
    with pytest.raises(LossVizError, match="more than 1,000,000 characters"):
        read_table(b"x" * 50_000_000, "x")
    assert time.perf_counter() - start < 5


def test_a_bracket_at_the_start_of_a_text_is_not_json() -> None:
    content = "text\tlabel\n" + "[laughs] well no\tA\n{sic} oh yes\tB\n" * 6
    assert len(read_table(content.encode(), "f")) == 12
    assert len(read_table(content.split("\n", 1)[1].encode(), "f")) == 12


@pytest.mark.parametrize("chosen", ["tab", "\\t", "\t", " TAB "])
def test_a_tab_can_be_chosen_by_its_name(chosen: str) -> None:
    table = read_table(b"a text\tA\nb text\tB\n" * 4, "f", delimiter=chosen)
    assert table.format.delimiter == "\t"


@pytest.mark.parametrize("chosen", ["", ",,", '"', "\n"])
def test_a_delimiter_that_cannot_be_one_is_refused(chosen: str) -> None:
    with pytest.raises(LossVizError, match="cannot be a delimiter"):
        read_table(b"a,b\n", "f", delimiter=chosen)


@pytest.mark.parametrize("header", [True, False])
def test_an_explicit_header_wins(header: bool) -> None:
    content = b"text,label\n" + b"a text,A\nb text,B\n" * 6
    table = read_table(content, "f", header=header)
    assert len(table) == (12 if header else 13)
    assert table.columns == (("text", "label") if header else ("column 1", "column 2"))


def test_a_first_row_that_repeats_a_label_is_no_header() -> None:
    content = "fine\tpos\n" + "a long text about things\tpos\nanother long text\tneg\n" * 5
    assert not read_table(content.encode(), "f").format.header


def test_a_label_with_a_bar_is_not_taken_for_columns() -> None:
    content = "\n".join(f"text number {n};{'AB'[n % 2]}|{'CD'[n % 3 % 2]}" for n in range(20))
    table = read_table(content.encode(), "f")
    assert table.format.delimiter == ";"
    assert cells(table)[0] == ["text number 0", "A|C"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", ['a"b,"c\n', '"never closed,A\nanother text,B\n', '""x"",A\n', 'x,"""\n', '"\n']
)
def test_quotes_everywhere_cost_no_more_than_reading_twice_or_so(line: str) -> None:
    small, large = (
        _seconds(("text,label\n" + line * times).encode()) for times in (20_000, 80_000)
    )
    assert large < 12 * small + 0.5


def _seconds(content: bytes) -> float:
    start = time.process_time()
    with suppress(LossVizError):
        read_table(content, "f")
    return time.process_time() - start


def test_an_unclosed_quote_far_down_a_long_file_swallows_no_row() -> None:
    rows = [f'"text, number {n}",{"AB"[n % 2]}' for n in range(70_000)]
    rows[65_000] = '"never closed,A'
    table = read_table("\n".join(["text,label", *rows]).encode(), "long.csv")
    assert len(table) == 70_000
    assert cells(table)[65_000:65_002] == [['"never closed', "A"], ["text, number 65001", "B"]]


def test_rows_that_do_not_fit_are_put_right_where_they_stand() -> None:
    rows = ["a first text,A,x", "another text,B,", "a third text,A", "one more text,B,x,,"] * 12_000
    table = read_table("\n".join(["text,label,comment", *rows]).encode(), "f.csv")
    assert table.rows.tolist() == list(range(1, 48_001))
    assert cells(table)[47_994:] == [
        ["a third text", "A", ""],
        ["one more text", "B", "x"],
        *(["a first text", "A", "x"], ["another text", "B", ""]),
        *(["a third text", "A", ""], ["one more text", "B", "x"]),
    ]


def test_a_file_of_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells_module, "MAX_ROWS", 30_000)
    with pytest.raises(LossVizError, match="more than 30,000 rows"):
        read_table(b"a,b\n" * 31_000, "f.csv")
    assert len(read_table(b"a text,b\n" * 30_000, "f.csv", header=False)) == 30_000


def test_a_quoted_cell_of_a_million_characters_is_no_text() -> None:
    quoted = '"' + "all that was said\n" * 100_000 + '",A\n'
    content = "text,label\n" + "a text,A\nanother one,B\n" * 50 + quoted
    with pytest.raises(LossVizError, match=r"only one column|another number") as error:
        read_table(content.encode(), "f.csv", header=True, delimiter=",")
    assert len(str(error.value)) < 500
