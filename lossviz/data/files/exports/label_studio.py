"""Label Studio: tasks with their annotations (JSON), and flat rows (JSON-MIN, CSV, TSV)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lossviz.data.files.exports._export import (
    Beginning,
    Export,
    Fields,
    cell_of,
    decoded,
    person,
    skipped,
    without_prefix,
)

_FLAT = {"annotation_id", "annotator", "lead_time", "created_at", "updated_at"}
_KINDS = ("choices", "taxonomy", "rating", "number", "labels", "text", "ranker", "pairwise")
_PASSAGES = "its labels are of passages, not of the text"


def _is_tasks(head: Beginning) -> bool:
    objects = (*head.objects("annotations"), *head.objects("completions"))
    return any("result" in item for item in objects)


def _unfold(row: Fields, _head: Beginning) -> Iterator[Fields]:
    """A row for each annotation, with a column for each control by which people chose."""
    base = without_prefix(row, "data.") or {"text": row.get("data", "")}
    annotations = decoded(row.get("annotations") or row.get("completions") or "") or []
    if not annotations:
        yield skipped(base, "no annotation")
    for annotation in annotations:
        if annotation.get("was_cancelled") or annotation.get("skipped"):
            yield skipped(base, "annotation cancelled or skipped")
            continue
        chosen, passages = _chosen(annotation.get("result") or [])
        who = {"annotator": person(annotation.get("completed_by"))}
        if chosen:
            yield base | chosen | who
        else:
            yield skipped(base | who, _PASSAGES if passages else "annotation without a choice")


def _chosen(results: list[Mapping[str, Any]]) -> tuple[Fields, bool]:
    """What was chosen by each control, and whether passages were labelled."""
    values: dict[str, list[Any]] = {}
    passages = False
    for result in results:
        value = result.get("value") or {}
        if "start" in value or "end" in value:
            passages = True
            continue
        for kind in _KINDS:
            if kind in value:
                items = value[kind] if isinstance(value[kind], list) else [value[kind]]
                paths = [" > ".join(map(str, i)) if isinstance(i, list) else i for i in items]
                values.setdefault(str(result.get("from_name", "label")), []).extend(paths)
    return {name: cell_of(items) for name, items in values.items()}, passages


def _is_flat(head: Beginning) -> bool:
    return len(_FLAT & set(head.names)) >= 3


def _gather(row: Fields, _head: Beginning) -> Iterator[Fields]:
    """Where several were chosen, they stand in an object: back under the control's own name."""
    gathered = dict(row)
    for name in row:
        base, _, kind = name.rpartition(".")
        if kind in _KINDS and base:
            chosen = gathered.pop(name)
            gathered[base] = gathered.get(base, "") or chosen
    yield gathered


TASKS = Export(
    "label-studio",
    "Label Studio",
    _is_tasks,
    _unfold,
    "each annotation is a row, each control a part; predictions of a model are no labels",
)
FLAT = Export(
    "label-studio-flat",
    "Label Studio",
    _is_flat,
    _gather,
    "one row for each annotation; where several choices were made, they are a list",
)
