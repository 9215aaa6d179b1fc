"""The items of a label cell: of a list as some tool writes it, or between separators."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from lossviz.data.labels.spelling import tidy

JOINERS = (",", "|", ";", "\x1f")
"""What the items of a list are joined by: the first that is in none of them."""
LEVEL = " > "
_LONGEST = 20_000
_MOST_OPEN = 2_000
"""Brackets and braces in a cell: an interpreter's parser takes no more in each other."""
_CALL = re.compile(r"(?:array|list|set|frozenset|tuple)\((.*?)(?:,\s*dtype=\S+)?\)", re.DOTALL)
_ITEM = re.compile(
    r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,;'"\s][^,;'"]*))\s*[,;]?\s*""", re.DOTALL
)
_CLOSING = "])}>】」》〉"
_BRACKETS = re.compile(r"[<【「《〈\[({]([^<>【】「」《》〈〉\[\](){},'\"]+)[>】」》〉\])}]")
_BRACKETED = re.compile(
    r"(?:<[^<>=]+>|【[^【】]+】|「[^「」]+」|《[^《》]+》)(?:[\s,;]*(?:<[^<>=]+>|【[^【】]+】|「[^「」]+」|《[^《》]+》))*"
    r"|(?:\[[^\[\],'\"]+\]\s*){2,}|(?:\([^(),'\"]+\)\s*){2,}|(?:\{[^{},:'\"]+\}\s*){2,}"
)
"""Items that have brackets of their own, one behind the other."""
_HASHTAGS = re.compile(r"#[^\W\d]\w*(?:[\s,;]*#[^\W\d]\w*)*")
_NUMBERS = re.compile(r"[-+.\d\s]+")
_TWINS = {
    "|": "｜¦",
    ",": "，、،",
    ";": "；؛",
    "/": "／",
    ":": "：",
    "+": "＋",
    "&": "＆",
    "#": "＃",
    ">": "＞›»→",
    "-": "－",
    "_": "＿",
    "~": "～",
}
_EITHER = re.compile(r"(?i)\b(?:and/or|n/a|w/o|w/)(?=\W|$)")
_HELD = "\x00"
_CURLY = "‘’‚“”„«»‹›"


def pieces(label: str, separator: str) -> list[str]:
    """What stands between the separators, or their full-width twins, without spaces around it.

    ``and/or`` is a word.

    >>> pieces("heated｜praise", "|"), pieces("billing and/or refund/urgent", "/")
    (['heated', 'praise'], ['billing and/or refund', 'urgent'])
    """
    if not label.isascii():
        for twin in _TWINS.get(separator.strip(), ""):
            label = label.replace(twin, separator)
    if separator == "/" and "/" in label:
        held = _EITHER.sub(lambda match: match[0].replace("/", _HELD), label)
        return [piece.strip().replace(_HELD, "/") for piece in held.split("/")]
    parts = [piece.strip() for piece in label.split(separator)]
    if len(label) > 2 and label[0] in "'\"" and all(_is_quoted(part) for part in parts):
        return [part[1:-1].strip() for part in parts]
    return parts


def _is_quoted(part: str) -> bool:
    return len(part) > 1 and part[0] == part[-1] and part[0] in "'\""


def items_of(cell: str, separator: str, *, lists: bool = True) -> list[str]:
    """The items of a cell, without brackets and quotes; empty ones where nothing stands between
    separators.

    >>> items_of("['joy', 'anger']", ","), items_of("joy|anger", "|")
    (['joy', 'anger'], ['joy', 'anger'])

    :param lists: whether a cell in brackets is a list.
    """
    inside = list_of(cell) if lists else None
    return pieces(cell, separator) if inside is None else list(inside)


