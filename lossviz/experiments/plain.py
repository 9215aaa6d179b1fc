"""Results as plain values that JSON has: what the command line promises, and the pages hand out."""

from __future__ import annotations

from inspect import isclass
from math import isfinite
from typing import Any

import numpy as np
from cattrs import Converter
from pydantic import BaseModel

from lossviz.experiments.statistics import ErrorRate

PLAIN = Converter(unstruct_collection_overrides={tuple: list})
"""A dataclass becomes its fields by name; a number that is none becomes null."""


@PLAIN.register_unstructure_hook
def _number(number: float) -> float | None:
    return float(number) if isfinite(number) else None


PLAIN.register_unstructure_hook(ErrorRate, ErrorRate.to_json)
PLAIN.register_unstructure_hook_func(
    lambda kind: isclass(kind) and issubclass(kind, np.ndarray),
    lambda array: PLAIN.unstructure(array.tolist()),
)
PLAIN.register_unstructure_hook_func(
    lambda kind: isclass(kind) and issubclass(kind, BaseModel),
    lambda model: model.model_dump(mode="json"),
)


def plain(result: object) -> Any:
    """A result, or whatever is made of results, lists and dicts.

    >>> plain({"rate": ErrorRate(1, 4, 0.1, 0.7), "losses": np.array([1.0, np.inf])})
    {'rate': {'error': 0.25, 'low': 0.1, 'high': 0.7, 'n': 4}, 'losses': [1.0, None]}
    """
    return PLAIN.unstructure(result)
