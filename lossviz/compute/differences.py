"""Differences between two JSON values: what a browser that has the one needs for the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Change = dict[str, Any]
NESTED = frozenset((dict, list, tuple))
LEAST_SAVED = 24
"""Characters that a splice takes to be written down; a text that saves fewer is replaced."""


def difference(before: Any, after: Any) -> Change | None:
    """What makes the one the other; None where they are the same.

    ``{"=": value}`` takes its place. ``{".": {key: change}}`` changes within an object, or a list
    by position; ``"-"`` beside it names the keys that go. ``{"~": [first, last, between]}`` keeps
    so many characters of a text, or items of a list, at its start and at its end.

    >>> difference("step 119", "step 120")
    {'=': 'step 120'}
    >>> difference({"x": [1, 2], "y": 0}, {"x": [1, 2, 3], "y": 0})
    {'.': {'x': {'~': [2, 0, [3]]}}}
    """
    if before is after or (before == after and type(before) is type(after)):
        return None
    if isinstance(before, dict) and isinstance(after, dict):
        return _within(before, after)
    if isinstance(before, list | tuple) and isinstance(after, list | tuple):
        return _of_lists(before, after)
    if isinstance(before, str) and isinstance(after, str):
        return _of_texts(before, after)
    return {"=": after}


def changed(before: Any, change: Change) -> Any:
    """:func:`difference` put in its place; the browser does the same."""
    if "=" in change:
        return change["="]
    if "~" in change:
        first, last, between = change["~"]
        return before[:first] + type(before)(between) + before[len(before) - last :]
    if isinstance(before, list | tuple):
        return [
            changed(item, change["."][str(k)]) if str(k) in change["."] else item
            for k, item in enumerate(before)
        ]
    kept = {key: value for key, value in before.items() if key not in change.get("-", ())}
    inside = change.get(".", {})
    return kept | {key: changed(kept.get(key), inner) for key, inner in inside.items()}


def _within(before: dict[str, Any], after: dict[str, Any]) -> Change | None:
    inside = {}
    for key, value in after.items():
        if key not in before:
            inside[key] = {"=": value}
        elif (change := difference(before[key], value)) is not None:
            inside[key] = change
    gone = [key for key in before if key not in after]
    change = ({".": inside} if inside else {}) | ({"-": gone} if gone else {})
    return change or None


def _of_lists(before: Sequence[Any], after: Sequence[Any]) -> Change | None:
    if len(before) == len(after) and any(type(item) in NESTED for item in after):
        pairs = enumerate(zip(before, after, strict=True))
        inside = {str(k): change for k, (a, b) in pairs if (change := difference(a, b)) is not None}
        return {".": inside} if inside else None
    least = min(len(before), len(after))
    first = next((k for k in range(least) if before[k] != after[k]), least)
    if first == len(before) == len(after):
        return None
    most = least - first
    last = next((k for k in range(most) if before[-1 - k] != after[-1 - k]), most)
    return {"~": [first, last, list(after[first : len(after) - last])]}


def _of_texts(before: str, after: str) -> Change | None:
    if before == after:
        return None
    first = _alike(before, after)
    last = _alike(before[first:][::-1], after[first:][::-1])
    if first + last < LEAST_SAVED:
        return {"=": after}
    return {"~": [first, last, after[first : len(after) - last]]}


def _alike(one: str, other: str) -> int:
    """How many characters at the start are the same; by halves, as texts may be long."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
