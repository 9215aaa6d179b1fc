"""The web process imports neither torch nor scikit-learn."""

from __future__ import annotations

import subprocess
import sys

from .conftest import ROOT


def test_the_app_and_every_page_do_without_torch_and_sklearn() -> None:
    code = """
import sys
import app
from streamlit.testing.v1 import AppTest

shell = AppTest.from_file("lossviz/ui/shell.py", default_timeout=60).run()
for page in ("home", "data", "train"):
    shell.switch_page(f"../../pages/{page}.py").run()
    assert not shell.exception, shell.exception
loaded = {name.split(".")[0] for name in sys.modules} & {"torch", "sklearn"}
print("loaded:", sorted(loaded))
sys.exit(bool(loaded))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
