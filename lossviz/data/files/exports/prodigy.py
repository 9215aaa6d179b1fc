"""Prodigy: what was accepted of some options, or whether a label was; rejected and ignored ones."""

from __future__ import annotations

from collections.abc import Iterator

from lossviz.data.files.exports._export import Beginning, Export, Fields, cell_of, decoded, skipped

_OWN = ("options", "accept", "answer", "tokens", "spans", "html", "config")


def _is_prodigy(head: Beginning) -> bool:
    return head.has("answer") and (head.has("_task_hash") or head.has("accept"))


def _unfold(row: Fields, head: Beginning) -> Iterator[Fields]:
    base = {
        name: cell
        for name, cell in row.items()
        if not name.startswith(("_", *_OWN)) and not (name == "label" and not head.has("accept"))
    }
    who = row.get("_annotator_id") or row.get("_session_id") or ""
    base |= {"annotator": who} if who else {}
    answer = row.get("answer", "")
    if answer == "ignore":
        yield skipped(base, "ignored by the annotator")
    elif head.has("accept"):
        yield from _of_options(base, row, answer)
    else:
        yield _of_label(base, row.get("label", ""), answer, head)


def _of_options(base: Fields, row: Fields, answer: str) -> Iterator[Fields]:
    accepted = decoded(row["accept"]) or [item for item in row["accept"].split("|") if item]
    if answer == "reject":
        yield skipped(base, "rejected by the annotator")
    elif not accepted:
        yield skipped(base, "no option accepted")
    else:
        texts = _texts(row.get("options", ""))
        yield base | {"label": cell_of([texts.get(str(item), item) for item in accepted])}


def _texts(options: str) -> dict[str, str]:
    """What the options say where their ids are mere numbers."""
    pairs = {
        str(option["id"]): str(option.get("text", option["id"]))
        for option in decoded(options) or []
        if isinstance(option, dict) and "id" in option
    }
    return pairs if all(key.lstrip("-").isdigit() for key in pairs) else {}


def _of_label(base: Fields, label: str, answer: str, head: Beginning) -> Fields:
    """One label was asked about: yes or no. Of several, a rejected one says only what is not."""
    labels = head.values("label")
    if len(labels) == 1:
        return base | {next(iter(labels)): "yes" if answer == "accept" else "no"}
    if answer == "reject":
        return skipped(base, "rejected by the annotator")
    return base | {"label": label}


PRODIGY = Export(
    "prodigy",
    "Prodigy",
    _is_prodigy,
    _unfold,
    "the label is what was accepted; what was rejected or ignored is left out",
)
