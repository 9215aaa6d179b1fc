"""Prints what the README quotes: ``python -m tests.simulations``, some minutes on two cores.

``python -m tests.simulations of_pairs`` prints a part of it.
"""

from __future__ import annotations

import sys

from tests.simulations.rows import SIMULATIONS
from tests.simulations.table import HEAD, line

DATA_SETS = 40

if __name__ == "__main__":
    print(HEAD)
    for simulation in SIMULATIONS:
        if simulation.__name__ in (sys.argv[1:] or [simulation.__name__]):
            for row in simulation(DATA_SETS):
                print(line(row), flush=True)
