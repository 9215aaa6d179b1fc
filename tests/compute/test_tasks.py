"""The engine's functions as the web process knows them: by name, and without what they need."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from lossviz.compute.tasks import engine
from lossviz.engine import tasks
from tests.conftest import ROOT

WITHOUT_TORCH = """
import sys
from lossviz.compute.tasks import engine
from lossviz.compute.campaigns import Study, Surfaces, Sweep
engine.part_losses, Sweep.function
print([name for name in ("torch", "sklearn") if name in sys.modules])
"""


def test_what_the_engine_does_not_have_is_an_error_where_it_is_called() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sinister'"):
        engine.sinister()
    assert not hasattr(engine, "__path__")


@pytest.mark.parametrize("name", tasks.__all__)
def test_every_function_is_known_and_travels(name: str) -> None:
    function = getattr(engine, name)
    assert function.__name__ == name
    assert pickle.loads(pickle.dumps(function)) == function


def test_it_does_what_the_engine_does() -> None:
    target, starts = (0.5, 0.2, 0.2, 0.1), (0.0, 1.0, -1.0)
    here, there = (module.descents(target, starts) for module in (engine, tasks))
    assert pickle.dumps(here) == pickle.dumps(there)


def test_knowing_them_loads_no_torch() -> None:
    command = [sys.executable, "-c", WITHOUT_TORCH]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
