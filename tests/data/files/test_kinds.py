"""More files as people's tools and hands write them: read right, asked about, or refused by name.

Each is a kind that has a sibling in ``test_exports.py`` or ``test_sheets.py``, written otherwise.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import pytest

from lossviz.data import read_table
from lossviz.errors import LossVizError
from tests.data.files.test_exports import fasttext, hugging_face, labelled
from tests.support.opened import (
    BOTH,
    ROWS,
    STANCE,
    TAGS,
    TEMPER,
    Case,
    Right,
    as_csv,
    as_lines,
    opened,
)
from tests.support.workbooks import sheet_rows, xlsx

FLAGS = ("legal", "spam", "urgent")
THREE = TAGS[:3]
YES_NO = ("no", "yes")


def flags(n: int) -> list[str]:
    """One to three of the flags."""
    return [flag for k, flag in enumerate(FLAGS) if (n % 7 + 1) >> k & 1]


def rows_with(*cells: Callable[[int], Any]) -> list[tuple[Any, ...]]:
    """The texts with these cells."""
    return [(text, *(cell(n) for cell in cells)) for n, (text, *_) in enumerate(ROWS)]


def csv_of(head: Sequence[str], *cells: Callable[[int], Any], delimiter: str = ",") -> bytes:
    return as_csv([head, *rows_with(*cells)], delimiter)


def of(part: int) -> Callable[[int], str]:
    """The temper of a row, or its stance."""
    return lambda n: ROWS[n][part + 1]


TEMPER_OF, STANCE_OF = of(0), of(1)

# Annotation tools


def label_studio() -> bytes:
    """Two choice fields, of which one takes several; a fifth is cancelled."""

    def result(name: str, values: list[str]) -> dict[str, Any]:
        return {"from_name": name, "to_name": "t", "type": "choices", "value": {"choices": values}}

    return json.dumps(
        [
            {"id": n, "data": {"text": text},
             "predictions": [{"result": [result("temper", ["x"])]}],
             "annotations": [{"completed_by": {"id": 1, "email": "a@example.org"},
                              "was_cancelled": n % 12 == 0, "lead_time": 2.5,
                              "result": [result("temper", [temper]), result("flags", flags(n))]}]}
            for n, (text, temper, _) in enumerate(ROWS)
        ]
    ).encode()  # fmt: skip


def doccano_pairs() -> bytes:
    return as_lines([[t, [a, b] if n % 2 else [b, a]] for n, (t, a, b) in enumerate(ROWS)])


def prodigy() -> bytes:
    """Two accepted of four."""
    options = [{"id": value, "text": value} for part in BOTH for value in part]
    return as_lines(
        [
            {"text": t, "options": options, "accept": [b, a] if n % 2 else [a, b],
             "answer": "ignore" if n % 12 == 0 else "accept", "_task_hash": -n,
             "_annotator_id": "db-anna", "_view_id": "choice"}
            for n, (t, a, b) in enumerate(ROWS)
        ]
    )  # fmt: skip


def prodigy_ids() -> bytes:
    """The options have numbers."""
    options = [{"id": k, "text": flag} for k, flag in enumerate(FLAGS)]
    return as_lines(
        [
            {"text": text, "options": options, "accept": [FLAGS.index(f) for f in flags(n)],
             "answer": "accept", "_task_hash": -n}
            for n, (text, *_) in enumerate(ROWS)
        ]
    )  # fmt: skip


def spacy(*, exclusive: bool) -> bytes:
    """Flags that stand together, and two values that never do."""
    return as_lines(
        [
            {"text": t, "cats": {f: float(f in flags(n)) for f in FLAGS}
             | ({v: float(v == a) for v in TEMPER} if exclusive else {})}
            for n, (t, a, _) in enumerate(ROWS)
        ]
    )  # fmt: skip


def argilla(*, together: bool) -> bytes:
    """Two people answer two questions, in one list or in one for each; a model suggests."""
    people = ("u1", "u2")

    def responses(a: str, b: str, n: int) -> Any:
        states = ("submitted", "discarded" if n % 12 == 0 else "submitted")
        if together:
            values = {"temper": {"value": a}, "stance": {"value": b}}
            return [
                {"user_id": who, "values": values, "status": state}
                for who, state in zip(people, states, strict=True)
            ]
        return {
            name: [
                {"user_id": who, "value": value, "status": state}
                for who, state in zip(people, states, strict=True)
            ]
            for name, value in (("temper", a), ("stance", b))
        }

    def suggestions(b: str) -> Any:
        return [{"question_name": "stance", "value": b}] if together else {"stance": {"value": b}}

    return as_lines(
        [
            {"fields": {"text": t}, "responses": responses(a, b, n), "metadata": {},
             "suggestions": suggestions("gripe"), "external_id": f"e{n}"}
            for n, (t, a, b) in enumerate(ROWS)
        ]
    )  # fmt: skip


def class_names(wrap: Callable[[dict[str, Any]], Any]) -> bytes:
    """A list of class numbers, as the schemas of several versions write it."""
    feature = {"names": list(FLAGS), "_type": "ClassLabel"}
    return hugging_face(
        {
            "text": [text for text, *_ in ROWS],
            "labels": [[FLAGS.index(flag) for flag in flags(n)] for n in range(48)],
        },
        {"labels": wrap(feature)},
    )


def unlabelled_class() -> bytes:
    """-1 is the number of no class."""
    return hugging_face(
        {"text": [text for text, *_ in ROWS], "temper": [n % 6 % 3 - 1 for n in range(48)]},
        {"temper": {"names": list(TEMPER), "_type": "ClassLabel"}},
    )


TOOLS = {
    "label studio, two fields": Case(
        label_studio,
        Right((TEMPER, *THREE), 44, said=("Label Studio", "cancelled or skipped 4")),
    ),
    "label studio, json-min": Case(
        lambda: json.dumps(
            [
                {
                    "text": t,
                    "temper": a,
                    "id": n,
                    "annotator": 1,
                    "annotation_id": n,
                    "flags": f[0] if len(f := flags(n)) == 1 else {"choices": f},
                    "created_at": "2026-01-01T00:00:00Z",
                    "lead_time": n + 0.5,
                }
                for n, (t, a, _) in enumerate(ROWS)
            ]
        ).encode(),
        Right((TEMPER, *THREE), said=("Label Studio", "lead_time: looks like a score")),
    ),
    "doccano, pairs in any order": Case(doccano_pairs, Right(text="column 1")),
    "prodigy, two of four": Case(
        prodigy,
        Right(rows=44, said=("Prodigy", "exclude each other", "ignored by the annotator 4")),
    ),
    "prodigy, options with numbers": Case(prodigy_ids, Right(THREE, said=("Prodigy",))),
    "spacy, not exclusive": Case(
        lambda: spacy(exclusive=False), Right(THREE, said=("spaCy", "3 yes/no columns"))
    ),
    "spacy, two of five exclude each other": Case(
        lambda: spacy(exclusive=True),
        Right((*THREE, YES_NO, YES_NO), said=("cool and heated exclude each other",)),
    ),
    "argilla, several people": Case(
        lambda: argilla(together=False), Right(rows=92, said=("Argilla", "discarded 4"))
    ),
    "argilla, feedback": Case(
        lambda: argilla(together=True), Right(rows=92, said=("Argilla", "discarded 4"))
    ),
    "hugging face, a sequence": Case(
        lambda: class_names(lambda one: {"feature": one, "_type": "Sequence"}),
        Right(THREE, said=("shown by their names",)),
    ),
    "hugging face, a list": Case(
        lambda: class_names(lambda one: [one]), Right(THREE, said=("shown by their names",))
    ),
    "hugging face, no class": Case(
        unlabelled_class, Right((TEMPER,), 32, said=("empty label 16",))
    ),
    "fasttext, several labels": Case(
        lambda: "\n".join(
            " ".join([*(f"__label__{flag}" for flag in flags(n)), text])
            for n, (text, *_) in enumerate(ROWS)
        ).encode(),
        Right(THREE, said=("fastText",)),
    ),
    "fasttext, another prefix": Case(
        lambda: fasttext("__class__{temper} __class__{stance} {text}"),
        Right(said=("begin with __class__",)),
    ),
    "crowdsourcing, answers as columns": Case(
        lambda: as_csv(
            [
                (
                    "HITId",
                    "WorkerId",
                    "WorkTimeInSeconds",
                    "Input.text",
                    *(f"Answer.{v}" for v in TEMPER),
                )
            ]
            + [
                (
                    f"3HIT{n:08X}",
                    f"A{k}W",
                    30 + n,
                    t,
                    *("true" if v == a else "false" for v in TEMPER),
                )
                for n, (t, a, _) in enumerate(ROWS)
                for k in range(2)
            ]
        ),
        Right(
            (TEMPER,),
            96,
            said=("WorkerId: looks like the name of an annotator",),
            text="Input.text",
        ),
    ),
    "qualitative coding, a code a line": Case(
        lambda: csv_of(("Quotation Content", "Codes"), lambda n: "\n".join(ROWS[n][1:])),
        Right(said=("at a line break",), text="Quotation Content"),
    ),
    "json of train and test": Case(
        lambda: json.dumps(
            {
                side: [{"text": t, "temper": a} for t, a, _ in rows]
                for side, rows in (("train", ROWS[:32]), ("test", ROWS[32:]))
            }
        ).encode(),
        Right((TEMPER,), said=("'train', 'test'", "split: looks like a split")),
    ),
}

# Sheets and surveys


def qualtrics() -> bytes:
    """Three headers, answers of a choice in columns of their own, a group of scores."""
    own = ("StartDate", "Status", "IPAddress", "Progress", "ResponseId", "RecipientEmail")
    head = (*own, "Q1", "Q2", *(f"Q3_{k}" for k in (1, 2, 3)))
    wording = (
        *own,
        "Please tell us\nwhat happened",
        "How did you feel?",
        *(f"Which apply? - Selected Choice - {flag}" for flag in FLAGS),
    )
    return as_csv(
        [head, wording, [json.dumps({"ImportId": f"QID{k}"}) for k in range(len(head))]]
        + [
            (
                *(f"2026-03-{n % 28 + 1:02} 10:00:00", "IP Address", f"10.0.0.{n}", 100),
                *(f"R_{n * 7919:013x}", "", t, a),
                *(flag if flag in flags(n) else "" for flag in FLAGS),
            )
            for n, (t, a, _) in enumerate(ROWS)
        ]
    )


def merged_headers() -> bytes:
    """Two header rows with merged cells, and merged labels below them."""
    rows = sorted(ROWS, key=lambda row: row[1:])
    grid = [["Message", "Coding", "", "Meta"], ["", "Temper", "Stance", "Coder"]]
    merges, at = ["A1:A2", "B1:C1"], 3
    for _, group in groupby(rows, key=lambda row: row[1:]):
        texts = [text for text, *_ in group]
        _, temper, stance = rows[at - 3]
        grid += [
            [t, temper, stance, "AB"] if k == 0 else [t, "", "", "CD"] for k, t in enumerate(texts)
        ]
        merges += [f"{column}{at}:{column}{at + len(texts) - 1}" for column in "BC"]
        at += len(texts)
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merges)
    return xlsx({"Data": sheet_rows(grid)}, after=f"<mergeCells>{areas}</mergeCells>")


def numbered_sheet() -> bytes:
    """A title, an empty row, the table and its total."""
    rows = [[str(n + 1), *row] for n, row in enumerate(ROWS)]
    above = [["Customer letters, spring", "", "", ""], ["", "", "", ""]]
    head, total = ["No.", "Comment", "Temper", "Stance"], ["Total", "48", "", ""]
    return xlsx({"Data": sheet_rows([*above, head, *rows, total])})


def question_and_answers(*, several: bool) -> bytes:
    """Of a question all answers in one column, and a column for each, as form tools write them."""
    given = flags if several else (lambda n: [FLAGS[n % 3]])
    return csv_of(
        ("text", "flags", *(f"flags/{flag}" for flag in FLAGS)),
        lambda n: " ".join(given(n)),
        *((lambda n, flag=flag: int(flag in given(n))) for flag in FLAGS),  # type: ignore[misc]
    )


SHEETS = {
    "qualtrics, a choice in columns": Case(
        qualtrics,
        Right((TEMPER, *THREE), said=("Qualtrics", "rows 2 and 3", "IPAddress: looks"), text="Q1"),
    ),
    "a row of answers below the header": Case(
        lambda: as_csv(
            [
                ("", "", "Codes", "", "Meta"),
                ("id", "message", "temper", "", "date"),
                ("", "", *TEMPER, ""),
            ]
            + [
                (n, t, *("x" if v == a else "" for v in TEMPER), f"2026-01-{n % 28 + 1:02}")
                for n, (t, a, _) in enumerate(ROWS)
            ]
        ),
        Right(
            (TEMPER,), said=("Rows 2 and 3 are headers", "date: looks like dates"), text="message"
        ),
    ),
    "merged cells below merged headers": Case(
        merged_headers, Right(said=("merged cells", "row 2", "Coder: looks"), text="Message")
    ),
    "a title, a total and numbers": Case(
        numbered_sheet, Right(said=("below the table", "No.: looks like an id"), text="Comment")
    ),
    "decimal commas between commas": Case(
        lambda: csv_of(
            ("text", "temper", "stance", "score"), TEMPER_OF, STANCE_OF, lambda n: f"0,{50 + n}"
        ),
        Right(said=("score: looks like a score",)),
    ),
    "mysql, without a header": Case(
        lambda: "\n".join(
            "\t".join((str(n), t.replace(", ", "\\t"), a, b if n % 8 else "\\N"))
            for n, (t, a, b) in enumerate(ROWS)
        ).encode(),
        Right(rows=42, said=(r"\\N is a missing cell", "no value for the part"), text="column 2"),
    ),
    "indices of pandas, twice": Case(
        lambda: as_csv(
            [("", "Unnamed: 0", "text", "temper", "stance")]
            + [(n, n * 5 % 49, *row) for n, row in enumerate(ROWS)]
        ),
        Right(said=("Unnamed: 0: looks like an id",)),
    ),
    "names that are there twice": Case(lambda: as_csv([("text", "label", "label"), *ROWS])),
    "answers beside their question": Case(
        lambda: question_and_answers(several=True),
        Right(THREE, said=("flags: says what flags/legal",)),
    ),
    "the one answer beside its question": Case(
        lambda: question_and_answers(several=False),
        Right((FLAGS,), said=("flags/legal: says what 'flags' says",)),
    ),
    "a row for each person": Case(
        lambda: as_csv(
            [("item_id", "text", "worker_id", "temper", "stance", "time_spent")]
            + [
                (n, t, f"w{k}", a if (n + k) % 9 else "heated", b, 10.5 + n + k)
                for n, (t, a, b) in enumerate(ROWS)
                for k in range(3)
            ]
        ),
        Right(
            rows=144, said=("worker_id: looks like the name of an annotator", "time_spent: looks")
        ),
    ),
}

# Labels in cells

SPELLED = unicodedata.normalize
PATHS = ("Food/Indian/North", "Food/Thai", "Media/Film", "Media/Radio/News")
WORDS = {
    "Spanish": ("Sí", "No"),
    "German": ("Ja", "Nein"),
    "Turkish": ("EVET", "HAYIR"),
    "Arabic": ("نعم", "لا"),
    "Chinese": ("是", "否"),
    "Chinese, there or not": ("有", "无"),
    "Persian": ("بله", "خیر"),
    "Romanian": ("Da", "Nu"),
    "Czech": ("Ano", "Ne"),
    "Bulgarian": ("да", "не"),
    "Thai": ("ใช่", "ไม่ใช่"),
    "Swahili": ("ndiyo", "hapana"),
}


def levels(*head: str, paths: Sequence[Sequence[str]]) -> bytes:
    """A column for each level; four paths, in all orders."""
    return as_csv([("text", *head), *rows_with_path(paths)])


def rows_with_path(paths: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    return [(text, *paths[(n * 5 + n // 6) % len(paths)]) for n, (text, *_) in enumerate(ROWS)]


STROKES = ("TV/Radio", "billing and/or refund", "either/or", "n/a")
TREE = ("Food > Bar", "Food > Inn", "Media > Film", "Shop > Toys")
DEPTHS = (
    ("Food", "Indian", "North"),
    ("Food", "Thai", ""),
    ("Media", "Film", ""),
    ("Media", "Radio", ""),
)
SOME = (("Food", "Indian"), ("Food", "Thai"), ("Travel", ""), ("Media", "Film"), ("Media", "Radio"))
CELLS = {
    "levels in columns": Case(
        lambda: levels("level1", "level2", "level3", paths=DEPTHS),
        Right(
            (("Food", "Media"), ("Film", "Indian", "Radio", "Thai"), ("(none)", "North")),
            said=("levels of a hierarchy", "36 of 48 labels have fewer"),
        ),
    ),
    "a category and what is below it": Case(
        lambda: levels("category", "subcategory", paths=SOME),
        Right((("Food", "Media", "Travel"), ("(none)", "Film", "Indian", "Radio", "Thai"))),
    ),
    "levels beside another part": Case(
        lambda: as_csv(
            [("text", "cat_1", "cat_2", "stance")]
            + [(*row, STANCE[n % 2]) for n, row in enumerate(rows_with_path(SOME))]
        ),
        Right((("Food", "Media", "Travel"), ("(none)", "Film", "Indian", "Radio", "Thai"), STANCE)),
    ),
    "paths with slashes": Case(
        lambda: labelled(lambda n: PATHS[n % 4], "category"),
        Right(
            (("Food", "Media"), ("Film", "Indian", "Radio", "Thai"), ("(none)", "News", "North")),
            said=("hierarchy of 3 levels",),
        ),
    ),
    "lists of paths": Case(
        lambda: labelled(lambda n: "; ".join(sorted({TREE[n % 4], TREE[n // 4 % 4]}))),
        Right(TAGS, said=("tags between ';'",)),
    ),
    "numpy's lists of tags": Case(
        lambda: csv_of(("text", "tags"), lambda n: str(flags(n)).replace(",", "")), Right(THREE)
    ),
    "right-to-left marks around values": Case(
        lambda: csv_of(
            ("text", "temper", "stance"),
            lambda n: f"\u200f{ROWS[n][1]}\u200f" if n % 2 else ROWS[n][1],
            lambda n: f"{ROWS[n][2]}\u200e" if n % 3 else ROWS[n][2],
        ),
        Right(said=("differ only in white space, invisible",)),
    ),
    "full-width letters": Case(
        lambda: labelled(lambda n: "ｃｏｏｌ" if n % 4 == 0 else ROWS[n][1]),
        Right((TEMPER,), said=("Unicode form",)),
    ),
    "full-width slashes, some": Case(
        lambda: labelled(lambda n: ("／" if n % 3 else "/").join(ROWS[n][1:]))
    ),
    "two Unicode forms": Case(
        lambda: labelled(
            lambda n: SPELLED("NFD" if n % 4 < 2 else "NFC", ("société", "santé")[n % 2])
        ),
        Right((("santé", "société"),), said=("Unicode form",)),
    ),
    "class numbers, some without their name": Case(
        lambda: csv_of(
            ("text", "label", "label_text"),
            lambda n: TEMPER.index(ROWS[n][1]),
            lambda n: ROWS[n][1] if n % 10 else "",
        ),
        Right((("0", "1"),), said=("label_text: says the same as 'label'",)),
    ),
    "a stroke that belongs to a value": Case(
        lambda: labelled(lambda n: STROKES[n % 4]),
        Right((STROKES,)),
    ),
    "a slash that belongs to a value of a part": Case(
        lambda: labelled(lambda n: f"{('TV/Radio', 'Print', 'Web')[n % 3]}/{STANCE[n // 3 % 2]}"),
        Right((("Print", "TV/Radio", "Web"), STANCE), said=("a value has it, too",)),
    ),
    "numbers as tags": Case(
        lambda: labelled(lambda n: ",".join(str(FLAGS.index(f) + 4) for f in flags(n))),
        Right(THREE),
    ),
    "errors of a spreadsheet": Case(
        lambda: labelled(lambda n: "#REF!" if n % 12 == 0 else ROWS[n][1]),
        Right((TEMPER,), 44, said=("'#REF!' means that nothing is known", "empty label 4")),
    ),
    **{
        f"yes and no in {language}": Case(
            lambda yes=yes, no=no: csv_of(  # type: ignore[misc]
                ("text", "a", "b"), lambda n: yes if n % 2 else no, lambda n: yes if n % 3 else no
            ),
            Right((YES_NO, YES_NO), said=(f"{yes} and {no} in the file",)),
        )
        for language, (yes, no) in WORDS.items()
    },
}

# Columns beside the label


def beside(**more: Callable[[int], Any]) -> bytes:
    """A text, a temper, and other columns."""
    return csv_of(("text", "temper", *more), TEMPER_OF, *more.values())


def mostly(n: int) -> str:
    """The temper, but for every seventh row."""
    return TEMPER[0] if n % 7 == 0 else ROWS[n][1]


BESIDE = {
    "markup in labels": Case(
        lambda: labelled(lambda n: f"<b>{ROWS[n][1]}</b>"),
        Right((tuple(f"<b>{value}</b>" for value in TEMPER),)),
    ),
    "hashtags": Case(lambda: labelled(lambda n: " ".join(f"#{value}" for value in ROWS[n][1:]))),
    "round brackets": Case(lambda: labelled(lambda n: f"({', '.join(ROWS[n][1:])})")),
    "ranges are no dates": Case(
        lambda: labelled(lambda n: ("18-24", "25-34", "35-44")[n % 3], "age group"),
        Right((("18-24", "25-34", "35-44"),)),
    ),
    "what machines said": Case(
        lambda: beside(ai_temper=mostly, auto_label=mostly, weak_label=mostly),
        Right(
            (TEMPER,),
            said=tuple(f"{c}: looks like what a model" for c in ("ai_temper", "auto_label")),
        ),
    ),
    "how sure somebody was": Case(
        lambda: beside(confidence=lambda n: ("high", "low", "medium")[n % 5 % 3]),
        Right((TEMPER,), said=("confidence: looks like a score",)),
    ),
    "what annotators agreed on": Case(
        lambda: csv_of(("text", "coder1", "coder2", "final"), TEMPER_OF, mostly, TEMPER_OF),
        Right((TEMPER,), said=("coder1: looks like an annotator's answer; 'final'",)),
    ),
    "annotators with a letter and a number": Case(
        lambda: csv_of(("text", "A1_temper", "A2_temper"), TEMPER_OF, mostly),
        Right((TEMPER,), 96, said=("2 annotators of temper",)),
    ),
    "annotators by their names": Case(
        lambda: csv_of(
            ("text", "temper_anna", "temper_ben", "temper_cem"), TEMPER_OF, mostly, TEMPER_OF
        ),
        Right((TEMPER,), 144, said=("3 annotators of temper",)),
    ),
    "notes longer than the texts": Case(
        lambda: as_csv(
            [("tweet", "temper", "annotator_notes")]
            + [
                (f"tweet {n}", a, f"{t}, about which much could be said" if n % 2 else "")
                for n, (t, a, _) in enumerate(ROWS)
            ]
        ),
        Right((TEMPER,), text="tweet"),
    ),
    "addresses longer than the texts": Case(
        lambda: beside(
            page=lambda n: f"https://example.org/a/long/way/to/a/page/that/is/number/{n}"
        ),
        Right((TEMPER,), said=("page: looks like addresses",)),
    ),
    "sets with more words": Case(
        lambda: beside(partition=lambda n: ("Training set", "Test set")[n % 3 == 0]),
        Right((TEMPER,), said=("partition: looks like a split",)),
    ),
    "invisible characters in a header": Case(
        lambda: as_csv([("text\u00a0", " temper ", "stance\u200b"), *ROWS])
    ),
}
CASES = TOOLS | SHEETS | CELLS | BESIDE


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_is_read_right_and_says_what_was_assumed(case: Case) -> None:
    case.check(re.IGNORECASE)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("".join(f"- text: {t}\n  temper: {a}\n" for t, a, _ in ROWS).encode(), "is YAML"),
        (
            as_lines(
                [
                    {
                        "row_data": t,
                        "media": {"type": "text"},
                        "labels": [{"made": {"by": "a"}}] * 2,
                    }
                    for t, *_ in ROWS
                ]
            ),
            "In 'labels' there are objects of a tool",
        ),
    ],
    ids=["yaml", "objects of a tool"],
)
def test_what_holds_no_labels_is_refused_by_name(content: bytes, says: str) -> None:
    with pytest.raises(LossVizError, match=says):
        opened(content)


def test_what_means_that_nothing_is_known_can_be_a_value() -> None:
    content = CELLS["errors of a spreadsheet"].content()
    assert sorted(map(len, opened(content, without=("unknown",)).parts)) == [3]


def test_aspects_that_go_together_are_parts() -> None:
    rows = [
        (t, b, STANCE[n % 7 != 0] if b == "praise" else STANCE[n % 7 == 0], STANCE[n % 2])
        for n, (t, _, b) in enumerate(ROWS)
    ]
    head = ("text", "food mood", "service mood", "price mood")
    assert opened(as_csv([head, *rows])).proposal.mapping.labels == head[1:]


def test_a_column_that_says_why_is_no_level() -> None:
    rows = [
        (t, a, ("late", "lost")[n // 2 % 2] if a == "heated" else "")
        for n, (t, a, _) in enumerate(ROWS)
    ]
    assert opened(as_csv([("text", "temper", "reason"), *rows])).parts[0] == TEMPER


def test_the_first_of_rows_that_are_nearly_the_same_is_a_row() -> None:
    rows = [(t, a, "en" if n else "de", "web" if n else "post") for n, (t, a, _) in enumerate(ROWS)]
    assert len(read_table(as_csv([("text", "temper", "language", "channel"), *rows]), "f")) == 48
