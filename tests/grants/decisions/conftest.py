"""People who review, sit and vote."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from fastapi import FastAPI

from shared.secrets import Secrets
from tests.grants.caller import Caller
from tests.grants.decisions.people import Making, Members, Somebody


@pytest.fixture
async def somebody(app: FastAPI, vouching: Secrets, grants: Caller, members: Members) -> AsyncIterator[Making]:
    """Makes callers who are people of the movement, each with an account of their own."""
    async with AsyncExitStack() as stack:

        def make(scopes: str = "reviews:* ballots:write") -> Somebody:
            made = Somebody(app, vouching, grants.movement, scopes)
            stack.push_async_exit(made)
            return made

        yield make
