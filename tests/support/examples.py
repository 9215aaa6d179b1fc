"""How many examples of a property are tried: the same ones in the gate, others in each slow run."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

GATE, MORE = 50, 10
"""Of a property that names no number itself, and how many times as many the slow tier tries."""

TOO_SLOW = [HealthCheck.too_slow]
settings.register_profile(
    "gate", deadline=None, suppress_health_check=TOO_SLOW, derandomize=True, max_examples=GATE
)
settings.register_profile(
    "slow", deadline=None, suppress_health_check=TOO_SLOW, print_blob=True, max_examples=GATE * MORE
)


def examples(count: int) -> settings:
    """So many in the gate, and :data:`MORE` times as many in the slow tier."""
    return settings(max_examples=count * settings.default.max_examples // GATE)
