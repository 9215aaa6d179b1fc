"""Arrays by their precision. What is in one, and of which shape, is said where it stands."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Positions = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Small = npt.NDArray[Any]
"""Codes in the smallest type that holds them."""
