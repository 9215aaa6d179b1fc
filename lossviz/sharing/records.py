"""Records as JSON and arrays, written and read by their types.

What is read is told by the types of the program alone: nothing in a file names a class, and
nothing in it is executed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from inspect import isclass
from io import BytesIO
from math import isfinite
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from cattrs import Converter
from cattrs.errors import CattrsError
from numpy.lib import format as npy
from pydantic import BaseModel, ValidationError

from lossviz.errors import LossVizError
from lossviz.experiments.weights import Weights
from lossviz.guards import MAX_ARRAYS, open_zip, parsed

Array = npt.NDArray[Any]
Record = TypeVar("Record")
ACCEPTED = {str: (str,), bool: (bool,), int: (int, str), float: (float, int, str)}
"""How values stand in JSON: a key is always text, and so is what is infinite or no number."""
_REFUSED = (CattrsError, ValueError, TypeError, AttributeError, RecursionError, OverflowError)
KINDS = "iuf"
"""Whole numbers, and numbers: nothing else is in an array."""


@dataclass(frozen=True)
class Written:
    """A record in two files.

    :param text: JSON. An array is ``{"array": its number}`` there.
    :param arrays: ``.npz``, with an array ``0``, ``1`` … each.
    """

    text: bytes
    arrays: bytes


def written(record: object, kind: type | None = None) -> Written:
    """A dataclass of plain values, arrays and other such dataclasses, as two files.

    :param kind: a base of the record's class, to write only what that one has.

    >>> from lossviz.experiments.evaluation import Baseline
    >>> written(Baseline((0.5,), 0.25)).text
    b'{"components": [0.5], "joint": 0.25}'
    """
    arrays: list[Array] = []

    def put(array: Array) -> dict[str, int]:
        arrays.append(np.asarray(array))
        return {"array": len(arrays) - 1}

    converter = Converter(detailed_validation=False)
    converter.register_unstructure_hook_func(_is_array, put)
    converter.register_unstructure_hook_func(_is_model, lambda value: value.model_dump(mode="json"))
    converter.register_unstructure_hook(Weights, list)
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_unstructure_hook(bytes, bytes.hex)
    converter.register_unstructure_hook(bool, bool)
    converter.register_unstructure_hook(int, int)
    converter.register_unstructure_hook(
        float, lambda value: float(value) if isfinite(value) else str(float(value))
    )
    text = json.dumps(
        converter.unstructure(record, kind or type(record)), ensure_ascii=True, allow_nan=False
    )
    target = BytesIO()
    np.savez(target, **{str(place): array for place, array in enumerate(arrays)})  # type: ignore[arg-type]
    return Written(text.encode(), target.getvalue())


def read(
    kind: type[Record], files: Written, migrate: Callable[[Any], Any] = lambda tree: tree
) -> Record:
    """The record that was written.

    :param kind: what is expected.
    :param migrate: makes of the JSON of an earlier version that of this one.
    :raises LossVizError: where the files hold something else.
    """
    arrays = _arrays(files.arrays)

    def take(value: Any, array: Any) -> Array:
        numbers = arrays[str(value["array"])]
        if not _fits(numbers, array):
            raise LossVizError(f"an array of {numbers.dtype} stands where others are expected")
        if not np.isfinite(numbers).all():
            raise LossVizError("an array holds what is no number")
        return numbers

    def name(value: Any, kind: Any) -> Any:
        types = get_type_hints(kind).values()
        return kind(*(converter.structure(*item) for item in zip(value, types, strict=True)))

    def weights(value: Any) -> Weights:
        if isinstance(value, dict):  # so in version 1
            value = [*value["components"], value["joint"]]
        return Weights(converter.structure(value, tuple[float, ...]))

    converter = Converter(detailed_validation=False)
    converter.register_structure_hook_func(_is_array, take)
    converter.register_structure_hook_func(_is_named_tuple, name)
    converter.register_structure_hook_func(
        _is_model, lambda value, model: model.model_validate(value)
    )
    converter.register_structure_hook(Weights, lambda value, _: weights(value))
    converter.register_structure_hook(datetime, lambda value, _: datetime.fromisoformat(value))
    converter.register_structure_hook(bytes, lambda value, _: bytes.fromhex(value))
    for plain, accepted in ACCEPTED.items():
        converter.register_structure_hook(plain, partial(_exact, accepted))
    try:
        return converter.structure(migrate(parsed(files.text)), kind)
    except LossVizError:
        raise
    except KeyError as error:
        raise LossVizError(f"{error.args[0]!r} is missing") from error
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(map(str, problem["loc"]))
        raise LossVizError(f"{where}: {problem['msg']}".removeprefix(": ")) from error
    except _REFUSED as error:
        raise LossVizError(_first_line(error)) from error


def _arrays(content: bytes) -> Mapping[str, Array]:
    """Those of an ``.npz``. A header may promise any size, so it is held against what is there."""
    try:
        with open_zip(content, MAX_ARRAYS) as file:
            return {name.removesuffix(".npy"): _array(file.read(name)) for name in file.namelist()}
    except (BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise LossVizError(_first_line(error)) from error


def _array(content: bytes) -> Array:
    source = BytesIO(content)
    if npy.read_magic(source) != (1, 0):
        raise LossVizError("an array is written in an unexpected way")
    shape, fortran, dtype = npy.read_array_header_1_0(source)
    promised = dtype.itemsize
    for number in shape:
        promised *= number
    if dtype.kind not in KINDS or promised != len(content) - source.tell():
        raise LossVizError("an array is not what its header says")
    numbers = np.frombuffer(content, dtype, offset=source.tell())
    return numbers.reshape(shape, order="F" if fortran else "C").copy()


def _exact(accepted: tuple[type, ...], value: Any, kind: type) -> Any:
    """The value, where it is of the kind; nothing is made of something else."""
    if type(value) not in accepted:
        raise LossVizError(f"{str(value)[:40]!r} stands where {kind.__name__} is expected")
    return kind(value)


def _is_array(kind: Any) -> bool:
    return kind is np.ndarray or get_origin(kind) is np.ndarray


def _is_named_tuple(kind: Any) -> bool:
    return isclass(kind) and issubclass(kind, tuple) and hasattr(kind, "_fields")


def _is_model(kind: Any) -> bool:
    return isclass(kind) and issubclass(kind, BaseModel)


def _fits(array: Array, kind: Any) -> bool:
    """Whether an array is of the declared type; ``NDArray[Any]`` holds codes of any width."""
    declared = get_args(get_args(kind)[1])[0]
    return array.dtype.kind in "iu" if declared is Any else array.dtype == declared


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
