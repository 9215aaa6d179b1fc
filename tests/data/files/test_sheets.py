"""Sheets and surveys: what stands around a table, headers of several rows, merged cells."""

from __future__ import annotations

import json
import re

import pytest

from lossviz.data import propose, read_table
from tests.support.opened import (
    BOTH,
    ROWS,
    STANCE,
    TEMPER,
    Case,
    Opened,
    Right,
    as_csv,
    opened,
)
from tests.support.workbooks import sheet_rows, xlsx

HEAD = ("text", "temper", "stance")
SURVEY = ("message", "temper", "stance")
IDS = [f'{{"ImportId":"QID{n}"}}' for n in range(3)]
QUALTRICS = ("StartDate", "Status", "Progress", "Finished", "ResponseId")
QUESTIONS = ("Please paste\nthe message", "How worked up is it?", "Is it praise?")
HALVES, QUARTERS = ("B2:B25", "B26:B49"), ("C2:C13", "C14:C25", "C26:C37", "C38:C49")
MERGED = "".join(f'<mergeCell ref="{area}"/>' for area in (*HALVES, *QUARTERS))


def table(*above: object, head: tuple[str, ...] = HEAD, delimiter: str = ",") -> bytes:
    return as_csv([*above, head, *ROWS], delimiter)  # type: ignore[list-item]


def with_lines(above: str, below: str = "", delimiter: str = ",") -> bytes:
    return f"{above}{table(delimiter=delimiter).decode()}{below}".encode()


def merged_sheet(merges: str = MERGED) -> bytes:
    """Sorted rows, whose repeated labels stand in the first row only."""
    rows = sorted(ROWS, key=lambda row: row[1:])
    grid = [list(HEAD)] + [
        [t, a if n in (0, 24) else "", b if n % 12 == 0 else ""] for n, (t, a, b) in enumerate(rows)
    ]
    return xlsx({"Data": sheet_rows(grid)}, after=f"<mergeCells>{merges}</mergeCells>")


