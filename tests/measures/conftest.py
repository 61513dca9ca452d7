"""The measures service alone, running on each database, and callers of it."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from services.measures.app import create_app
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.service import Alone
from tests.measures.caller import Caller


@pytest.fixture(scope="session")
def service() -> Alone:
    """What the tests of this folder are about."""
    return Alone("measures", create_app)


@pytest.fixture
async def measures(app: FastAPI, vouching: Secrets) -> AsyncIterator[Caller]:
    """A caller who may do everything in one movement."""
    async with Caller(app, vouching, new_id("movement")) as caller:
        yield caller


@pytest.fixture
async def other(app: FastAPI, vouching: Secrets) -> AsyncIterator[Caller]:
    """A caller who may do everything in another movement."""
    async with Caller(app, vouching, new_id("movement")) as caller:
        yield caller


@pytest.fixture
def england(active_lives: Path) -> bytes:
    """The published inactivity figures of all of England: 3,089 rows."""
    return (active_lives / "inactive_adults.csv").read_bytes()


@pytest.fixture
def active_lives() -> Path:
    """The folder of published figures: adults who are inactive, and who are active."""
    folder = os.environ.get("BACKBONE_TEST_DATA")
    if folder is None:
        pytest.skip("BACKBONE_TEST_DATA does not say where the published figures are")
    return Path(folder) / "active-lives"
