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


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data that stand beside the checkout. In CI they are there."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"no data at {folder}")
        pytest.skip("the data that stand beside the checkout are not here")
    return folder