CASES = {
    "comments above": Case(
        lambda: with_lines("# exported by us, 2026\n# filter: all, of them; really\n\n"),
        Right(said=("above the header",)),
    ),
    "a title and settings above": Case(
        lambda: with_lines("Customer letters\nStatus;reviewed;only;some;more\n\n", delimiter=";"),
        Right(said=("above the header", "Customer letters")),
    ),
    "settings of as many cells as R's header has": Case(
        lambda: with_lines("Report:;Letters\nDate:;2026-03-01\n\n", "\nTotal;48;\n", ";"),
        Right(said=("above the header", "below the table")),
    ),
    "a title row of a spreadsheet": Case(
        lambda: table(("Customer letters, spring", "", ""), ("", "", "")),
        Right(said=("above the header",)),
    ),
    "a total below": Case(lambda: with_lines("", "Total,48,\n"), Right(said=("below the table",))),
    "a remark below": Case(
        lambda: with_lines("", "\n(48 rows)\n", "\t"), Right(said=("left out|below the table",))
    ),
    "qualtrics": Case(
        lambda: table(("Q1", "Q2", "Q3"), QUESTIONS, head=tuple(IDS)),
        Right(said=("Qualtrics", "rows 2 and 3"), text="Q1"),
    ),
    "qualtrics, of old": Case(
        lambda: table(("Q1", "Q2", "Q3"), head=QUESTIONS), Right(said=("row 2",), text="Q1")
    ),
    "groups over names": Case(
        lambda: table(("letter", "codes", "codes"), head=SURVEY),
        Right(said=("row 2",), text="message"),
    ),
    "groups in merged cells": Case(
        lambda: table(("letter", "codes", ""), head=SURVEY),
        Right(said=("row 2",), text="message"),
    ),
    "pandas' columns of two levels, with the name of the index": Case(
        lambda: as_csv(
            [("", "letter", "codes", "codes"), ("", *SURVEY), ("id", "", "", "")]
            + [(n, *row) for n, row in enumerate(ROWS)]
        ),
        Right(said=("rows 2 and 3",), text="message"),
    ),
    "line breaks in a header": Case(
        lambda: table(head=("the\ntext", "temper\n(one)", "stance\n(one)")),
        Right(text="the text"),
    ),
    "mysql": Case(
        lambda: (
            b"text\ttemper\tstance\tnote\n"
            + "\n".join(
                "\t".join((t.replace(", ", "\\\n"), a, b, "\\N")) for t, a, b in ROWS
            ).encode()
        ),
        Right(said=(r"\\N is a missing cell",)),
    ),
    "mysql, quoted": Case(
        lambda: "\n".join(
            f'"{t} \\"so\\"","{a}",{b if n % 8 else chr(92) + "N"}'
            for n, (t, a, b) in enumerate(ROWS)
        ).encode(),
        Right(rows=42, said=(r"\\N is a missing cell",), text="column 1"),
    ),
    "decimal commas": Case(
        lambda: as_csv(
            [("text", "temper", "stance", "sicherheit")]
            + [(*row, f"0,{50 + n}") for n, row in enumerate(ROWS)],
            ";",
        ),
        Right(said=("sicherheit: looks like a score",)),
    ),
    "qualtrics, with all its columns": Case(
        lambda: as_csv(
            [
                (*QUALTRICS, "Q1", "Q2", "Q3_1", "Q3_2"),
                (*QUALTRICS, "Paste it", "Worked up?", "Apply? - gripe", "Apply? - praise"),
                tuple(json.dumps({"ImportId": f"QID{k}"}) for k in range(9)),
            ]
            + [
                (
                    *("2026-03-01 10:00:00", "IP Address", 100, "True", f"R_{n * 7919:09x}", t, a),
                    *(value if value == b else "" for value in STANCE),
                )
                for n, (t, a, b) in enumerate(ROWS)
            ]
        ),
        Right(said=("Qualtrics", "ResponseId: looks like an id"), text="Q1"),
    ),
    "surveymonkey": Case(
        lambda: as_csv(
            [
                ("Respondent ID", "Please read", "How is it?", "", "Stance"),
                ("", "Open-Ended Response", *TEMPER, "Response"),
            ]
            + [
                (1000 + n, t, *(v if v == a else "" for v in TEMPER), b)
                for n, (t, a, b) in enumerate(ROWS)
            ]
        ),
        Right(said=("row 2", "Respondent ID: looks like an id"), text="Please read"),
    ),
    "limesurvey": Case(
        lambda: as_csv(
            [("id", "submitdate", "Q1", "Q2[cool]", "Q2[heated]", "Q3")]
            + [
                (n, "2026-01-01", t, *("Yes" if v == a else "No" for v in TEMPER), b)
                for n, (t, a, b) in enumerate(ROWS)
            ]
        ),
        Right(text="Q1"),
    ),
    "a table of Markdown": Case(
        lambda: "\n".join(
            ["| text | temper | stance |", "|---|:---|---|"]
            + [f"| {t} | {a} | {b} |" for t, a, b in ROWS]
        ).encode()
    ),
    "merged cells": Case(merged_sheet, Right(said=("merged cells",))),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_is_read_right_and_says_what_was_assumed(case: Case) -> None:
    case.check(re.IGNORECASE)


def test_hidden_sheets_come_last() -> None:
    lists = sheet_rows([["a", "b"], ["c", "d"], ["e", "f"]])
    content = xlsx({"Lists": lists, "Data": sheet_rows([list(HEAD), *map(list, ROWS)])}, hidden=1)
    assert read_table(content, "book.xlsx").format.part == "Data"


def test_merged_cells_can_be_left_as_they_stand() -> None:
    left = read_table(merged_sheet(), "book.xlsx", without=("merged",))
    filled = read_table(merged_sheet(), "book.xlsx")
    assert left.cells("temper").count("") == 46
    assert filled.cells("temper").count("") == 0
    assert not any(one.what == "merged" for one in left.assumptions)


def test_a_break_in_a_cell_of_mysql_is_a_break_in_its_text() -> None:
    first = read_table(CASES["mysql"].content(), "dump.tsv").cells("text")[0]
    assert first == "the saddle is superb\nand this is letter 0"


@pytest.mark.parametrize("rows", [ROWS, ROWS[:12]])
def test_the_first_rows_of_a_plain_table_are_rows(rows: list[tuple[str, str, str]]) -> None:
    plain = read_table(as_csv([HEAD, *rows]), "plain.csv")
    assert (len(plain), plain.assumptions, plain.dropped) == (len(rows), (), ())


def test_lines_and_headers_can_be_denied() -> None:
    content = CASES["qualtrics"].content()
    assert len(read_table(content, "f")) == 48
    assert len(read_table(content, "f", without=("headers",))) == 50
    title = CASES["a title row of a spreadsheet"].content()
    assert "temper" not in read_table(title, "f", without=("lines",)).columns


@pytest.mark.parametrize("name", ["label (2)", "Label (2)", "#3", " LABEL  (2) "])
def test_a_column_whose_name_is_there_twice_can_be_named(name: str) -> None:
    content = as_csv(
        [("text", "label", "label", ""), *((*row, n % 3) for n, row in enumerate(ROWS))]
    )
    table = read_table(content, "twice.csv")
    assert table.columns == ("text", "label", "label (2)", "column 4")
    assert propose(table, labels=[name]).mapping.labels == ("label (2)",)


# What is proposed


def columns(**more: list[object]) -> Opened:
    rows = [
        (*row, *(more[name][n % len(more[name])] for name in more)) for n, row in enumerate(ROWS)
    ]
    return opened(as_csv([(*HEAD, *more), *rows]))


NOT_PROPOSED: dict[str, tuple[str, list[object], str]] = {
    "weight": ("weight", [0.5, 1, 2], "a weight of rows"),
    "confidence": ("confidence", [0.5, 0.75, 1], "a score"),
    "e-mail": ("contact", [f"a{n}@example.org" for n in range(9)], "e-mail"),
    "annotator": ("coder", ["anna", "ben", "cem"], "an annotator"),
    "person": ("customer", ["Ms Hill", "Mr Dale"], "a person"),
    "date": ("answered", [f"2026-03-{n:02}" for n in range(1, 20)], "dates"),
    "time": ("Timestamp", ["2026/03/01 8:00:00 AM GMT+1", "2026/03/02 9:00:00 PM GMT+1"], "dates"),
    "id": ("ticket", [f"TCK-{n % 20:05}" for n in range(48)], "an id"),
    "code": ("who", [f"agent{n % 16:02}" for n in range(48)], "an id"),
    "prediction": ("predicted_temper", list(TEMPER), "what a model"),
    "a model's label": ("gpt4_label", [*TEMPER[::-1], "other"], "what a model"),
    "length": ("n_words", [5, 6, 7], "a score or a measurement"),
    "probability": ("prob_cool", [0.25, 0.5, 0.75, 0.875], "what a model"),
    "link": ("page", [f"https://example.org/{n}" for n in range(9)], "addresses of the web"),
    "split": ("split", ["train", "train", "dev", "test"], "a split"),
    "remark": ("remarks", [f"well, {n} things could be said here" for n in range(30)], "remarks"),
    "empty": ("reason", ["late", "lost", *[""] * 14], "8. % of the rows"),
    "mark": ("reason", ["late", *[""] * 9], "'late' or nothing"),
    "constant": ("project", ["spring"], "the same in every row"),
    "unique": (
        "key words",
        [f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(48)],
        "an id",
    ),
    "copy": ("temper_code", [0, 1], "the same as 'temper'"),
}


@pytest.mark.parametrize("kind", NOT_PROPOSED)
def test_what_is_no_part_is_named_as_what_it_looks_like(kind: str) -> None:
    name, values, words = NOT_PROPOSED[kind]
    found = columns(**{name: values})
    assert sorted(found.parts) == sorted(BOTH)
    (left_out,) = found.account.left_out
    assert left_out.column == name
    assert re.search(words, left_out.reason), left_out.reason


def test_all_parts_are_proposed_in_the_file_s_order() -> None:
    more: dict[str, list[object]] = {
        f"aspect{chr(97 + k)}": [f"v{n // (2 * k + 3) % 2}" for n in range(48)] for k in range(5)
    }
    found = columns(category=["a", "b", "c"], stars=[1, 2, 3, 4, 5], **more)
    expected = ("temper", "stance", "category", "stars", *more)
    assert found.proposal.mapping.labels == expected
    assert found.account.left_out == ()


def test_a_column_that_says_train_and_test_is_the_split() -> None:
    assert columns(fold=["train", "dev", "test"]).proposal.split == "fold"
    assert columns(fold=[1, 2, 3]).proposal.split == ""


@pytest.mark.parametrize(
    "names",
    [
        ("tone_ann1", "tone_ann2"),
        ("Tone (coder A)", "Tone (coder B)"),
        ("rater1_tone", "rater2_tone"),
        ("tone1", "tone2"),
        ("tone a", "tone b"),
    ],
)
def test_annotators_are_known_by_the_names_of_columns(names: tuple[str, str]) -> None:
    rows = [(t, a, a if n % 8 else TEMPER[1]) for n, (t, a, _) in enumerate(ROWS)]
    found = opened(as_csv([("text", *names), *rows]))
    assert found.proposal.mapping.labels in (("tone",), ("Tone",))
    assert found.account.used == 96


def test_what_annotators_labelled_can_be_named() -> None:
    rows = [(t, a, a if n % 8 else TEMPER[1]) for n, (t, a, _) in enumerate(ROWS)]
    table = read_table(as_csv([("text", "tone_ann1", "tone_ann2"), *rows]), "wide.csv")
    assert len(propose(table, labels=["tone"]).table) == 96
    assert len(propose(table, labels=["tone_ann1"]).table) == 48


def test_columns_that_only_look_numbered_are_parts_of_their_own() -> None:
    rows = [(t, a, TEMPER[n // 5 % 2]) for n, (t, a, _) in enumerate(ROWS)]
    assert len(opened(as_csv([("text", "side1", "side2"), *rows])).parts) == 2


def test_annotators_in_columns_are_rows() -> None:
    rows = [(t, a, a if n % 8 else TEMPER[1], b, b) for n, (t, a, b) in enumerate(ROWS)]
    head = ("text", "temper_ann1", "temper_ann2", "stance_ann1", "stance_ann2")
    found = opened(as_csv([head, *rows]))
    assert sorted(found.parts) == sorted(BOTH)
    assert found.account.used == 96
    assert "2 annotators of temper, stance" in found.said
    wide = opened(as_csv([head, *rows]), without=("annotators",))
    assert len(wide.account.parts) == 3  # the two of stance say the same
