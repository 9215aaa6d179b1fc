"""The notation of an address's values: only signs that an address leaves as they are.

``marginals~w-2_1~lr-0.1~m-hidden``: fields behind each other with ``~``, each a key, ``-`` and a
value; numbers of a list stand behind each other with ``_``, names with a dot.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator

from lossviz.errors import LossVizError
from lossviz.guards import MAX_QUERY_VALUE

BETWEEN, BEHIND_KEY, NUMBERS, NAMES = "~", "-", "_", "."
MOST_NOTES = 6
SHOWN, LONGEST_SENTENCE = 40, 200
"""Characters of a value that a note repeats, and of what is wrong with it."""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PLAIN = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?(e-?[0-9]{1,4})?")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_PACKED = re.compile(r"x[0-9A-Za-z]{1,11}")
_LONG_NAME = re.compile(r"^[A-Za-z_.]+: ")
_READABLE = 12
"""Digits up to which a number is written as people do; those of 1/3 are packed."""

Read = TypeVar("Read")


def number_text(value: float) -> str:
    """A number, exactly: as people write it, or packed where that would take many digits.

    >>> number_text(2.0), number_text(0.1), number_text(1e-05), number_text(1 / 3)
    ('2', '0.1', '1e-05', 'x5TmZ8mJ5xBt')
    """
    written = repr(float(value)).removesuffix(".0")
    if len(written) <= _READABLE and "+" not in written:
        return written
    bits = int.from_bytes(struct.pack(">d", value), "big")
    digits = ""
    while bits:
        bits, digit = divmod(bits, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return "x" + digits


def number(text: Any) -> Any:
    """The number that :func:`number_text` wrote; what is not text is left as it is.

    :raises LossVizError: for anything else.
    """
    if not isinstance(text, str):
        return text
    if _PLAIN.fullmatch(text):
        return float(text)
    if _PACKED.fullmatch(text):
        bits = 0
        for digit in text[1:]:
            bits = bits * len(_DIGITS) + _DIGITS.index(digit)
        if bits < 1 << 64:
            return struct.unpack(">d", bits.to_bytes(8, "big"))[0]
    raise LossVizError(f"expected a number, found {shown(text)}")


def whole(text: Any) -> Any:
    """A whole number; what is not text is left as it is.

    :raises LossVizError: for anything else.
    """
    if not isinstance(text, str):
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    raise LossVizError(f"expected a whole number, found {shown(text)}")


def _list(separator: str, each: Callable[[str], Any]) -> Callable[[Any], Any]:
    def read(text: Any) -> Any:
        if not isinstance(text, str):
            return text
        return tuple(each(name) for name in text.split(separator)) if text else ()

    return read


numbers, wholes, names = _list(NUMBERS, number), _list(NUMBERS, whole), _list(NAMES, str)

Number = Annotated[float, BeforeValidator(number)]
Whole = Annotated[int, BeforeValidator(whole)]
Numbers = Annotated[tuple[float, ...], BeforeValidator(numbers)]
Wholes = Annotated[tuple[int, ...], BeforeValidator(wholes)]
Names = Annotated[tuple[str, ...], BeforeValidator(names)]


def value_text(value: object) -> str:
    """A value of any of these kinds.

    >>> value_text((2.0, 0.5)), value_text(("joint", "chain")), value_text(7), value_text("pca")
    ('2_0.5', 'joint.chain', '7', 'pca')
    """
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, tuple):
        separator = NAMES if value and isinstance(value[0], str) else NUMBERS
        return separator.join(map(value_text, value))
    return str(value)


def shown(text: str) -> str:
    """What was found, as a note repeats it."""
    return f"“{text}”" if len(text) <= SHOWN else f"“{text[:SHOWN]}…”"


def joined(fields: Mapping[str, str], first: str = "") -> str:
    """The text of fields; the value of the key ``first`` stands in front, without it.

    >>> joined({"of": "1", "speed": "full"})
    'of-1~speed-full'
    """
    return BETWEEN.join(
        value if key == first and first else f"{key}{BEHIND_KEY}{value}"
        for key, value in fields.items()
    )


def read_fields(
    about: str,
    text: str,
    start: Mapping[str, Any],
    add: Callable[[Mapping[str, Any], str, str], Mapping[str, Any] | None],
    build: Callable[[Mapping[str, Any]], Read],
    written: Callable[[Read], Mapping[str, str]],
) -> tuple[Read, tuple[str, ...]]:
    """Build something from as many fields as are right; every other one becomes a note.

    :param about: what the notes begin with.
    :param start: what can be built in any case.
    :param add: the values with one more field, in the text's form; None where there is no such key.
    :param build: from values.
    :param written: every field as text, to say what is used instead.
    :raises LossVizError: in ``add`` and ``build``, for a field that is not right.
    """
    values, notes = start, []
    built = build(values)
    if len(text) > MAX_QUERY_VALUE:
        return built, (f"{about} has {len(text):,} characters and was not read.",)
    known: set[str] = set()
    for part in text.split(BETWEEN) if text else ():
        key, _, value = part.partition(BEHIND_KEY)
        if key in known:
            notes.append(f"{about}: {shown(key)} is there twice. The first one counts.")
            continue
        try:
            more = add(values, key, value)
            if more is None:
                notes.append(f"{about}: {shown(part)} is not known, and was left out.")
                continue
            built = build(more)
        except LossVizError as error:
            used = written(built).get(key)
            instead = f" {shown(used)} is used instead." if used else " It was left out."
            notes.append(f"{about}, {key}: {_sentence(error)}{instead}")
            continue
        known.add(key)
        values = more
    return built, few(notes)


def _sentence(error: Exception) -> str:
    """Without the field's long name in front: the short one stands there already."""
    said = _LONG_NAME.sub("", str(error))
    return (said if len(said) <= LONGEST_SENTENCE else said[:LONGEST_SENTENCE] + "…").rstrip(
        "."
    ) + "."


def few(notes: Iterable[str]) -> tuple[str, ...]:
    """As many notes as anybody reads, and how many more there were."""
    every = tuple(notes)
    if len(every) <= MOST_NOTES:
        return every
    return (*every[: MOST_NOTES - 1], f"And {len(every) - MOST_NOTES + 1:,} more like these.")
