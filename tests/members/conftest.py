"""The members service alone, running on each database, and callers of it."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from services.members.app import create_app
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.service import Alone
from tests.members.caller import Caller


@pytest.fixture(scope="session")
def service() -> Alone:
    """What the tests of this folder are about."""
    return Alone("members", create_app)


@pytest.fixture
async def members(app: FastAPI, vouching: Secrets) -> AsyncIterator[Caller]:
    """A caller with a key that may do everything in one movement."""
    async with Caller(app, vouching, new_id("movement")) as caller:
        yield caller


@pytest.fixture
async def user(app: FastAPI, vouching: Secrets, members: Caller) -> AsyncIterator[Caller]:
    """A signed-in user of the same movement."""
    async with Caller(app, vouching, members.movement, user=new_id("user")) as caller:
        yield caller


@pytest.fixture
async def lead(app: FastAPI, vouching: Secrets, members: Caller) -> AsyncIterator[Caller]:
    """The designated lead of the same movement: a signed-in user with safeguarding's role and nothing else."""
    scopes = frozenset({"safeguarding:read", "safeguarding:write"})
    async with Caller(app, vouching, members.movement, scopes, user=new_id("user")) as caller:
        yield caller


@pytest.fixture
async def other(app: FastAPI, vouching: Secrets) -> AsyncIterator[Caller]:
    """A caller with a key that may do everything in another movement."""
    async with Caller(app, vouching, new_id("movement")) as caller:
        yield caller
