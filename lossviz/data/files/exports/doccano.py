"""doccano: labels as lists in any order, or as ids of labels for each user."""

from __future__ import annotations

from collections.abc import Iterator

from lossviz.data.files.exports._export import Beginning, Export, Fields, cell_of, decoded, skipped

_OWN = ("annotations", "Comments", "annotation_approver")
_NAMES = ("label", "labels", "cats")


def _is_doccano(head: Beginning) -> bool:
    annotations = {key for item in head.objects("annotations") for key in item}
    if {"label", "user"} <= annotations:
        return True
    labelled = any(head.has(name) for name in _NAMES)
    return labelled and head.has("Comments") and bool({"text", "data"} & set(head.names))


def _unfold(row: Fields, head: Beginning) -> Iterator[Fields]:
    base = {name: cell for name, cell in row.items() if name not in _OWN}
    annotations = decoded(row.get("annotations", ""))
    if head.has("annotations"):
        yield from _by_user(base, annotations or [])
        return
    name = next(name for name in _NAMES if head.has(name))
    cell = row.get(name, "")
    if any(isinstance(item, list | dict) for item in decoded(cell) or []):
        yield skipped(base, "its labels are of passages, not of the text")
    elif not cell.strip():
        yield skipped(base, "no label")
    else:
        yield base


def _by_user(base: Fields, annotations: list[dict[str, object]]) -> Iterator[Fields]:
    """A row for each user, with the ids of the labels that they gave."""
    by_user: dict[str, list[object]] = {}
    for annotation in annotations:
        if "start_offset" not in annotation:
            by_user.setdefault(str(annotation.get("user", "")), []).append(annotation.get("label"))
    if not by_user:
        yield skipped(base, "no label of the text" if annotations else "no annotation")
    for user, labels in by_user.items():
        yield base | {"label": cell_of(labels), "annotator": user}


DOCCANO = Export(
    "doccano",
    "doccano",
    _is_doccano,
    _unfold,
    "labels are lists in any order; where they are ids, their names are in doccano's label list",
)
