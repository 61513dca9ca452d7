"""The migrated database is the one that the models describe, on both databases: tables, indexes and CHECKs."""

from fastapi import FastAPI

from services.grants.base import Base
from shared.erasure import tables as erasure
from shared.jobs import tables as jobs
from shared.partners import tables as partners
from shared.testing.schema import assert_migrated_as_described


async def test_the_migrated_schema_is_that_of_the_models(app: FastAPI) -> None:
    assert_migrated_as_described(
        app.state.parts.db.engine, Base.metadata, erasure.metadata, jobs.metadata, partners.metadata
    )
