"""spaCy: ``cats``, which say of each category whether it holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lossviz.data.files.exports._export import Beginning, Export, Fields, decoded, skipped

_PREFIX = "cats."


def _is_spacy(head: Beginning) -> bool:
    if len(head.starting(_PREFIX)) > 1:
        return True
    return any(_cats(cell) for row in head.rows[:5] for cell in row.values())


def _cats(cell: str) -> dict[str, Any]:
    """The categories in a cell: of a pair ``[text, {"cats": …}]``, or of a paragraph."""
    value = decoded(cell) if '"cats"' in cell else None
    if isinstance(value, list) and value and isinstance(value[0], dict):
        value = value[0]
    cats = value.get("cats") if isinstance(value, dict) else None
    if isinstance(cats, list):
        cats = {str(cat.get("label")): cat.get("value") for cat in cats if isinstance(cat, dict)}
    return cats if isinstance(cats, dict) else {}


def _unfold(row: Fields, _head: Beginning) -> Iterator[Fields]:
    cats = {name: cell for name, cell in row.items() if name.startswith(_PREFIX)}
    rest = {name: cell for name, cell in row.items() if not name.startswith(_PREFIX)}
    if cats:
        named = {name[len(_PREFIX) :]: cell for name, cell in cats.items()}
    else:
        inside = next((name for name, cell in row.items() if _cats(cell)), "")
        named = {name: str(value) for name, value in _cats(row.get(inside, "")).items()}
        value = decoded(rest.pop(inside, ""))
        raw = value[0].get("raw", "") if isinstance(value, list) else ""
        rest = {"text": raw} if raw else {"text": next(iter(rest.values()), "")}
    rest = {name: cell for name, cell in rest.items() if name not in named}
    yield rest | named if any(named.values()) else skipped(rest | named, "no category")


SPACY = Export(
    "spacy", "spaCy", _is_spacy, _unfold, "every category is a column that says whether it holds"
)
