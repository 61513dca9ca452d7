"""The migrated database is the one that the models describe, on both databases."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from fastapi import FastAPI

from services.gateway.base import Base
from shared.db import infrastructure
from shared.erasure import tables as erasure
from shared.jobs import tables as jobs


async def test_the_migrated_schema_is_that_of_the_models(gateway_app: FastAPI) -> None:
    described = sa.MetaData()
    for metadata in (Base.metadata, infrastructure.metadata, erasure.metadata, jobs.metadata):
        for table in metadata.sorted_tables:
            table.to_metadata(described)
    engine: sa.Engine = gateway_app.state.parts.db.engine
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, described)
    assert [found for found in differences if "alembic_version" not in str(found)] == []
