"""Nothing is inherited from the shell that the tests are started in."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

IGNORING = 'trap "" INT QUIT; exec "$@"'
CHILD = """
import os, signal
found = [signal.getsignal(own) for own in (signal.SIGINT, signal.SIGQUIT)]
print(found == [signal.default_int_handler, signal.SIG_DFL], os.environ.get("LOSSVIZ_LIBRARY_MB"))
"""
STARTS_A_CHILD = f"""
import subprocess, sys
from tests.support.shell import forget_the_shell
if "forget" in sys.argv:
    forget_the_shell()
subprocess.run([sys.executable, "-c", {CHILD!r}])
"""


@pytest.mark.parametrize(("words", "says"), [((), "False 1"), (("forget",), "True None")])
def test_in_the_background_as_in_a_terminal(words: tuple[str, ...], says: str) -> None:
    """The first case shows that there is something to forget."""
    done = subprocess.run(
        ["sh", "-c", IGNORING, "-", sys.executable, "-c", STARTS_A_CHILD, *words],
        cwd=ROOT,
        env=os.environ | {"LOSSVIZ_LIBRARY_MB": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == says
