"""Where the standard's schema and a funder's real grants are."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def published() -> Path:
    """The folder of the standard's schema, its codelists, and Lloyds Bank Foundation's real grants."""
    data = os.environ.get("BACKBONE_TEST_DATA")
    if data is None:
        pytest.skip("BACKBONE_TEST_DATA does not say where the published files are")
    return Path(data) / "360giving"
