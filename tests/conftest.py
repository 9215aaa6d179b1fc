"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "lossviz", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("lossviz")


@pytest.fixture(scope="session", autouse=True)
def _library_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing that a test publishes stays on this machine; apps that are started inherit it."""
    folder = tmp_path_factory.mktemp("library")
    os.environ["LOSSVIZ_LIBRARY"] = f"sqlite:///{folder / 'library.db'}"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data that stand beside the checkout. In CI they are there."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"no data at {folder}")
        pytest.skip("the data that stand beside the checkout are not here")
    return folder
