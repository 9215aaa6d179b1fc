"""Files as people's tools write them: read right, with what was assumed; or refused by name."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lossviz.data import read_table
from lossviz.data.files.exports import EXPORTS
from lossviz.errors import LossVizError
from tests.support.opened import (
    BOTH,
    ROWS,
    STANCE,
    TEMPER,
    Case,
    Right,
    as_csv,
    as_lines,
    opened,
)


def as_parquet(columns: dict[str, Any], metadata: dict[str, str] | None = None) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns).replace_schema_metadata(metadata or {}), out)
    return out.getvalue()


def result(name: str, *values: str) -> dict[str, Any]:
    return {"from_name": name, "type": "choices", "value": {"choices": list(values)}}


def task(n: int, *annotations: dict[str, Any]) -> dict[str, Any]:
    text, temper, stance = ROWS[n]
    given = annotations or ({"result": [result("temper", temper), result("stance", stance)]},)
    return {"id": n, "data": {"text": text}, "annotations": list(given), "predictions": []}


def label_studio() -> bytes:
    tasks = [task(n) for n in range(45)]
    tasks.append(task(45, {"was_cancelled": True, "result": []}))
    tasks.append({"id": 46, "data": {"text": ROWS[46][0]}, "annotations": []})
    two = [
        {"completed_by": k, "result": [result("temper", "cool"), result("stance", stance)]}
        for k, stance in ((1, "praise"), (2, "gripe"))
    ]
    tasks.append(task(47, *two))
    return json.dumps(tasks, indent=2).encode()


def suggested() -> bytes:
    """A model's prediction is in every task, the label in most."""
    tasks = [task(n) for n in range(48)]
    for number, one in enumerate(tasks):
        one["predictions"] = [{"result": [result("temper", "other")], "score": 0.5}]
        if number % 6 == 0:
            one["annotations"] = []
    return as_lines(tasks)


def taxonomies() -> bytes:
    paths = (["food", "indian"], ["food", "thai"], ["media", "film"], ["media", "radio", "news"])
    tasks = [
        {"data": {"text": text}, "annotations": [{"result": [
            {"from_name": "topic", "type": "taxonomy", "value": {"taxonomy": [paths[n % 4]]}}]}]}
        for n, (text, *_) in enumerate(ROWS)
    ]  # fmt: skip
    return json.dumps(tasks).encode()


def label_studio_csv(write: Callable[[list[str]], str]) -> bytes:
    head = ("annotation_id", "annotator", "created_at", "id", "lead_time", "mood", "text")
    rows = [
        (n, "r1", "2026-03-01T08:00:00Z", 100 + n, 7.25 + n, write([temper, stance]), text)
        for n, (text, temper, stance) in enumerate(ROWS)
    ]
    return as_csv([head, *rows])


def in_any_order(n: int) -> list[str]:
    return list(ROWS[n][1:]) if n % 3 else list(ROWS[n][:0:-1])


def doccano() -> bytes:
    return as_lines(
        [{"id": n, "text": ROWS[n][0], "label": in_any_order(n), "Comments": []} for n in range(48)]
    )


def doccano_ids() -> bytes:
    ids = {"cool": 3, "heated": 4, "gripe": 7, "praise": 9}
    return as_lines(
        [
            {"id": n, "text": ROWS[n][0], "meta": {}, "annotation_approver": None, "annotations": [
                {"label": ids[label], "id": n, "user": 1, "created_at": "2020"}
                for label in in_any_order(n)]}
            for n in range(48)
        ]
    )  # fmt: skip


def doccano_csv() -> bytes:
    rows = [(n, ROWS[n][0], "#".join(in_any_order(n)), "") for n in range(48)]
    return as_csv([("id", "text", "label", "Comments"), *rows])


def prodigy(answers: Sequence[str] = ("accept",)) -> bytes:
    options = [{"id": value, "text": value.title()} for value in (*TEMPER, *STANCE)]
    return as_lines(
        [
            {"text": ROWS[n][0], "_input_hash": n * 7919, "_task_hash": n * 104729,
             "options": options, "accept": in_any_order(n), "answer": answers[n % len(answers)],
             "_session_id": "news-anna", "_view_id": "choice", "config": {"choice_style": "multi"}}
            for n in range(48)
        ]
    )  # fmt: skip


