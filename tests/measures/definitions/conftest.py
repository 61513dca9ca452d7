"""The neighbours that the tests of definitions hear of."""

import pytest
from fastapi import FastAPI

from tests.neighbours import Neighbours


@pytest.fixture
def neighbours(app: FastAPI) -> Neighbours:
    """Members and the gateway, as this service hears them."""
    return Neighbours(app)
