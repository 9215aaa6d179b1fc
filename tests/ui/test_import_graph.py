"""Pages are thin. That the web process loads neither torch nor scikit-learn, test_server shows."""

from __future__ import annotations

import ast
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