def prodigy_binary() -> bytes:
    return as_lines(
        [
            {"text": text, "label": "HEATED", "_input_hash": n, "_task_hash": n,
             "answer": "accept" if temper == "heated" else "reject"}
            for n, (text, temper, _) in enumerate(ROWS)
        ]
    )  # fmt: skip


def cats(text: str, *there: str) -> dict[str, float]:
    return {value.upper(): float(value in there) for value in (*TEMPER, *STANCE)}


def argilla_records() -> bytes:
    """Version 2: responses and suggestions beside each other; the suggestions are mostly wrong."""
    return json.dumps(
        [
            {"id": str(n), "status": "completed", "fields": {"text": text}, "metadata": {},
             "suggestions": {"temper": {"value": "cool", "score": 0.9, "agent": "m"},
                             "stance": {"value": "gripe", "score": None, "agent": "m"}},
             "responses": {} if n == 5 else {
                 "temper": [{"value": temper, "user_id": "u1", "status": "submitted"}],
                 "stance": [{"value": stance, "user_id": "u1", "status": "submitted"}]}}
            for n, (text, temper, stance) in enumerate(ROWS)
        ]
    ).encode()  # fmt: skip


def argilla_columns() -> bytes:
    """As a dataset: a response and its status are lists of as many people."""
    return as_lines(
        [
            {"id": n, "text": text, "temper.responses": [temper, temper],
             "temper.responses.users": ["u1", "u2"],
             "temper.responses.status": ["submitted", "discarded" if n % 4 == 0 else "submitted"],
             "temper.suggestion": "cool", "temper.suggestion.score": 0.7}
            for n, (text, temper, _) in enumerate(ROWS)
        ]
    )  # fmt: skip


def argilla_hub() -> bytes:
    """As the hub has it: lists of structs in Parquet."""
    return as_parquet(
        {
            "text": [text for text, *_ in ROWS],
            "temper": [[{"user_id": "a", "value": t, "status": "submitted"}] for _, t, _ in ROWS],
            "temper-suggestion": ["cool"] * 48,
            "temper-suggestion-metadata": [{"agent": "m", "score": 0.5, "type": None}] * 48,
            "external_id": [str(n) for n in range(48)],
        }
    )


def argilla_former() -> bytes:
    return as_lines(
        [
            {"text": text, "inputs": {"text": text}, "prediction": [{"label": "cool", "score": 1}],
             "prediction_agent": "m", "annotation": None if n < 4 else temper,
             "annotation_agent": "anna", "status": "Default" if n < 4 else "Validated", "id": n}
            for n, (text, temper, _) in enumerate(ROWS)
        ]
    )  # fmt: skip


def hugging_face(columns: dict[str, Any], features: dict[str, Any]) -> bytes:
    about = json.dumps({"info": {"features": features}})
    return as_parquet(columns, {"huggingface": about})


def labelled(label: Callable[[int], str], name: str = "label") -> bytes:
    """A CSV with this label in each row."""
    return as_csv([("text", name), *((text, label(n)) for n, (text, *_) in enumerate(ROWS))])


def class_numbers() -> bytes:
    return hugging_face(
        {
            "text": [text for text, *_ in ROWS],
            "temper": [TEMPER.index(temper) for _, temper, _ in ROWS],
            "tags": [[STANCE.index(stance)] for *_, stance in ROWS],
        },
        {
            "temper": {"names": list(TEMPER), "_type": "ClassLabel"},
            "tags": {
                "feature": {"names": list(STANCE), "_type": "ClassLabel"},
                "_type": "Sequence",
            },
        },
    )


def rows_api() -> bytes:
    return json.dumps(
        {
            "features": [{"feature_idx": 0, "name": "text"}, {"feature_idx": 1, "name": "temper"}],
            "rows": [
                {"row_idx": n, "row": {"text": text, "temper": temper}, "truncated_cells": []}
                for n, (text, temper, _) in enumerate(ROWS)
            ],
        }
    ).encode()


def fasttext(line: str) -> bytes:
    return "\n".join(line.format(text=t, temper=a, stance=b) for t, a, b in ROWS).encode()


