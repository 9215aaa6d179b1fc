"""Prints what the README quotes: ``python -m tests.simulations``, some minutes on two cores."""

from __future__ import annotations

from tests.simulations.rows import SIMULATIONS
from tests.simulations.table import markdown

DATA_SETS = 60

if __name__ == "__main__":
    print(markdown(row for simulation in SIMULATIONS for row in simulation(DATA_SETS)))
