"""The grants service alone, running on each database, and callers of it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

import pytest
from fastapi import FastAPI

from services.grants.app import create_app
from shared.ids import new_id
from shared.in_process import register, unregister
from shared.secrets import Secrets
from shared.testing.service import Alone
from tests.grants.books import Books
from tests.grants.caller import Caller
from tests.grants.decisions.people import Members
from tests.neighbours import Neighbours


@pytest.fixture(scope="session")
def service() -> Alone:
    """What the tests of this folder are about."""
    return Alone("grants", create_app)


@pytest.fixture
def members() -> Iterator[Members]:
    """The members service, which knows everybody but those whom it is told not to."""
    standin = Members()
    register("members", standin)
    yield standin
    unregister("members", standin)


@pytest.fixture
async def grants(app: FastAPI, vouching: Secrets) -> AsyncIterator[Caller]:
    """A signed-in user who may do everything in one movement."""
    async with Caller(app, vouching, new_id("movement"), user=new_id("user")) as caller:
        yield caller


@pytest.fixture
async def other(app: FastAPI, vouching: Secrets) -> AsyncIterator[Caller]:
    """A signed-in user who may do everything in another movement."""
    async with Caller(app, vouching, new_id("movement"), user=new_id("user")) as caller:
        yield caller


@pytest.fixture
async def colleague(app: FastAPI, vouching: Secrets, grants: Caller) -> AsyncIterator[Caller]:
    """Another signed-in user of the first one's movement: the second pair of eyes."""
    async with Caller(app, vouching, grants.movement, user=new_id("user")) as caller:
        yield caller


@pytest.fixture
async def key(app: FastAPI, vouching: Secrets, grants: Caller) -> AsyncIterator[Caller]:
    """A key of the same movement, with every scope, that stands for nobody."""
    async with Caller(app, vouching, grants.movement) as caller:
        yield caller


@pytest.fixture
def neighbours(app: FastAPI) -> Neighbours:
    """The other services."""
    return Neighbours(app)


Acting = Callable[[], Awaitable[tuple[str, Caller]]]


@pytest.fixture
async def acting(app: FastAPI, vouching: Secrets, grants: Caller, neighbours: Neighbours) -> AsyncIterator[Acting]:
    """Makes an organisation of the movement of `grants`: its id, and a signed-in user who acts for it."""
    async with AsyncExitStack() as callers:

        async def made() -> tuple[str, Caller]:
            organisation = await neighbours.organisation(grants.movement)
            caller = Caller(app, vouching, grants.movement, user=new_id("user"), organisation=organisation)
            return organisation, await callers.enter_async_context(caller)

        yield made


@pytest.fixture
async def books(app: FastAPI, grants: Caller) -> Books:
    """A fund with an accepted award, of whose money nothing is paid yet."""
    return await Books(app, grants).begun()