def cells(write: Callable[[list[str]], str], *, shuffled: bool = False) -> bytes:
    """A CSV whose label is written in this way."""
    return as_csv(
        [("text", "label")]
        + [(t, write(in_any_order(n) if shuffled else [a, b])) for n, (t, a, b) in enumerate(ROWS)]
    )


UPPER = tuple(tuple(value.upper() for value in part) for part in BOTH)
CASES = {
    # Annotation tools
    "label studio": Case(
        label_studio,
        Right(rows=47, said=("Label Studio", "cancelled or skipped 1", "no annotation 1")),
    ),
    "label studio, a model's predictions": Case(
        suggested, Right(rows=40, said=("no annotation 8", "predictions of a model are no labels"))
    ),
    "label studio, taxonomies": Case(
        taxonomies,
        Right((("food", "media"), ("film", "indian", "radio", "thai"), ("(none)", "news")), 48),
    ),
    "label studio, csv": Case(
        lambda: label_studio_csv(lambda own: json.dumps({"choices": own})),
        Right(said=("Label Studio", "lead_time: looks like a score")),
    ),
    "doccano": Case(doccano, Right(said=("doccano", "exclude each other"))),
    "doccano, ids": Case(
        doccano_ids, Right((("3", "4"), ("7", "9")), said=("doccano", "names are in"))
    ),
    "doccano, csv": Case(doccano_csv, Right(said=("doccano",))),
    "prodigy": Case(prodigy, Right(said=("Prodigy",))),
    "prodigy, rejected": Case(
        lambda: prodigy(("accept", "accept", "accept", "accept", "reject", "ignore")),
        Right(rows=32, said=("rejected by the annotator 8", "ignored by the annotator 8")),
    ),
    "prodigy, one label": Case(prodigy_binary, Right((("no", "yes"),), said=("Prodigy",))),
    "spacy": Case(
        lambda: as_lines([{"text": t, "cats": cats(t, a, b)} for t, a, b in ROWS]),
        Right(UPPER, said=("spaCy", "exclude each other")),
    ),
    "spacy, pairs": Case(
        lambda: json.dumps([[t, {"cats": cats(t, a, b)}] for t, a, b in ROWS]).encode(),
        Right(UPPER, said=("spaCy",)),
    ),
    "spacy, paragraphs": Case(
        lambda: json.dumps(
            [
                {
                    "id": n,
                    "paragraphs": [
                        {
                            "raw": t,
                            "cats": [{"label": k, "value": v} for k, v in cats(t, a, b).items()],
                        }
                    ],
                }
                for n, (t, a, b) in enumerate(ROWS)
            ]
        ).encode(),
        Right(UPPER, said=("spaCy",)),
    ),
    "argilla, records": Case(
        argilla_records, Right(rows=47, said=("Argilla", "suggestion is no label 1"))
    ),
    "argilla, columns": Case(
        argilla_columns, Right((TEMPER,), 84, said=("Argilla", "response discarded 12"))
    ),
    "argilla, hub": Case(argilla_hub, Right((TEMPER,), 48, said=("Argilla", "-suggestion"))),
    "argilla, version 1": Case(
        argilla_former, Right((TEMPER,), 44, said=("Argilla", "a model's prediction is no label 4"))
    ),
    "hugging face, class numbers": Case(class_numbers, Right(said=("shown by their names",))),
    "hugging face, rows": Case(rows_api, Right((TEMPER,), said=("Hugging Face",))),
    "fasttext": Case(
        lambda: fasttext("__label__{temper} __label__{stance} {text}"), Right(said=("fastText",))
    ),
    "fasttext, at the end": Case(
        lambda: fasttext("{text} __label__{stance} __label__{temper}"), Right(said=("fastText",))
    ),
    "fasttext, commas": Case(
        lambda: fasttext("__label__{temper}, __label__{stance} , {text}"),
        Right(said=("fastText",)),
    ),
    "fasttext, behind a comma": Case(
        lambda: fasttext("__label__{temper},__label__{stance},{text}"),
        Right(said=("fastText",)),
    ),
    # Shapes of pandas
    "pandas, by row": Case(
        lambda: json.dumps(
            {f"r{n}": {"text": t, "temper": a, "stance": b} for n, (t, a, b) in enumerate(ROWS)}
        ).encode(),
        Right(said=("name of a row",)),
    ),
    "pandas, split": Case(
        lambda: json.dumps(
            {"columns": ["text", "temper", "stance"], "index": list(range(48)), "data": ROWS}
        ).encode(),
    ),
    "pandas, table": Case(
        lambda: json.dumps(
            {
                "schema": {"fields": [{"name": "text", "type": "string"}]},
                "data": [
                    {"index": n, "text": t, "temper": a, "stance": b}
                    for n, (t, a, b) in enumerate(ROWS)
                ],
            }
        ).encode(),
    ),
    # Labels in cells
    "python's lists": Case(lambda: cells(repr)),
    "python's lists in any order": Case(lambda: cells(repr, shuffled=True)),
    "json's lists": Case(lambda: cells(json.dumps, shuffled=True)),
    "numpy's lists": Case(lambda: cells(lambda own: str(own).replace(",", ""))),
    "numpy's arrays": Case(lambda: cells(lambda own: f"array({own}, dtype=object)")),
    "lists without quotes": Case(lambda: cells(lambda own: f"[{', '.join(own)}]", shuffled=True)),
    "curly quotes": Case(lambda: cells(lambda own: f"[‘{own[0]}’, “{own[1]}”]")),
    "sets": Case(lambda: cells(lambda own: "{" + ", ".join(map(repr, own)) + "}", shuffled=True)),
    "tuples": Case(lambda: cells(lambda own: repr(tuple(own)))),
    "postgres' arrays": Case(lambda: cells(lambda own: "{" + ",".join(own) + "}", shuffled=True)),
    "objects of marks": Case(
        lambda: cells(lambda own: json.dumps({v: int(v in own) for v in (*TEMPER, *STANCE)}))
    ),
    "any order at a bar": Case(lambda: cells("|".join, shuffled=True)),
    "any order at a semicolon": Case(lambda: cells("; ".join, shuffled=True)),
    "full-width separators": Case(lambda: cells("｜".join)),
    "right-to-left marks": Case(lambda: cells("\u200f|\u200e".join)),
    "a hierarchy": Case(
        lambda: as_csv(
            [("text", "category")]
            + [
                (t, ("A > x", "A > y > q", "B > z", "B > w > r")[n % 4])
                for n, (t, *_) in enumerate(ROWS)
            ]
        ),
        Right((("A", "B"), ("w", "x", "y", "z"), ("(none)", "q", "r")), said=("2 of|24 of",)),
    ),
    "a hierarchy with arrows": Case(
        lambda: labelled(lambda n: ("A → x", "A → y", "B → z", "B → w")[n % 4], "category"),
        Right((("A", "B"), ("w", "x", "y", "z"))),
    ),
    "and/or": Case(
        lambda: labelled(lambda n: ("billing and/or refund", "shipping")[n % 2]),
        Right((("billing and/or refund", "shipping"),)),
    ),
    "spellings": Case(
        lambda: as_csv(
            [("text", "temper", "stance")]
            + [
                (
                    t,
                    (a, a.upper(), f"{a} ", f"\u00a0{a}\u200b")[n % 4],
                    (b, f"{b}\u200f")[n % 3 == 0],
                )
                for n, (t, a, b) in enumerate(ROWS)
            ]
        ),
        Right(said=("differ only in case", "differ only in white space")),
    ),
    "Unicode forms": Case(
        lambda: as_csv(
            [("text", "label")]
            + [
                (t, ("café", "cafe\u0301", "thé", "the\u0301")[n % 4])
                for n, (t, *_) in enumerate(ROWS)
            ]
        ),
        Right((("café", "thé"),), said=("Unicode form",)),
    ),
    "yes and no in Polish": Case(
        lambda: as_csv(
            [("text", "angry", "polite")]
            + [
                (t, ("tak", "nie")[n % 2], ("tak", "nie")[n // 2 % 2])
                for n, (t, *_) in enumerate(ROWS)
            ]
        ),
        Right((("no", "yes"), ("no", "yes"))),
    ),
    "class numbers with names beside them": Case(
        lambda: as_csv(
            [("text", "label", "label_text")] + [(t, TEMPER.index(a), a) for t, a, _ in ROWS]
        ),
        Right((TEMPER,), said=("label: says the same as 'label_text'",)),
    ),
    "one column for each value": Case(
        lambda: as_csv(
            [("text", "temper_cool", "temper_heated", "stance_gripe", "stance_praise")]
            + [(t, *(int(v in (a, b)) for v in (*TEMPER, *STANCE))) for t, a, b in ROWS]
        ),
        Right(said=("exclude each other",)),
    ),
    "objects in cells": Case(
        lambda: cells(lambda own: json.dumps({"temper": own[0], "stance": own[1]})),
        Right(said=("hold objects",)),
    ),
    "pairs in cells": Case(
        lambda: cells(lambda own: f"temper={own[0]}; stance={own[1]}"),
        Right(said=("hold objects",)),
    ),
    "named choices": Case(
        lambda: as_lines(
            [
                {"text": t, "labels": [{"name": "a", "value": a}, {"name": "b", "value": b}]}
                for t, a, b in ROWS
            ]
        ),
        Right(said=("hold objects",)),
    ),
    "people's labels": Case(
        lambda: as_lines(
            [
                {"text": t, "votes": [{"annotator": who, "temper": a, "stance": b} for who in "xy"]}
                for t, a, b in ROWS
            ]
        ),
        Right(rows=96, said=("each person said is a row",)),
    ),
    "brackets of their own": Case(lambda: cells(lambda own: "".join(f"<{v}>" for v in own))),
    "corner brackets": Case(lambda: cells(lambda own: "".join(f"【{v}】" for v in own))),
    "quotes without brackets": Case(lambda: cells(lambda own: ", ".join(map(repr, own)))),
    "columns of values beside another": Case(
        lambda: as_csv(
            [("text", "cool", "heated", "stance")]
            + [(t, *(int(value == a) for value in TEMPER), b) for t, a, b in ROWS]
        ),
        Right(said=("cool and heated",)),
    ),
    "a part is missing": Case(
        lambda: cells(lambda own: f"{own[0]}|" if own == ["cool", "praise"] else "|".join(own)),
        Right(rows=36, said=("no value for the part 'part 2' 12",)),
    ),
    "question marks": Case(
        lambda: cells("|".join).replace(b"cool|praise", b"?|praise"),
        Right(rows=36, said=("no value for the part 'part 1' 12",)),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_is_read_right_and_says_what_was_assumed(case: Case) -> None:
    case.check()


def test_every_tool_is_tried() -> None:
    tools = {export.tool for export in EXPORTS if not export.refusal}
    said = " ".join(" ".join(case.right.said) for case in CASES.values())
    assert all(tool in said for tool in tools)


@pytest.mark.parametrize("key", ["messages", "conversations"])
def test_the_fine_tuning_of_a_chat_model_is_refused_by_name(key: str) -> None:
    who, what = ("role", "content") if key == "messages" else ("from", "value")
    lines = [{key: [{who: "user", what: t}, {who: "assistant", what: a}]} for t, a, _ in ROWS]
    with pytest.raises(LossVizError, match="fine-tuning of a chat model"):
        opened(as_lines(lines))


def test_an_export_of_passages_only_says_so() -> None:
    span = {"from_name": "ner", "value": {"start": 0, "end": 3, "labels": ["ORG"]}}
    tasks = [task(n, {"result": [span]}) for n in range(12)]
    with pytest.raises(LossVizError, match=r"Label Studio's export.*passages"):
        opened(json.dumps(tasks).encode())


@pytest.mark.parametrize("odd", ["a text", 7, ["x"], {"result": "x"}, {"result": [3]}, None])
def test_a_row_that_is_written_otherwise_is_a_sentence(odd: object) -> None:
    tasks = [task(n) for n in range(60 - 12)]
    tasks[40]["annotations"] = [odd]
    try:
        found = opened(json.dumps(tasks).encode())
    except LossVizError as error:
        assert "row 41 is not written so" in str(error)
    else:
        assert found.account.used == 47


def test_what_is_assumed_can_be_denied() -> None:
    table = read_table(doccano(), "file", without=("export",))
    assert "Comments" in table.columns
    kept = opened(CASES["spellings"].content(), without=("case",))
    assert sorted(map(len, kept.parts)) == [2, 3]
    exact = opened(CASES["spellings"].content(), without=("spelling",))
    assert sorted(map(len, exact.parts)) == [3, 4]
