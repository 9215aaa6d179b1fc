"""Argilla: the responses of people, apart from the suggestions of a model, in its four shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lossviz.data.files.exports._export import (
    Beginning,
    Export,
    Fields,
    cell_of,
    decoded,
    person,
    skipped,
)

_STATES = {
    "discarded": "response discarded",
    "draft": "response is a draft",
    "pending": "no response",
}
_NONE = "no response of a person; a model's suggestion is no label"
_ALL = "responses"
_FORMER = ("annotation", "prediction", "status")


class _Response(NamedTuple):
    who: str
    value: Any
    status: str


def _is_argilla(head: Beginning) -> bool:
    suggests = any(_suggestion(name) for name in head.names)
    return bool(
        (head.starting("responses") and head.starting("fields"))
        or any(name.endswith(".responses") for name in head.names)
        or (suggests and any(_listed(head, name) for name in head.names))
        or (head.has(*_FORMER) and head.has("annotation_agent"))
        or (head.has(*_FORMER[1:]) and head.has("annotation", "inputs.text"))
    )


def _listed(head: Beginning, name: str) -> bool:
    return any({"value", "status"} <= set(item) for item in head.objects(name))


def _suggestion(name: str) -> bool:
    """Does the column say what a model suggested?"""
    return "suggestion" in name


def _unfold(row: Fields, head: Beginning) -> Iterator[Fields]:
    if head.has("annotation", "status"):
        yield _former(row)
        return
    questions = {question: _responses(row, question) for question in _questions(head)}
    base = _base(row, questions)
    people = list(dict.fromkeys(r.who for given in questions.values() for r in given))
    if not people:
        yield skipped(base, _NONE)
    for who in people:
        given = {q: r for q, rs in questions.items() for r in rs if r.who == who}
        states = {response.status for response in given.values()} - {""}
        values = {q: cell_of(_items(response.value)) for q, response in given.items()}
        out = base | values | {"annotator": who}
        refused = next((phrase for state, phrase in _STATES.items() if state in states), "")
        yield skipped(out, refused) if refused else out


def _questions(head: Beginning) -> list[str]:
    together = [question for item in head.objects("responses") for question in _values(item)]
    inside = [name.removeprefix("responses.") for name in head.starting("responses.")]
    beside = [name.removesuffix(".responses") for name in head.names if name.endswith(".responses")]
    listed = [name for name in head.names if _listed(head, name) and "." not in name]
    return list(dict.fromkeys((*together, *inside, *beside, *(n for n in listed if n != _ALL))))


def _values(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """What somebody answered to all questions together, as feedback data sets have it."""
    values = item.get("values")
    return values if isinstance(values, dict) else {}


def _responses(row: Fields, question: str) -> list[_Response]:
    together = decoded(row.get(_ALL, ""))
    if isinstance(together, list):
        return [
            _Response(
                person(item.get("user_id")),
                _values(item)[question].get("value"),
                str(item.get("status") or ""),
            )
            for item in together
            if question in _values(item)
        ]
    inside = decoded(row.get(f"responses.{question}", "") or row.get(question, ""))
    if isinstance(inside, list):
        return [
            _Response(person(item.get("user_id")), item.get("value"), str(item.get("status") or ""))
            for item in inside
            if isinstance(item, dict)
        ]
    column = f"{question}.responses"
    values = _items(row.get(column, ""))
    people, states = (_items(row.get(f"{column}.{what}", "")) for what in ("users", "status"))
    return [
        _Response(
            person(people[k]) if k < len(people) else str(k + 1),
            value,
            str(states[k]) if k < len(states) else "",
        )
        for k, value in enumerate(values)
    ]


def _items(value: Any) -> list[Any]:
    """The items of what was answered: a list, a list as a cell has it, or one value."""
    if isinstance(value, str):
        inside = decoded(value)
        return inside if isinstance(inside, list) else [v for v in value.split("|") if v]
    return value if isinstance(value, list) else [value]


def _base(row: Fields, questions: dict[str, list[_Response]]) -> Fields:
    """The fields that people read, and what the model suggested by its own names."""
    base: Fields = {}
    for name, cell in row.items():
        if name.startswith("responses") or ".responses" in name or name in questions:
            continue
        kept = name.startswith(("fields.", "metadata.")) or "." not in name
        if _suggestion(name) and name.endswith((".value", ".suggestion", "-suggestion")):
            base[f"{name.removesuffix('.value').replace('suggestions.', '')}"] = cell
        elif kept and not _suggestion(name):
            base[name.removeprefix("fields.")] = cell
    return base


def _former(row: Fields) -> Fields:
    """A record of version 1: one annotation, and a prediction."""
    base = {
        name.removeprefix("inputs."): cell
        for name, cell in row.items()
        if name not in ("annotation", "annotation_agent", "inputs") and "vectors" not in name
    }
    if row.get("inputs") and "text" not in base:
        base["text"] = row["inputs"]
    if row["status"].casefold() == "discarded":
        return skipped(base, "record discarded")
    if not row["annotation"].strip():
        return skipped(base, "no annotation; a model's prediction is no label")
    return base | {"annotation": row["annotation"], "annotator": row.get("annotation_agent", "")}


ARGILLA = Export(
    "argilla",
    "Argilla",
    _is_argilla,
    _unfold,
    "each person's response is a row; what a model suggested or predicted is no label",
)