def list_of(cell: str) -> tuple[str, ...] | None:
    """The items of a cell that is a list, in whatever way it is written; None of other cells.

    Known are Python's and JSON's lists, numpy's without commas, sets and tuples, Postgres' arrays,
    hashtags, and objects that hold a list of choices or say of each value whether it holds.

    >>> list_of("['a' 'b']"), list_of('{"choices": ["a", "b"]}'), list_of("{a,b}"), list_of("a")
    (('a', 'b'), ('a', 'b'), ('a', 'b'), None)
    """
    stripped = tidy(cell)
    if stripped[:1] == "#" and _HASHTAGS.fullmatch(stripped):
        return tuple(stripped.replace("#", " ").split())
    if not 2 <= len(stripped) <= _LONGEST or stripped[-1] not in _CLOSING:
        return None
    # Markup is a value, and no item in brackets.
    if _BRACKETED.fullmatch(stripped) and (found := _BRACKETS.findall(stripped)):
        return tuple(map(tidy, found))
    if match := _CALL.fullmatch(stripped):
        stripped = match[1].strip()
    first, last = stripped[:1], stripped[-1:]
    if first + last == "()":
        return _written(stripped[1:-1]) if re.search(r"['\",]", stripped) else None
    within = {"[]": _in_brackets, "{}": _in_braces}.get(first + last)
    return within(stripped) if within else None


def joiner_of(lists: Iterable[Iterable[str]]) -> str:
    """What items can be joined by, so that they can be told apart again."""
    together = {character for items in lists for item in items for character in item}
    return next(joiner for joiner in JOINERS if joiner not in together or joiner == JOINERS[-1])


def _in_brackets(text: str) -> tuple[str, ...] | None:
    if "{" in text or "[" in text[1:]:
        value = _parsed(text)
        return None if value is None else _of_values(value)
    return _written(text[1:-1])


def _in_braces(text: str) -> tuple[str, ...] | None:
    if not re.match(r"\{\s*['\"][^'\"]*['\"]\s*:", text):
        return _written(text[1:-1]) if re.search(r"[,'\"]", text) else None
    value = _parsed(text)
    return _of_object(value) if isinstance(value, dict) else None


def _parsed(text: str) -> Any:
    """A value as JSON or Python writes it; None where it is neither, or nested deeply."""
    if text.count("[") + text.count("{") > _MOST_OPEN:
        return None
    # A thousand signs before a number are an expression as deep.
    for parse in (json.loads, *(() if "--" in text else (ast.literal_eval,))):
        try:
            return parse(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
    return None


def _written(inside: str) -> tuple[str, ...] | None:
    """Items with quotes around them or without, with commas between them or none, as in numpy."""
    if not inside.strip():
        return ()
    if "'" not in inside and '"' not in inside and _NUMBERS.fullmatch(inside):
        return tuple(inside.split())
    items, at = [], 0
    while at < len(inside):
        match = _ITEM.match(inside, at)
        if match is None:
            return None
        item = next(group for group in match.groups() if group is not None)
        items.append(tidy(re.sub(r"\\(.)", r"\1", item)).strip(_CURLY))
        at = match.end()
    return tuple(item for item in items if item)


def _of_values(values: Any) -> tuple[str, ...] | None:
    """The items of a list that holds lists (paths of a taxonomy) or objects."""
    items: list[str] = []
    for value in values if isinstance(values, list | tuple | set) else [values]:
        if isinstance(value, dict):
            inner = _of_object(value)
        elif isinstance(value, list | tuple):
            strings = all(isinstance(step, str) for step in value)
            inner = (LEVEL.join(map(tidy, value)),) if value and strings else None
        else:
            inner = () if value is None else (tidy(str(value)),)
        if inner is None:
            return None
        items += inner
    return tuple(item for item in items if item)


def _of_object(value: Mapping[Any, Any]) -> tuple[str, ...] | None:
    """What an object chooses: under ``choices`` or alike, or the keys that hold."""
    if {"start", "end"} <= value.keys():
        return None  # a passage of the text has this label, not the text
    for name in ("choices", "taxonomy", "labels", "label", "value", "rating", "text", "name"):
        if name in value:
            inner = value[name]
            return _of_values(inner if isinstance(inner, list) else [inner])
    answers = list(value.values())
    if answers and all(answer in (0, 1) for answer in answers if answer is not None):
        return tuple(tidy(str(name)) for name, answer in value.items() if answer)
    if len(answers) == 1 and isinstance(answers[0], list):
        return _of_values(answers[0])
    return None
