"""Numbers as the four questions word them."""

from __future__ import annotations

from math import inf, isnan

NOTHING = 1e-9
"""Closer to 0 than this is 0: what is left is rounding."""


def loss(value: float) -> str:
    """A loss or a cost: three significant digits, zeros too.

    >>> loss(1.2), loss(0.0), loss(float("inf"))
    ('1.20', '0', '∞')
    """
    return f"{value:#.3g}".rstrip(".") if NOTHING <= value < inf else shown(value)


def shown(value: float, digits: int = 3) -> str:
    """Significant digits, and a real minus sign.

    >>> shown(-1.38629), shown(1e-17), shown(float("inf")), shown(0.25), shown(1.0)
    ('−1.39', '0', '∞', '0.25', '1')
    """
    if isnan(value):
        return "undefined"
    size = abs(value)
    if size < NOTHING:
        return "0"
    text = "∞" if size == inf else f"{size:.{digits}g}"
    return f"−{text}" if value < 0.0 else text
