"""The web process imports neither torch nor scikit-learn."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGES = sorted((ROOT / "pages").glob("*.py"))


@pytest.mark.parametrize("page", [ROOT / "app.py", *PAGES], ids=lambda own: own.stem)
def test_a_page_imports_nothing_but_streamlit_and_what_pages_share(page: Path) -> None:
    assert len(PAGES) >= 3
    imported = set()
    for node in ast.walk(ast.parse(page.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(str(node.module))
    assert all(name == "streamlit" or name.startswith("lossviz.ui") for name in imported)


def test_the_app_and_every_page_do_without_torch_and_sklearn() -> None:
    code = """
import sys
import app
from streamlit.testing.v1 import AppTest

shell = AppTest.from_file("lossviz/ui/shell.py", default_timeout=600).run()
for page in sys.argv[1:]:
    shell.switch_page(f"../../pages/{page}.py").run()
    assert not shell.exception, shell.exception
loaded = {name.split(".")[0] for name in sys.modules} & {"torch", "sklearn"}
print("loaded:", sorted(loaded))
sys.exit(bool(loaded))
"""
    command = [sys.executable, "-c", code, *(own.stem for own in PAGES)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
